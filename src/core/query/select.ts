import { compareText, compareUrgency, topologicalOrder } from '../graph/order.js';
import type { PlanGraph } from '../graph/planGraph.js';
import { isLive } from '../model/claim.js';
import { PRIORITY_RANK } from '../model/priority.js';
import { STATUSES, type Status } from '../model/status.js';
import type { TaskSummary } from '../model/task.js';
import { parseTaskAddress } from '../model/taskId.js';
import { isOverdue, type TimeContext } from '../model/time.js';
import { isClosed, type WorkState } from '../model/workState.js';
import {
  type HAS_FILTERS,
  type IS_FILTERS,
  type Query,
  type QueryTerm,
  type SortKey,
  type SortTerm,
  TIME_KEYS,
} from './query.js';
import { numberTest, timeTest } from './range.js';

/**
 * What a list shows as a task's status: a task that waits, or whose dependency was cancelled, counts as blocked,
 * as the users of seed 000's `tm` know it.
 */
export function shownStatus(state: WorkState): Status {
  if (state === 'waiting' || state === 'needs_decision') return 'blocked';
  if (state === 'ready' || state === 'claimed' || state === 'scheduled') return 'pending';
  return state;
}

/** What a filter asks of fields that are not part of the graph. */
export type StoredCondition =
  /** The words stand in the description or another of the long texts. */
  | { readonly kind: 'words'; readonly words: string }
  | { readonly kind: 'creator'; readonly name: string }
  /** A field of the project's own has this value; without one, it is there. */
  | { readonly kind: 'custom'; readonly name: string; readonly value?: string }
  | { readonly kind: 'files' | 'criteria' | 'description' };

/** The time by which a filter's dates are read, and the fields that are not part of the graph. */
export interface SelectionContext extends TimeContext {
  /** Ids of the tasks of which a condition is true; absent: of none. */
  readonly stored?: (condition: StoredCondition) => ReadonlySet<string>;
}

/** The tasks that the query admits, in its order (by number where it names none); archived ones only if it asks for them. */
export function selectTasks(plan: PlanGraph, query: Query, context: SelectionContext): TaskSummary[] {
  const tests = query.terms.map((term) => termTest(plan, term, context));
  const archivedToo = asksForArchived(query);
  const found = plan.tasks().filter((task) => (archivedToo || !task.archivedAt) && tests.every((test) => test(task)));
  return query.sort.length === 0 ? found : sortTasks(plan, found, query.sort, context.now);
}

/** True for a query that says itself whether it means archived tasks, or that names tasks. */
function asksForArchived({ terms }: Query): boolean {
  return terms.some(({ key, values }) => key === 'id' || (key === 'is' && values.includes('archived')));
}

type Test = (task: TaskSummary) => boolean;

function termTest(plan: PlanGraph, term: QueryTerm, context: SelectionContext): Test {
  const alternatives = term.values.map((value) => valueTest(plan, term, value, context));
  return (task) => alternatives.some((test) => test(task)) !== term.negated;
}

function valueTest(plan: PlanGraph, { key, field }: QueryTerm, value: string, context: SelectionContext): Test {
  const wanted = value.toLowerCase();
  const stored = (condition: StoredCondition): Test => {
    const ids = context.stored?.(condition) ?? new Set();
    return (task) => ids.has(task.id);
  };
  switch (key) {
    case 'status':
      return (task) => hasStatus(plan.stateOf(task.id, context.now), value);
    case 'priority':
      return (task) => task.priority === value;
    case 'assignee':
    case 'type':
    case 'project':
    case 'milestone':
      return isWord((task) => task[key], wanted);
    case 'claimed':
      return isWord((task) => (isLive(task.claim, context.now) ? task.claim.by : undefined), wanted);
    case 'tag':
      return (task) => task.tags.some((tag) => tag.toLowerCase() === wanted);
    case 'text': {
      const described = stored({ kind: 'words', words: value });
      return (task) =>
        task.title.toLowerCase().includes(wanted) ||
        task.tags.some((tag) => tag.toLowerCase().includes(wanted)) ||
        described(task);
    }
    case 'creator':
      return stored({ kind: 'creator', name: value });
    case 'custom':
      return stored({ kind: 'custom', name: field ?? '', ...(wanted !== '*' && { value }) });
    case 'id':
      return addressed(value);
    case 'parent': {
      if (wanted === 'none') return (task) => task.parent === undefined;
      const isParent = addressed(value);
      return (task) => {
        const parent = task.parent === undefined ? undefined : plan.get(task.parent)?.task;
        return parent !== undefined && isParent(parent);
      };
    }
    case 'estimate': {
      if (wanted === 'none') return (task) => task.estimatedHours === undefined;
      const test = numberTest(value);
      return (task) => test(task.estimatedHours);
    }
    case 'due':
    case 'created':
    case 'updated':
    case 'completed':
      return timeFilter(key, value, context);
    case 'is':
      return beingTest(plan, value, context);
    case 'has':
      return havingTest(plan, value, stored);
  }
}

