import { describe, expect, test } from 'vitest';
import { Bulk } from '../../../src/app/bulk/bulk.js';
import type { Orchestrator } from '../../../src/app/orchestrator.js';
import { Relocation } from '../../../src/app/relocation/relocation.js';
import { ProjectSettings } from '../../../src/app/settings/projectSettings.js';
import { Time } from '../../../src/app/time/time.js';
import { refusalOf } from '../../support/refusal.js';
import { storePath } from '../../support/stores.js';
import { openPlan, TestClock, writeFile } from './openPlan.js';

type Team = Record<'ann' | 'bob' | 'eve', Orchestrator> & { readonly clock: TestClock };

/** Three on one store with the policy `owner`, which ann set. */
async function team(): Promise<Team> {
  const [path, clock] = [storePath(), new TestClock()];
  const open = (name: string) => openPlan(path, { clock, actor: () => name });
  const ann = await open('ann');
  await new ProjectSettings(ann.plan).setAccess('owner');
  return { ann, bob: await open('bob'), eve: await open('eve'), clock };
}

const denied = async (work: Promise<unknown>) => expect((await refusalOf(work)).code).toBe('PERMISSION_DENIED');

describe('the access policy owner', () => {
  test('lets the creator and the assignee update, and nobody else', async () => {
    const { ann, bob, eve } = await team();
    const { id } = await ann.tasks.create({ title: 'One', assignee: 'bob' });
    await bob.tasks.update({ task: id, title: 'Uno' });
    await ann.tasks.update({ task: id, priority: 'high' });
    const refusal = await refusalOf(eve.tasks.update({ task: id, title: 'Mine' }));
    expect([refusal.code, refusal.message]).toEqual([
      'PERMISSION_DENIED',
      'T-1 may be changed by ann, its creator; bob, its assignee; you are eve. Nothing was changed: the access policy of this project is owner (“tm config --show”).',
    ]);
    await denied(eve.tasks.setStatus({ task: id, status: 'cancelled' }));
    await denied(eve.tasks.update({ task: id, assignee: 'eve' }));
    expect(ann.tasks.get(id)).toMatchObject({ title: 'Uno', status: 'pending', assignee: 'bob' });
  });

  test('lets only the creator delete, put back and purge', async () => {
    const { ann, bob } = await team();
    const { id } = await ann.tasks.create({ title: 'One', assignee: 'bob' });
    await denied(bob.tasks.delete(id));
    await ann.tasks.delete(id);
    await denied(bob.trash.restore(id));
    await denied(bob.trash.purge({ all: true }));
    expect((await ann.trash.restore(id)).title).toBe('One');
  });

  test('lets everybody stop their own clock, whoever the task has come to', async () => {
    const { ann, bob, clock } = await team();
    const timeOf = ({ plan, tasks, references }: Orchestrator) => new Time(plan, tasks, references);
    const { id } = await ann.tasks.create({ title: 'One', assignee: 'bob' });
    bob.plan.store.refresh();
    await timeOf(bob).start({ task: id });
    await ann.tasks.update({ task: id, assignee: null });
    clock.pass(60);
    await timeOf(bob).stop();
    expect(ann.tasks.read(id).title).toBe('One');
    expect(bob.tasks.read(id).actualHours).toBe(1);
    await denied(timeOf(bob).add({ task: id, spent: '1h' }));
    await denied(bob.tasks.update({ task: id, actualHours: 5 }));
  });

  test('lets a holder work on what was free to be claimed', async () => {
    const { ann, bob, eve, clock } = await team();
    const { id } = await ann.tasks.create({ title: 'Free' });
    const { id: taken } = await ann.tasks.create({ title: 'Assigned', assignee: 'bob' });
    await denied(eve.claims.claim({ task: taken }));
    await bob.claims.claim({ task: taken });
    await eve.claims.claim({ task: id, for: '30m' });
    await denied(bob.claims.claim({ task: id, takeOver: true }));
    await eve.tasks.setStatus({ task: id, status: 'in_progress' });
    await denied(eve.tasks.delete(id));
    clock.pass(31);
    await denied(eve.tasks.setStatus({ task: id, status: 'completed' }));
    await eve.claims.claim({ task: id });
    await eve.tasks.setStatus({ task: id, status: 'completed' });
  });

  test('guards dependencies, references and subtasks', async () => {
    const { ann, eve } = await team();
    writeFile(ann, 'a.ts', 'one\ntwo\n');
    const { id: own } = await eve.tasks.create({ title: 'Of eve' });
    const { id } = await ann.tasks.create({ title: 'Of ann', fileRefs: ['a.ts:1'] });
    await denied(eve.dependencies.add({ task: id, dependsOn: own }));
    await eve.dependencies.add({ task: own, dependsOn: id });
    await denied(ann.dependencies.remove({ task: own, dependsOn: id }));
    await denied(eve.references.add({ task: id, place: 'a.ts:2' }));
    await denied(eve.references.remove({ task: id, reference: 'a.ts:1' }));
    // An editor follows the lines of everybody's references.
    const [reference] = ann.references.of(id);
    await eve.references.follow([{ reference: String(reference?.id), line: 2, endLine: 2 }], ['zero', 'one', 'two']);
    await eve.references.rename('a.ts', 'b.ts');
    expect(eve.references.get(String(reference?.id))).toMatchObject({ path: 'b.ts', line: 2 });
    await denied(eve.references.relink(String(reference?.id), 'b.ts:1'));
  });

  test('lets what follows from a deletion happen to the tasks of others', async () => {
    const { ann, eve } = await team();
    const { id: parent } = await ann.tasks.create({ title: 'Parent' });
    const { id: child } = await eve.tasks.create({ title: 'Child', parent });
    const { id: later } = await eve.tasks.create({ title: 'Later', dependsOn: [parent] });
    await ann.tasks.delete(parent, { force: true });
    expect([ann.tasks.get(child).parent, ann.tasks.get(later).dependsOn]).toEqual([undefined, []]);
    await ann.trash.restore(parent);
    expect([ann.tasks.get(child).parent, ann.tasks.get(later).dependsOn]).toEqual([parent, [parent]]);
  });

  test('cannot be got around by undoing', async () => {
    const { ann, eve } = await team();
    const { id } = await ann.tasks.create({ title: 'One' });
    await ann.tasks.update({ task: id, title: 'Two' });
    const [last, first] = ann.history.log().transactions;
    await denied(eve.history.undo({ seq: last?.seq }));
    await ann.history.undo({ seq: last?.seq });
    await denied(eve.history.undo({ seq: first?.seq }));
    expect(ann.tasks.get(id).title).toBe('One');
  });

  test('is turned off by who turned it on', async () => {
    const { ann, eve } = await team();
    const settings = new ProjectSettings(eve.plan);
    await denied(settings.setAccess('open'));
    await denied(settings.set('access.policy', 'open'));
    await settings.reset();
    await settings.preset('strict');
    expect((await settings.read()).access).toEqual({ policy: 'owner', set_by: 'ann' });
    await new ProjectSettings(ann.plan).setAccess('open');
    const { id } = await ann.tasks.create({ title: 'One' });
    await eve.tasks.update({ task: id, title: 'Anybody' });
  });

  test('leaves the tasks whose creator no program named to everybody', async () => {
    const { ann, eve } = await team();
    await ann.plan.store.commit('script', 'import', (transaction) =>
      transaction.insert('tasks', { id: '0a0a0a0a', number: 50, title: 'Old', created_by: 'user' }),
    );
    await eve.tasks.update({ task: '0a0a0a0a', title: 'New' });
    await eve.tasks.delete('0a0a0a0a');
  });
});

