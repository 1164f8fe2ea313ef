import { OrchestratorError } from '../../core/model/errors.js';
import type { Status } from '../../core/model/status.js';
import type { Task } from '../../core/model/task.js';
import { type TaskId, taskName } from '../../core/model/taskId.js';
import { isClosed } from '../../core/model/workState.js';
import type { RowReader } from '../../store/transaction.js';
import type { Plan } from '../plan.js';

/** Throws what keeps the task from being worked on: DEPENDENCY_OPEN, or INVALID_TRANSITION for one that is closed. */
export function requireStartable(plan: Plan, reader: RowReader, task: Task): void {
  if (isClosed(task.status)) {
    const name = taskName(task.number);
    throw new OrchestratorError('INVALID_TRANSITION', `${name} is ${task.status}. Reopen it first.`, { task: task.id });
  }
  requireFree(plan, reader, task);
}

/**
 * Throws DEPENDENCY_OPEN where a task waits for others, or for a decision about one that was cancelled. `completed` are
 * tasks that count as completed already.
 */
export function requireFree(
  plan: Plan,
  reader: RowReader,
  task: Task,
  completed: ReadonlySet<TaskId> = new Set<TaskId>(),
): void {
  const open = reader
    .all<{ id: TaskId; number: number; status: Status }>(
      `SELECT tasks.id, number, status FROM dependencies JOIN tasks ON tasks.id = depends_on
       WHERE task_id = ? AND status != 'completed' ORDER BY number`,
      [task.id],
    )
    .filter((other) => !completed.has(other.id));
  if (open.length === 0) return;
  const name = taskName(task.number);
  const cancelled = open.filter((other) => other.status === 'cancelled');
  if (cancelled.length > 0) {
    const names = cancelled.map((other) => taskName(other.number)).join(', ');
    throw new OrchestratorError(
      'DEPENDENCY_OPEN',
      `${name} needs a decision: ${names} was cancelled. Remove the dependency, or reopen ${names}.`,
      { cancelled: cancelled.map((other) => other.id) },
    );
  }
  // The roots of its chains say more; the plan may not know yet what this transaction has changed.
  const roots = plan
    .around([task.id])
    .blockers(task.id)
    .filter((other) => !completed.has(other.id));
  const blockers = roots.length > 0 ? roots : open;
  const names = blockers.map((blocker) => taskName(blocker.number));
  throw new OrchestratorError(
    'DEPENDENCY_OPEN',
    `${name} waits for ${names.join(', ')}. Complete ${names.length === 1 ? 'it' : 'them'} first, or remove the dependency.`,
    { blockedBy: blockers.map((blocker) => blocker.id) },
  );
}
