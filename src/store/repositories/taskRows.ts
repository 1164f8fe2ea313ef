import type { Claim } from '../../core/model/claim.js';
import type { Dependency, DependencyType } from '../../core/model/dependency.js';
import { NotFoundError, OrchestratorError } from '../../core/model/errors.js';
import { PRIORITIES, type Priority } from '../../core/model/priority.js';
import type { Status } from '../../core/model/status.js';
import type { SuccessCriterion, Task, TaskSummary } from '../../core/model/task.js';
import { parseTaskAddress, type TaskId } from '../../core/model/taskId.js';
import type { Row, Value } from '../record.js';
import { openRow } from '../sealing/sealedRows.js';
import type { RowReader } from '../transaction.js';
import { readPlanAroundDirectly, readPlanDirectly, readReadyDirectly } from './directTaskRows.js';

/** Columns of `tasks` that a summary is made from. */
export const SUMMARY_COLUMNS = [
  'id',
  'number',
  'title',
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
  'claimed_by',
  'claimed_at',
  'claim_expires_at',
  'claim_version',
  'claim_branch',
  'claim_worktree',
  'created_at',
  'updated_at',
  'started_at',
  'completed_at',
  'archived_at',
] as const;

/** Reads of many rows at once. */
interface TableReader {
  table(columns: readonly string[], from: string, values?: readonly Value[]): Value[][];
}

/** Tasks in short form with the dependencies between them: what a `PlanGraph` is made from. */
export interface GraphRows {
  readonly tasks: TaskSummary[];
  readonly dependencies: Dependency[];
}

/** The whole plan. */
export function readPlan(store: TableReader & RowReader): GraphRows {
  if (store.rows) {
    store.rows.requireSmall();
    return readPlanDirectly(store.rows);
  }
  return { tasks: readSummaries(store, 'tasks'), dependencies: readDependencies(store, 'dependencies') };
}

/** More tasks than this upstream, and the whole plan is read as fast. */
const MANY = 300;

/**
 * The part of the plan from which the state and the blockers of the given tasks follow, with their direct dependants
 * and subtasks; it says nothing of the situation of the others in it. Undefined where that is a large part.
 */
export function readPlanAround(store: TableReader & RowReader, tasks: readonly TaskId[]): GraphRows | undefined {
  if (store.rows) return readPlanAroundDirectly(store.rows, tasks, tasks.length + MANY);
  const asked = [JSON.stringify(tasks)];
  // What they depend on, whatever that is, and from there on what open tasks wait for.
  const upstream = store.all<{ id: string }>(
    `WITH RECURSIVE asked (id) AS (SELECT value FROM json_each(?)), up (id) AS (
       SELECT id FROM asked
       UNION SELECT depends_on FROM asked JOIN dependencies ON task_id = asked.id
       UNION SELECT depends_on FROM up JOIN tasks USING (id) JOIN dependencies ON task_id = up.id
         WHERE status NOT IN ('completed', 'cancelled'))
     SELECT id FROM up LIMIT ${tasks.length + MANY}`,
    asked,
  );
  if (upstream.length >= tasks.length + MANY) return undefined;
  const up = JSON.stringify(upstream.map((row) => row.id));
  const among = (column: string, parameter: 1 | 2) => `${column} IN (SELECT value FROM json_each(?${parameter}))`;
  return {
    tasks: readSummaries(
      store,
      `tasks WHERE ${among('id', 1)} OR ${among('parent_id', 2)}
         OR id IN (SELECT task_id FROM dependencies WHERE ${among('depends_on', 2)})`,
      [up, ...asked],
    ),
    dependencies: readDependencies(store, `dependencies WHERE ${among('task_id', 1)} OR ${among('depends_on', 2)}`, [
      up,
      ...asked,
    ]),
  };
}

/** What a line of text shows of a ready task. */
export type ReadyRow = Omit<LineRow, 'status'>;

/** The same as `PlanGraph.ready`, without reading the plan: what can be started at `now`, most urgent first. */
export function readReady(store: RowReader, now: string): ReadyRow[] {
  if (store.rows) {
    store.rows.requireSmall();
    return readReadyDirectly(store.rows, now);
  }
  return store.all<ReadyRow & Row>(
    // The inner query reads indexes only; the rows, spread over the whole image, are looked at where nothing is open.
    `SELECT id, title, assignee FROM tasks WHERE id IN (
       SELECT id FROM tasks AS task INDEXED BY idx_task_open WHERE status = 'pending'
         AND NOT EXISTS (SELECT 1 FROM dependencies JOIN tasks AS other INDEXED BY idx_task_open ON other.id = depends_on
           WHERE task_id = task.id AND other.status != 'completed'))
       AND archived_at IS NULL AND coalesce(not_before, '') <= ?1 AND (claimed_by IS NULL OR coalesce(claim_expires_at, '') <= ?1)
     ORDER BY CASE priority WHEN 'critical' THEN 0 WHEN 'high' THEN 1 WHEN 'low' THEN 3 WHEN 'background' THEN 4 ELSE 2 END,
       created_at, number`,
    [now],
  );
}

