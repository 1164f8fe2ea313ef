import { NotFoundError, OrchestratorError } from '../../core/model/errors.js';
import { requireTransition } from '../../core/model/status.js';
import { checkTags, type Task } from '../../core/model/task.js';
import { type TaskId, taskName } from '../../core/model/taskId.js';
import type { Row } from '../../store/record.js';
import { reaches, readTask, resolveTask } from '../../store/repositories/taskRows.js';
import type { RowReader, Transaction } from '../../store/transaction.js';
import { requireLease } from '../claims/lease.js';
import { insertDependency } from '../dependencies/dependencies.js';
import type { Output } from '../input.js';
import type { Plan } from '../plan.js';
import type { References } from '../references/references.js';
import { stopClocks } from '../time/clocks.js';
import { changeTask } from './changeTask.js';
import { requireFree } from './startable.js';
import { followStatus } from './statusEffects.js';
import { customColumn, fieldColumns, statusColumns } from './taskColumns.js';
import type { changeTaskInput } from './taskInputs.js';

/** What is to change in a task, whichever that is. */
export type TaskChange = Omit<Output<typeof changeTaskInput>, 'task'>;

/** The columns that a change sets, and what it refuses: read from the store alone, so that it can be tried first. */
export function changedColumns(
  reader: RowReader,
  plan: Plan,
  task: Task,
  given: TaskChange,
  { at, actor, completed }: { at: string; actor: string; completed?: ReadonlySet<TaskId> },
): Row {
  requireVersion(task, given.ifVersion);
  if (given.status || given.lease !== undefined) requireLease({ at, actor }, task, given.lease);
  const parent = given.parent && resolveTask(reader, given.parent);
  if (parent && reaches(reader, 'parents', parent, task.id)) {
    throw new OrchestratorError('CYCLE', 'A task cannot be its own subtask, nor that of one of its subtasks.', {
      task: task.id,
      parent,
    });
  }
  const { status } = given;
  if (status) {
    requireTransition(taskName(task.number), task.status, status);
    if ((status === 'in_progress' || status === 'completed') && !given.force)
      requireFree(plan, reader, task, completed);
  }
  return {
    ...fieldColumns({ ...given, ...changedTags(task, given) }),
    ...(given.custom && customColumn(task.custom, given.custom)),
    ...(given.parent !== undefined && { parent_id: parent || null }),
    ...(status && statusColumns(task, { ...given, status }, at)),
  };
}

/** What else is done to a task in the transaction that changes it; the task is as it was. */
export type TaskWork = (transaction: Transaction, task: Task) => void;

/**
 * Makes one change of one task within a transaction: edges and references, then fields and status, with what follows
 * from the status. `within` comes before the change, when the clocks of work that ends have stopped.
 */
export function applyChange(
  transaction: Transaction,
  plan: Plan,
  references: References,
  id: TaskId,
  given: TaskChange,
  within?: TaskWork,
): void {
  requireVersion(readTask(transaction, id), given.ifVersion);
  for (const other of given.addDependencies ?? [])
    addDependency(transaction, plan, id, resolveTask(transaction, other));
  for (const other of given.removeDependencies ?? [])
    removeDependency(transaction, id, resolveTask(transaction, other));
  for (const place of given.addFileRefs ?? []) references.insert(transaction, id, place);
  const { status } = given;
  const before = readTask(transaction, id);
  const columns = changedColumns(transaction, plan, before, given, transaction);
  if (status && status !== 'in_progress') stopClocks(transaction, { task: id });
  within?.(transaction, before);
  changeTask(transaction, id, columns);
  if (status) followStatus(transaction, plan.world.ids, before, status);
}

/** Throws CONFLICT where the task was changed since its reader saw it. */
function requireVersion(task: Task, expected: number | undefined): void {
  if (expected === undefined || task.version === expected) return;
  const by = task.updatedBy === undefined ? '' : ` by ${task.updatedBy}`;
  throw new OrchestratorError(
    'CONFLICT',
    `${taskName(task.number)} is at version ${task.version}, not ${expected}: it was changed${by} at ${task.updatedAt}. Read it again, then decide.`,
    { task: task.id, version: task.version, expected },
  );
}

function changedTags(task: Task, { tags, addTags = [], removeTags = [] }: TaskChange): Pick<TaskChange, 'tags'> {
  if (tags === undefined && addTags.length === 0 && removeTags.length === 0) return {};
  const gone = new Set(removeTags.map((tag) => tag.toLowerCase()));
  const kept = [...(tags ?? task.tags), ...addTags].filter((tag) => !gone.has(tag.toLowerCase()));
  return { tags: checkTags(kept) };
}

/** Throws CYCLE with the path, also where it runs over edges that this transaction added. */
function addDependency(transaction: Transaction, plan: Plan, task: TaskId, dependsOn: TaskId): void {
  plan.graph.requireAcyclic(task, dependsOn);
  if (reaches(transaction, 'dependencies', dependsOn, task)) {
    const { number } = readTask(transaction, task);
    const other = readTask(transaction, dependsOn);
    throw new OrchestratorError(
      'CYCLE',
      `${taskName(number)} → ${taskName(other.number)} would close a cycle with the other dependencies given. Leave one out.`,
      { path: [task, dependsOn] },
    );
  }
  insertDependency(transaction, task, dependsOn);
}

function removeDependency(transaction: Transaction, task: TaskId, dependsOn: TaskId): void {
  if (transaction.get('SELECT 1 FROM dependencies WHERE task_id = ? AND depends_on = ?', [task, dependsOn])) {
    transaction.delete('dependencies', [task, dependsOn]);
    return;
  }
  const [one, other] = [readTask(transaction, task), readTask(transaction, dependsOn)];
  throw new NotFoundError(`${taskName(one.number)} does not depend on ${taskName(other.number)}.`, { task, dependsOn });
}
