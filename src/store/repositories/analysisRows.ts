import type { TaskId } from '../../core/model/taskId.js';
import type { Row } from '../record.js';
import { openRow } from '../sealing/sealedRows.js';
import type { RowReader, Transaction } from '../transaction.js';

export type AnalysisKind = 'complexity' | 'effort';

/** What was found out about a task. */
export interface StoredAnalysis {
  readonly task: TaskId;
  readonly kind: AnalysisKind;
  /** Checksum of everything that the result follows from. */
  readonly inputHash: string;
  /** In the form of the use case that made it; empty where it is encrypted and cannot be read. */
  readonly result: Readonly<Record<string, unknown>>;
  /** UTC ISO 8601. */
  readonly at: string;
  readonly by: string;
}

/** The last analysis of a task; undefined where there is none. */
export function readAnalysis(reader: RowReader, task: TaskId, kind: AnalysisKind): StoredAnalysis | undefined {
  if (!hasAnalyses(reader)) return undefined;
  const row = reader.get('SELECT * FROM task_analyses WHERE task_id = ? AND kind = ?', [task, kind]);
  return row && analysisFromRow(reader, row);
}

/** The last analyses of all tasks. */
export function readAnalyses(reader: RowReader, kind: AnalysisKind): ReadonlyMap<TaskId, StoredAnalysis> {
  if (!hasAnalyses(reader)) return new Map();
  const rows = reader
    .all('SELECT * FROM task_analyses WHERE kind = ?', [kind])
    .map((row) => analysisFromRow(reader, row));
  return new Map(rows.map((analysis) => [analysis.task, analysis]));
}

/** Keeps an analysis in the place of the one before; of the same inputs, nothing is written. */
export function keepAnalysis(
  transaction: Transaction,
  { task, kind, inputHash, result }: Pick<StoredAnalysis, 'task' | 'kind' | 'inputHash' | 'result'>,
): void {
  const row = {
    input_hash: inputHash,
    result: JSON.stringify(result),
    analysed_at: transaction.at,
    analysed_by: transaction.actor,
  };
  const before = transaction.get('SELECT input_hash FROM task_analyses WHERE task_id = ? AND kind = ?', [task, kind]);
  if (before?.input_hash === inputHash) return;
  if (before) transaction.update('task_analyses', [task, kind], row);
  else transaction.insert('task_analyses', { task_id: task, kind, ...row });
}

/** Removes an analysis that no longer holds, if there is one. */
export function dropAnalysis(transaction: Transaction, task: TaskId, kind: AnalysisKind): void {
  transaction.delete('task_analyses', [task, kind]);
}

/** False in a store of an older version, which is open for reading. */
export function hasAnalyses(reader: RowReader): boolean {
  return reader.get("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'task_analyses'") !== undefined;
}

function analysisFromRow({ vault }: RowReader, row: Row): StoredAnalysis {
  return {
    task: row.task_id as TaskId,
    kind: row.kind as AnalysisKind,
    inputHash: row.input_hash as string,
    result: parseResult(openRow(vault, row).result as string),
    at: row.analysed_at as string,
    by: row.analysed_by as string,
  };
}

/** Empty where it is no JSON: that is what stands in the place of an encrypted text. */
export function parseResult(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}
