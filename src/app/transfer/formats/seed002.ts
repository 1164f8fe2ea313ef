import { Readings } from '../../../core/transfer/readings.js';
import { plainText, TaskReading } from '../../../core/transfer/taskReading.js';
import type { Row } from '../../../store/record.js';
import type { RowReader } from '../../../store/transaction.js';
import { listOf } from './jsonText.js';

const CARRIED = new Set(
  'id title description status priority dependencies tags code_language execution_environment created_at updated_at'
    .concat(' completed_at')
    .split(' '),
);

/** The database of the Task-Orchestrator MCP server: integer ids, dependencies and tags as JSON texts, priority 0 to 4. */
export function readSeed002(rows: RowReader): Readings {
  const readings = new Readings();
  const runs = rowsOf(rows, 'code_executions');
  const commits = rowsOf(rows, 'git_commits');
  for (const row of rows.all('SELECT * FROM tasks ORDER BY id')) {
    const id = plainText(row.id);
    const task = new TaskReading(readings, id, `task ${id}`);
    task.custom('mcp_id', row.id);
    task.title(row.title);
    task.description(row.description);
    task.status(row.status);
    const priority = ['background', 'low', 'medium', 'high', 'critical'][Number(row.priority ?? 0)];
    if (priority === undefined) task.keep('priority', row.priority);
    task.priority(priority ?? 'medium');
    for (const column of ['code_language', 'execution_environment']) task.word(column, row[column]);
    const tags = readList(row.tags);
    if (tags.length > 0) task.tags(tags);
    for (const other of readList(row.dependencies)) task.dependsOn(other);
    task.blockedFollows();
    for (const column of ['created_at', 'updated_at', 'completed_at']) task.time(column, utc(row[column]));
    keepRows(task, 'code_executions', runs.get(id));
    keepRows(task, 'git_commits', commits.get(id));
    for (const [field, value] of Object.entries(row)) if (!CARRIED.has(field)) task.keep(field, value);
    task.finish();
  }
  return readings;
}

function keepRows(task: TaskReading, field: string, rows: readonly Row[] | undefined): void {
  const own = rows?.map(({ task_id: _task, ...row }) => row);
  task.keep(field, own);
}

function rowsOf(rows: RowReader, table: string): ReadonlyMap<string, readonly Row[]> {
  const found = new Map<string, Row[]>();
  if (!rows.get("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", [table])) return found;
  for (const row of rows.all(`SELECT * FROM ${table} ORDER BY id`)) {
    const id = plainText(row.task_id);
    found.set(id, [...(found.get(id) ?? []), row]);
  }
  return found;
}

function readList(value: unknown): readonly unknown[] {
  try {
    return listOf(JSON.parse(plainText(value) || '[]'));
  } catch {
    return plainText(value).split(',');
  }
}

/** SQLite's CURRENT_TIMESTAMP is UTC and does not say so. */
function utc(value: unknown): unknown {
  const text = plainText(value);
  return /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/.test(text) ? `${text.replace(' ', 'T')}Z` : value;
}
