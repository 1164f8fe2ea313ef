import { describe, expect, test } from 'vitest';
import { Archive } from '../../../src/app/archive/archive.js';
import { Bulk } from '../../../src/app/bulk/bulk.js';
import type { TaskEvent } from '../../../src/app/ports.js';
import { Relocation } from '../../../src/app/relocation/relocation.js';
import { graphView } from '../../../src/core/graph/view.js';
import { refusalOf } from '../../support/refusal.js';
import { openPlan, TestClock } from './openPlan.js';

/** A plan that keeps what automation was told, as `before update T-1`; it refuses what `veto` says. */
async function watched(veto: (event: TaskEvent) => boolean = () => false) {
  const told: string[] = [];
  const tell = (when: string) => async (event: TaskEvent) => {
    const name = 'name' in event.task ? event.task.name : event.task.title;
    told.push(`${when} ${event.kind} ${String(name)}`);
    if (when === 'before' && veto(event)) throw new Error('not allowed');
  };
  const plan = await openPlan(undefined, { automation: { before: tell('before'), after: tell('after') } });
  for (const title of ['One', 'Two']) await plan.tasks.create({ title, tags: ['t'] });
  told.length = 0;
  return { plan, told, bulk: new Bulk(plan.plan, plan.tasks, plan.references) };
}

describe('automation', () => {
  test('is told of each task of a change of many, before and after', async () => {
    const { told, bulk, plan } = await watched();
    await bulk.change({ query: 'tag:t', assignee: 'ann' });
    await new Archive(plan.plan, plan.tasks).archive({ tasks: ['1'], force: true });
    await bulk.delete({ tasks: ['1', '2'] });
    expect(told).toEqual([
      ...['before update T-1', 'before update T-2', 'after update T-1', 'after update T-2'],
      ...['before update T-1', 'after update T-1'],
      ...['before delete T-1', 'before delete T-2', 'after delete T-1', 'after delete T-2'],
    ]);
  });

  test('refuses all of them by refusing one', async () => {
    const { bulk, plan } = await watched(({ task }) => 'name' in task && task.name === 'T-2');
    const head = plan.plan.store.head;
    await expect(bulk.change({ query: 'tag:t', assignee: 'ann' })).rejects.toThrow('not allowed');
    await expect(bulk.delete({ query: 'tag:t' })).rejects.toThrow('not allowed');
    expect(plan.plan.store.head).toBe(head);
  });
});

test('a preview changes nothing and says what a change then does', async () => {
  const plan = await openPlan();
  const bulk = new Bulk(plan.plan, plan.tasks, plan.references);
  const one = await plan.tasks.create({ title: 'One', parent: undefined });
  await plan.tasks.create({ title: 'Two', assignee: 'bob', dependsOn: [one.id] });
  const input = { tasks: ['1', '2'], assignee: 'bob', due: '1 Dec 2026', addFileRefs: ['a.ts'], parent: null };
  const { head } = plan.plan.store;
  const preview = bulk.preview(input);
  expect(plan.plan.store.head).toBe(head);
  expect(preview.tasks.map((task) => task.changes.map((change) => change.field))).toEqual([
    ['assignee', 'due', 'file'],
    ['due', 'file'],
  ]);
  const changed = await bulk.change(input);
  expect(changed.tasks).toEqual(preview.tasks);
  expect(plan.plan.store.head).toBe(head + 1);
  expect((await bulk.change({ tasks: ['1', '2'], assignee: 'bob' })).changed).toBe(0);
  expect(plan.plan.store.head).toBe(head + 1);
  const refused = bulk.preview({ tasks: ['2', '1'], status: 'in_progress' });
  expect(refused.tasks.map((task) => task.refused?.slice(0, 18))).toEqual(['T-2 waits for T-1.', undefined]);
});

test('an edge that would close a cycle with another of the same change is refused', async () => {
  const plan = await openPlan();
  const ids = [];
  for (const title of ['One', 'Two', 'Three']) ids.push((await plan.tasks.create({ title })).id);
  const bulk = new Bulk(plan.plan, plan.tasks, plan.references);
  const { head } = plan.plan.store;
  expect((await refusalOf(bulk.change({ tasks: ['1', '2'], addDependencies: ['1', '2'] }))).code).toBe('CYCLE');
  expect((await refusalOf(bulk.change({ tasks: ['1', '3'], addDependencies: ['3'] }))).code).toBe('CYCLE');
  expect(plan.plan.store.head).toBe(head);
});

