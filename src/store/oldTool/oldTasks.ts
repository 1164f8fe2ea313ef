import { PRIORITIES, type Priority } from '../../core/model/priority.js';
import { idFrom } from '../../core/transfer/contentHash.js';
import { DESCRIPTION_REST, splitDescription, splitTitle } from '../../core/transfer/longText.js';
import type { Row, Value } from '../record.js';
import type { Converting } from './convert.js';
import { readOldDescription, readOldTime } from './oldText.js';

/** Columns that are read one by one; any other that a changed copy of the tool may have made becomes a custom field. */
const READ = new Set(
  'id title description status priority assignee created_by created_at updated_at completed_at success_criteria'
    .concat(' feedback_quality feedback_timeliness feedback_notes completion_summary deadline estimated_hours')
    .concat(' actual_hours context phase_id')
    .split(' '),
);

const STATUSES = ['pending', 'in_progress', 'completed', 'blocked', 'cancelled'];

interface Phase {
  readonly name: string;
  readonly row: Row;
}

/** Tasks, their dependencies, what their descriptions hold beside words, and the phases that they are in. */
export function convertTasks(converting: Converting): void {
  const { ids } = converting;
  const phaseRows = converting.rows('phases');
  converting.keepAside('phases', phaseRows);
  const phases = new Map(phaseRows.map((row) => [String(row.id), { name: String(row.name), row }]));
  const tasks = [...converting.rows('tasks')].sort((a, b) => compare(a.created_at, b.created_at));
  for (const { id } of tasks) ids.set(String(id), usableId(String(id), ids));
  const dependencies = converting.rows('dependencies');
  const statuses = new Map(tasks.map((task) => [String(task.id), String(task.status ?? 'pending')]));
  const waitsFor = new Map<string, string[]>();
  for (const { task_id, depends_on } of dependencies) {
    const list = waitsFor.get(String(task_id));
    if (list) list.push(String(depends_on));
    else waitsFor.set(String(task_id), [String(depends_on)]);
  }
  tasks.forEach((task, at) => {
    const others = waitsFor.get(String(task.id)) ?? [];
    const open = others.some((other) => (statuses.get(other) ?? 'completed') !== 'completed');
    convertTask(converting, task, at + 1, { phases, derived: others.length > 0, open });
  });
  convertDependencies(converting, dependencies, new Map(tasks.map((task) => [task.id, task.created_at])));
}

interface Situation {
  readonly phases: ReadonlyMap<string, Phase>;
  /** It depends on others: then tm 2.x set `blocked` by itself. */
  readonly derived: boolean;
  readonly open: boolean;
}

function convertTask(converting: Converting, task: Row, number: number, { phases, derived, open }: Situation): void {
  const { readings, ids, now } = converting;
  const oldId = String(task.id);
  const id = ids.get(oldId) as string;
  const custom: Record<string, unknown> = {};
  const keep = (field: string, value: unknown, says: string) => {
    custom[field] = value;
    readings.note(field, says, oldId);
  };
  if (id !== oldId)
    keep('tm2_id', oldId, 'not 8 hexadecimal characters: a new id, the old one is the custom field tm2_id');
  const title = titleOf(task, keep);
  const { text, places, meta } = readOldDescription(String(task.description ?? ''));
  Object.assign(custom, meta);
  const { kept, rest } = splitDescription(text);
  if (rest !== '')
    keep(DESCRIPTION_REST, rest, `longer than 5,000 characters: goes on in the custom field ${DESCRIPTION_REST}`);
  const phase = phases.get(String(task.phase_id));
  for (const [column, value] of Object.entries(task)) {
    if (!READ.has(column) && value !== null) keep(column, value, 'no column here: kept as a custom field');
  }
  converting.insert('tasks', {
    id,
    number,
    title,
    description: task.description === null || task.description === undefined ? null : kept,
    status: statusOf(task, { derived, open }, keep),
    priority: priorityOf(task, keep),
    assignee: task.assignee ?? null,
    created_by: task.created_by == null ? 'user' : String(task.created_by),
    created_at: timeOf(task, 'created_at', keep) ?? timeOf(task, 'updated_at', keep) ?? now,
    updated_at: timeOf(task, 'updated_at', keep) ?? timeOf(task, 'created_at', keep) ?? now,
    completed_at: timeOf(task, 'completed_at', keep) ?? null,
    success_criteria: criteriaOf(task, keep),
    feedback_quality: scoreOf(task, 'feedback_quality', keep),
    feedback_timeliness: scoreOf(task, 'feedback_timeliness', keep),
    feedback_notes: task.feedback_notes ?? null,
    completion_summary: task.completion_summary ?? null,
    deadline: timeOf(task, 'deadline', keep) ?? null,
    estimated_hours: hoursOf(task, 'estimated_hours', keep),
    actual_hours: hoursOf(task, 'actual_hours', keep),
    context: task.context ?? null,
    phase_id: task.phase_id ?? null,
    milestone: phase?.name ?? (task.phase_id == null ? null : String(task.phase_id)),
    custom: Object.keys(custom).length === 0 ? null : JSON.stringify(custom),
  });
  places.forEach((place, at) => {
    const { path: file_path, line: line_start, endLine: line_end } = place;
    converting.insert('file_refs', {
      uid: idFrom(`${oldId} ${at} ${JSON.stringify(place)}`),
      task_id: id,
      file_path,
      line_start,
      line_end,
    });
  });
}

