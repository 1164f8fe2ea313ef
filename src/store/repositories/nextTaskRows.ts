import type { Priority } from '../../core/model/priority.js';
import { type KeptEstimate, keptEstimate } from '../../core/planning/effort/expected.js';
import type { OpenTask } from '../../core/planning/nextTask/plan.js';
import type { DirectRows } from '../direct/directRows.js';
import type { Row, Value } from '../record.js';
import type { RowReader } from '../transaction.js';
import { hasAnalyses, parseResult, readAnalyses } from './analysisRows.js';
import { priorityOf } from './taskRows.js';

/** What few tasks have. */
export interface RareColumns {
  readonly archived: Value;
  readonly parent: Value;
  readonly deadline: Value;
  readonly estimatedHours: Value;
  readonly businessValue: Value;
}

/** Numbers of an analysis of a task, those of its kind; another program may have written anything in their place. */
export interface AnalysedNumbers extends KeptEstimate {
  readonly task: string;
  readonly score?: unknown;
}

/** More about a task that could be the next one. */
export interface DetailRow extends Row {
  /** 1 where it says what is to be done; encrypted fields count as said. */
  readonly described: number;
}

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
  /** Of each its id, status and priority only. */
  readonly tasks: OpenTask[];
  readonly places: ReadonlyMap<string, number>;
  /** By the places of the tasks that have any of them. */
  readonly rare: ReadonlyMap<number, RareColumns>;
  /** Pairs, one after another: the place of a task in `tasks`, and that of one that it depends on. */
  readonly edges: readonly number[];
}

/** Every task that is not completed, and the dependencies between them. */
export function readOpenRows(reader: RowReader): OpenRows {
  if (reader.rows) return readOpenRowsDirectly(reader.rows);
  // A few long texts: they leave SQLite several times faster than thousands of rows, and JSON is read only where there is
  // something out of the ordinary. The loops are plain ones, as each of them runs once in a process.
  const read = reader.get<Record<'ids' | 'statuses' | 'priorities' | 'others', string>>(OPEN_TASKS);
  const { ids = '', statuses = '', priorities = '', others = '' } = read ?? {};
  const size = ids.length / ID;
  const tasks: OpenTask[] = [];
  const places = new Map<string, number>();
  for (let at = 0; at < size; at += 1) {
    const id = ids.slice(at * ID, at * ID + ID);
    places.set(id, at);
    tasks.push(openTask(id, STATUSES[statuses[at] as string], PRIORITY_NAMES[priorities[at] as string]));
  }
  const rare = new Map<number, RareColumns>();
  for (const row of others === '' ? [] : (JSON.parse(`[${others}]`) as Value[][])) {
    const [id, archived = null, parent = null, deadline = null, estimatedHours = null, businessValue = null] = row;
    rare.set(places.get(id as string) as number, { archived, parent, deadline, estimatedHours, businessValue });
  }
  const edges: number[] = [];
  const { pairs } = reader.get<{ pairs: string }>(DEPENDENCIES) ?? { pairs: '' };
  // Those of a task come one after another.
  let last = '';
  let task: number | undefined;
  for (let at = 0; at < pairs.length; at += 2 * ID) {
    const id = pairs.slice(at, at + ID);
    if (id !== last) {
      last = id;
      task = places.get(id);
    }
    if (task === undefined) continue;
    const other = places.get(pairs.slice(at + ID, at + 2 * ID));
    if (other !== undefined) edges.push(task, other);
  }
  return { tasks, places, rare, edges };
}

/** All of one shape: code that reads them stays fast. */
function openTask(id: string, status: OpenTask['status'] | undefined, priority: Priority | undefined): OpenTask {
  return {
    id,
    status: status ?? 'pending',
    priority: priority ?? 'medium',
    archived: false,
    parent: undefined,
    due: undefined,
    hours: undefined,
    businessValue: undefined,
  };
}

/** Ids are that long, so a list of them needs nothing between. */
const ID = 8;
/** By their first letters, which the store's constraints make enough. */
const STATUSES: Readonly<Record<string, OpenTask['status']>> = {
  p: 'pending',
  i: 'in_progress',
  b: 'blocked',
  c: 'cancelled',
};
const PRIORITY_NAMES: Readonly<Record<string, Priority>> = {
  b: 'background',
  l: 'low',
  m: 'medium',
  h: 'high',
  c: 'critical',
};
const RARE = 'archived_at, parent_id, deadline, estimated_hours, business_value';
const OPEN_TASKS = `SELECT coalesce(group_concat(id, ''), '') AS ids,
    coalesce(group_concat(substr(status, 1, 1), ''), '') AS statuses,
    coalesce(group_concat(substr(coalesce(priority, 'm'), 1, 1), ''), '') AS priorities,
    coalesce(group_concat(CASE WHEN coalesce(${RARE}) IS NOT NULL THEN json_array(id, ${RARE}) END), '') AS others
  FROM tasks WHERE status != 'completed'`;
/** By the index of both columns alone. */
const DEPENDENCIES = "SELECT coalesce(group_concat(task_id || depends_on, ''), '') AS pairs FROM dependencies";

function readOpenRowsDirectly(rows: DirectRows): OpenRows {
  rows.requireSmall();
  const places = new Map<string, number>();
  const tasks: OpenTask[] = [];
  const rare = new Map<number, RareColumns>();
  rows.each('tasks', ['id', 'status', 'priority', ...RARE.split(', ')], (row) => {
    const { id, status, archived_at: archived = null, parent_id: parent = null, deadline = null } = row;
    if (status === 'completed') return;
    const { estimated_hours: estimatedHours = null, business_value: businessValue = null } = row;
    const some = { archived, parent, deadline, estimatedHours, businessValue };
    if (Object.values(some).some((value) => value !== null)) rare.set(tasks.length, some);
    places.set(id as string, tasks.length);
    tasks.push(openTask(id as string, STATUSES[String(status)[0] as string], priorityOf(row.priority ?? null)));
  });
  const edges: number[] = [];
  const add = (id: Value | undefined, dependsOn: Value | undefined) => {
    const task = places.get(id as string);
    const other = places.get(dependsOn as string);
    if (task !== undefined && other !== undefined) edges.push(task, other);
  };
  const columns = ['task_id', 'depends_on'];
  if (!rows.eachCovered('dependencies', columns, ([task, other]) => add(task, other)))
    rows.each('dependencies', columns, (row) => add(row.task_id, row.depends_on));
  return { tasks, places, rare, edges };
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
      const result = parseResult(row.result as string);
      analyses.push({ task: row.task_id as string, ...keptEstimate(result), score: result.score });
    });
    return analyses;
  }
  if (!hasAnalyses(reader)) return [];
  if (reader.vault.isOn)
    return (['complexity', 'effort'] as const).flatMap((kind) =>
      [...readAnalyses(reader, kind).values()].map(({ task, result }) => ({
        task,
        ...keptEstimate(result),
        score: result.score,
      })),
    );
  const fields = ['p50', 'p80', 'basis.n', 'score'].map((path) => `json_extract(result, '$.${path}')`);
  return table(reader, ['task_id', ...fields], 'task_analyses WHERE json_valid(result)').map(([task, ...numbers]) => {
    const [p50, p80, n, score] = numbers.map((value) => value ?? undefined);
    return { task: task as string, p50, p80, n, score };
  });
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
