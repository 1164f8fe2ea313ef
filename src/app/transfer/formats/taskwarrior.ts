import { InvalidInputError } from '../../../core/model/errors.js';
import { Readings } from '../../../core/transfer/readings.js';
import { plainText, TaskReading } from '../../../core/transfer/taskReading.js';
import { type SourceFile, textOf } from '../importSource.js';
import { isObject, type JsonObject, listOf, parseJson, parseLines } from './jsonText.js';

const STATUSES = { pending: 'pending', waiting: 'pending', completed: 'completed', recurring: 'pending' } as const;
const PRIORITIES = { h: 'high', m: 'medium', l: 'low' };
/** `urgency` and `id` are worked out by Taskwarrior at each export: they are no data. */
const CARRIED = new Set(
  'uuid description status project priority tags depends due entry end modified start wait scheduled annotations'
    .concat(' id urgency')
    .split(' '),
);

/** What `task export` prints: a JSON array, or (before 2.4, or by setting) one object a line. */
export function readTaskwarrior(file: SourceFile): Readings {
  const readings = new Readings();
  const text = textOf(file);
  const list = text.trimStart().startsWith('[')
    ? listOf(parseJson(text, file.path)).filter(isObject)
    : parseLines(text.replace(/,\s*$/gm, ''), readings).map(({ value }) => value);
  for (const given of list) {
    const uuid = plainText(given.uuid);
    if (uuid === '') readings.refuse(plainText(given.description) || 'a task', 'uuid', 'the task has no uuid.');
    else if (given.status === 'deleted') readings.note('status', 'deleted tasks: left out', uuid);
    else readTask(given, uuid, readings);
  }
  return readings;
}

function readTask(given: JsonObject, uuid: string, readings: Readings): void {
  const task = new TaskReading(readings, uuid, uuid);
  task.custom('taskwarrior_uuid', uuid);
  task.title(given.description);
  const status = given.start !== undefined && given.status === 'pending' ? 'in_progress' : given.status;
  task.status(status, STATUSES);
  if (given.status === 'recurring') task.note('status', 'recurring tasks: their template is a pending task here');
  task.priority(given.priority, PRIORITIES);
  task.word('project', given.project);
  if (given.tags) task.tags(given.tags);
  for (const [column, field] of [
    ['created_at', 'entry'],
    ['updated_at', 'modified'],
    ['completed_at', 'end'],
    ['deadline', 'due'],
    ['started_at', 'start'],
  ] as const)
    task.time(column, given[field], readMoment);
  // Hidden until one, startable from the other: both mean that it is not to be started before.
  task.time('not_before', later(given.wait, given.scheduled), readMoment);
  if (given.wait !== undefined && given.scheduled !== undefined) {
    task.keep('wait', given.wait);
    task.keep('scheduled', given.scheduled);
  }
  const depends = typeof given.depends === 'string' ? given.depends.split(',') : listOf(given.depends);
  for (const other of depends) task.dependsOn(other);
  for (const annotation of listOf(given.annotations).filter(isObject)) {
    const at = readMoment(plainText(annotation.entry));
    task.event({ agent: 'taskwarrior', type: 'comment', content: plainText(annotation.description), at });
  }
  if (given.urgency !== undefined) task.note('urgency', 'worked out by Taskwarrior: left out, priority and due stay');
  for (const [field, value] of Object.entries(given)) if (!CARRIED.has(field)) task.keep(field, value);
  task.finish();
}

function later(a: unknown, b: unknown): unknown {
  return plainText(a) > plainText(b) ? a : (b ?? a);
}

/** `20260101T120000Z` as UTC ISO 8601. Throws INVALID_INPUT. */
function readMoment(text: string): string {
  const match = /^(\d{4})-?(\d{2})-?(\d{2})T(\d{2}):?(\d{2}):?(\d{2})Z$/.exec(text.trim());
  const [, year, month, day, hour, minute, second] = match ?? [];
  const time = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (!match || Number.isNaN(time.getTime()))
    throw new InvalidInputError('time', `“${text}” is not a time as Taskwarrior writes them, 20260101T120000Z.`);
  return time.toISOString();
}
