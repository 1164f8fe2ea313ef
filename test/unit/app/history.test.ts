import { describe, expect, test } from 'vitest';
import type { Orchestrator } from '../../../src/app/orchestrator.js';
import { refusalOf } from '../../support/refusal.js';
import { contents, storePath } from '../../support/stores.js';
import { openPlan, TestClock, writeFile } from './openPlan.js';

async function team(): Promise<{ ann: Orchestrator; bob: Orchestrator; clock: TestClock }> {
  const [path, clock] = [storePath(), new TestClock()];
  const ann = await openPlan(path, { clock, actor: () => 'ann' });
  return { ann, bob: await openPlan(path, { clock, actor: () => 'bob' }), clock };
}

/** The plan's tables, without history and bookkeeping. */
function planOf({ plan }: Orchestrator): unknown {
  plan.store.refresh();
  const {
    audit_log: _audit,
    notifications: _told,
    meta: _meta,
    sqlite_sequence: _ids,
    tasks,
    ...tables
  } = contents(plan.store);
  const plain = (tasks as Record<string, unknown>[]).map(
    ({ version: _version, updated_at: _at, updated_by: _by, ...task }) => task,
  );
  const withoutIds = Object.entries(tables).map(([name, rows]) => [
    name,
    (rows as Record<string, unknown>[]).map(({ id: _id, ...row }) => row),
  ]);
  return { tasks: plain, ...Object.fromEntries(withoutIds) };
}

const refused = async (work: Promise<unknown>) => (await refusalOf(work)).code;