/** What a line of text shows of a task. */
export interface LineRow {
  readonly id: TaskId;
  readonly title: string;
  /** As lists show it: a task that waits counts as blocked. */
  readonly status: Status;
  readonly assignee: string | null;
}

/** All tasks but the archived ones, the newest first, without reading the plan; undefined where reading that is quicker. */
export function readNewest(store: TableReader & RowReader): LineRow[] | undefined {
  if (store.rows) {
    store.rows.requireSmall();
    return undefined;
  }
  const waits = `status = 'pending' AND EXISTS (SELECT 1 FROM dependencies
    JOIN tasks AS other INDEXED BY idx_task_open ON other.id = depends_on
    WHERE task_id = task.id AND other.status != 'completed')`;
  const rows = store.table(
    ['id', 'title', `CASE WHEN ${waits} THEN 'blocked' ELSE status END`, 'assignee'],
    "(SELECT * FROM tasks WHERE coalesce(archived_at, '') = '' ORDER BY created_at DESC, number DESC) AS task",
  );
  return rows.map(([id, title, status, assignee]) => ({ id, title, status, assignee }) as LineRow);
}

function readSummaries(store: TableReader, from: string, values?: readonly Value[]): TaskSummary[] {
  const row: Record<string, Value> = {};
  return store.table(SUMMARY_COLUMNS, from, values).map((values) => {
    for (let index = 0; index < values.length; index += 1)
      row[SUMMARY_COLUMNS[index] as string] = values[index] as Value;
    return summaryFromRow(row);
  });
}

function readDependencies(store: TableReader, from: string, values?: readonly Value[]): Dependency[] {
  return store.table(['task_id', 'depends_on', 'type'], from, values).map(([task, dependsOn, type]) => ({
    task: task as TaskId,
    dependsOn: dependsOn as TaskId,
    type: type as DependencyType,
  }));
}

export function readSummary(store: RowReader, id: TaskId): TaskSummary | undefined {
  const row = store.rows
    ? store.rows.find('tasks', 'id', id)[0]
    : store.get(`SELECT ${SUMMARY_COLUMNS.join(', ')} FROM tasks WHERE id = ?`, [id]);
  return row && summaryFromRow(row);
}

/** A task, whole; NOT_FOUND if there is none with this id. */
export function readTask(store: RowReader, id: TaskId): Task {
  const row = store.rows ? store.rows.find('tasks', 'id', id)[0] : store.get('SELECT * FROM tasks WHERE id = ?', [id]);
  if (!row) throw new NotFoundError(`Task ${id} not found.`, { task: id });
  return taskFromRow(openRow(store.vault, row));
}

/** A task's number; undefined if there is none with this id. */
export function readNumber(store: RowReader, id: TaskId): number | undefined {
  const row = store.rows
    ? store.rows.find('tasks', 'id', id)[0]
    : store.get('SELECT number FROM tasks WHERE id = ?', [id]);
  return row?.number as number | undefined;
}

/**
 * The id of the task that somebody named by id, unique id prefix, `12`, `#12` or `T-12`.
 * Throws NOT_FOUND, or AMBIGUOUS with the candidates.
 */
export function resolveTask(store: RowReader, name: string): TaskId {
  const address = parseTaskAddress(name);
  if (!address) {
    throw new NotFoundError(
      `Task “${name.trim()}” not found. Name a task by its id, the first 3 or more characters of it, or as T-12.`,
      {
        task: name,
      },
    );
  }
  if (address.kind !== 'prefix') {
    const row = store.rows
      ? store.rows.find('tasks', 'number', address.number)[0]
      : store.get<{ id: string }>('SELECT id FROM tasks WHERE number = ?', [address.number]);
    if (row) return row.id as TaskId;
    if (address.kind === 'number') throw new NotFoundError(`Task ${name} not found.`, { task: name });
  }
  const rows = store.rows
    ? store.rows.beginning('tasks', 'id', address.prefix).map((row) => ({ id: row.id as string }))
    : store.all<{ id: string }>('SELECT id FROM tasks WHERE id >= ? AND id < ? ORDER BY id LIMIT 6', [
        address.prefix,
        `${address.prefix}g`,
      ]);
  const [first, second] = rows;
  if (first && !second) return first.id;
  if (!first) throw new NotFoundError(`Task ${name} not found.`, { task: name });
  const candidates = rows.map((row) => row.id);
  const shown = candidates.length > 5 ? `${candidates.slice(0, 5).join(', ')}, …` : candidates.join(', ');
  throw new OrchestratorError('AMBIGUOUS', `“${name}” could be ${shown}. Write more of the id.`, { candidates });
}