type Keep = (field: string, value: unknown, says: string) => void;

function titleOf(task: Row, keep: Keep): string {
  const whole = String(task.title ?? '').replace(/\0/g, '');
  if (whole.trim() === '') {
    keep('tm2_title', whole, 'an empty title: named after its id');
    return `(without a title: ${task.id})`;
  }
  const { kept, rest } = splitTitle(whole);
  if (rest !== '')
    keep('title_full', whole, 'longer than 500 characters: cut, the whole is in the custom field title_full');
  return kept;
}

/** `blocked` follows from dependencies here. Where tm 2.x forgot to release a task, it is released. */
function statusOf(task: Row, { derived, open }: Omit<Situation, 'phases'>, keep: Keep): string {
  const status = task.status == null ? 'pending' : String(task.status);
  if (!STATUSES.includes(status)) {
    keep('tm2_status', status, 'no such status here: pending, kept as the custom field tm2_status');
    return 'pending';
  }
  if (status !== 'blocked' || !derived) return status;
  if (!open)
    keep('tm2_status', status, 'blocked although every dependency is completed: pending, as tm 2.x should have done');
  return 'pending';
}

function priorityOf(task: Row, keep: Keep): Priority {
  if (task.priority == null || task.priority === '') return 'medium';
  const known = PRIORITIES.find((priority) => priority === task.priority);
  if (!known)
    keep('tm2_priority', task.priority, 'no such priority here: medium, kept as the custom field tm2_priority');
  return known ?? 'medium';
}

function timeOf(task: Row, column: string, keep: Keep): string | undefined {
  const value = task[column];
  if (value == null || value === '') return undefined;
  const time = readOldTime(value);
  if (time === undefined) keep(column, value, `is not a time: kept as the custom field ${column}`);
  return time;
}

function criteriaOf(task: Row, keep: Keep): string | null {
  const text = task.success_criteria;
  if (text == null || text === '') return null;
  try {
    const list: unknown = JSON.parse(String(text));
    if (Array.isArray(list) && list.every((one) => typeof one?.criterion === 'string')) {
      for (const { criterion: _c, measurable: _m, done: _d, ...more } of list)
        if (Object.keys(more).length > 0)
          keep('success_criteria', list, 'criteria with fields of their own: kept as a custom field too');
      return JSON.stringify(
        list.map(({ criterion, measurable, done }) => ({
          criterion,
          ...(measurable != null && measurable !== '' && { measurable: String(measurable) }),
          done: done === true,
        })),
      );
    }
  } catch {
    // Not JSON: kept below.
  }
  keep('success_criteria', text, 'no JSON array of criteria: kept as a custom field');
  return null;
}

function scoreOf(task: Row, column: string, keep: Keep): Value {
  const value = task[column];
  if (value == null) return null;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 5) return value;
  keep(column, value, 'not a score from 1 to 5: kept as a custom field');
  return null;
}

function hoursOf(task: Row, column: string, keep: Keep): Value {
  const value = task[column];
  if (value == null) return null;
  if (typeof value === 'number' && value >= 0) return value;
  keep(column, value, 'not a number of hours: kept as a custom field');
  return null;
}

/** tm 2.x gave dependencies with the task only: they are as old as it is. */
function convertDependencies(
  { readings, ids, keepAside, insert, now }: Converting,
  rows: readonly Row[],
  created: ReadonlyMap<Value | undefined, Value | undefined>,
): void {
  const dangling: Row[] = [];
  for (const row of rows) {
    const [task, other] = [ids.get(String(row.task_id)), ids.get(String(row.depends_on))];
    if (task !== undefined && other !== undefined && task !== other)
      insert('dependencies', {
        task_id: task,
        depends_on: other,
        type: 'completion',
        created_at: readOldTime(created.get(row.task_id)) ?? now,
      });
    else {
      dangling.push(row);
      readings.note(
        'dependencies',
        'to a task that is not there, or to itself: left out',
        `${row.task_id} → ${row.depends_on}`,
      );
    }
  }
  keepAside('dangling_dependencies', dangling);
}

/** The id itself where it can be one here; else one that follows from it. */
function usableId(id: string, taken: ReadonlyMap<string, string>): string {
  const used = new Set(taken.values());
  if (/^[0-9a-f]{8}$/.test(id) && !used.has(id)) return id;
  for (let attempt = 0; ; attempt += 1) {
    const candidate = idFrom(id, attempt);
    if (!used.has(candidate) && !taken.has(candidate)) return candidate;
  }
}

function compare(a: Value | undefined, b: Value | undefined): number {
  const [one, other] = [String(a ?? ''), String(b ?? '')];
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