describe('undoing', () => {
  /** Every kind of change that a person can make. */
  const changes: [
    string,
    (plan: Orchestrator, ids: { one: string; two: string; three: string }) => Promise<unknown>,
  ][] = [
    [
      'creating a task with edges and code',
      (plan, { one }) => plan.tasks.create({ title: 'New', dependsOn: [one], fileRefs: ['a.ts:2'], tags: ['x'] }),
    ],
    [
      'changing fields',
      (plan, { one }) =>
        plan.tasks.update({ task: one, title: 'Other', priority: 'low', due: '2026-12-01', tags: ['y'] }),
    ],
    ['starting', (plan, { one }) => plan.tasks.setStatus({ task: one, status: 'in_progress' })],
    ['completing', (plan, { one }) => plan.tasks.setStatus({ task: one, status: 'completed', summary: 'Done' })],
    ['blocking', (plan, { one }) => plan.tasks.setStatus({ task: one, status: 'blocked', reason: 'Rain' })],
    ['deleting', (plan, { two }) => plan.tasks.delete(two, { force: true })],
    ['a dependency', (plan, { one, three }) => plan.dependencies.add({ task: three, dependsOn: one })],
    ['removing a dependency', (plan, { one, two }) => plan.dependencies.remove({ task: two, dependsOn: one })],
    ['a reference', (plan, { one }) => plan.references.add({ task: one, place: 'a.ts:1:2' })],
    ['removing a reference', (plan, { two }) => plan.references.remove({ task: two, reference: 'a.ts:2' })],
    ['moving below a parent', (plan, { one, three }) => plan.tasks.update({ task: one, parent: three })],
  ];

  test.each(changes)(
    '%s gives the plan back as it was, and undoing that the plan as it became',
    async (_what, change) => {
      const plan = await openPlan();
      writeFile(plan, 'a.ts', 'one\ntwo\nthree\n');
      const { id: one } = await plan.tasks.create({ title: 'One' });
      const { id: two } = await plan.tasks.create({ title: 'Two', dependsOn: [one], fileRefs: ['a.ts:2'] });
      const { id: three } = await plan.tasks.create({ title: 'Three', parent: two });
      const before = planOf(plan);
      await change(plan, { one, two, three });
      const after = planOf(plan);
      expect(after).not.toEqual(before);
      const rehearsal = await plan.history.undo({ dryRun: true });
      expect([rehearsal.conflicts, planOf(plan)]).toEqual([[], after]);
      const undo = await plan.history.undo();
      expect(planOf(plan)).toEqual(before);
      await plan.history.undo({ seq: undo.seq });
      expect(planOf(plan)).toEqual(after);
    },
  );

  test('goes back step by step, each transaction once', async () => {
    const plan = await openPlan();
    const { id } = await plan.tasks.create({ title: 'A' });
    await plan.tasks.update({ task: id, title: 'B' });
    await plan.tasks.update({ task: id, title: 'C' });
    await plan.history.undo();
    expect(plan.tasks.get(id).title).toBe('B');
    await plan.history.undo();
    expect(plan.tasks.get(id).title).toBe('A');
    await plan.history.undo();
    expect(plan.tasks.list().total).toBe(0);
    expect(await refused(plan.history.undo())).toBe('NOT_FOUND');
    expect(plan.history.log().transactions.map((entry) => entry.undone)).toEqual([
      false,
      false,
      false,
      true,
      true,
      true,
    ]);
  });

  test('takes back only what the actor did, or the one who is named', async () => {
    const { ann, bob } = await team();
    const { id } = await ann.tasks.create({ title: 'A' });
    await bob.tasks.update({ task: id, priority: 'high' });
    expect((await ann.history.undo({ dryRun: true })).undone[0]?.action).toBe('task.create');
    await ann.history.undo({ actor: 'bob' });
    expect(ann.tasks.get(id)).toMatchObject({ title: 'A', priority: 'medium' });
  });

  test('since a time takes back a whole run at once, and leaves what others did', async () => {
    const { ann, bob, clock } = await team();
    const { id } = await ann.tasks.create({ title: 'A' });
    clock.pass(5);
    const start = clock.now();
    const { id: second } = await bob.tasks.create({ title: 'B', dependsOn: [id] });
    await bob.tasks.update({ task: id, description: 'by bob' });
    await ann.tasks.update({ task: id, assignee: 'ann' });
    await bob.tasks.setStatus({ task: id, status: 'completed' });
    await bob.tasks.setStatus({ task: second, status: 'completed' });
    const { undone } = await ann.history.undo({ actor: 'bob', since: start });
    expect(undone).toHaveLength(4);
    expect(ann.tasks.list().tasks.map((task) => task.title)).toEqual(['A']);
    expect(ann.tasks.get(id)).toMatchObject({ status: 'pending', assignee: 'ann' });
    expect(ann.tasks.get(id).description).toBeUndefined();
  });

  test('is refused, naming the row and who changed it, where something was changed since', async () => {
    const { ann, bob } = await team();
    const { id } = await ann.tasks.create({ title: 'A' });
    await ann.tasks.update({ task: id, title: 'B' });
    await bob.tasks.update({ task: id, title: 'C' });
    const before = planOf(ann);
    const refusal = await refusalOf(ann.history.undo());
    expect([refusal.code, refusal.message]).toEqual([
      'CONFLICT',
      'This cannot be undone: T-1: title was changed again, by bob at 2026-01-01 12:00 UTC (transaction 3). Nothing was changed.',
    ]);
    expect((await ann.history.undo({ dryRun: true })).conflicts).toMatchObject([{ seq: 2, name: 'T-1' }]);
    expect(planOf(ann)).toEqual(before);
  });

  test.each([
    [
      'a task that others hang on',
      async (ann: Orchestrator, bob: Orchestrator) => {
        const { id } = await ann.tasks.create({ title: 'A' });
        await bob.tasks.create({ title: 'B', dependsOn: [id] });
      },
      'something depends on it',
    ],
    [
      'a task that was changed',
      async (ann: Orchestrator, bob: Orchestrator) => {
        const { id } = await ann.tasks.create({ title: 'A' });
        await bob.tasks.update({ task: id, priority: 'high' });
      },
      'priority was changed since',
    ],
    [
      'a task that is gone',
      async (ann: Orchestrator, bob: Orchestrator) => {
        const { id } = await ann.tasks.create({ title: 'A' });
        await bob.tasks.delete(id, { force: true });
      },
      'is gone already',
    ],
    [
      'an edge that would close a cycle now',
      async (ann: Orchestrator, bob: Orchestrator) => {
        const { id: a } = await bob.tasks.create({ title: 'A' });
        const { id: b } = await bob.tasks.create({ title: 'B', dependsOn: [a] });
        await ann.dependencies.remove({ task: b, dependsOn: a });
        await bob.dependencies.add({ task: a, dependsOn: b });
      },
      'would wait for itself',
    ],
    [
      'an edge whose other end is gone',
      async (ann: Orchestrator, bob: Orchestrator) => {
        const { id: a } = await bob.tasks.create({ title: 'A' });
        const { id: b } = await bob.tasks.create({ title: 'B', dependsOn: [a] });
        await ann.dependencies.remove({ task: b, dependsOn: a });
        await bob.tasks.delete(a, { force: true });
      },
      'T-1 is gone',
    ],
  ])('is refused for %s', async (_what, prepare, words) => {
    const { ann, bob } = await team();
    await prepare(ann, bob);
    const before = planOf(ann);
    const refusal = await refusalOf(ann.history.undo());
    expect([refusal.code, refusal.message]).toEqual(['CONFLICT', expect.stringContaining(words)]);
    expect(planOf(ann)).toEqual(before);
  });

  test('leaves claims alone, and never lets a lease come back to life', async () => {
    const { ann, bob } = await team();
    const { id } = await ann.tasks.create({ title: 'A' });
    const { claim } = await ann.claims.claim({ task: id });
    await ann.tasks.setStatus({ task: id, status: 'completed' });
    await ann.history.undo();
    expect(ann.tasks.get(id)).toMatchObject({ status: 'pending', state: 'ready' });
    expect(await refused(ann.tasks.update({ task: id, title: 'x', lease: claim?.version }))).toBe('LEASE_HELD');
    expect((await bob.claims.claim({ task: id })).claim?.version).toBe(2);
    expect(await refused(bob.history.undo())).toBe('NOT_FOUND');
    expect(await refused(bob.history.undo({ seq: bob.plan.store.head }))).toBe('CONFLICT');
  });

  test('takes back a deletion and its restoring together', async () => {
    const plan = await openPlan();
    const { id: a } = await plan.tasks.create({ title: 'A' });
    await plan.tasks.create({ title: 'B', dependsOn: [a] });
    await plan.tasks.delete(a, { force: true });
    await plan.trash.restore(a);
    await plan.history.undo({ since: '1' });
    expect(plan.tasks.list().total).toBe(0);
  });

  test('twice is refused', async () => {
    const plan = await openPlan();
    await plan.tasks.create({ title: 'A' });
    await plan.history.undo({ seq: 1 });
    expect((await refusalOf(plan.history.undo({ seq: 1 }))).message).toContain('was undone already');
    expect(await refused(plan.history.undo({ seq: 77 }))).toBe('NOT_FOUND');
  });

  test('gives a created task the number that it had', async () => {
    const plan = await openPlan();
    const { id } = await plan.tasks.create({ title: 'A' });
    const undo = await plan.history.undo();
    await plan.tasks.create({ title: 'B' });
    await plan.history.undo({ seq: undo.seq });
    expect(plan.tasks.list().tasks.map((task) => `${task.name} ${task.title}`)).toEqual(['T-1 A', 'T-2 B']);
    expect(plan.tasks.get(id).name).toBe('T-1');
  });
});

