import type { DirectRows } from '../direct/directRows.js';
import type { Row, Value } from '../record.js';
import type { RowReader } from '../transaction.js';

/** What the plan around the next task follows from, of each task that is not completed. */
export interface OpenTaskRow {
  readonly id: string;
  readonly status: Value;
  readonly priority: Value;
  readonly archived: boolean;
  readonly parent: Value;
  readonly deadline: Value;
  readonly estimatedHours: Value;
  readonly businessValue: Value;
}

/** The numbers of a task's last analyses. */
export interface AnalysedNumbers {
  readonly task: string;
  readonly p50?: number;
  readonly p80?: number;
  readonly complexity?: number;
}

/** More about a task that could be the next one. */
export interface DetailRow extends Row {
  /** 1 where it says what is to be done; encrypted fields count as said. */
  readonly described: number;
}

const OPEN_COLUMNS = [
  'id',
  'status',
  'priority',
  'archived_at',
  'parent_id',
  'deadline',
  'estimated_hours',
  'business_value',
];
const DETAIL_COLUMNS = [
  'id',
  'number',
  'type',
  'created_at',
  'tags',
  'project',
  'not_before',
  'code_language',
  'claimed_by',
  'claim_expires_at',
  'description',
  'context',
  'sealed',
  'success_criteria',
];
const TOUCHED_COLUMNS = [
  'id',
  'number',
  'status',
  'tags',
  'code_language',
  'assignee',
  'updated_by',
  'claimed_by',
  'claimed_at',
  'started_at',
  'completed_at',
];

/** The tasks that are not completed, and what they wait for. */
export interface OpenRows {
  readonly tasks: readonly OpenTaskRow[];
  /** Pairs, one after another: the place of a task in `tasks`, and that of one that it depends on. */
  readonly edges: readonly number[];
}

/** Every task that is not completed, and the dependencies between them. */
export function readOpenRows(reader: RowReader): OpenRows {
  if (reader.rows) return readOpenRowsDirectly(reader.rows);
  const places = new Map<number, number>();
  const tasks: OpenTaskRow[] = [];
  for (const values of table(reader, ['rowid', ...OPEN_COLUMNS], "tasks WHERE status != 'completed'")) {
    const [rowid, id, status = null, priority = null, archived, parent = null, deadline = null, ...rest] = values;
    const [estimatedHours = null, businessValue = null] = rest;
    places.set(rowid as number, tasks.length);
    const own = { parent, deadline, estimatedHours, businessValue };
    tasks.push({ id: id as string, status, priority, archived: archived !== null, ...own });
  }
  // Numbers instead of ids, and only between open tasks, by indexes alone: a third of the work of reading all ids.
  const { waiting, others } = reader.get<{ waiting: string; others: string }>(
    `SELECT json_group_array(task.rowid) AS waiting, json_group_array(other.rowid) AS others
     FROM tasks AS task INDEXED BY idx_task_open CROSS JOIN dependencies ON task_id = task.id
     CROSS JOIN tasks AS other INDEXED BY idx_task_open ON other.id = depends_on
     WHERE task.status != 'completed' AND other.status != 'completed'`,
  ) ?? { waiting: '[]', others: '[]' };
  const [from, to] = [JSON.parse(waiting) as number[], JSON.parse(others) as number[]];
  const edges: number[] = [];
  for (let at = 0; at < from.length; at += 1)
    edges.push(places.get(from[at] as number) as number, places.get(to[at] as number) as number);
  return { tasks, edges };
}

function readOpenRowsDirectly(rows: DirectRows): OpenRows {
  rows.requireSmall();
  const places = new Map<Value | undefined, number>();
  const tasks: OpenTaskRow[] = [];
  rows.each('tasks', OPEN_COLUMNS, (row) => {
    const { id, status = null, priority = null, parent_id: parent = null, deadline = null } = row;
    if (status === 'completed') return;
    const { archived_at = null, estimated_hours: estimatedHours = null, business_value: businessValue = null } = row;
    places.set(id, tasks.length);
    const own = { parent, deadline, estimatedHours, businessValue };
    tasks.push({ id: id as string, status, priority, archived: archived_at !== null, ...own });
  });
  const edges: number[] = [];
  const add = (id: Value | undefined, dependsOn: Value | undefined) => {
    const [task, other] = [places.get(id), places.get(dependsOn)];
    if (task !== undefined && other !== undefined) edges.push(task, other);
  };
  const columns = ['task_id', 'depends_on'];
  if (!rows.eachCovered('dependencies', columns, ([task, other]) => add(task, other)))
    rows.each('dependencies', columns, (row) => add(row.task_id, row.depends_on));
  return { tasks, edges };
}

