import { compareText, compareUrgency, topologicalOrder } from '../../core/graph/order.js';
import type { PlanGraph } from '../../core/graph/planGraph.js';
import { PRIORITIES } from '../../core/model/priority.js';
import type { TaskSummary } from '../../core/model/task.js';
import type { WorkState } from '../../core/model/workState.js';
import type { Grouping } from '../manifest.js';

/** The groups by state in their order, and which states they hold. */
const STATE_GROUPS: readonly (readonly [WorkState, readonly WorkState[]])[] = [
  ['in_progress', ['in_progress', 'claimed']],
  ['ready', ['ready']],
  ['needs_decision', ['needs_decision']],
  ['blocked', ['blocked']],
  ['waiting', ['waiting', 'scheduled']],
  ['completed', ['completed']],
  ['cancelled', ['cancelled']],
];

export interface Group {
  readonly group: string;
  readonly tasks: readonly string[];
}

/** Arranges the tasks in the groups of a view, empty ones left out, each in the order that helps most there. */
export function arrange(plan: PlanGraph, tasks: readonly TaskSummary[], grouping: Grouping, now: string): Group[] {
  const position = new Map(topologicalOrder(plan).map((task, index) => [task.id, index]));
  const inOrder = (a: TaskSummary, b: TaskSummary) => (position.get(a.id) ?? 0) - (position.get(b.id) ?? 0);
  const groups = new Map<string, TaskSummary[]>(groupNames(grouping).map((name) => [name, []]));
  for (const task of tasks) {
    for (const name of namesOf(task, grouping, plan, now)) {
      const group = groups.get(name);
      if (group) group.push(task);
      else groups.set(name, [task]);
    }
  }
  return [...groups]
    .filter(([, members]) => members.length > 0)
    .sort(grouping === 'assignee' || grouping === 'tag' ? byName : () => 0)
    .map(([group, members]) => ({
      group,
      tasks: members.sort(grouping === 'state' ? orderOf(group as WorkState, inOrder) : inOrder).map((task) => task.id),
    }));
}

function groupNames(grouping: Grouping): readonly string[] {
  if (grouping === 'state') return STATE_GROUPS.map(([name]) => name);
  return grouping === 'priority' ? PRIORITIES : [];
}

function namesOf(task: TaskSummary, grouping: Grouping, plan: PlanGraph, now: string): readonly string[] {
  switch (grouping) {
    case 'state': {
      const state = plan.stateOf(task.id, now);
      return STATE_GROUPS.filter(([, states]) => states.includes(state)).map(([name]) => name);
    }
    case 'priority':
      return [task.priority];
    case 'assignee':
      return [task.assignee ?? ''];
    case 'tag':
      return task.tags.length > 0 ? task.tags : [''];
    case 'none':
      return [''];
  }
}

type Compare = (a: TaskSummary, b: TaskSummary) => number;

function orderOf(state: WorkState, inOrder: Compare): Compare {
  switch (state) {
    case 'ready':
      return compareUrgency;
    case 'in_progress':
      return (a, b) => compareText(a.startedAt ?? a.updatedAt, b.startedAt ?? b.updatedAt) || a.number - b.number;
    case 'completed':
    case 'cancelled':
      return (a, b) => compareText(b.completedAt ?? b.updatedAt, a.completedAt ?? a.updatedAt) || b.number - a.number;
    default:
      return inOrder;
  }
}

/** By name, the group without one last. */
function byName([a]: [string, unknown], [b]: [string, unknown]): number {
  if (a === '' || b === '') return a === b ? 0 : a === '' ? 1 : -1;
  return compareText(a.toLowerCase(), b.toLowerCase());
}