describe('the log', () => {
  test('tells who did what when, with the values before and after', async () => {
    const { ann, bob } = await team();
    const { id } = await ann.tasks.create({ title: 'A', priority: 'high' });
    await bob.tasks.create({ title: 'B', dependsOn: [id] });
    await bob.tasks.update({ task: id, title: 'AA', due: '2026-12-01' });
    ann.plan.store.refresh();
    const { transactions, head } = ann.history.log({ task: 'T-1' });
    expect(head).toBe(3);
    expect(transactions).toEqual([
      {
        seq: 3,
        at: expect.any(String),
        actor: 'bob',
        action: 'task.update',
        undone: false,
        changes: [
          {
            task: id,
            name: 'T-1',
            what: 'task',
            kind: 'changed',
            fields: [
              { field: 'title', before: 'A', after: 'AA' },
              { field: 'due', before: null, after: '2026-12-01T00:00:00.000Z' },
            ],
          },
        ],
      },
      expect.objectContaining({ seq: 1, actor: 'ann', action: 'task.create' }),
    ]);
    const [created] = transactions.at(-1)?.changes ?? [];
    expect(created).toMatchObject({ kind: 'added', title: 'A' });
    expect(created?.fields).toContainEqual({ field: 'priority', before: null, after: 'high' });
    expect(ann.history.log({ actor: 'ann' }).transactions).toHaveLength(1);
    expect(ann.history.log({ since: '2' }).transactions.map((entry) => entry.seq)).toEqual([3, 2]);
    expect(ann.history.log({ limit: 1 })).toMatchObject({ truncated: true, transactions: [{ seq: 3 }] });
    expect(await refused((async () => ann.history.log({ since: 'yesterday' }))())).toBe('INVALID_INPUT');
  });

  test('tells of a task that is in the trash', async () => {
    const plan = await openPlan();
    const { id } = await plan.tasks.create({ title: 'A' });
    await plan.tasks.delete(id, { force: true });
    expect(plan.history.log({ task: 'T-1' }).transactions.map((entry) => entry.action)).toEqual([
      'task.delete',
      'task.create',
    ]);
    expect(plan.history.log({ task: id }).transactions[0]?.changes).toContainEqual(
      expect.objectContaining({ what: 'task', kind: 'removed', title: 'A', name: 'T-1' }),
    );
  });
});

