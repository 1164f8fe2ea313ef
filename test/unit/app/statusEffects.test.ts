import { describe, expect, test } from 'vitest';
import { Bulk } from '../../../src/app/bulk/bulk.js';
import { Completion } from '../../../src/app/completion/completion.js';
import type { Orchestrator } from '../../../src/app/orchestrator.js';
import { refusalOf } from '../../support/refusal.js';
import { storePath } from '../../support/stores.js';
import { openPlan } from './openPlan.js';

/** What was said, to whom, about which task. */
function told({ plan }: Orchestrator): unknown[][] {
  return plan.store
    .all('SELECT type, target_agent, task_id, message FROM notifications ORDER BY created_at, rowid')
    .map((row) => [row.type, row.target_agent, row.task_id, row.message]);
}

const unblocked = (task: string, target: string | null = null) => [
  'unblocked',
  target,
  task,
  `Task ${task} unblocked - dependencies completed`,
];

describe('completing a task', () => {
  test('tells once whoever waited only for it, by whichever command', async () => {
    const app = await openPlan();
    const { id: one } = await app.tasks.create({ title: 'One' });
    const { id: two } = await app.tasks.create({ title: 'Two' });
    const { id: free } = await app.tasks.create({ title: 'Free', dependsOn: [one], assignee: 'bob' });
    const { id: both } = await app.tasks.create({ title: 'Both', dependsOn: [one, two] });
    await app.tasks.setStatus({ task: one, status: 'completed' });
    expect(told(app)).toEqual([unblocked(free, 'bob')]);
    await new Completion(app.plan, app.tasks, app.references).complete({ tasks: [two] });
    expect(told(app)).toEqual([unblocked(free, 'bob'), unblocked(both)]);
  });

  test('of several at once tells each dependant once', async () => {
    const app = await openPlan();
    const ids: string[] = [];
    for (const title of ['A', 'B', 'C']) ids.push((await app.tasks.create({ title })).id);
    const { id: child } = await app.tasks.create({ title: 'Child', dependsOn: ids });
    await new Bulk(app.plan, app.tasks, app.references).change({ tasks: ids, status: 'completed' });
    expect(told(app)).toEqual([unblocked(child)]);
    expect(app.tasks.get(child).state).toBe('ready');
  });

  test('releases nothing that a cancelled dependency leaves undecided, or that was blocked by somebody', async () => {
    const app = await openPlan();
    const { id: one } = await app.tasks.create({ title: 'One' });
    const { id: gone } = await app.tasks.create({ title: 'Gone' });
    await app.tasks.create({ title: 'Undecided', dependsOn: [one, gone] });
    const { id: stuck } = await app.tasks.create({ title: 'Stuck', dependsOn: [one] });
    await app.tasks.setStatus({ task: gone, status: 'cancelled' });
    await app.tasks.setStatus({ task: stuck, status: 'blocked', reason: 'no key' });
    const { released } = await app.tasks.setStatus({ task: one, status: 'completed' });
    expect([released, told(app)]).toEqual([[], []]);
  });

  test('that is taken back says so to whoever works on what depended on it, and counts as a release again', async () => {
    const path = storePath();
    const ann = await openPlan(path, { actor: () => 'ann' });
    const { id: base } = await ann.tasks.create({ title: 'Base' });
    const { id: working } = await ann.tasks.create({ title: 'Working', dependsOn: [base], assignee: 'bob' });
    const { id: held } = await ann.tasks.create({ title: 'Held', dependsOn: [base] });
    const { id: waiting } = await ann.tasks.create({ title: 'Waiting', dependsOn: [base] });
    await ann.tasks.setStatus({ task: base, status: 'completed' });
    await ann.tasks.setStatus({ task: working, status: 'in_progress' });
    const carl = await openPlan(path, { actor: () => 'carl' });
    await carl.claims.claim({ task: held });
    ann.plan.store.refresh();
    const before = told(ann).length;
    await ann.tasks.setStatus({ task: base, status: 'pending' });
    const waitsAgain = (task: string, target: string) => [
      'reblocked',
      target,
      task,
      `Task ${task} waits again - T-1 was reopened`,
    ];
    expect(told(ann).slice(before)).toEqual([waitsAgain(working, 'bob'), waitsAgain(held, 'carl')]);
    expect(ann.tasks.get(waiting)).toMatchObject({ state: 'waiting', blockedBy: [base] });
    expect((await refusalOf(ann.tasks.setStatus({ task: working, status: 'completed' }))).code).toBe('DEPENDENCY_OPEN');
    await ann.tasks.setStatus({ task: base, status: 'completed' });
    expect(told(ann).slice(before + 2)).toEqual([unblocked(held), unblocked(waiting)]);
  });

  test('that is refused or undone tells nobody', async () => {
    const app = await openPlan();
    const { id: one } = await app.tasks.create({ title: 'One' });
    const { id: two } = await app.tasks.create({ title: 'Two', dependsOn: [one] });
    await app.tasks.create({ title: 'Three', dependsOn: [two] });
    expect((await refusalOf(app.tasks.setStatus({ task: two, status: 'completed' }))).code).toBe('DEPENDENCY_OPEN');
    expect(told(app)).toEqual([]);
    await app.tasks.setStatus({ task: one, status: 'completed' });
    await app.history.undo({});
    expect(told(app)).toEqual([]);
    expect(app.tasks.get(two).state).toBe('waiting');
  });
});
