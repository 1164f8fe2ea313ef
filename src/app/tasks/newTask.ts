import { NotFoundError } from '../../core/model/errors.js';
import type { TaskId } from '../../core/model/taskId.js';
import { resolveTask } from '../../store/repositories/taskRows.js';
import { NEXT_NUMBER } from '../../store/schema.js';
import type { Transaction } from '../../store/transaction.js';
import { insertDependency } from '../dependencies/dependencies.js';
import type { Output } from '../input.js';
import type { Ids } from '../ports.js';
import type { References } from '../references/references.js';
import { customColumn, fieldColumns } from './taskColumns.js';
import type { createTaskInput } from './taskInputs.js';

/** Adds a task with its dependencies and references. Throws NOT_FOUND or AMBIGUOUS for what it names. */
export function insertTask(
  transaction: Transaction,
  ids: Ids,
  references: References,
  given: Output<typeof createTaskInput>,
): TaskId {
  const dependencies = new Set((given.dependsOn ?? []).map((name) => resolveDependency(transaction, name)));
  const parent = given.parent === undefined ? undefined : resolveTask(transaction, given.parent);
  const fresh = freshTask(transaction, ids);
  const { id } = fresh;
  transaction.insert('tasks', {
    ...fresh,
    ...fieldColumns({ ...given, priority: given.priority ?? 'medium', type: given.type ?? 'task' }),
    ...(given.custom && withoutNull(customColumn({}, given.custom))),
    ...(parent !== undefined && { parent_id: parent }),
  });
  for (const dependency of dependencies) insertDependency(transaction, id, dependency);
  for (const place of given.fileRefs ?? []) references.insert(transaction, id, place);
  return id;
}

/** What every new task has: an id, the next number, and who made it when. */
export function freshTask(transaction: Transaction, ids: Ids) {
  return {
    id: newId(transaction, ids),
    number: takeNumber(transaction),
    status: 'pending',
    created_by: transaction.actor,
    created_at: transaction.at,
    updated_at: transaction.at,
  };
}

/** An id that neither a task nor one in the trash has. */
export function newId(transaction: Transaction, ids: Ids): TaskId {
  for (;;) {
    const id = ids.next();
    if (!transaction.get('SELECT 1 FROM tasks WHERE id = ?1 UNION SELECT 1 FROM trash WHERE task_id = ?1', [id]))
      return id;
  }
}

/** The next number, which no other task gets afterwards. */
export function takeNumber(transaction: Transaction): number {
  const number = transaction.get<{ number: number }>(`SELECT ${NEXT_NUMBER} AS number`)?.number ?? 1;
  const value = String(number);
  const key = 'last_number';
  if (transaction.get('SELECT 1 FROM meta WHERE key = ?', [key])) transaction.update('meta', [key], { value });
  else transaction.insert('meta', { key, value });
  return number;
}

function resolveDependency(transaction: Transaction, name: string): TaskId {
  try {
    return resolveTask(transaction, name);
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
    throw new NotFoundError(`Invalid dependency ID: ${name.trim()}. ${error.message}`, error.details);
  }
}

function withoutNull<T extends Record<string, unknown>>(row: T): T {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)) as T;
}
