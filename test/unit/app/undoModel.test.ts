import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Orchestrator } from '../../../src/app/orchestrator.js';
import type { OrchestratorError } from '../../../src/core/model/errors.js';
import { checkAsync } from '../../support/check.js';
import { storePath } from '../../support/stores.js';
import { attempts, planned, tryAll } from './attempts.js';
import { openPlan, TestClock } from './openPlan.js';

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
