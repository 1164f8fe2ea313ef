import type { Row, Value } from '../record.js';
import type { RowReader } from '../transaction.js';

/** Columns of `tasks` that the choice of the next one follows from. */
const COLUMNS = [
  'id',
  'number',
  'status',
  'priority',
  'type',
  'created_at',
  'tags',
  'parent_id',
  'project',
  'deadline',
  'not_before',
  'estimated_hours',
  'business_value',
  'code_language',
  'claimed_by',
  'claim_expires_at',
  'archived_at',
] as const;

/** Whether a task says what is to be done, as SQL and of a row; encrypted fields count as said. */
const DESCRIBED = `coalesce(description, context, sealed) IS NOT NULL OR coalesce(success_criteria, '[]') != '[]'`;
const DESCRIBED_COLUMNS = ['description', 'context', 'sealed', 'success_criteria'] as const;
/** When somebody last worked on a task, as far as it says itself. */
const TOUCHED_COLUMNS = ['claimed_at', 'started_at', 'completed_at', 'assignee', 'updated_by'] as const;

export interface NextTaskRow extends Row {
  /** 1 where it says what is to be done. */
  readonly described: number;
}

export interface NextTaskRows {
  /** Every task that is not completed. */
  readonly tasks: readonly NextTaskRow[];
  /** Tasks that are not completed, with what they depend on, completed or not. */
  readonly edges: readonly (readonly [task: string, dependsOn: string])[];
  readonly files: readonly (readonly [task: string, path: string])[];
  readonly analyses: readonly AnalysedNumbers[];
  /** The task that the actor last worked on. */
  readonly last: Row | undefined;
}

/** The numbers of a task's last analyses. */
export interface AnalysedNumbers {
  readonly task: string;
  readonly p50?: number;
  readonly p80?: number;
  readonly complexity?: number;
}

/** What is in the store about open tasks and the actor's last one. */
export function readNextTaskRows(reader: RowReader, actor: string): NextTaskRows {
  return reader.rows ? readDirectly(reader, actor) : readFromDatabase(reader, actor);
}

/**
 * Several times faster than stepping through thousands of rows: one JSON text. Encrypted columns are not among these.
 */
function table(reader: RowReader, columns: readonly string[], from: string, values: readonly Value[] = []): Value[][] {
  const sql = `SELECT json_group_array(json_array(${columns.join(', ')})) AS rows FROM ${from}`;
  return JSON.parse(reader.get<{ rows: string }>(sql, values)?.rows ?? '[]') as Value[][];
}

function readFromDatabase(reader: RowReader, actor: string): NextTaskRows {
  const tasks = table(reader, [...COLUMNS, DESCRIBED], "tasks WHERE status != 'completed'").map((values) => {
    const row: Record<string, Value> = {};
    for (const [at, column] of COLUMNS.entries()) row[column] = values[at] ?? null;
    row.described = values[COLUMNS.length] ?? 0;
    return row as NextTaskRow;
  });
  const last = reader.get(
    `SELECT id, number, tags, code_language, max(coalesce(claimed_at, ''), coalesce(started_at, ''), coalesce(completed_at, '')) AS touched
     FROM tasks
     WHERE (claimed_by = ?1 OR updated_by = ?1 OR assignee = ?1)
       AND (status IN ('in_progress', 'completed') OR claimed_by = ?1) AND touched != ''
     ORDER BY touched DESC, id LIMIT 1`,
    [actor],
  );
  return {
    tasks,
    edges: table(reader, ['task_id', 'depends_on'], 'dependencies') as [string, string][],
    files: table(reader, ['task_id', 'file_path'], 'file_refs') as [string, string][],
    analyses: (
      table(
        reader,
        ['task_id', ...['p50', 'p80', 'score'].map((name) => `json_extract(result, '$.${name}')`)],
        'task_analyses',
      ) as [string, Value, Value, Value][]
    ).map(([task, p50, p80, score]) => numbersOf(task, { p50, p80, score })),
    last,
  };
}

/** The same from the files themselves; test/store holds the one against the other. */
function readDirectly({ rows }: RowReader, actor: string): NextTaskRows {
  if (!rows) throw new Error('no rows to read');
  rows.requireSmall();
  const tasks: NextTaskRow[] = [];
  const edges: [string, string][] = [];
  const files: [string, string][] = [];
  const analyses: AnalysedNumbers[] = [];
  let last: Row | undefined;
  rows.each('tasks', [...COLUMNS, ...DESCRIBED_COLUMNS, ...TOUCHED_COLUMNS], (row) => {
    const touched = touchedBy(row, actor);
    if (touched !== '' && isLater([touched, row.id], last)) {
      const { id = null, number = null, tags = null, code_language = null } = row;
      last = { id, number, tags, code_language, touched };
    }
    if (row.status === 'completed') return;
    const kept: Record<string, Value> = {};
    for (const column of COLUMNS) kept[column] = row[column] ?? null;
    kept.described = Number(isDescribed(row));
    tasks.push(kept as NextTaskRow);
  });
  rows.each('dependencies', ['task_id', 'depends_on'], (row) => {
    edges.push([row.task_id as string, row.depends_on as string]);
  });
  rows.each('file_refs', ['task_id', 'file_path'], (row) => {
    files.push([row.task_id as string, row.file_path as string]);
  });
  rows.each('task_analyses', ['task_id', 'result'], (row) => {
    analyses.push(numbersOf(row.task_id as string, JSON.parse(row.result as string)));
  });
  return { tasks, edges, files, analyses, last };
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
