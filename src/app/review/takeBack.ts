import type { TaskId } from '../../core/model/taskId.js';
import { toMinute } from '../../core/model/timeText.js';
import { readPlainRow, type TaskAuditRow } from '../../store/repositories/auditRows.js';
import type { Transaction } from '../../store/transaction.js';
import { conflictViews } from '../history/conflicts.js';
import type { ConflictView } from '../history/historyInputs.js';
import { type Conflict, Inverse } from '../history/inverse.js';
import { columnName, nameOfTask } from '../history/words.js';
import { trashTask } from '../trash/trashedTask.js';
import { type TaskNet, taskRowNets } from './taskNet.js';

/** Takes changes back within an open transaction: what was created goes to the trash. Returns what keeps it from that. */
export function takeBack(transaction: Transaction, nets: readonly TaskNet[]): ConflictView[] {
  const created = nets.filter((net) => net.kind === 'added').sort((a, b) => creation(b).id - creation(a).id);
  const going = new Set(created.map((net) => net.task));
  const coming = new Set(nets.filter((net) => net.kind === 'removed').map((net) => net.task));
  const steps = new Map(nets.flatMap((net) => (net.kind === 'added' ? [] : net.steps)).map((step) => [step.id, step]));
  const inverse = new Inverse(transaction);
  inverse.takeBackRows(
    [...steps.values()]
      .filter((step) => !endsOf(step).some((end) => going.has(end)) && !isVain(transaction, step, coming))
      .sort((a, b) => b.id - a.id),
  );
  // Whichever deletion it lies there from.
  for (const task of coming) transaction.delete('trash', [task]);
  const conflicts: Conflict[] = [
    ...inverse.conflicts,
    ...created.flatMap((net) => conflictsOfCreated(transaction, net, going)),
  ];
  if (conflicts.length > 0) return conflictViews(transaction, conflicts);
  for (const { task } of created) trashTask(transaction, task);
  inverse.finish();
  return conflictViews(transaction, inverse.conflicts);
}

/** The tasks at the ends of an edge; none for another row. */
function endsOf({ table, key }: TaskAuditRow): readonly TaskId[] {
  return table === 'dependencies' || table === 'links' ? [String(key[0]), String(key[1])] : [];
}

/** What went with a removed task and does not come back with it: edges of tasks that are gone, its row in the trash. */
function isVain(transaction: Transaction, step: TaskAuditRow, coming: ReadonlySet<TaskId>): boolean {
  const { table, kind } = step;
  if (table === 'trash') return kind === 'insert';
  if (kind !== 'delete' || !endsOf(step).some((end) => coming.has(end))) return false;
  return !endsOf(step).every((end) => coming.has(end) || readPlainRow(transaction, 'tasks', [end]));
}

function creation({ steps }: TaskNet): TaskAuditRow {
  return steps.find((step) => step.table === 'tasks' && step.kind === 'insert') as TaskAuditRow;
}

/** A task that others changed, or hung something on, since it was created does not go. */
function conflictsOfCreated(transaction: Transaction, net: TaskNet, going: ReadonlySet<TaskId>): Conflict[] {
  const { task, actor } = net;
  const name = nameOfTask(transaction, task);
  const { seq } = creation(net);
  const by = (step: TaskAuditRow) => `by ${step.actor} at ${toMinute(step.at)} UTC (transaction ${step.seq})`;
  const others = (of: TaskId) =>
    taskRowNets(transaction, of, seq, (row) => row.actor === actor).flatMap(({ steps }) => steps);
  const own = others(task).map((step) => {
    const what =
      step.table === 'tasks'
        ? Object.keys(step.after ?? {})
            .map(columnName)
            .join(', ')
        : WHAT[step.table];
    return { seq, task, message: `${name}: ${what ?? step.table} was changed since, ${by(step)}` };
  });
  const hanging = neighbours(transaction, task)
    .filter((other) => !going.has(other))
    .flatMap((other) =>
      others(other)
        .filter((step) => (step.kind === 'insert' && step.key[1] === task) || step.after?.parent_id === task)
        .map((step) => {
          const tie =
            step.table === 'tasks' ? 'is part of it' : step.table === 'links' ? 'is linked to it' : 'waits for it';
          return { seq, task, message: `${name} cannot go: ${nameOfTask(transaction, other)} ${tie}, ${by(step)}` };
        }),
    );
  return [...own, ...hanging];
}

const WHAT: Readonly<Record<string, string>> = {
  dependencies: 'what it waits for',
  links: 'its links',
  file_refs: 'its code references',
  collaboration_events: 'its notes',
  time_entries: 'its time',
  git_commits: 'its commits',
};

function neighbours(transaction: Transaction, task: TaskId): TaskId[] {
  return transaction
    .all<{ id: TaskId }>(
      `SELECT task_id AS id FROM dependencies WHERE depends_on = ?1
       UNION SELECT task_id FROM links WHERE target_id = ?1 UNION SELECT id FROM tasks WHERE parent_id = ?1`,
      [task],
    )
    .map(({ id }) => id);
}
