import { median } from '../metrics/statistics.js';
import type { TaskId } from '../model/taskId.js';
import { isOpenTask } from '../model/workState.js';
import type { PlanGraph, PlanNode } from './planGraph.js';

/** Where a task stands in the plan's timetable. Times are hours of work from now, as if everything free were begun at once. */
export interface TimetableEntry {
  readonly id: TaskId;
  readonly hours: number;
  /** False where the task has no estimate, so that `hours` is the substitute of the basis. */
  readonly estimated: boolean;
  readonly earliestStart: number;
  readonly earliestFinish: number;
  /** Later than this, and the whole plan takes longer. */
  readonly latestStart: number;
  readonly latestFinish: number;
  /** How many hours it may be late. */
  readonly slack: number;
}

/** What stands for the hours of a task without an estimate, and where that comes from. */
export interface EstimateBasis {
  /** How many of the open tasks have an estimate, and how many have none. */
  readonly estimated: number;
  readonly unestimated: number;
  readonly substituteHours: number;
  /** The median of all estimates that the plan knows (`known` of them), or 1 where it knows none. */
  readonly substitute: 'median' | 'one';
  readonly known: number;
}

export interface Timetable {
  /** The open tasks, each after what it depends on. */
  readonly entries: readonly TimetableEntry[];
  /** The longest chain of open tasks, first to last; the one of the lower numbers among equals. */
  readonly path: readonly TaskId[];
  /** The length of that chain. */
  readonly hours: number;
  readonly basis: EstimateBasis;
  /** Tasks left out because they are in a cycle, or behind one; only another program can write one. */
  readonly cyclic: readonly TaskId[];
}

interface Times {
  readonly node: PlanNode;
  readonly hours: number;
  readonly estimated: boolean;
  start: number;
  finish: number;
  latest: number;
  before: Times | undefined;
}

/** The critical path method over the open tasks: forward pass for the earliest times, backward pass for the latest. */
export function timetable(plan: PlanGraph): Timetable {
  const open = plan.nodes().filter(({ task }) => isOpenTask(task));
  const basis = estimateBasis(plan, open);
  const { order, cyclic } = inOrder(open);
  const times = new Map<PlanNode, Times>();
  for (const node of order) {
    const { estimatedHours } = node.task;
    const estimated = isHours(estimatedHours);
    const hours = estimated ? estimatedHours : basis.substituteHours;
    const before = latestOf([...node.dependsOn.keys()].flatMap((other) => times.get(other) ?? []));
    const start = before?.finish ?? 0;
    times.set(node, { node, hours, estimated, start, finish: start + hours, latest: 0, before });
  }
  const last = latestOf([...times.values()]);
  const total = last?.finish ?? 0;
  for (const entry of [...times.values()].reverse()) {
    const after = [...entry.node.dependants].flatMap((other) => times.get(other) ?? []);
    entry.latest = Math.min(total, ...after.map((other) => other.latest - other.hours));
  }
  const path: TaskId[] = [];
  for (let entry = last; entry; entry = entry.before) path.unshift(entry.node.task.id);
  return {
    entries: [...times.values()].map(toEntry),
    path,
    hours: rounded(total),
    basis,
    cyclic: cyclic.map((node) => node.task.id),
  };
}

/** Another program may have written anything. */
function isHours(value: number | undefined): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function estimateBasis(plan: PlanGraph, open: readonly PlanNode[]): EstimateBasis {
  const known = plan.nodes().flatMap(({ task }) => (isHours(task.estimatedHours) ? [task.estimatedHours] : []));
  const estimated = open.filter(({ task }) => isHours(task.estimatedHours)).length;
  return {
    estimated,
    unestimated: open.length - estimated,
    substituteHours: median(known) ?? 1,
    substitute: known.length > 0 ? 'median' : 'one',
    known: known.length,
  };
}

/** Each task after those that it depends on (Kahn's algorithm), by number among the free ones of a generation. */
function inOrder(open: readonly PlanNode[]): { order: PlanNode[]; cyclic: PlanNode[] } {
  const waiting = new Map<PlanNode, number>();
  const included = new Set(open);
  for (const node of open) {
    waiting.set(node, [...node.dependsOn.keys()].filter((other) => included.has(other)).length);
  }
  const order = open.filter((node) => waiting.get(node) === 0);
  for (let at = 0; at < order.length; at += 1) {
    for (const dependant of order[at]!.dependants) {
      const left = (waiting.get(dependant) ?? 0) - 1;
      waiting.set(dependant, left);
      if (left === 0) order.push(dependant);
    }
  }
  return { order, cyclic: open.filter((node) => (waiting.get(node) ?? 0) > 0) };
}

/** The one that finishes last; the lower number among equals. */
function latestOf(candidates: readonly Times[]): Times | undefined {
  let best: Times | undefined;
  for (const one of candidates) {
    const later = best === undefined ? 1 : one.finish - best.finish || best.node.task.number - one.node.task.number;
    if (later > 0) best = one;
  }
  return best;
}

function toEntry({ node, hours, estimated, start, finish, latest }: Times): TimetableEntry {
  return {
    id: node.task.id,
    hours: rounded(hours),
    estimated,
    earliestStart: rounded(start),
    earliestFinish: rounded(finish),
    latestStart: rounded(latest - hours),
    latestFinish: rounded(latest),
    slack: rounded(latest - finish),
  };
}

/** Without the noise of adding fractions. */
function rounded(hours: number): number {
  return Math.round(hours * 1e6) / 1e6 || 0;
}
