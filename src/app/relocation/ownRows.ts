import type { TaskId } from '../../core/model/taskId.js';
import type { Row } from '../../store/record.js';
import { openRow } from '../../store/sealing/sealedRows.js';
import type { RowReader } from '../../store/transaction.js';

/** The tables of which a task's rows go with it to another store, in an order in which they can be inserted. */
const CARRIED = [
  'file_refs',
  'participants',
  'collaboration_events',
  'time_entries',
  'task_analyses',
  'code_executions',
  'git_commits',
] as const;

/** A task's row and those that belong to it alone. */
export interface OwnRows {
  readonly task: Row;
  readonly owned: Readonly<Record<(typeof CARRIED)[number], readonly Row[]>>;
  /** What it waits for, and what it is linked to. */
  readonly dependencies: readonly Row[];
  readonly links: readonly Row[];
}

/**
 * The rows of a task that exists, in a stable order; encrypted texts opened, as the other store has another key or none.
 * Throws PERMISSION_DENIED without this one's.
 */
export function readOwnRows(reader: RowReader, id: TaskId): OwnRows {
  const { vault } = reader;
  if (vault.isOn) vault.requireKey();
  const rows = (table: string) =>
    reader.all(`SELECT * FROM ${table} WHERE task_id = ?`, [id]).map((row) => openRow(vault, row));
  const [file_refs, participants, collaboration_events, time_entries, task_analyses, code_executions, git_commits] =
    CARRIED.map(rows);
  return {
    task: openRow(vault, reader.get('SELECT * FROM tasks WHERE id = ?', [id]) ?? {}),
    owned: {
      file_refs: file_refs ?? [],
      participants: participants ?? [],
      collaboration_events: collaboration_events ?? [],
      time_entries: time_entries ?? [],
      task_analyses: task_analyses ?? [],
      code_executions: code_executions ?? [],
      git_commits: git_commits ?? [],
    },
    dependencies: rows('dependencies'),
    links: rows('links'),
  };
}
