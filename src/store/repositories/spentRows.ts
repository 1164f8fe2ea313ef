import type { Status } from '../../core/model/status.js';
import type { TaskId } from '../../core/model/taskId.js';
import type { RowReader } from '../transaction.js';

/** What the store knows of how long a task took. Times are UTC ISO 8601. */
export interface SpentRow {
  readonly id: TaskId;
  readonly status: Status;
  readonly actualHours?: number;
  readonly startedAt?: string;
  readonly completedAt?: string;
  /** Every recorded change of the status, the oldest first. */
  readonly changes: readonly { readonly at: string; readonly status: string }[];
  readonly entries: readonly { readonly startedAt: string; readonly endedAt?: string }[];
}

/** The tasks that are or were worked on. */
export function readSpent(store: RowReader): SpentRow[] {
  const changes = grouped(
    store.all(
      `SELECT task_id AS task, changed_at AS at, new_value AS value FROM audit_log
       WHERE row_table = 'tasks' AND new_value LIKE '%"status":%' ORDER BY id`,
    ),
    ({ at, value }) => {
      const { status } = JSON.parse(value as string) as { status?: unknown };
      return typeof status === 'string' ? { at: at as string, status } : undefined;
    },
  );
  // A store of an older version, which is open for reading, may have none.
  const isTimed = store.get("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'time_entries'") !== undefined;
  const entries = grouped(
    isTimed ? store.all('SELECT task_id AS task, started_at, ended_at FROM time_entries ORDER BY started_at, uid') : [],
    ({ started_at, ended_at }) => ({
      startedAt: started_at as string,
      ...(ended_at !== null && { endedAt: ended_at as string }),
    }),
  );
  return store
    .all(
      `SELECT id, status, actual_hours, started_at, completed_at FROM tasks
       WHERE status IN ('in_progress', 'completed') OR actual_hours IS NOT NULL OR started_at IS NOT NULL
         ${isTimed ? 'OR id IN (SELECT task_id FROM time_entries)' : ''} ORDER BY number`,
    )
    .map((row) => ({
      id: row.id as TaskId,
      status: row.status as Status,
      ...(typeof row.actual_hours === 'number' && { actualHours: row.actual_hours }),
      ...(typeof row.started_at === 'string' && { startedAt: row.started_at }),
      ...(typeof row.completed_at === 'string' && { completedAt: row.completed_at }),
      changes: changes.get(row.id as string) ?? [],
      entries: entries.get(row.id as string) ?? [],
    }));
}

/** Paths of the files that each task refers to. */
export function readPaths(store: RowReader): ReadonlyMap<TaskId, readonly string[]> {
  const rows = store.all('SELECT DISTINCT task_id AS task, file_path AS path FROM file_refs ORDER BY task_id, path');
  return grouped(rows, ({ path }) => path as string);
}

function grouped<Row extends { readonly [column: string]: unknown }, T>(
  rows: readonly Row[],
  read: (row: Row) => T | undefined,
): Map<TaskId, T[]> {
  const groups = new Map<TaskId, T[]>();
  for (const row of rows) {
    const value = read(row);
    if (value === undefined) continue;
    const group = groups.get(row.task as TaskId);
    if (group) group.push(value);
    else groups.set(row.task as TaskId, [value]);
  }
  return groups;
}
