import type { Task } from '../../core/model/task.js';
import { readOpenReferencesTo, readReferences } from '../../store/repositories/referenceRows.js';
import type { Transaction } from '../../store/transaction.js';
import { mention } from '../analysis/mention.js';
import { notify } from '../notifications/notify.js';
import type { Plan } from '../plan.js';
import type { CompletionView } from './completionInputs.js';

/** Finds the open tasks that refer to the same files, and leaves word for whoever has them, with the change itself. */
export function reviewImpact(plan: Plan, transaction: Transaction, task: Task): NonNullable<CompletionView['review']> {
  const files = [...new Set(readReferences(transaction, task.id).map((reference) => reference.path))].sort();
  const paths = new Map<string, Set<string>>();
  for (const reference of readOpenReferencesTo(transaction, files)) {
    if (reference.task === task.id) continue;
    const own = paths.get(reference.task) ?? new Set();
    paths.set(reference.task, own.add(reference.path));
  }
  const graph = plan.around([...paths.keys()]);
  const affected = [...paths]
    .map(([id, own]) => ({ task: graph.require(id).task, paths: [...own].sort() }))
    .sort((a, b) => a.task.number - b.task.number);
  for (const { task: other, paths } of affected) {
    const target = other.claim?.by ?? other.assignee;
    notify(transaction, plan.world.ids, {
      task: other.id,
      type: 'discovery',
      message: `DISCOVERY in ${task.id}: completed; it changed ${paths.join(', ')}, which this task refers to`,
      sender: transaction.actor,
      ...(target !== undefined && { target }),
    });
  }
  return {
    files,
    affected: affected.map(({ task, paths }) => ({ ...mention(graph, task, transaction.at), paths })),
  };
}
