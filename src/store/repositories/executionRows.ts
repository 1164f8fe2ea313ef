import type { CodeLanguage } from '../../core/execution/language.js';
import type { RunStatus, Sandbox, Stop } from '../../core/execution/run.js';
import type { TaskId } from '../../core/model/taskId.js';
import type { Row } from '../record.js';
import type { RowReader, Transaction } from '../transaction.js';

/** One attempt to execute code for a task. Times are UTC ISO 8601. */
export interface Execution {
  /** 8 hexadecimal characters. */
  readonly id: string;
  readonly task: TaskId;
  readonly language: CodeLanguage;
  readonly code: string;
  readonly status: RunStatus;
  /** What it wrote on stdout and on stderr; null while it runs. */
  readonly output: string | null;
  readonly error: string | null;
  readonly truncated: boolean;
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly stoppedBy: Stop | null;
  /** Seconds. */
  readonly timeout: number;
  readonly milliseconds: number | null;
  readonly sandbox: Sandbox;
  readonly folder: string;
  readonly packages: readonly string[];
  readonly by: string;
  readonly startedAt: string;
  readonly endedAt: string | null;
}

export type ExecutionStart = Pick<
  Execution,
  'id' | 'task' | 'language' | 'code' | 'timeout' | 'sandbox' | 'folder' | 'packages'
>;

export type ExecutionEnd = Pick<
  Execution,
  'status' | 'output' | 'error' | 'truncated' | 'exitCode' | 'signal' | 'stoppedBy' | 'milliseconds'
>;

const TEXTS = ['code', 'output', 'error'];
const SHORT = [
  ...['uid', 'task_id', 'language', 'status', 'truncated', 'exit_code', 'signal', 'stopped_by', 'timeout'],
  ...['execution_time', 'sandbox', 'working_directory', 'packages', 'executed_by', 'timestamp', 'ended_at'],
];

/** Runs of a task, the newest first, without their texts; how many there are in all. */
export function readExecutions(reader: RowReader, task: TaskId, limit: number): { rows: Execution[]; total: number } {
  const rows = reader.all(
    `SELECT ${SHORT.join(', ')} FROM code_executions WHERE task_id = ? ORDER BY timestamp DESC, uid LIMIT ?`,
    [task, limit],
  );
  return { rows: rows.map(executionFromRow), total: countExecutions(reader, task) };
}

export function countExecutions(reader: RowReader, task: TaskId): number {
  const row = reader.get<{ n: number }>('SELECT count(*) AS n FROM code_executions WHERE task_id = ?', [task]);
  return row?.n ?? 0;
}

/** Runs whose id begins so; at most two, which is enough to tell that it is ambiguous. */
export function readExecution(reader: RowReader, id: string): Execution[] {
  const columns = [...SHORT, ...TEXTS].join(', ');
  return reader
    .all(`SELECT ${columns} FROM code_executions WHERE substr(uid, 1, ?) = ? ORDER BY uid LIMIT 2`, [id.length, id])
    .map(executionFromRow);
}

export function startExecution(transaction: Transaction, start: ExecutionStart): void {
  transaction.insert('code_executions', {
    uid: start.id,
    task_id: start.task,
    language: start.language,
    code: start.code,
    status: 'running',
    timeout: start.timeout,
    sandbox: start.sandbox,
    working_directory: start.folder,
    packages: JSON.stringify(start.packages),
    executed_by: transaction.actor,
    timestamp: transaction.at,
  });
}

/** Nothing happens where the run is gone: its task was deleted meanwhile. */
export function endExecution(transaction: Transaction, id: string, end: ExecutionEnd): void {
  if (!transaction.get('SELECT 1 FROM code_executions WHERE uid = ?', [id])) return;
  transaction.update('code_executions', [id], {
    status: end.status,
    output: end.output,
    error: end.error,
    truncated: end.truncated ? 1 : 0,
    exit_code: end.exitCode,
    signal: end.signal,
    stopped_by: end.stoppedBy,
    execution_time: end.milliseconds,
    ended_at: transaction.at,
  });
}

function executionFromRow(row: Row): Execution {
  return {
    id: row.uid as string,
    task: row.task_id as string,
    language: row.language as CodeLanguage,
    code: (row.code ?? '') as string,
    status: row.status as RunStatus,
    output: (row.output ?? null) as string | null,
    error: (row.error ?? null) as string | null,
    truncated: row.truncated === 1,
    exitCode: row.exit_code as number | null,
    signal: row.signal as string | null,
    stoppedBy: row.stopped_by as Stop | null,
    timeout: row.timeout as number,
    milliseconds: row.execution_time as number | null,
    sandbox: row.sandbox as Sandbox,
    folder: row.working_directory as string,
    packages: JSON.parse(row.packages as string) as string[],
    by: row.executed_by as string,
    startedAt: row.timestamp as string,
    endedAt: row.ended_at as string | null,
  };
}