test('archived tasks are in no list, graph or ready set, whoever archived them', async () => {
  const plan = await openPlan();
  for (const title of ['One', 'Two']) await plan.tasks.create({ title });
  await plan.tasks.setStatus({ task: '1', status: 'completed' });
  const archive = new Archive(plan.plan, plan.tasks);
  void plan.plan.graph;
  await archive.archive({ tasks: ['1'] });
  await archive.archive({ tasks: ['2'], force: true });
  expect(plan.tasks.select('')).toEqual([]);
  expect(plan.tasks.select('two')).toEqual([]);
  expect(plan.tasks.ready().total).toBe(0);
  const now = plan.plan.now();
  expect(graphView(plan.plan.graph, { hops: 2, showDone: true, now }).nodes).toEqual([]);
  expect(plan.plan.graph.readyCount(now)).toBe(0);
  // As a process sees it that reads the store anew.
  const again = await openPlan(plan.plan.store.path);
  expect([again.tasks.ready().total, again.tasks.select('is:archived').length]).toEqual([0, 2]);
  await archive.unarchive({ query: 'two' });
  expect(plan.tasks.ready().tasks.map((task) => task.title)).toEqual(['Two']);
});

test('tasks are archived by when they were closed', async () => {
  const clock = new TestClock();
  const plan = await openPlan(undefined, { clock });
  for (const title of ['Old', 'New', 'Open']) await plan.tasks.create({ title });
  await plan.tasks.setStatus({ task: '1', status: 'completed' });
  clock.pass(20 * 24 * 60);
  await plan.tasks.setStatus({ task: '2', status: 'cancelled' });
  clock.pass(15 * 24 * 60);
  const { tasks } = await new Archive(plan.plan, plan.tasks).archive({ olderThan: '30d' });
  expect(tasks.map((task) => task.title)).toEqual(['Old']);
  expect((await refusalOf(new Archive(plan.plan, plan.tasks).archive({}))).code).toBe('INVALID_INPUT');
});

describe('a move', () => {
  test('that is interrupted before the tasks are removed loses nothing and is completed by repeating it', async () => {
    const source = await openPlan();
    const one = await source.tasks.create({ title: 'One', fileRefs: ['a.ts:1'] });
    const two = await source.tasks.create({ title: 'Two', dependsOn: [one.id] });
    // What is told of a new task comes after the copy is durable, and before anything is removed.
    const after = async () => Promise.reject(new Error('the process died'));
    const interrupted = await openPlan(undefined, { automation: { before: async () => undefined, after } });
    const input = { tasks: [one.id, two.id] };
    await expect(new Relocation(source, interrupted).move(input)).rejects.toThrow('died');
    expect([source.tasks.select('').length, interrupted.tasks.select('').length]).toEqual([2, 2]);
    const target = await openPlan(interrupted.plan.store.path);
    const view = await new Relocation(source, target).move(input);
    expect(view.tasks.map((task) => task.already)).toEqual([true, true]);
    expect([source.tasks.select('').length, target.tasks.select('').length]).toEqual([0, 2]);
    expect(target.tasks.get(two.id)).toMatchObject({ dependsOn: [one.id] });
  });

  test('is refused while somebody else works on one of the tasks', async () => {
    const [source, target] = [await openPlan(), await openPlan()];
    const one = await source.tasks.create({ title: 'One' });
    await source.claims.claim({ task: one.id });
    const bob = await openPlan(source.plan.store.path, { actor: () => 'bob' });
    expect((await refusalOf(new Relocation(bob, target).move({ tasks: [one.id] }))).code).toBe('LEASE_HELD');
    expect(target.tasks.select('')).toEqual([]);
    const copy = await new Relocation(bob, target).copy({ tasks: [one.id] });
    expect(target.tasks.get(copy.tasks[0]?.to?.id ?? '').claim).toBeUndefined();
  });
});
