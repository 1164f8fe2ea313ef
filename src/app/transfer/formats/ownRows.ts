import type { SuccessCriterion } from '../../../core/model/task.js';
import { LINK_TYPES } from '../../../core/transfer/externalTask.js';
import type { Readings } from '../../../core/transfer/readings.js';
import { plainText, TaskReading } from '../../../core/transfer/taskReading.js';
import { isObject, type JsonObject, listOf } from './jsonText.js';
import { nameWithout } from './namelessIds.js';

/** Other names that fields go by: those of `tm list --json`, and what people write. */
const ALIASES: Readonly<Record<string, string>> = {
  due: 'deadline',
  due_date: 'deadline',
  dueDate: 'deadline',
  notBefore: 'not_before',
  estimate: 'estimated_hours',
  estimatedHours: 'estimated_hours',
  actualHours: 'actual_hours',
  parent: 'parent_id',
  dependsOn: 'dependencies',
  depends_on: 'dependencies',
  fileRefs: 'file_refs',
  files: 'file_refs',
  createdAt: 'created_at',
  updatedAt: 'updated_at',
  completedAt: 'completed_at',
  startedAt: 'started_at',
  archivedAt: 'archived_at',
  createdBy: 'created_by',
  updatedBy: 'updated_by',
  completionSummary: 'completion_summary',
  impactNotes: 'impact_notes',
  businessValue: 'business_value',
  codeLanguage: 'code_language',
  executionEnvironment: 'execution_environment',
  statusReason: 'status_reason',
  criteria: 'success_criteria',
  labels: 'tags',
};

/** Columns that follow from others or mean something in one store only: not taken over, and nothing is lost. */
const DERIVED = new Set(
  [
    'version name state blocked_by blockedBy unblocks subtasks cancelledDependencies claim claimed_by claimed_at',
    'claim_expires_at claim_version claim_branch claim_worktree phase_id sealed',
  ]
    .join(' ')
    .split(' '),
);

/** Reads tasks as `tm export` writes them, and as people do: a title is all that is needed. */
export function readOwnRow(row: JsonObject, where: string, readings: Readings): void {
  const fields: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(row)) fields[ALIASES[key] ?? key] = value;
  const id = plainText(fields.id).trim();
  const task = new TaskReading(readings, id || nameWithout(fields.title, readings), where, { strict: true });
  readColumns(task, fields);
  for (const edge of edgesOf(fields.dependencies)) {
    const { type, condition } =
      ((isObject(fields.dependency_types) ? fields.dependency_types[edge.id] : undefined) as {
        type?: unknown;
        condition?: unknown;
      } & JsonObject) ?? edge;
    task.dependsOn(edge.id, type, condition);
  }
  for (const link of listOf(fields.links)) {
    const type = isObject(link) ? LINK_TYPES.find((known) => known === link.type) : undefined;
    if (isObject(link) && type) task.link(link.target ?? link.id, type);
    else task.refuse('links', `“${plainText(link)}” is no link. Write {"type": "related", "target": "…"}.`);
  }
  for (const reference of listOf(fields.file_refs)) {
    if (isObject(reference)) {
      const lines = [reference.line, reference.endLine ?? reference.line_end].filter((line) => line != null);
      task.place([reference.path, ...lines].map(plainText).join(':'), plainText(reference.context) || undefined);
    } else task.place(reference);
  }
  for (const event of listOf(fields.events)) {
    if (!isObject(event)) continue;
    const [agent, type] = [plainText(event.agent) || 'unknown', plainText(event.type) || 'update'];
    task.event({ agent, type, content: plainText(event.content), at: plainText(event.at) });
  }
  for (const participant of listOf(fields.participants)) {
    if (!isObject(participant)) continue;
    task.participant({ agent: plainText(participant.agent), at: plainText(participant.at) });
  }
  task.finish(id);
}

function readColumns(task: TaskReading, fields: JsonObject): void {
  const { title, description, custom, success_criteria: criteria, tags } = fields;
  task.title(title);
  task.description(description);
  // What is stored, where the file says both: a task that waits is shown as blocked.
  task.status(fields.stored_status ?? fields.status, { open: 'pending', todo: 'pending' });
  task.priority(fields.priority);
  if (tags !== undefined && tags !== null) task.tags(typeof tags === 'string' ? (readJson(tags) ?? tags) : tags);
  task.criteria(readCriteria(task, typeof criteria === 'string' ? (readJson(criteria) ?? [criteria]) : criteria));
  task.parent(fields.parent_id);
  for (const column of ['type', 'assignee', 'project', 'milestone', 'code_language', 'execution_environment'])
    task.word(column, fields[column]);
  for (const column of ['status_reason', 'completion_summary', 'feedback_notes', 'context', 'impact_notes'])
    task.text(column, fields[column]);
  for (const column of TIMES) task.time(column, fields[column]);
  for (const column of ['estimated_hours', 'actual_hours']) task.hours(column, fields[column]);
  for (const column of ['feedback_quality', 'feedback_timeliness']) task.number(column, fields[column], [1, 5]);
  for (const column of ['business_value', 'number']) task.number(column, fields[column]);
  for (const column of ['created_by', 'updated_by']) task.put(column, plainText(fields[column]) || null);
  const others = typeof custom === 'string' ? readJson(custom) : custom;
  if (isObject(others)) for (const [key, value] of Object.entries(others)) task.custom(key, value);
  for (const [key, value] of Object.entries(fields)) if (!KNOWN.has(key) && !DERIVED.has(key)) task.keep(key, value);
}

const TIMES = [
  'deadline',
  'not_before',
  'started_at',
  'completed_at',
  'archived_at',
  'created_at',
  'updated_at',
] as const;

const KNOWN = new Set([
  ...TIMES,
  ...'id number title description status stored_status priority type assignee tags parent_id project milestone'.split(
    ' ',
  ),
  ...'success_criteria estimated_hours actual_hours feedback_quality feedback_timeliness feedback_notes'.split(' '),
  ...'completion_summary context impact_notes business_value code_language execution_environment'.split(' '),
  ...'status_reason custom created_by updated_by dependencies dependency_types links file_refs events'.split(' '),
  'participants',
]);

/** Ids, or objects with one, or words with commas between them. */
function edgesOf(value: unknown): { readonly id: string; readonly type?: unknown; readonly condition?: unknown }[] {
  const list = typeof value === 'string' ? (readJson(value) ?? value.split(/[,;\s]+/)) : value;
  return listOf(list).map((edge) =>
    isObject(edge)
      ? { id: plainText(edge.id ?? edge.task ?? edge.depends_on), type: edge.type, condition: edge.condition }
      : { id: plainText(edge) },
  );
}

function readCriteria(task: TaskReading, value: unknown): SuccessCriterion[] {
  const criteria: SuccessCriterion[] = [];
  for (const one of listOf(value)) {
    const words = isObject(one) ? one.criterion : one;
    if (typeof words !== 'string' || words.trim() === '') {
      task.refuse('success_criteria', 'Each criterion must have a “criterion” field.');
      continue;
    }
    const { measurable, done } = isObject(one) ? one : ({} as JsonObject);
    const expression = plainText(measurable);
    criteria.push({ criterion: words, ...(expression !== '' && { measurable: expression }), done: done === true });
  }
  return criteria;
}

function readJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
