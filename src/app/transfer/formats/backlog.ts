import { parse, YAMLParseError } from 'yaml';
import type { SuccessCriterion } from '../../../core/model/task.js';
import { Readings } from '../../../core/transfer/readings.js';
import { plainText, TaskReading } from '../../../core/transfer/taskReading.js';
import { type ImportSource, type SourceFile, textOf } from '../importSource.js';
import { checklist } from './checklist.js';
import { isObject, type JsonObject } from './jsonText.js';

const STATUSES = {
  to_do: 'pending',
  todo: 'pending',
  in_progress: 'in_progress',
  done: 'completed',
  draft: 'pending',
} as const;
const CARRIED = new Set(
  'id title status assignee labels dependencies milestone parent_task_id parent priority created_date updated_date'
    .concat(' completed_date reporter type subtasks')
    .split(' '),
);
const TASK_FOLDERS = /(?:^|\/)(tasks|completed|drafts|archive\/tasks|archive\/drafts)\/[^/]+\.md$/;

/** A task file or the folder of Backlog.md: one Markdown file a task, its fields in YAML at the top. */
export function readBacklog({ files }: ImportSource): Readings {
  const readings = new Readings();
  const milestones = new Map<string, string>();
  for (const file of files.filter(({ path }) => /(?:^|\/)milestones\//.test(path))) {
    const { fields } = parts(file, readings);
    if (fields?.id !== undefined) milestones.set(plainText(fields.id).toLowerCase(), plainText(fields.title));
  }
  for (const file of files) {
    if (files.length > 1 && !TASK_FOLDERS.test(`/${file.path}`)) continue;
    const { fields, body } = parts(file, readings);
    if (!fields) continue;
    if (plainText(fields.id) === '') readings.refuse(file.path, 'id', 'the task has no id at its top.');
    else readTask(fields, body, file.path, milestones, readings);
  }
  return readings;
}

function parts(
  file: SourceFile,
  readings: Readings,
): { readonly fields: JsonObject | undefined; readonly body: string } {
  const match = /^---\r?\n([\s\S]*?)\r?\n---[ \t]*(?:\r?\n([\s\S]*))?$/.exec(textOf(file));
  if (!match) {
    readings.refuse(file.path, 'file', 'does not begin with YAML between two lines “---”.');
    return { fields: undefined, body: '' };
  }
  try {
    const fields: unknown = parse(match[1] ?? '', { maxAliasCount: 100 });
    if (isObject(fields)) return { fields, body: match[2] ?? '' };
    readings.refuse(file.path, 'file', 'has no fields in its YAML.');
  } catch (error) {
    if (!(error instanceof YAMLParseError)) throw error;
    readings.refuse(file.path, 'file', `its YAML cannot be read: ${error.message.split('\n')[0]}`);
  }
  return { fields: undefined, body: '' };
}

function readTask(
  fields: JsonObject,
  body: string,
  path: string,
  milestones: ReadonlyMap<string, string>,
  readings: Readings,
): void {
  const id = nameOf(fields.id);
  const task = new TaskReading(readings, id, path);
  task.custom('backlog_id', plainText(fields.id));
  task.title(fields.title);
  const status = plainText(fields.status).trim();
  const known = Object.hasOwn(STATUSES, status.toLowerCase().replace(/[-\s]+/g, '_'));
  // A board may have columns of its own.
  if (!known && status !== '' && !/^(blocked|cancelled|completed)$/i.test(status)) {
    task.keep('backlog_status', status);
    task.status('pending');
  } else task.status(status, STATUSES);
  if (/draft/i.test(status) || /drafts\//.test(path)) task.keep('backlog_draft', true);
  task.priority(fields.priority);
  task.word('type', fields.type);
  const [assignee, ...others] = (Array.isArray(fields.assignee) ? fields.assignee : [fields.assignee]).map(person);
  task.word('assignee', assignee);
  if (others.length > 0) task.keep('assignees', [assignee, ...others]);
  if (fields.labels) task.tags(fields.labels);
  const milestone = plainText(fields.milestone);
  task.word('milestone', milestones.get(milestone.toLowerCase()) ?? milestone);
  for (const other of Array.isArray(fields.dependencies) ? fields.dependencies : [fields.dependencies])
    task.dependsOn(nameOf(other));
  const dotted = id.replace(/\.\d+$/, '');
  task.parent(nameOf(fields.parent_task_id ?? fields.parent ?? (dotted === id ? '' : dotted)));
  task.time('created_at', moment(fields.created_date));
  task.time('updated_at', moment(fields.updated_date));
  const done = known && status.toLowerCase() === 'done';
  task.time('completed_at', moment(fields.completed_date ?? (done ? fields.updated_date : undefined)));
  if (/archive\//.test(path)) task.time('archived_at', moment(fields.updated_date ?? fields.created_date));
  task.put('created_by', person(fields.reporter) || null);
  readBody(task, body);
  for (const [field, value] of Object.entries(fields)) if (!CARRIED.has(field)) task.keep(field, value);
  task.finish();
}

/** The sections under the headings of the second level. */
function readBody(task: TaskReading, body: string): void {
  const description: string[] = [];
  const criteria: SuccessCriterion[] = [];
  const text = body.replace(/^[ \t]*<!--\s*(?:SECTION|AC|DOD):[^>]*-->[ \t]*\r?\n?/gm, '');
  for (const section of text.split(/^(?=## )/m)) {
    const [, top = '', content = section] = /^## +([^\n]*)\n?([\s\S]*)$/.exec(section) ?? [];
    const heading = top.trim();
    const words = content.trim();
    if (words === '') continue;
    const name = heading.replace(/\s*\(optional\)$/i, '').toLowerCase();
    if (name === '' || name === 'description') description.push(words);
    else if (name === 'acceptance criteria' || name === 'definition of done') criteria.push(...checklist(words));
    else if (name === 'final summary') task.text('completion_summary', words);
    else description.push(`## ${heading}\n\n${words}`);
  }
  task.description(description.join('\n\n'));
  task.criteria(criteria);
}

/** Ids are written `TASK-1` and `task-1`. */
function nameOf(id: unknown): string {
  return plainText(id).trim().toLowerCase();
}

function person(name: unknown): string {
  return plainText(name).trim().replace(/^@/, '');
}

/** Backlog.md writes UTC without saying so. */
function moment(value: unknown): unknown {
  const text = plainText(value).trim();
  return /^\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(?::\d{2})?$/.test(text) ? `${text.replace(' ', 'T')}Z` : value;
}

/** True where a text is a task of Backlog.md. */
export function isBacklogTask(text: string): boolean {
  const top = /^---\r?\n([\s\S]*?)\r?\n---/.exec(text)?.[1] ?? '';
  return /^id:\s*\S/m.test(top) && /^title:\s*\S/m.test(top) && /^status:/m.test(top);
}
