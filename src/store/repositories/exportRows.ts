import type { TaskId } from '../../core/model/taskId.js';
import type { Row, Value } from '../record.js';
import type { TableName } from '../schema.js';
import { openRow, openTrashed } from '../sealing/sealedRows.js';
import type { RowReader } from '../transaction.js';

/** So many rows are in memory at a time. */
export const PAGE = 500;

/** How a task is shown: one that waits for others, or whose dependency was cancelled, counts as blocked. */
const SHOWN = `CASE WHEN tasks.status = 'pending' AND EXISTS (
    SELECT 1 FROM dependencies JOIN tasks AS other ON other.id = depends_on
    WHERE dependencies.task_id = tasks.id AND other.status != 'completed') THEN 'blocked' ELSE tasks.status END AS shown_status`;

/**
 * Tasks with all their columns and `shown_status`, by number, page after page; only `ids`, in their order, and only those
 * that are shown with a status, if given.
 */
export function* taskPages(store: RowReader, ids?: readonly TaskId[], status?: string): Generator<Row[]> {
  const columns = [...columnsOf(store, 'tasks'), 'shown_status'];
  const wanted = status === undefined ? '' : `WHERE shown_status = '${status}'`;
  const selected = (rest: string) => `(SELECT tasks.*, ${SHOWN} ${rest}) ${wanted}`;
  if (ids) {
    for (let at = 0; at < ids.length; at += PAGE) {
      const page = JSON.stringify(ids.slice(at, at + PAGE));
      const from = selected('FROM json_each(?) AS chosen JOIN tasks ON tasks.id = chosen.value ORDER BY chosen.key');
      const rows = readRows(store, columns, from, [page]);
      if (rows.length > 0) yield rows;
    }
    return;
  }
  const last = store.get<{ n: number | null }>('SELECT max(number) AS n FROM tasks')?.n ?? 0;
  // Numbers have gaps where tasks are gone: a page is a stretch of them.
  for (let after = -1; after < last; ) {
    const stretch = store.get<{ n: number | null }>(
      `SELECT max(number) AS n FROM (SELECT number FROM tasks WHERE number > ? ORDER BY number LIMIT ${PAGE})`,
      [after],
    );
    const upTo = stretch?.n ?? last;
    const rows = readRows(store, columns, selected('FROM tasks WHERE number > ? AND number <= ? ORDER BY number'), [
      after,
      upTo,
    ]);
    after = upTo;
    if (rows.length > 0) yield rows;
  }
}

/** Rows carried out of SQLite as one JSON text, which is faster than value by value. */
function readRows(store: RowReader, columns: readonly string[], from: string, values: readonly Value[]): Row[] {
  const text = store.get<{ rows: string }>(
    `SELECT json_group_array(json_array(${columns.join(', ')})) AS rows FROM ${from}`,
    values,
  )?.rows;
  const rows = (JSON.parse(text ?? '[]') as Value[][]).map(
    (row) => Object.fromEntries(columns.map((column, at) => [column, row[at] ?? null])) as Row,
  );
  return store.vault.isOn ? rows.map((row) => openRow(store.vault, row)) : rows;
}

function columnsOf(store: RowReader, table: string): string[] {
  return store.all<{ name: string }>(`SELECT name FROM pragma_table_info('${table}')`).map(({ name }) => name);
}

export function countTasks(store: RowReader): number {
  return store.get<{ n: number }>('SELECT count(*) AS n FROM tasks')?.n ?? 0;
}

/** What belongs to some tasks, by their ids. */
export function ownedRows(
  store: RowReader,
  columns: string,
  table: TableName,
  ids: readonly TaskId[],
): Map<TaskId, Row[]> {
  const found = new Map<TaskId, Row[]>();
  const order = { dependencies: 'id', file_refs: 'id', collaboration_events: 'seq' }[table as 'dependencies'] ?? '1';
  const rows = store.all(
    `SELECT task_id, ${columns} FROM ${table} WHERE task_id IN (SELECT value FROM json_each(?)) ORDER BY ${order}`,
    [JSON.stringify(ids)],
  );
  for (const { task_id, ...row } of rows) {
    const list = found.get(String(task_id));
    if (list) list.push(row);
    else found.set(String(task_id), [row]);
  }
  return found;
}

/** Tables that a lossless export holds, those that others refer to first, with what orders them. */
export const LOSSLESS_TABLES = {
  agents: 'id',
  tasks: 'number',
  dependencies: 'id',
  links: 'task_id, target_id, type',
  file_refs: 'id',
  participants: 'task_id, agent_id',
  collaboration_events: 'seq',
  time_entries: 'uid',
  task_analyses: 'task_id, kind',
  code_executions: 'uid',
  git_commits: 'task_id, commit_hash',
  notifications: 'id',
  notification_reads: 'notification_id, agent_id',
  imported: 'source, external_id',
  trash: 'task_id',
} as const satisfies Partial<Record<TableName, string>>;

export type LosslessTable = keyof typeof LOSSLESS_TABLES;

/** Integers that SQLite gives out anew; rows are told apart by other columns. */
const INTERNAL: Readonly<Partial<Record<LosslessTable, string>>> = {
  dependencies: 'id',
  file_refs: 'id',
  collaboration_events: 'seq',
};

/** Every row of a table, page after page, without internal numbers. */
export function* tablePages(store: RowReader, table: LosslessTable): Generator<Row[]> {
  const columns = columnsOf(store, table).filter((column) => column !== INTERNAL[table]);
  for (let offset = 0; ; offset += PAGE) {
    const order = `ORDER BY ${LOSSLESS_TABLES[table]} LIMIT ${PAGE} OFFSET ${offset}`;
    const page = readRows(store, columns, `(SELECT * FROM ${table} ${order})`, []);
    if (page.length > 0) yield table === 'trash' && store.vault.isOn ? page.map((row) => openTrash(store, row)) : page;
    if (page.length < PAGE) return;
  }
}

/** A deleted task as the trash keeps it: with its texts. */
export function openTrash({ vault }: Pick<RowReader, 'vault'>, row: Row): Row {
  return typeof row.rows === 'string' ? { ...row, rows: openTrashed(vault, row.rows) } : row;
}
