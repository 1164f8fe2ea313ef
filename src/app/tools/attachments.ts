import type { TaskId } from '../../core/model/taskId.js';
import type { Row } from '../../store/record.js';
import { readAnalysis } from '../../store/repositories/analysisRows.js';
import { readNumber } from '../../store/repositories/taskRows.js';
import type { RowReader } from '../../store/transaction.js';

/** The last analyses of a task by kind, with when they were made and by whom; null where there is none. */
export function analysesOf(reader: RowReader, task: TaskId): Record<'complexity' | 'effort', unknown> {
  const found = (kind: 'complexity' | 'effort') => {
    const analysis = readAnalysis(reader, task, kind);
    return analysis ? { ...analysis.result, analysed_at: analysis.at, analysed_by: analysis.by } : null;
  };
  return { complexity: found('complexity'), effort: found('effort') };
}

/** The runs of code for a task, the newest first, in seed 002's names. */
export function executionsOf(reader: RowReader, task: TaskId): Row[] {
  return rowsOf(reader, 'code_executions', 'timestamp DESC, uid', task).map(({ uid, ...row }) => ({
    id: uid ?? null,
    ...row,
  }));
}

/** The commits that belong to a task, the newest first. */
export function commitsOf(reader: RowReader, task: TaskId): Row[] {
  return rowsOf(reader, 'git_commits', 'coalesce(committed_at, linked_at) DESC, commit_hash', task);
}

/** None in a store of an older version, which is open for reading. */
function rowsOf(reader: RowReader, table: 'code_executions' | 'git_commits', order: string, task: TaskId): Row[] {
  if (!reader.get("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", [table])) return [];
  const number = readNumber(reader, task);
  return reader
    .all(`SELECT * FROM ${table} WHERE task_id = ? ORDER BY ${order}`, [task])
    .map((row) => ({ ...row, task_id: number ?? null }));
}
