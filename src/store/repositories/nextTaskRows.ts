import { type KeptEstimate, keptEstimate } from '../../core/planning/effort/expected.js';
import type { Row, Value } from '../record.js';
import type { RowReader } from '../transaction.js';
import { hasAnalyses, parseResult, readAnalyses } from './analysisRows.js';

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
/** Ids are that long, so a list of them needs nothing between. */
const ID = 8;

/** Every task that is not completed. */
export function readOpenTasks(reader: RowReader): OpenTaskRow[] {
  const tasks: OpenTaskRow[] = [];
  const add = (id: Value, status: Value, priority: Value, archived: Value, rest: readonly Value[]) => {
    const [parent = null, deadline = null, estimatedHours = null, businessValue = null] = rest;
    tasks.push({
      id: id as string,
      status,
      priority,
      archived: archived !== null,
      parent,
      deadline,
      estimatedHours,
      businessValue,
    });
  };
  if (reader.rows) {
    reader.rows.requireSmall();
    reader.rows.each('tasks', OPEN_COLUMNS, (row) => {
      if (row.status === 'completed') return;
      const rest = [
        row.parent_id ?? null,
        row.deadline ?? null,
        row.estimated_hours ?? null,
        row.business_value ?? null,
      ];
      add(row.id ?? null, row.status ?? null, row.priority ?? null, row.archived_at ?? null, rest);
    });
  } else
    for (const [id = null, status = null, priority = null, archived = null, ...rest] of table(
      reader,
      OPEN_COLUMNS,
      "tasks WHERE status != 'completed'",
    ))
      add(id, status, priority, archived, rest);
  return tasks;
}

/** Every dependency, as pairs one after another: the task, and what it depends on. */
export function readEdges(reader: RowReader): string[] {
  const edges: string[] = [];
  if (reader.rows) {
    const add = (task: Value | undefined, other: Value | undefined) => edges.push(task as string, other as string);
    const covered = reader.rows.eachCovered('dependencies', ['task_id', 'depends_on'], ([task, other]) =>
      add(task, other),
    );
    if (!covered)
      reader.rows.each('dependencies', ['task_id', 'depends_on'], (row) => add(row.task_id, row.depends_on));
    return edges;
  }
  // One text, cut into pieces: reading JSON takes three times as long.
  const text =
    reader.get<{ ids: string | null }>("SELECT group_concat(task_id || depends_on, '') AS ids FROM dependencies")
      ?.ids ?? '';
  for (let at = 0; at < text.length; at += ID) edges.push(text.slice(at, at + ID));
  return edges;
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
  return table(reader, ['task_id', ...fields], 'task_analyses WHERE json_valid(result)').map(
    ([task, p50, p80, n, score]) => ({ task: task as string, p50, p80, n, score }),
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
