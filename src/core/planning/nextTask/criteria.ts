import { PRIORITY_RANK, type Priority } from '../../model/priority.js';
import type { Candidate } from './plan.js';

/** What the next task has to be like, and what it would better be like. */
export interface Criteria {
  readonly project?: string | undefined;
  readonly maxComplexity?: number | undefined;
  readonly maxHours?: number | undefined;
  readonly minHours?: number | undefined;
  readonly minPriority?: Priority | undefined;
  /** Every one of them. */
  readonly requiredTags?: readonly string[] | undefined;
  /** None of them. */
  readonly excludedTags?: readonly string[] | undefined;
  /** Soft: others only score lower. */
  readonly preferredTypes?: readonly string[] | undefined;
  readonly preferredLanguages?: readonly string[] | undefined;
  readonly hoursToday?: number | undefined;
}

/** A condition that a task has to meet, by the name of its parameter. */
export interface Constraint {
  readonly name: string;
  readonly value: string | number;
  readonly admits: (task: Candidate) => boolean;
  /** The value at which it would admit a task; absent where only leaving it out helps. */
  readonly atLeast?: (task: Candidate) => Limit | undefined;
}

/** A limit that would do, and how far it is from nothing at all: the nearer one is the smaller concession. */
export interface Limit {
  readonly value: string | number;
  readonly distance: number;
}

/** The hard conditions that were given. What is not known of a task does not exclude it. */
export function constraintsOf(criteria: Criteria): Constraint[] {
  const constraints: Constraint[] = [];
  const add = <T>(
    name: string,
    value: T | undefined,
    shown: (value: T) => string | number,
    admits: (task: Candidate, value: T) => boolean,
    atLeast?: Constraint['atLeast'],
  ) => {
    if (value === undefined || (Array.isArray(value) && value.length === 0)) return;
    constraints.push({ name, value: shown(value), admits: (task) => admits(task, value), ...(atLeast && { atLeast }) });
  };
  const most = (read: (task: Candidate) => number | undefined) => (task: Candidate) => {
    const value = tenth(read(task) ?? 0, 1);
    return { value, distance: value };
  };
  const hours = (task: Candidate) => task.hours?.p50;
  const itself = <T extends string | number>(value: T) => value;
  const list = (values: readonly string[]) => values.join(', ');
  const hasTag = (task: Candidate, tag: string) => task.tags.some((own) => same(own, tag));
  add('project_id', criteria.project, itself, (task, project) => same(task.project, project));
  add('required_tags', criteria.requiredTags, list, (task, tags) => tags.every((tag) => hasTag(task, tag)));
  add('excluded_tags', criteria.excludedTags, list, (task, tags) => !tags.some((tag) => hasTag(task, tag)));
  add(
    'priority_threshold',
    criteria.minPriority,
    itself,
    (task, least) => {
      return PRIORITY_RANK[task.priority] >= PRIORITY_RANK[least];
    },
    ({ priority }) => ({ value: priority, distance: -PRIORITY_RANK[priority] }),
  );
  add(
    'max_complexity',
    criteria.maxComplexity,
    itself,
    (task, limit) => (task.complexity ?? limit) <= limit,
    most(({ complexity }) => complexity),
  );
  add('max_estimated_hours', criteria.maxHours, itself, (task, limit) => (hours(task) ?? limit) <= limit, most(hours));
  add(
    'min_estimated_hours',
    criteria.minHours,
    itself,
    (task, limit) => (hours(task) ?? limit) >= limit,
    (task) => {
      const value = tenth(hours(task) ?? 0, -1);
      return value > 0 ? { value, distance: -value } : undefined;
    },
  );
  add(
    'hours_available_today',
    criteria.hoursToday,
    itself,
    (task, limit) => (hours(task) ?? limit) <= limit,
    most(hours),
  );
  return constraints;
}

/** In tenths, and not below a number (`direction` 1), or not above it (-1). */
function tenth(exact: number, direction: 1 | -1): number {
  const near = Math.round(exact * 10) / 10;
  return (near - exact) * direction >= 0 ? near : Math.round(exact * 10 + direction) / 10;
}

/** Without regard to case: people write tags and languages as they come. */
export function same(one: string | undefined, other: string): boolean {
  return one?.toLowerCase() === other.toLowerCase();
}