describe('the access policy open', () => {
  test('is the default: everybody changes everything', async () => {
    const path = storePath();
    const ann = await openPlan(path, { actor: () => 'ann' });
    const eve = await openPlan(path, { actor: () => 'eve' });
    const { id } = await ann.tasks.create({ title: 'One', assignee: 'bob' });
    await eve.tasks.update({ task: id, title: 'Two' });
    await eve.tasks.delete(id);
  });
});

test('nothing is copied elsewhere that may not be moved', async () => {
  const { ann, eve } = await team();
  const { id } = await ann.tasks.create({ title: 'One' });
  const target = await openPlan(storePath(), { actor: () => 'eve' });
  eve.plan.store.refresh();
  await denied(
    new Relocation({ plan: eve.plan, tasks: eve.tasks }, { plan: target.plan, tasks: target.tasks }).move({
      tasks: [id],
    }),
  );
  expect(target.tasks.list().total).toBe(0);
});

test('what may not be done to one of many is done to none', async () => {
  const { ann, eve } = await team();
  await eve.tasks.create({ title: 'Of eve' });
  await ann.tasks.create({ title: 'Of ann' });
  eve.plan.store.refresh();
  await denied(new Bulk(eve.plan, eve.tasks, eve.references).change({ query: 'status:ready', priority: 'high' }));
  await denied(new Bulk(eve.plan, eve.tasks, eve.references).delete({ query: 'status:ready' }));
  expect(eve.tasks.list().tasks.map((task) => task.priority)).toEqual(['medium', 'medium']);
});
