import { InvalidInputError } from '../model/errors.js';
import { PRIORITIES } from '../model/priority.js';
import { STATUSES } from '../model/status.js';
import { WORK_STATES } from '../model/workState.js';
import { nearest } from './nearest.js';

/** By what a list can be put into groups. */
export const GROUP_KEYS = [
  ...(['status', 'state', 'priority', 'assignee', 'tag', 'type', 'project', 'milestone', 'parent'] as const),
] as const;

export type GroupKey = (typeof GROUP_KEYS)[number];

/** What a task is grouped by. */
interface Groupable {
  readonly status: string;
  readonly state: string;
  readonly priority: string;
  readonly assignee?: string | undefined;
  readonly tags: readonly string[];
  readonly type: string;
  readonly project?: string | undefined;
  readonly milestone?: string | undefined;
  readonly parent?: string | undefined;
}

export interface TaskGroup<T> {
  /** The value that its tasks have in common; empty for those that have none. */
  readonly group: string;
  readonly tasks: readonly T[];
}

/** Throws INVALID_INPUT with the nearest one. */
export function parseGroupKey(text: string): GroupKey {
  const name = text.trim().toLowerCase();
  const key = GROUP_KEYS.find((candidate) => candidate === name);
  if (key) return key;
  const near = nearest(name, GROUP_KEYS);
  throw new InvalidInputError(
    'group-by',
    `Cannot group by “${text}”.${near ? ` Did you mean ${near}?` : ''} Use one of ${GROUP_KEYS.join(', ')}.`,
  );
}

/**
 * The tasks by what they have in common, in the order that they come in; a task with several tags is in several groups.
 * Groups come in their natural order or by name, the one without a value last.
 */
export function groupTasks<T extends Groupable>(tasks: readonly T[], key: GroupKey): TaskGroup<T>[] {
  const groups = new Map<string, T[]>();
  for (const task of tasks) {
    for (const value of valuesOf(task, key)) {
      const group = groups.get(value);
      if (group) group.push(task);
      else groups.set(value, [task]);
    }
  }
  const natural = NATURAL[key] ?? [];
  const rank = (value: string) => (value === '' ? Number.POSITIVE_INFINITY : natural.indexOf(value));
  return [...groups]
    .map(([group, members]) => ({ group, tasks: members }))
    .sort((a, b) => compare(rank(a.group), rank(b.group)) || compare(a.group.toLowerCase(), b.group.toLowerCase()));
}

const NATURAL: Readonly<Partial<Record<GroupKey, readonly string[]>>> = {
  status: STATUSES,
  state: WORK_STATES,
  priority: PRIORITIES,
};

function valuesOf(task: Groupable, key: GroupKey): readonly string[] {
  if (key === 'tag') return task.tags.length > 0 ? task.tags : [''];
  return [task[key] ?? ''];
}

function compare<T extends string | number>(a: T, b: T): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
