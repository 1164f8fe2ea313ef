import { normaliseCriteria } from '../../core/criteria/criteria.js';
import { formatPlace } from '../../core/model/fileReference.js';
import type { Row, Value } from '../../store/record.js';
import { insertedRow, type TaskAuditRow } from '../../store/repositories/auditRows.js';
import { readJson, readTags } from '../../store/repositories/taskRows.js';
import type { TableName } from '../../store/schema.js';
import type { RowReader } from '../../store/transaction.js';
import { columnName, nameOfTask } from '../history/words.js';
import type { TaskNet } from './taskNet.js';

/** The rows of a task by table and key. */
type Rows = Map<string, { readonly table: TableName; readonly row: Row }>;

/** The tables whose rows the text shows, with the columns that name one. */
const TABLES = [
  ['tasks', 'id', ['id']],
  ['dependencies', 'task_id', ['task_id', 'depends_on']],
  ['links', 'task_id', ['task_id', 'target_id', 'type']],
  ['file_refs', 'task_id', ['uid']],
  ['collaboration_events', 'task_id', ['uid']],
  ['time_entries', 'task_id', ['uid']],
  ['git_commits', 'task_id', ['task_id', 'commit_hash']],
] as const satisfies readonly (readonly [TableName, string, readonly string[]])[];

/** Long texts of their own, and what the first lines show in their order. */
const TEXTS = ['description', 'completion_summary', 'context', 'impact_notes', 'feedback_notes'] as const;
const FACTS = [
  'status',
  'status_reason',
  'priority',
  'type',
  'assignee',
  'tags',
  'parent_id',
  'project',
  'milestone',
  'deadline',
  'not_before',
  'estimated_hours',
  'actual_hours',
  'business_value',
  'code_language',
  'execution_environment',
  'feedback_quality',
  'feedback_timeliness',
  'custom',
  'archived_at',
] as const;

/**
 * A task without and with an actor's changes, as Markdown; empty where it is not there. What others changed stands in
 * both.
 */
export function taskTexts(
  store: RowReader,
  { task, steps }: TaskNet,
): { readonly before: string; readonly after: string } {
  const now = rowsOf(store, task);
  const own = steps.filter((step) => step.task === task);
  const after = new Map(now);
  for (const step of own) apply(store, after, step, 'after');
  const before = new Map(after);
  for (const step of [...own].reverse()) apply(store, before, step, 'before');
  return { before: textOf(store, before), after: textOf(store, after) };
}

function rowsOf(store: RowReader, task: string): Rows {
  const rows: Rows = new Map();
  for (const [table, column, key] of TABLES)
    for (const row of store.all(`SELECT * FROM ${table} WHERE ${column} = ? ORDER BY 1`, [task])) {
      const values = key.map((name) => row[name] ?? null);
      rows.set(nameOf(table, values), { table, row });
    }
  return rows;
}

/** Makes a row as a change left it, or as it found it. */
function apply(store: RowReader, rows: Rows, step: TaskAuditRow, side: 'before' | 'after'): void {
  const { table, key, kind } = step;
  const name = nameOf(table, key);
  const there = rows.get(name);
  if ((kind === 'insert') === (side === 'before') && kind !== 'update') rows.delete(name);
  else if (kind === 'update') {
    if (there) rows.set(name, { table, row: { ...there.row, ...step[side] } });
  } else if (kind === 'delete') rows.set(name, { table, row: step.before ?? {} });
  else if (!there) rows.set(name, { table, row: insertedRow(store, step) });
}

function nameOf(table: TableName, key: readonly Value[]): string {
  return JSON.stringify([table, key]);
}

function textOf(store: RowReader, rows: Rows): string {
  const of = (table: TableName) => [...rows.values()].filter((one) => one.table === table).map(({ row }) => row);
  const [task] = of('tasks');
  if (!task) return '';
  const named = (id: Value | undefined) => {
    const row = store.get<{ title: string }>(
      'SELECT title FROM tasks WHERE id = ?1 UNION ALL SELECT title FROM trash WHERE task_id = ?1',
      [id ?? null],
    );
    return `${nameOfTask(store, String(id))}${row ? ` ${row.title}` : ''}`;
  };
  const facts = FACTS.flatMap((column) => {
    const value = task[column] ?? null;
    if (value === null || value === '[]' || value === '') return [];
    const shown =
      column === 'parent_id' ? named(value) : column === 'tags' ? readTags(value).join(', ') : String(value);
    return [`- ${columnName(column)}: ${shown}`];
  });
  const criteria = normaliseCriteria(readJson(task.success_criteria)).map(
    ({ criterion, measurable, done }) =>
      `- [${done ? 'x' : ' '}] ${criterion}${measurable === undefined ? '' : ` :: ${measurable}`}`,
  );
  const sections: readonly (readonly [title: string, lines: readonly string[]])[] = [
    ...TEXTS.map((column) => [columnName(column), task[column] ? [String(task[column])] : []] as const),
    ['criteria', criteria],
    // What has no order of its own stands in the same one on both sides.
    [
      'depends on',
      of('dependencies')
        .map((row) => `- ${named(row.depends_on)}${kindOf(row)}`)
        .sort(),
    ],
    [
      'links',
      of('links')
        .map((row) => `- ${row.type}: ${named(row.target_id)}`)
        .sort(),
    ],
    [
      'code',
      of('file_refs')
        .map((row) => `- ${placeOf(row)}`)
        .sort(),
    ],
    ['notes', of('collaboration_events').map(noteOf)],
    [
      'time',
      of('time_entries')
        .map((row) => `- ${row.agent_id}: ${row.started_at} to ${row.ended_at ?? 'now'}`)
        .sort(),
    ],
    [
      'commits',
      of('git_commits')
        .map((row) => `- ${row.commit_hash} ${row.commit_message ?? ''}`.trimEnd())
        .sort(),
    ],
  ];
  const parts = [`# ${nameOfTask(store, String(task.id))} ${task.title}`, facts.join('\n')];
  for (const [title, lines] of sections)
    if (lines.length > 0) parts.push(`## ${title[0]?.toUpperCase()}${title.slice(1)}`, lines.join('\n'));
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function kindOf({ type }: Row): string {
  return type == null || type === 'completion' ? '' : ` (${type})`;
}

/** A private note is for whoever wrote it. */
function noteOf({ event_type: type, content }: Row): string {
  return `- [${type}]${type === 'note' ? '' : ` ${content}`}`;
}

function placeOf({ file_path: path, line_start: line, line_end: endLine, context }: Row): string {
  const place = {
    path: String(path),
    ...(line != null && { line: Number(line) }),
    ...(endLine != null && { endLine: Number(endLine) }),
  };
  return `${formatPlace(place)}${context ? ` ${context}` : ''}`;
}
