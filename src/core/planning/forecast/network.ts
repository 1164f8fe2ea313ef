import { compareUrgency } from '../../graph/order.js';
import { isContainer, type PlanGraph, type PlanNode } from '../../graph/planGraph.js';
import type { TaskId } from '../../model/taskId.js';
import { isOpenTask, type WorkState } from '../../model/workState.js';

/** Why no date can be told of a task. */
export type HeldReason =
  /** A dependency of its own was cancelled. */
  | 'needs_decision'
  /** It waits for one of which that is true. */
  | 'waits_for_decision'
  /** It is in a cycle of dependencies, or behind one; only another program can write one. */
  | 'cycle';

/** Open work that leads to a target: what has to be done, and in which order it may be. */
export interface Network {
  /** Who is worked on first: what is in progress, what is claimed, then the most urgent. */
  readonly nodes: readonly PlanNode[];
  /** For each of them the positions of those that come before it. */
  readonly before: readonly (readonly number[])[];
  /** Positions, each after those that come before it. */
  readonly order: readonly number[];
  /** Tasks that consist of others: there is no work in them besides that. */
  readonly containers: ReadonlySet<PlanNode>;
  readonly held: readonly { readonly node: PlanNode; readonly why: HeldReason }[];
}

/** The targets that are open, and all that they wait for or consist of. */
export function networkOf(plan: PlanGraph, targets: Iterable<TaskId>, now: string): Network {
  const state = (node: PlanNode) => plan.stateOf(node.task.id, now);
  const needed = new Set<PlanNode>();
  const stack = [...targets].flatMap((id) => plan.get(id) ?? []).filter(isOpen);
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (needed.has(node)) continue;
    needed.add(node);
    stack.push(...dependenciesOf(node), ...openSubtasks(node));
  }
  const all = [...needed].sort((a, b) => rank(state(a)) - rank(state(b)) || compareUrgency(a.task, b.task));
  const containers = new Set(all.filter(isContainer));
  const { order, edges, cyclic } = inOrder(all);
  const held = new Map<PlanNode, HeldReason>(cyclic.map((node) => [node, 'cycle']));
  for (const node of order) {
    if (state(node) === 'needs_decision') held.set(node, 'needs_decision');
    else if (edges.get(node)?.some((other) => held.has(other))) held.set(node, 'waits_for_decision');
  }
  const nodes = all.filter((node) => !held.has(node));
  const position = new Map(nodes.map((node, at) => [node, at]));
  const positions = (some: readonly PlanNode[]) => some.flatMap((node) => position.get(node) ?? []);
  return {
    nodes,
    before: nodes.map((node) => positions(edges.get(node) ?? [])),
    order: positions(order),
    containers,
    held: all.flatMap((node) => {
      const why = held.get(node);
      return why ? [{ node, why }] : [];
    }),
  };
}

function isOpen({ task }: PlanNode): boolean {
  return isOpenTask(task);
}

function rank(state: WorkState): number {
  if (state === 'in_progress') return 0;
  return state === 'claimed' ? 1 : 2;
}

/** What a task waits for; work that goes on already waits for nothing. */
function dependenciesOf(node: PlanNode): PlanNode[] {
  return node.task.status === 'in_progress' ? [] : [...node.dependsOn.keys()].filter(isOpen);
}

function openSubtasks({ subtasks }: PlanNode): PlanNode[] {
  return [...subtasks].filter(isOpen);
}

/**
 * Each task after those that it depends on and consists of (Kahn's algorithm). A subtask may depend on its own parent:
 * where the two rules contradict each other, the parent is done when its own dependencies are.
 */
function inOrder(nodes: readonly PlanNode[]) {
  const edges = new Map<PlanNode, PlanNode[]>();
  for (const node of nodes) edges.set(node, [...new Set([...dependenciesOf(node), ...openSubtasks(node)])]);
  const first = sort(nodes, edges);
  if (first.rest.length === 0) return { order: first.order, edges, cyclic: [] };
  const rest = new Set(first.rest);
  for (const node of rest) {
    const parts = new Set(openSubtasks(node).filter((part) => rest.has(part)));
    const real = new Set(dependenciesOf(node));
    edges.set(
      node,
      (edges.get(node) ?? []).filter((other) => real.has(other) || !parts.has(other)),
    );
  }
  const second = sort(nodes, edges);
  return { order: second.order, edges, cyclic: second.rest };
}

function sort(nodes: readonly PlanNode[], edges: ReadonlyMap<PlanNode, readonly PlanNode[]>) {
  const after = new Map<PlanNode, PlanNode[]>();
  const open = new Map<PlanNode, number>();
  for (const node of nodes) {
    const before = edges.get(node) ?? [];
    open.set(node, before.length);
    for (const other of before) {
      const list = after.get(other);
      if (list) list.push(node);
      else after.set(other, [node]);
    }
  }
  const order = nodes.filter((node) => open.get(node) === 0);
  for (let at = 0; at < order.length; at += 1) {
    for (const node of after.get(order[at] as PlanNode) ?? []) {
      const left = (open.get(node) ?? 0) - 1;
      open.set(node, left);
      if (left === 0) order.push(node);
    }
  }
  return { order, rest: nodes.filter((node) => (open.get(node) ?? 0) > 0) };
}
