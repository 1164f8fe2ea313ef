import type { Dependency, DependencyType } from '../../core/model/dependency.js';
import { PRIORITIES } from '../../core/model/priority.js';
import type { TaskSummary } from '../../core/model/task.js';
import type { TaskId } from '../../core/model/taskId.js';
import type { DirectRows } from '../direct/directRows.js';
import { EngineNeeded } from '../direct/engineNeeded.js';
import type { Row, Value } from '../record.js';
import { type GraphRows, type ReadyRow, SUMMARY_COLUMNS, summaryFromRow } from './taskRows.js';

/*
 * What `taskRows.ts` asks of SQLite, answered from the files themselves. Both give the same; test/store holds the one
 * against the other.
 */

const EDGE_COLUMNS = ['task_id', 'depends_on', 'type'];

export function readPlanDirectly(rows: DirectRows): GraphRows {
  const tasks: TaskSummary[] = [];
  const dependencies: Dependency[] = [];
  rows.each('tasks', SUMMARY_COLUMNS, (row) => tasks.push(summaryOf(row)));
  rows.each('dependencies', EDGE_COLUMNS, (row) => dependencies.push(dependencyOf(row)));
  return { tasks, dependencies };
}

/** See `readPlanAround`; undefined where it is more than `most` tasks. */
export function readPlanAroundDirectly(
  rows: DirectRows,
  asked: readonly TaskId[],
  most: number,
): GraphRows | undefined {
  const tasks = new Map<TaskId, Row>();
  const dependencies = new Map<string, Row>();
  const take = (id: TaskId) => {
    const known = tasks.get(id);
    if (known) return known;
    const [row] = rows.find('tasks', 'id', id);
    if (row) tasks.set(id, row);
    return row;
  };
  const up = new Set<TaskId>(asked);
  const wanted = new Set<TaskId>(asked);
  // What they depend on, whatever that is, and from there on what open tasks wait for.
  for (const id of up) {
    if (up.size >= most) return undefined;
    const row = take(id);
    const edges = rows.find('dependencies', 'task_id', id);
    for (const edge of edges) dependencies.set(`${edge.task_id} ${edge.depends_on}`, edge);
    if (!wanted.has(id) && (row?.status === 'completed' || row?.status === 'cancelled')) continue;
    for (const edge of edges) up.add(edge.depends_on as TaskId);
  }
  for (const id of asked) {
    for (const edge of rows.find('dependencies', 'depends_on', id)) {
      dependencies.set(`${edge.task_id} ${edge.depends_on}`, edge);
      take(edge.task_id as TaskId);
    }
    for (const row of rows.find('tasks', 'parent_id', id)) tasks.set(row.id as TaskId, row);
  }
  return {
    tasks: [...tasks.values()].map(summaryOf),
    dependencies: [...dependencies.values()].map(dependencyOf),
  };
}

/** What readiness and its order follow from. */
const READY_COLUMNS = [
  'id',
  'title',
  'assignee',
  'number',
  'priority',
  'created_at',
  'not_before',
  'claimed_by',
  'claim_expires_at',
  'archived_at',
];

/** See `readReady`. */
export function readReadyDirectly(rows: DirectRows, now: string): ReadyRow[] {
  const status = new Map<TaskId, Value>();
  /** By id, where an index gave them. */
  const places = new Map<TaskId, number>();
  const byIndex = rows.eachCovered('tasks', ['id', 'status'], ([id, value, rowid]) => {
    status.set(id as TaskId, value as Value);
    if (value === 'pending') places.set(id as TaskId, rowid as number);
  });
  if (!byIndex) rows.each('tasks', ['id', 'status'], (row) => status.set(row.id as TaskId, row.status as Value));
  const held = new Set<TaskId>();
  const edge = (task: Value, dependsOn: Value) => {
    const other = status.get(dependsOn as TaskId);
    if (other !== undefined && other !== 'completed') held.add(task as TaskId);
  };
  const covered = rows.eachCovered('dependencies', ['task_id', 'depends_on'], ([task, other]) =>
    edge(task as Value, other as Value),
  );
  if (!covered) rows.each('dependencies', EDGE_COLUMNS, (row) => edge(row.task_id as Value, row.depends_on as Value));
  const free = [...status].flatMap(([id, value]) => (value === 'pending' && !held.has(id) ? [id] : []));
  return free
    .flatMap((id) => {
      const place = places.get(id);
      return place === undefined ? rows.find('tasks', 'id', id) : [rows.at('tasks', place, READY_COLUMNS)];
    })
    .filter(
      ({ not_before, claimed_by, claim_expires_at, archived_at }) =>
        archived_at === null &&
        String(not_before ?? '') <= now &&
        (claimed_by === null || String(claim_expires_at ?? '') <= now),
    )
    .sort(byUrgency)
    .map(({ id, title, assignee }) => ({ id, title, assignee }) as ReadyRow);
}

const RANKS = new Map<unknown, number>(PRIORITIES.map((priority, at) => [priority, at]));
const MEDIUM = RANKS.get('medium') as number;

function byUrgency(a: Row, b: Row): number {
  const rank = (row: Row) => RANKS.get(row.priority) ?? MEDIUM;
  const [one, other] = [String(a.created_at), String(b.created_at)];
  const time = one < other ? -1 : one > other ? 1 : 0;
  return rank(a) - rank(b) || time || Number(a.number) - Number(b.number);
}

/** Another program's row has no number until SQLite is asked to write it. */
function summaryOf(row: Row) {
  if (row.number === null) throw new EngineNeeded('a task without a number');
  return summaryFromRow(row);
}

function dependencyOf(row: Row): Dependency {
  return {
    task: row.task_id as TaskId,
    dependsOn: row.depends_on as TaskId,
    type: row.type as DependencyType,
  };
}
