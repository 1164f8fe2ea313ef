import { compareText, compareUrgency, topologicalOrder } from '../graph/order.js';
import type { PlanGraph } from '../graph/planGraph.js';
import { PRIORITY_RANK } from '../model/priority.js';
import { STATUSES, type Status } from '../model/status.js';
import type { TaskSummary } from '../model/task.js';
import { isClosed, type WorkState } from '../model/workState.js';
import type { Query, QueryTerm, SortKey, SortTerm } from './query.js';

/**
 * What a list shows as a task's status: a task that waits, or whose dependency was cancelled, counts as blocked,
 * as the users of seed 000's `tm` know it.
 */
export function shownStatus(state: WorkState): Status {
  if (state === 'waiting' || state === 'needs_decision') return 'blocked';
  if (state === 'ready' || state === 'claimed' || state === 'scheduled') return 'pending';
  return state;
}

export interface SelectionContext {
  /** UTC ISO 8601. */
  readonly now: string;
  /** Ids of the tasks whose description holds the words; descriptions are not part of the graph. */
  readonly describedBy?: (words: string) => ReadonlySet<string>;
}

/** The tasks that the query admits, in its order (by number where it names none). */
export function selectTasks(plan: PlanGraph, query: Query, context: SelectionContext): TaskSummary[] {
  const tests = query.terms.map((term) => termTest(plan, term, context));
  const found = plan.tasks().filter((task) => tests.every((test) => test(task)));
  return query.sort.length === 0 ? found : sortTasks(plan, found, query.sort, context.now);
}

type Test = (task: TaskSummary) => boolean;

function termTest(plan: PlanGraph, { key, values, negated }: QueryTerm, context: SelectionContext): Test {
  const alternatives = values.map((value) => valueTest(plan, key, value, context));
  return (task) => alternatives.some((test) => test(task)) !== negated;
}

function valueTest(plan: PlanGraph, key: QueryTerm['key'], value: string, context: SelectionContext): Test {
  const wanted = value.toLowerCase();
  switch (key) {
    case 'status':
      return (task) => hasStatus(plan.stateOf(task.id, context.now), value);
    case 'priority':
      return (task) => task.priority === value;
    case 'assignee':
      return (task) => (wanted === 'none' ? task.assignee === undefined : task.assignee?.toLowerCase() === wanted);
    case 'tag':
      return (task) => task.tags.some((tag) => tag.toLowerCase() === wanted);
    case 'text': {
      const described = context.describedBy?.(value) ?? new Set();
      return (task) =>
        task.title.toLowerCase().includes(wanted) ||
        task.tags.some((tag) => tag.toLowerCase().includes(wanted)) ||
        described.has(task.id);
    }
  }
}

function hasStatus(state: WorkState, value: string): boolean {
  if (value === 'open') return !isClosed(state);
  return state === value || shownStatus(state) === value;
}

/** Sorts by each term in turn, then by number, so that the order is total. Tasks without a date come last. */
export function sortTasks(
  plan: PlanGraph,
  tasks: readonly TaskSummary[],
  sort: readonly SortTerm[],
  now: string,
): TaskSummary[] {
  const comparisons = sort.map(({ key, descending }) => {
    const compare = comparison(plan, key, now);
    const directed = descending ? (a: TaskSummary, b: TaskSummary) => compare(b, a) : compare;
    if (key !== 'due') return directed;
    return (a: TaskSummary, b: TaskSummary) => Number(!a.due) - Number(!b.due) || directed(a, b);
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