function isWord(read: (task: TaskSummary) => string | undefined, wanted: string): Test {
  return (task) => (wanted === 'none' ? read(task) === undefined : read(task)?.toLowerCase() === wanted);
}

/** Tests for the task with this number, or whose id is this or begins with it. */
function addressed(value: string): Test {
  const address = parseTaskAddress(value);
  return (task) =>
    address !== undefined &&
    ((address.kind !== 'prefix' && task.number === address.number) ||
      (address.kind !== 'number' && task.id.startsWith(address.prefix)));
}

function timeFilter(key: 'due' | 'created' | 'updated' | 'completed', value: string, context: SelectionContext): Test {
  const read = (task: TaskSummary) => (key === 'due' ? task.due : task[`${key}At`]);
  if (value.toLowerCase() === 'none') return (task) => read(task) === undefined;
  if (value.toLowerCase() === 'overdue') return (task) => isLate(task, context.now);
  const test = timeTest(value, context, TIME_KEYS[key] === 'clock');
  return (task) => test(read(task));
}

function beingTest(plan: PlanGraph, value: string, { now }: SelectionContext): Test {
  switch (value as (typeof IS_FILTERS)[number]) {
    case 'overdue':
      return (task) => isLate(task, now);
    case 'unassigned':
      return (task) => task.assignee === undefined;
    case 'archived':
      return (task) => task.archivedAt !== undefined;
    case 'claimed':
      return (task) => isLive(task.claim, now);
    case 'leaf':
      return (task) => plan.require(task.id).subtasks.size === 0;
    case 'root':
      return (task) => task.parent === undefined;
    default:
      return (task) => hasStatus(plan.stateOf(task.id, now), value);
  }
}

function havingTest(plan: PlanGraph, value: string, stored: (condition: StoredCondition) => Test): Test {
  const what = value as (typeof HAS_FILTERS)[number];
  switch (what) {
    case 'deps':
      return (task) => plan.require(task.id).dependsOn.size > 0;
    case 'subtasks':
      return (task) => plan.require(task.id).subtasks.size > 0;
    case 'estimate':
      return (task) => task.estimatedHours !== undefined;
    case 'due':
      return (task) => task.due !== undefined;
    default:
      return stored({ kind: what });
  }
}

/** True for an open task whose time has passed. */
export function isLate(task: TaskSummary, now: string): boolean {
  return task.due !== undefined && !isClosed(task.status) && isOverdue(task.due, now);
}

function hasStatus(state: WorkState, value: string): boolean {
  if (value === 'open') return !isClosed(state);
  return state === value || shownStatus(state) === value;
}

/** Keys that a task may have no value for. */
const OPTIONAL: Readonly<Partial<Record<SortKey, (task: TaskSummary) => unknown>>> = {
  due: (task) => task.due,
  estimate: (task) => task.estimatedHours,
  completed: (task) => task.completedAt,
};

/** Sorts by each term in turn, then by number, so that the order is total. Tasks without a value come last. */
export function sortTasks(
  plan: PlanGraph,
  tasks: readonly TaskSummary[],
  sort: readonly SortTerm[],
  now: string,
): TaskSummary[] {
  const comparisons = sort.map(({ key, descending }) => {
    const compare = comparison(plan, key, now);
    const directed = descending ? (a: TaskSummary, b: TaskSummary) => compare(b, a) : compare;
    const value = OPTIONAL[key];
    if (!value) return directed;
    const missing = (task: TaskSummary) => Number(value(task) === undefined);
    return (a: TaskSummary, b: TaskSummary) => missing(a) - missing(b) || directed(a, b);
  });
  return [...tasks].sort((a, b) => {
    for (const compare of comparisons) {
      const order = compare(a, b);
      if (order !== 0) return order;
    }
    return a.number - b.number;
  });
}

function comparison(plan: PlanGraph, key: SortKey, now: string): (a: TaskSummary, b: TaskSummary) => number {
  switch (key) {
    case 'order': {
      const position = new Map(topologicalOrder(plan).map((task, index) => [task.id, index]));
      return (a, b) => (position.get(a.id) ?? 0) - (position.get(b.id) ?? 0);
    }
    case 'priority':
      return (a, b) => PRIORITY_RANK[a.priority] - PRIORITY_RANK[b.priority] || -compareUrgency(a, b);
    case 'created':
      return (a, b) => compareText(a.createdAt, b.createdAt);
    case 'updated':
      return (a, b) => compareText(a.updatedAt, b.updatedAt);
    case 'due':
      return (a, b) => compareText(a.due ?? '', b.due ?? '');
    case 'completed':
      return (a, b) => compareText(a.completedAt ?? '', b.completedAt ?? '');
    case 'estimate':
      return (a, b) => (a.estimatedHours ?? 0) - (b.estimatedHours ?? 0);
    case 'number':
      return (a, b) => a.number - b.number;
    case 'title':
      return (a, b) => compareText(a.title.toLowerCase(), b.title.toLowerCase());
    case 'status':
      return (a, b) => rank(plan.stateOf(a.id, now)) - rank(plan.stateOf(b.id, now));
  }
}

function rank(state: WorkState): number {
  return STATUSES.indexOf(shownStatus(state));
}