/** True when one task leads to another along dependencies or parents, or is that other one. */
export function reaches(store: RowReader, along: 'dependencies' | 'parents', from: TaskId, to: TaskId): boolean {
  const next =
    along === 'dependencies'
      ? 'SELECT depends_on FROM up JOIN dependencies ON task_id = up.id'
      : 'SELECT parent_id FROM up JOIN tasks USING (id) WHERE parent_id IS NOT NULL';
  return (
    store.get(`WITH RECURSIVE up (id) AS (SELECT ? UNION ${next}) SELECT 1 FROM up WHERE id = ?`, [from, to]) !==
    undefined
  );
}

export function summaryFromRow(row: Row): TaskSummary {
  return {
    id: row.id as string,
    // Null only in the moment between another program's INSERT and its trigger.
    number: (row.number as number | null) ?? 0,
    title: row.title as string,
    status: row.status as Status,
    statusReason: text(row.status_reason),
    priority: priorityOf(row.priority),
    type: text(row.type) ?? 'task',
    assignee: text(row.assignee),
    tags: readTags(row.tags),
    parent: text(row.parent_id),
    project: text(row.project),
    milestone: text(row.milestone),
    due: text(row.deadline),
    notBefore: text(row.not_before),
    estimatedHours: number(row.estimated_hours),
    claim: claimFromRow(row),
    createdAt: row.created_at as string,
    updatedAt: row.updated_at as string,
    startedAt: text(row.started_at),
    completedAt: text(row.completed_at),
    archivedAt: text(row.archived_at),
  };
}

function taskFromRow(row: Row): Task {
  const feedback = {
    quality: number(row.feedback_quality),
    timeliness: number(row.feedback_timeliness),
    note: text(row.feedback_notes),
  };
  const rated = Object.values(feedback).some((value) => value !== undefined);
  return {
    ...summaryFromRow(row),
    description: text(row.description),
    criteria: (readJson(row.success_criteria) as SuccessCriterion[] | undefined) ?? [],
    actualHours: number(row.actual_hours),
    context: text(row.context),
    impactNotes: text(row.impact_notes),
    completionSummary: text(row.completion_summary),
    feedback: rated ? feedback : undefined,
    businessValue: number(row.business_value),
    codeLanguage: text(row.code_language),
    executionEnvironment: text(row.execution_environment),
    custom: (readJson(row.custom) as Record<string, unknown> | undefined) ?? {},
    version: row.version as number,
    createdBy: row.created_by as string,
    updatedBy: text(row.updated_by),
  };
}

/** The claim in a task's row. */
export function claimFromRow(row: Row): Claim | undefined {
  if (row.claimed_by == null) return undefined;
  return {
    by: row.claimed_by as string,
    // Another program may have left the times empty: such a claim is over.
    at: text(row.claimed_at) ?? '',
    expiresAt: text(row.claim_expires_at) ?? '',
    version: row.claim_version as number,
    branch: text(row.claim_branch),
    worktree: text(row.claim_worktree),
  };
}

/** Another program may have left the priority empty, as seed 000's tool did. */
export function priorityOf(value: Value | undefined): Priority {
  return PRIORITIES.find((priority) => priority === value) ?? 'medium';
}

/** A JSON array; another program may have written words separated by commas. */
export function readTags(value: Value | undefined): readonly string[] {
  if (typeof value !== 'string' || value === '') return [];
  const tags = readJson(value);
  return Array.isArray(tags) ? tags.map(String) : value.split(',').map((tag) => tag.trim());
}

/** What a column holds as JSON; undefined for anything else. */
export function readJson(value: Value | undefined): unknown {
  try {
    return typeof value === 'string' ? JSON.parse(value) : undefined;
  } catch {
    return undefined;
  }
}

function text(value: Value | undefined): string | undefined {
  return (value as string | null | undefined) ?? undefined;
}

function number(value: Value | undefined): number | undefined {
  return (value as number | null | undefined) ?? undefined;
}
