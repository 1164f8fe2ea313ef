import type { TaskId } from '../../core/model/taskId.js';
import type { Row } from '../record.js';
import type { RowReader } from '../transaction.js';

/** Time spent on a task; without an end it is running. Times are UTC ISO 8601. */
export interface TimeEntry {
  /** 8 hexadecimal characters. */
  readonly id: string;
  readonly task: TaskId;
  readonly agent: string;
  readonly startedAt: string;
  readonly endedAt?: string;
  readonly note?: string;
}

export interface TimeFilter {
  readonly task?: TaskId | undefined;
  readonly agent?: string | undefined;
  readonly running?: boolean | undefined;
  /** Finished after this moment, or running. */
  readonly since?: string | undefined;
}

/** Entries in the order in which they began. */
export function readTimeEntries(store: RowReader, filter: TimeFilter): TimeEntry[] {
  const terms: [string, string | undefined][] = [
    ['task_id = ?', filter.task],
    ['agent_id = ?', filter.agent],
    ["coalesce(ended_at, '9999') > ?", filter.since],
  ];
  const used = terms.filter(([, value]) => value !== undefined);
  const where = used.map(([term]) => term);
  if (filter.running !== undefined) where.push(`ended_at IS ${filter.running ? '' : 'NOT '}NULL`);
  return store
    .all(
      `SELECT * FROM time_entries ${where.length > 0 ? `WHERE ${where.join(' AND ')}` : ''} ORDER BY started_at, uid`,
      used.map(([, value]) => value as string),
    )
    .map(entryFromRow);
}

export function readTimeEntry(store: RowReader, id: string): TimeEntry | undefined {
  const row = store.get('SELECT * FROM time_entries WHERE uid = ?', [id]);
  return row && entryFromRow(row);
}

function entryFromRow(row: Row): TimeEntry {
  return {
    id: row.uid as string,
    task: row.task_id as string,
    agent: row.agent_id as string,
    startedAt: row.started_at as string,
    ...(row.ended_at != null && { endedAt: row.ended_at as string }),
    ...(row.note != null && { note: row.note as string }),
  };
}