describe('what changed since', () => {
  test('is what others have to read again', async () => {
    const plan = await openPlan();
    const { id: one } = await plan.tasks.create({ title: 'A' });
    const { id: two } = await plan.tasks.create({ title: 'B' });
    const { head, changed } = plan.history.changedSince({ seq: 0 });
    expect([head, changed]).toEqual([2, [one, two]]);
    expect(plan.history.changedSince({ seq: head })).toMatchObject({ changed: [], deleted: [], everything: false });
    await plan.tasks.update({ task: one, title: 'AA' });
    await plan.tasks.delete(two, { force: true });
    expect(plan.history.changedSince({ seq: head })).toMatchObject({ head: 4, changed: [one], deleted: [two] });
    const first = plan.history.changedSince({ seq: 0, limit: 1 });
    expect(first).toMatchObject({ truncated: true, changed: [one] });
    expect(plan.history.changedSince({ seq: first.head })).toMatchObject({ truncated: false, deleted: [two] });
  });
});

describe('the transaction of a removal', () => {
  test('is told, so that just this one can be undone, whatever came since', async () => {
    const ann = await openPlan();
    const { id: a } = await ann.tasks.create({ title: 'A', fileRefs: ['a.ts:2'] });
    const { id: b } = await ann.tasks.create({ title: 'B', dependsOn: [a] });
    const [edge, reference] = await Promise.all([
      ann.dependencies.remove({ task: b, dependsOn: a }),
      ann.references.remove({ task: a, reference: 'a.ts' }),
      ann.tasks.create({ title: 'C' }),
    ]);
    const undo = await ann.history.undo({ seq: edge.seq });
    expect(ann.tasks.get(b).dependsOn).toEqual([a]);
    expect(ann.tasks.get(a).fileRefs).toEqual([]);
    await ann.history.undo({ seq: reference.seq });
    expect(ann.tasks.get(a).fileRefs).toMatchObject([{ path: 'a.ts' }]);
    // Undoing an undo does again what was undone.
    await ann.history.undo({ seq: undo.seq });
    expect(ann.tasks.get(b).dependsOn).toEqual([]);
  });

  test('says whether it can be undone', async () => {
    const ann = await openPlan();
    const { id } = await ann.tasks.create({ title: 'A' });
    await ann.claims.claim({ task: id });
    await ann.tasks.update({ task: id, title: 'B' });
    await ann.history.undo();
    const able = ann.history.log().transactions.map((entry) => [entry.action, ann.history.canUndo(entry)]);
    expect(able).toEqual([
      ['undo 3', true],
      ['task.update', false],
      ['claim', false],
      ['task.create', true],
    ]);
  });
});
