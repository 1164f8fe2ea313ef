import { normaliseCriteria } from '../../core/criteria/criteria.js';
import type { WorkItem } from '../../core/metrics/work.js';
import type { Status } from '../../core/model/status.js';
import type { Row } from '../record.js';
import { TABLES } from '../schema.js';
import type { RowReader } from '../transaction.js';

/** Every task as it is measured; the first start is found in the audit log, where it is kept. */
export function readWork(store: RowReader): WorkItem[] {
  const rows = store.all(
    `SELECT id, status, type, assignee, created_at, started_at, completed_at, deadline, estimated_hours, actual_hours,
       success_criteria, feedback_quality, feedback_timeliness, feedback_notes, sealed,
       (SELECT min(changed_at) FROM audit_log WHERE task_id = tasks.id AND row_table = 'tasks'
         AND new_value LIKE '%"status":"in_progress"%') AS first_started
     FROM tasks ORDER BY number`,
  );
  return rows.map(workFromRow);
}

function workFromRow(row: Row): WorkItem {
  const text = (column: string) => (row[column] as string | null) ?? undefined;
  const number = (column: string) => (typeof row[column] === 'number' ? (row[column] as number) : undefined);
  const criteria = normaliseCriteria(parsed(text('success_criteria')));
  const [quality, timeliness] = [number('feedback_quality'), number('feedback_timeliness')];
  return present({
    id: row.id as string,
    status: row.status as Status,
    type: text('type') ?? 'task',
    assignee: text('assignee'),
    createdAt: row.created_at as string,
    firstStartedAt: text('first_started') ?? text('started_at'),
    completedAt: text('completed_at'),
    due: text('deadline'),
    estimatedHours: number('estimated_hours'),
    actualHours: number('actual_hours'),
    criteria: criteria.length,
    criteriaDone: criteria.filter((criterion) => criterion.done).length,
    quality,
    timeliness,
    hasFeedback: quality !== undefined || timeliness !== undefined || row.feedback_notes != null,
  });
}

function present<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as T;
}

function parsed(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** How large the store is. */
export interface StoreSize {
  readonly schemaVersion: number;
  /** Of the SQLite image, in bytes. */
  readonly bytes: number;
  /** Transactions recorded so far. */
  readonly transactions: number;
  readonly rows: Readonly<Record<string, number>>;
}

export function readStoreSize(store: RowReader): StoreSize {
  const single = (sql: string) => Number(Object.values(store.get(sql) ?? {})[0] ?? 0);
  const tables = [...Object.keys(TABLES).filter((table) => table !== 'meta'), 'audit_log'].sort();
  return {
    schemaVersion: single('PRAGMA user_version'),
    bytes: single('PRAGMA page_count') * single('PRAGMA page_size'),
    transactions: single('SELECT coalesce(max(seq), 0) FROM audit_log'),
    rows: Object.fromEntries(tables.map((table) => [table, single(`SELECT count(*) FROM ${table}`)])),
  };
}
