import type { TaskId } from '../../core/model/taskId.js';
import type { Row, Value } from '../record.js';
import type { TableName } from '../schema.js';
import type { RowReader } from '../transaction.js';

/** So many rows are in memory at a time. */
export const PAGE = 500;

/** How a task is shown: one that waits for others, or whose dependency was cancelled, counts as blocked. */
const SHOWN = `CASE WHEN status = 'pending' AND EXISTS (
    SELECT 1 FROM dependencies JOIN tasks AS other ON other.id = depends_on
    WHERE task_id = tasks.id AND other.status != 'completed') THEN 'blocked' ELSE status END AS shown_status`;

/** Tasks with all their columns and `shown_status`, by number, page after page; only `ids`, in their order, if given. */
export function* taskPages(store: RowReader, ids?: readonly TaskId[], status?: string): Generator<Row[]> {
  if (ids) {
    for (let at = 0; at < ids.length; at += PAGE) {
      const page = ids.slice(at, at + PAGE);
      const rows = store.all(
        `SELECT tasks.*, ${SHOWN} FROM json_each(?) JOIN tasks ON id = value ORDER BY json_each.key`,
        [JSON.stringify(page)],
      );
      const wanted = status === undefined ? rows : rows.filter((row) => row.shown_status === status);
      if (wanted.length > 0) yield wanted;
    }
    return;
  }
  for (let after = -1; ; ) {
    const page = store.all(`SELECT tasks.*, ${SHOWN} FROM tasks WHERE number > ? ORDER BY number LIMIT ${PAGE}`, [
      after,
    ]);
    const last = page.at(-1);
    if (!last) return;
    after = Number(last.number);
    const wanted = status === undefined ? page : page.filter((row) => row.shown_status === status);
    if (wanted.length > 0) yield wanted;
  }
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
  const internal = INTERNAL[table];
  for (let offset = 0; ; offset += PAGE) {
    const page = store.all(`SELECT * FROM ${table} ORDER BY ${LOSSLESS_TABLES[table]} LIMIT ${PAGE} OFFSET ${offset}`);
    if (page.length === 0) return;
    yield page.map((row) => withoutColumn(row, internal));
    if (page.length < PAGE) return;
  }
}

function withoutColumn(row: Row, column: string | undefined): Row {
  if (column === undefined) return row;
  const { [column]: _left, ...others } = row as Record<string, Value>;
  return others;
}
