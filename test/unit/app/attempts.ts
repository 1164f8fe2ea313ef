import fc from 'fast-check';
import type { Orchestrator } from '../../../src/app/orchestrator.js';
import { OrchestratorError } from '../../../src/core/model/errors.js';
import { contents } from '../../support/stores.js';

/** A change that somebody tries; what is refused changes nothing. */
export type Attempt = (plan: Orchestrator, pick: (at: number) => string) => Promise<unknown>;

const at = fc.nat(7);
export const attempts: fc.Arbitrary<Attempt> = fc.oneof(
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

export async function tryAll(plan: Orchestrator, list: readonly Attempt[]): Promise<void> {
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
export function planned({ plan }: Orchestrator): string[][] {
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
