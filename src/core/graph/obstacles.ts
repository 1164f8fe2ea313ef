import type { TaskSummary } from '../model/task.js';
import { isClosed } from '../model/workState.js';
import type { PlanGraph, PlanNode } from './planGraph.js';

/** A task that cannot be worked on, and why. */
export interface StuckTask {
  readonly task: TaskSummary;
  /** The open tasks at the roots of what it waits for, by number: the first of them. */
  readonly blockers: readonly TaskSummary[];
  /** How many these are in all. */
  readonly blockersTotal: number;
  /** Its own dependencies that were cancelled: somebody has to decide. */
  readonly cancelled: readonly TaskSummary[];
}

/** A task at the root of what others wait for. */
export interface Obstacle {
  readonly task: TaskSummary;
  /** How many tasks wait for it, alone or among others. */
  readonly holdsUp: number;
  /** How many of these wait for nothing else at the root. */
  readonly alone: number;
}

export interface Obstacles {
  /** Every task that waits, needs a decision or was blocked by somebody, by number. */
  readonly stuck: readonly StuckTask[];
  /** The roots, the one whose completion would release most first. */
  readonly roots: readonly Obstacle[];
}

/** More blockers of one task than this are counted only. */
const LISTED = 20;

/** What cannot go on among the tasks that are `admitted`, and what holds it up. */
export function findObstacles(plan: PlanGraph, now: string, admitted?: ReadonlySet<string>): Obstacles {
  const nodes = plan.nodes();
  const roots = new RootSets(nodes);
  const counts = new Map<TaskSummary, { holdsUp: number; alone: number }>();
  const stuck = nodes.flatMap((node): StuckTask[] => {
    const { task } = node;
    if (task.archivedAt !== undefined || admitted?.has(task.id) === false) return [];
    const state = plan.stateOf(task.id, now);
    if (state !== 'waiting' && state !== 'needs_decision' && state !== 'blocked') return [];
    const blockers = roots.of(node) ?? plan.blockers(task.id);
    for (const blocker of blockers) {
      const count = counts.get(blocker) ?? { holdsUp: 0, alone: 0 };
      counts.set(blocker, count);
      count.holdsUp += 1;
      if (blockers.length === 1) count.alone += 1;
    }
    const cancelled = [...node.dependsOn.keys()].map((one) => one.task).filter((one) => one.status === 'cancelled');
    cancelled.sort((a, b) => a.number - b.number);
    return [{ task, blockers: blockers.slice(0, LISTED), blockersTotal: blockers.length, cancelled }];
  });
  const found = [...counts].map(([task, count]) => ({ task, ...count }));
  found.sort((a, b) => b.alone - a.alone || b.holdsUp - a.holdsUp || a.task.number - b.task.number);
  return { stuck, roots: found };
}

/**
 * The same as `PlanGraph.blockers` of every task, found in one pass along the dependencies: a set of bits for each task
 * is the union of those of what it waits for.
 */
class RootSets {
  readonly #roots: PlanNode[];
  readonly #sets = new Map<PlanNode, Uint32Array>();

  constructor(nodes: readonly PlanNode[]) {
    const open = nodes.filter(({ task }) => !isClosed(task.status));
    this.#roots = open.filter(isRoot);
    const index = new Map(this.#roots.map((root, at) => [root, at]));
    const waiting = new Map(open.map((node) => [node, openDependencies(node).length]));
    const order = open.filter((node) => waiting.get(node) === 0);
    for (let at = 0; at < order.length; at += 1) {
      const node = order[at] as PlanNode;
      this.#sets.set(node, this.#union(node, index));
      for (const dependant of node.dependants) {
        const left = (waiting.get(dependant) ?? 0) - 1;
        waiting.set(dependant, left);
        if (left === 0) order.push(dependant);
      }
    }
  }

  /** By number; undefined for a task in a cycle or behind one. */
  of(node: PlanNode): TaskSummary[] | undefined {
    const set = this.#sets.get(node);
    if (!set) return undefined;
    const found: TaskSummary[] = [];
    for (let word = 0; word < set.length; word += 1) {
      for (let bits = set[word] as number; bits !== 0; bits &= bits - 1) {
        const root = this.#roots[word * 32 + 31 - Math.clz32(bits & -bits)];
        if (root) found.push(root.task);
      }
    }
    return found;
  }

  #union(node: PlanNode, index: ReadonlyMap<PlanNode, number>): Uint32Array {
    const union = new Uint32Array(Math.ceil(this.#roots.length / 32));
    for (const dependency of openDependencies(node)) {
      const set = this.#sets.get(dependency);
      if (set) for (let word = 0; word < set.length; word += 1) union[word] = (union[word] ?? 0) | (set[word] ?? 0);
      const at = index.get(dependency);
      if (at !== undefined) union[at >> 5] = (union[at >> 5] ?? 0) | (1 << (at & 31));
    }
    return union;
  }
}

/** Nothing open is before it, or a dependency of its own was cancelled: somebody can act here. */
function isRoot({ dependsOn }: PlanNode): boolean {
  const tasks = [...dependsOn.keys()].map((node) => node.task);
  return tasks.some((task) => task.status === 'cancelled') || tasks.every((task) => isClosed(task.status));
}

function openDependencies({ dependsOn }: PlanNode): PlanNode[] {
  return [...dependsOn.keys()].filter(({ task }) => !isClosed(task.status));
}
