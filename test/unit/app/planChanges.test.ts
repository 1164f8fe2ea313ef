import { describe, expect, test } from 'vitest';
import type { PlanChange } from '../../../src/app/plan.js';
import { openPlan } from './openPlan.js';

/** The changes that `work` brings. */
async function changesOf(
  plan: Awaited<ReturnType<typeof openPlan>>,
  work: () => Promise<unknown>,
): Promise<PlanChange[]> {
  const changes: PlanChange[] = [];
  const stop = plan.plan.onDidChange((change) => changes.push(change));
  await work();
  stop();
  return changes;
}

describe('a change of the plan names what it touched', () => {
  test('a new title: that task alone, and the files that show it', async () => {
    const plan = await openPlan();
    const { id } = await plan.tasks.create({ title: 'One', fileRefs: ['a.ts:1'] });
    await plan.tasks.create({ title: 'Two', dependsOn: [id], fileRefs: ['b.ts:1'] });
    plan.plan.graph;

    const [change] = await changesOf(plan, () => plan.tasks.update({ task: id, title: 'Uno' }));
    expect(change).toEqual({ structure: false, tasks: new Set([id]), files: new Set(['a.ts']) });
  });

  test('a completion: everything downstream, whose roots are others now', async () => {
    const plan = await openPlan();
    const one = (await plan.tasks.create({ title: 'One' })).id;
    const two = (await plan.tasks.create({ title: 'Two', dependsOn: [one] })).id;
    const three = (await plan.tasks.create({ title: 'Three', dependsOn: [two] })).id;
    const aside = (await plan.tasks.create({ title: 'Aside' })).id;
    expect(plan.tasks.get(three).blockedBy).toEqual([one]);

    const [change] = await changesOf(plan, () => plan.tasks.setStatus({ task: one, status: 'completed' }));
    expect(change?.structure).toBe(true);
    expect(change?.tasks).toEqual(new Set([one, two, three]));
    expect(change?.tasks.has(aside)).toBe(false);
    expect(plan.tasks.get(three).blockedBy).toEqual([two]);
  });

  test('another process: the same, and the graph is that of the store', async () => {
    const here = await openPlan();
    const { id } = await here.tasks.create({ title: 'One' });
    here.plan.graph;
    const there = await openPlan(here.plan.store.path);
    await there.tasks.create({ title: 'Two', dependsOn: [id] });

    const [change] = await changesOf(here, async () => here.plan.store.refresh());
    expect(change?.structure).toBe(true);
    expect(here.tasks.get('2').blockedBy).toEqual([id]);
  });

  test('a file made anew by another program: everything', async () => {
    const plan = await openPlan();
    const { id } = await plan.tasks.create({ title: 'One' });
    plan.plan.graph;
    await (await openPlan(plan.plan.store.path)).plan.store.checkpoint();
    const changes = await changesOf(plan, async () => plan.plan.store.refresh());
    // A checkpoint of what is known here changes nothing.
    expect(changes).toEqual([]);
    expect(plan.tasks.get(id).title).toBe('One');
  });
});