/** More about some tasks. */
export function readDetails(reader: RowReader, ids: readonly string[]): DetailRow[] {
  const { rows } = reader;
  if (rows)
    return ids
      .flatMap((id) => rows.find('tasks', 'id', id))
      .map((row) => ({ ...row, described: Number(isDescribed(row)) }));
  const expressions = DETAIL_COLUMNS.slice(0, -4);
  const described = `coalesce(description, context, sealed) IS NOT NULL OR coalesce(success_criteria, '[]') != '[]'`;
  const found = table(reader, [...expressions, described], 'tasks WHERE id IN (SELECT value FROM json_each(?1))', [
    JSON.stringify(ids),
  ]);
  return found.map((values) => {
    const row = Object.fromEntries(expressions.map((column, at) => [column, values[at] ?? null]));
    return { ...row, described: Number(values[expressions.length] ?? 0) };
  });
}

/** Paths of the files that some tasks refer to, as pairs with the task. */
export function readFiles(reader: RowReader, tasks: ReadonlySet<string>): (readonly [task: string, path: string])[] {
  const files: (readonly [string, string])[] = [];
  if (reader.rows)
    reader.rows.each('file_refs', ['task_id', 'file_path'], (row) => {
      if (tasks.has(row.task_id as string)) files.push([row.task_id as string, row.file_path as string]);
    });
  else
    files.push(
      ...(table(reader, ['task_id', 'file_path'], 'file_refs WHERE task_id IN (SELECT value FROM json_each(?1))', [
        JSON.stringify([...tasks]),
      ]) as [string, string][]),
    );
  return files;
}

/** The tasks that refer to a file. */
export function readTasksOfFile(reader: RowReader, path: string): string[] {
  const rows = reader.rows
    ? reader.rows.find('file_refs', 'file_path', path)
    : reader.all('SELECT task_id FROM file_refs WHERE file_path = ? ORDER BY id', [path]);
  return [...new Set(rows.map((row) => row.task_id as string))];
}

/** The numbers of every analysis. */
export function readAnalysedNumbers(reader: RowReader): AnalysedNumbers[] {
  const analyses: AnalysedNumbers[] = [];
  if (reader.rows) {
    reader.rows.each('task_analyses', ['task_id', 'result'], (row) => {
      analyses.push(numbersOf(row.task_id as string, JSON.parse(row.result as string)));
    });
    return analyses;
  }
  const fields = ['p50', 'p80', 'score'].map((name) => `json_extract(result, '$.${name}')`);
  return table(reader, ['task_id', ...fields], 'task_analyses').map(([task, p50, p80, score]) =>
    numbersOf(task as string, { p50, p80, score }),
  );
}

/** The task that somebody last worked on: claimed, begun or completed. */
export function readLastTask(reader: RowReader, actor: string): Row | undefined {
  if (!reader.rows)
    return reader.get(
      `SELECT id, number, tags, code_language,
         max(coalesce(claimed_at, ''), coalesce(started_at, ''), coalesce(completed_at, '')) AS touched
       FROM tasks
       WHERE (claimed_by = ?1 OR updated_by = ?1 OR assignee = ?1)
         AND (status IN ('in_progress', 'completed') OR claimed_by = ?1) AND touched != ''
       ORDER BY touched DESC, id LIMIT 1`,
      [actor],
    );
  let last: Row | undefined;
  reader.rows.each('tasks', TOUCHED_COLUMNS, (row) => {
    const touched = touchedBy(row, actor);
    if (touched === '' || !isLater([touched, row.id], last)) return;
    const { id = null, number = null, tags = null, code_language = null } = row;
    last = { id, number, tags, code_language, touched };
  });
  return last;
}

/** Several times faster than stepping through thousands of rows: one JSON text. */
function table(reader: RowReader, columns: readonly string[], from: string, values: readonly Value[] = []): Value[][] {
  const sql = `SELECT json_group_array(json_array(${columns.join(', ')})) AS rows FROM ${from}`;
  return JSON.parse(reader.get<{ rows: string }>(sql, values)?.rows ?? '[]') as Value[][];
}

function isDescribed(row: Row): boolean {
  const text = row.description ?? row.context ?? row.sealed ?? null;
  return text !== null || (row.success_criteria ?? '[]') !== '[]';
}

/** When the actor last worked on a task; empty where it did not. */
function touchedBy(row: Row, actor: string): string {
  const own = row.claimed_by === actor;
  if (!own && row.updated_by !== actor && row.assignee !== actor) return '';
  if (!own && row.status !== 'in_progress' && row.status !== 'completed') return '';
  const times = [row.claimed_at, row.started_at, row.completed_at].map((time) => String(time ?? ''));
  return times.sort().at(-1) ?? '';
}

function isLater([touched, id]: readonly [string, Value | undefined], last: Row | undefined): boolean {
  if (!last) return true;
  return touched > String(last.touched) || (touched === last.touched && String(id) < String(last.id));
}

function numbersOf(task: string, { p50, p80, score }: Readonly<Record<string, unknown>>): AnalysedNumbers {
  const isNumber = (value: unknown): value is number =>
    typeof value === 'number' && Number.isFinite(value) && value > 0;
  return {
    task,
    ...(isNumber(p50) && { p50 }),
    ...(isNumber(p80) && { p80 }),
    ...(isNumber(score) && { complexity: score }),
  };
}
