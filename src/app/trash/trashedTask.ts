import type { PlanGraph } from '../../core/graph/planGraph.js';
import { NotFoundError, OrchestratorError } from '../../core/model/errors.js';
import { parseTaskAddress, type TaskId } from '../../core/model/taskId.js';
import type { Row, Value } from '../../store/record.js';
import { resolveTask } from '../../store/repositories/taskRows.js';
import { TABLES, type TableName } from '../../store/schema.js';
import type { RowReader, Transaction } from '../../store/transaction.js';
import { changeTask } from '../tasks/changeTask.js';

/** A row that goes with its task. */
interface OwnedRow {
  readonly table: TableName;
  readonly row: Row;
}

/** What the trash keeps of a task. */
interface TrashedTask {
  readonly task: Row;
  readonly owned: readonly OwnedRow[];
  /** Its subtasks, which stay and lose their parent. */
  readonly children: readonly TaskId[];
}

/** The tables whose rows belong to tasks, with the columns that name one. */
const OWNED = [
  ['dependencies', ['task_id', 'depends_on']],
  ['links', ['task_id', 'target_id']],
  ['file_refs', ['task_id']],
  ['collaboration_events', ['task_id']],
  ['notifications', ['task_id']],
  ['participants', ['task_id']],
  ['time_entries', ['task_id']],
  ['task_analyses', ['task_id']],
  ['code_executions', ['task_id']],
  ['git_commits', ['task_id']],
] as const satisfies readonly (readonly [TableName, readonly string[]])[];

/** Moves a task with everything that is its own into the trash. */
export function trashTask(transaction: Transaction, id: TaskId): void {
  const task = transaction.get('SELECT * FROM tasks WHERE id = ?', [id]);
  if (!task) throw new NotFoundError(`Task ${id} not found.`, { task: id });
  const owned = OWNED.flatMap(([table, columns]) =>
    transaction
      .all(
        `SELECT * FROM ${table} WHERE ${columns.map((column) => `${column} = ?`).join(' OR ')}`,
        columns.map(() => id),
      )
      .map((row): OwnedRow => ({ table, row })),
  );
  const children = transaction
    .all<{ id: string }>('SELECT id FROM tasks WHERE parent_id = ?', [id])
    .map((row) => row.id);
  const kept: TrashedTask = { task, owned, children };
  transaction.insert('trash', {
    task_id: id,
    number: task.number ?? 0,
    title: task.title ?? '',
    deleted_at: transaction.at,
    deleted_by: transaction.actor,
    rows: JSON.stringify(kept),
  });
  for (const { table, row } of owned) transaction.delete(table, keyOf(table, row));
  for (const child of children) changeTask(transaction, child, { parent_id: null });
  transaction.delete('tasks', [id]);
}

/**
 * Puts a task back. Edges to tasks that are gone stay away, as do those that would close a cycle with what was added
 * since. Throws NOT_FOUND if it is not in the trash.
 */
export function restoreTask(transaction: Transaction, id: TaskId, graph: PlanGraph): void {
  const trashed = transaction.get<{ rows: string }>('SELECT rows FROM trash WHERE task_id = ?', [id]);
  if (!trashed) throw new NotFoundError(`Task ${id} is not in the trash.`, { task: id });
  const { task, owned, children } = JSON.parse(trashed.rows) as TrashedTask;
  transaction.delete('trash', [id]);
  transaction.insert('tasks', present(task, transaction));
  const waitsFor = owned.filter(({ table, row }) => table === 'dependencies' && row.task_id === id);
  for (const { table, row } of owned) {
    const ends = [row.task_id, row.depends_on, row.target_id].filter((end) => end != null && end !== id);
    if (!ends.every((end) => exists(transaction, end ?? null))) continue;
    const dependant = table === 'dependencies' && row.depends_on === id ? row.task_id : undefined;
    const closesCycle = waitsFor.some(
      (edge) => typeof dependant === 'string' && graph.path(String(edge.row.depends_on), dependant) !== undefined,
    );
    if (!closesCycle) transaction.insert(table, present(row));
  }
  for (const child of children) {
    const orphan = transaction.get<{ parent_id: string | null }>('SELECT parent_id FROM tasks WHERE id = ?', [child]);
    if (orphan && orphan.parent_id === null) changeTask(transaction, child, { parent_id: id });
  }
}

/** The id of the task in the trash that somebody named by id, start of its id or number. Throws NOT_FOUND, AMBIGUOUS. */
export function resolveTrashed(store: RowReader, name: string): TaskId {
  const address = parseTaskAddress(name);
  const number = address && address.kind !== 'prefix' ? address.number : null;
  const prefix = address && address.kind !== 'number' ? address.prefix : null;
  const byNumber = store.get<{ id: string }>('SELECT task_id AS id FROM trash WHERE number = ?', [number]);
  if (byNumber) return byNumber.id;
  const [first, second] = store.all<{ id: string }>(
    'SELECT task_id AS id FROM trash WHERE task_id >= ?1 AND task_id < ?1 || ? LIMIT 2',
    [prefix, 'g'],
  );
  if (second)
    throw new OrchestratorError('AMBIGUOUS', `“${name}” could be several tasks in the trash. Write more of the id.`);
  if (!first) throw new NotFoundError(`Task ${name} is not in the trash.`, { task: name });
  return first.id;
}

/** The id of a task that is there, else of one in the trash. Throws NOT_FOUND, AMBIGUOUS. */
export function resolveKnown(store: RowReader, name: string): TaskId {
  try {
    return resolveTask(store, name);
  } catch (error) {
    try {
      return resolveTrashed(store, name);
    } catch {
      throw error;
    }
  }
}

function keyOf(table: TableName, row: Row): Value[] {
  return TABLES[table].key.map((column) => row[column] ?? null);
}

function exists(transaction: Transaction, id: Value): boolean {
  return transaction.get('SELECT 1 FROM tasks WHERE id = ?', [id]) !== undefined;
}

/** The row as it goes back: without NULLs and internal integer ids, and without a parent that is gone. */
function present(row: Row, transaction?: Transaction): Row {
  return Object.fromEntries(
    Object.entries(row).filter(([column, value]) => {
      if (value === null || (column === 'id' && typeof value === 'number') || column === 'seq') return false;
      return column !== 'parent_id' || !transaction || exists(transaction, value);
    }),
  );
}
