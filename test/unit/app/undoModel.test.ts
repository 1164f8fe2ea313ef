import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Orchestrator } from '../../../src/app/orchestrator.js';
import { OrchestratorError } from '../../../src/core/model/errors.js';
import { checkAsync } from '../../support/check.js';
import { contents, storePath } from '../../support/stores.js';
import { openPlan, TestClock } from './openPlan.js';

/** A change that somebody tries; what is refused changes nothing. */
type Attempt = (plan: Orchestrator, pick: (at: number) => string) => Promise<unknown>;

const at = fc.nat(7);
const attempts: fc.Arbitrary<Attempt> = fc.oneof(
  fc.tuple(at, fc.boolean()).map(
    ([one, waits]): Attempt =>
      (plan, pick) =>
        plan.tasks.create({ title: 'New', ...(waits && { dependsOn: [pick(one)] }) }),
  ),
  fc.tuple(at, fc.constantFrom('A', 'B', 'C')).map(
    ([one, title]): Attempt =>
      (plan, pick) =>
        plan.tasks.update({ task: pick(one), title, tags: [title] }),
  ),
  fc.tuple(at, fc.constantFrom('in_progress', 'completed', 'pending', 'blocked', 'cancelled')).map(
    ([one, status]): Attempt =>
      (plan, pick) =>
        plan.tasks.setStatus({ task: pick(one), status }),
  ),
  fc.tuple(at, at).map(
    ([one, two]): Attempt =>
      (plan, pick) =>
        plan.dependencies.add({ task: pick(one), dependsOn: pick(two) }),
  ),
  fc.tuple(at, at).map(
    ([one, two]): Attempt =>
      (plan, pick) =>
        plan.dependencies.remove({ task: pick(one), dependsOn: pick(two) }),
  ),
  fc.tuple(at, at).map(
    ([one, two]): Attempt =>
      (plan, pick) =>
        plan.tasks.update({ task: pick(one), parent: pick(two) }),
  ),
  at.map(
    (one): Attempt =>
      (plan, pick) =>
        plan.references.add({ task: pick(one), place: 'src/a.ts:3' }),
  ),
  at.map(
    (one): Attempt =>
      (plan, pick) =>
        plan.tasks.delete(pick(one), { force: true }),
  ),
  at.map(
    (one): Attempt =>
      (plan, pick) =>
        plan.claims.claim({ task: pick(one) }),
  ),
  fc.constant<Attempt>((plan) => plan.trash.restore(plan.trash.list()[0]?.id ?? 'none')),
  fc.constant<Attempt>((plan) => plan.history.undo()),
);

async function tryAll(plan: Orchestrator, list: readonly Attempt[]): Promise<void> {
  for (const attempt of list) {
    const ids = plan.tasks.select('').map((task) => task.id);
    try {
      await attempt(plan, (index) => ids[index % Math.max(1, ids.length)] ?? 'none');
    } catch (error) {
      if (!(error instanceof OrchestratorError)) throw error;
    }
  }
}

/** What a person has planned: without bookkeeping, claims and history. */
function planned({ plan }: Orchestrator): unknown {
  plan.store.refresh();
  const { tasks, dependencies, file_refs: references, trash } = contents(plan.store);
  const bookkeeping = /^(id|version|updated_.*|claim.*)$/;
  const plain = (rows: unknown[] = []) =>
    rows.map((row) =>
      JSON.stringify(
        Object.entries(row as object).filter(
          ([column, value]) => (typeof value === 'string' && column === 'id') || !bookkeeping.test(column),
        ),
      ),
    );
  const trashed = (trash as { task_id: string }[]).map((row) => row.task_id);
  return [plain(tasks).sort(), plain(dependencies).sort(), plain(references).sort(), trashed.sort()];
}

test('undoing everything since a moment gives back what was planned then, and the graph agrees with the rows', async () => {
  const lists = fc.tuple(fc.array(attempts, { maxLength: 12 }), fc.array(attempts, { minLength: 1, maxLength: 12 }));
  await checkAsync(
    fc.asyncProperty(lists, async ([before, after]) => {
      const clock = new TestClock();
      const plan = await openPlan(storePath(), { clock });
      await tryAll(plan, before);
      const [start, head] = [planned(plan), plan.plan.store.head];
      await tryAll(plan, after);
      try {
        await plan.history.undo({ since: String(head + 1) });
      } catch (error) {
        // Nothing but claims and undone changes since then.
        expect(error).toMatchObject({ code: 'NOT_FOUND' });
      }
      if (!after.length) return;
      const fresh = await openPlan(plan.plan.store.path, { clock });
      expect(planned(fresh)).toEqual(planned(plan));
      for (const { id } of fresh.plan.graph.tasks()) expect(plan.plan.stateOf(id)).toBe(fresh.plan.stateOf(id));
      if (undidEarlier(plan, head)) return;
      expect(planned(plan)).toEqual(start);
    }),
    60,
  );
});

/** True where an undo since then took back what was done before: that is not part of "since". */
function undidEarlier(plan: Orchestrator, head: number): boolean {
  return plan.history
    .log({ since: String(head + 1), limit: 1000 })
    .transactions.some(({ action }) => /^undo /.test(action) && Number(/\d+/.exec(action)?.[0]) <= head);
}

test('undoing somebody’s changes among others’ is refused or leaves the others’ as they are', async () => {
  const lists = fc.array(fc.tuple(fc.boolean(), attempts), { minLength: 2, maxLength: 16 });
  await checkAsync(
    fc.asyncProperty(lists, async (list) => {
      const [path, clock] = [storePath(), new TestClock()];
      const ann = await openPlan(path, { clock, actor: () => 'ann' });
      const bob = await openPlan(path, { clock, actor: () => 'bob' });
      for (const [first, attempt] of list) {
        const plan = first ? ann : bob;
        plan.plan.store.refresh();
        await tryAll(plan, [attempt]);
      }
      const before = planned(ann);
      const outcome = await ann.history.undo({ actor: 'bob', since: '1' }).then(
        () => 'done',
        (error: unknown) => (error as OrchestratorError).code,
      );
      expect(['done', 'CONFLICT', 'NOT_FOUND']).toContain(outcome);
      if (outcome !== 'done') expect(planned(ann)).toEqual(before);
      expect(ann.plan.store.all('PRAGMA foreign_key_check')).toEqual([]);
      const fresh = await openPlan(path, { clock });
      expect(planned(fresh)).toEqual(planned(ann));
      for (const { id } of fresh.plan.graph.tasks()) {
        expect(ann.plan.stateOf(id)).toBe(fresh.plan.stateOf(id));
        expect(fresh.plan.graph.require(id).dependsOn.size).toBe(
          fresh.plan.store.all('SELECT 1 FROM dependencies WHERE task_id = ?', [id]).length,
        );
      }
    }),
    60,
  );
});
