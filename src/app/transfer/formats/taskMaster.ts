import { InvalidInputError } from '../../../core/model/errors.js';
import { Readings } from '../../../core/transfer/readings.js';
import { plainText, TaskReading } from '../../../core/transfer/taskReading.js';
import { type SourceFile, textOf } from '../importSource.js';
import { isObject, type JsonObject, listOf, parseJson } from './jsonText.js';

const STATUSES = { done: 'completed', in_progress: 'in_progress', review: 'in_progress', deferred: 'pending' } as const;
const CARRIED = new Set(
  'id title description details testStrategy status priority dependencies subtasks assignee parentId parentTaskId'
    .concat(' createdAt updatedAt completedAt acceptanceCriteria')
    .split(' '),
);

/** One list of tasks: the file's only one, or one of its tags. */
interface TagList {
  /** Undefined in files of the time before tags. */
  readonly tag: string | undefined;
  readonly tasks: readonly unknown[];
}

/** Task Master's `tasks.json`: `{tasks: […]}`, or a list for each tag as `{master: {tasks: […]}}`. */
export function readTaskMaster(file: SourceFile): Readings {
  const readings = new Readings();
  for (const list of tagsOf(parseJson(textOf(file), file.path), file.path)) {
    for (const task of list.tasks) {
      if (isObject(task)) readTask(task, list, undefined, readings);
      else readings.refuse(list.tag ?? 'tasks', 'task', 'is not a JSON object.');
    }
  }
  return readings;
}

function tagsOf(value: unknown, path: string): TagList[] {
  if (isObject(value) && Array.isArray(value.tasks)) return [{ tag: undefined, tasks: value.tasks }];
  const tags = isObject(value)
    ? Object.entries(value).flatMap(([tag, list]) =>
        isObject(list) && Array.isArray(list.tasks) ? [{ tag, tasks: list.tasks as unknown[] }] : [],
      )
    : [];
  if (tags.length === 0) throw new InvalidInputError('file', `${path} is no tasks.json of Task Master.`);
  return tags;
}

function readTask(given: JsonObject, list: TagList, parent: string | undefined, readings: Readings): void {
  const number = plainText(given.id);
  const name = parent === undefined ? number : `${parent}.${number.split('.').at(-1)}`;
  // `master` is where files without tags went: their tasks stay the same ones.
  const inTag = (id: string) => (list.tag === undefined || list.tag === 'master' ? id : `${list.tag}/${id}`);
  const where = list.tag === undefined ? `task ${name}` : `${list.tag} task ${name}`;
  if (number === '') {
    readings.refuse(where, 'id', 'a task has no id.');
    return;
  }
  const task = new TaskReading(readings, inTag(name), where);
  task.custom('taskmaster_id', name);
  task.title(given.title);
  task.description(sections(given));
  const status = plainText(given.status).toLowerCase();
  task.status(given.status, STATUSES);
  if (status === 'review' || status === 'deferred') task.keep('taskmaster_status', status);
  task.priority(given.priority);
  task.word('assignee', given.assignee);
  if (list.tag !== undefined && list.tag !== 'master') task.word('milestone', list.tag);
  const criteria = plainText(given.acceptanceCriteria);
  if (criteria !== '') task.criteria([{ criterion: criteria, done: status === 'done' }]);
  for (const [column, field] of [
    ['created_at', 'createdAt'],
    ['updated_at', 'updatedAt'],
    ['completed_at', 'completedAt'],
  ] as const)
    task.time(column, given[field]);
  if (parent !== undefined) task.parent(inTag(parent));
  for (const other of listOf(given.dependencies)) task.dependsOn(inTag(target(plainText(other), parent, list)));
  for (const [field, value] of Object.entries(given)) if (!CARRIED.has(field)) task.keep(field, value);
  task.finish();
  for (const subtask of listOf(given.subtasks).filter(isObject)) readTask(subtask, list, name, readings);
}

/** Within a task a bare number is a sibling; where there is none of that number, a task at the top. */
function target(id: string, parent: string | undefined, { tasks }: TagList): string {
  if (parent === undefined || id.includes('.')) return id;
  return subtaskExists(tasks, `${parent}.${id}`) ? `${parent}.${id}` : id;
}

function subtaskExists(tasks: readonly unknown[], id: string): boolean {
  const [first, ...rest] = id.split('.');
  const found = tasks.filter(isObject).find((task) => plainText(task.id).split('.').at(-1) === first);
  if (!found) return false;
  return rest.length === 0 || subtaskExists(listOf(found.subtasks), rest.join('.'));
}

/** One description of what Task Master keeps in three fields. */
function sections({ description, details, testStrategy }: JsonObject): string {
  const parts = [plainText(description)];
  if (plainText(details) !== '') parts.push(`## Details\n\n${plainText(details)}`);
  if (plainText(testStrategy) !== '') parts.push(`## Test strategy\n\n${plainText(testStrategy)}`);
  return parts.filter((part) => part !== '').join('\n\n');
}
