import type { TaskId } from '../model/taskId.js';
import { isClosed } from '../model/workState.js';
import { neighbourhood } from './neighbourhood.js';
import { compareUrgency } from './order.js';
import type { PlanGraph, PlanNode } from './planGraph.js';
import { edgesAmong, type PlanEdge, transitiveReduction } from './transitiveReduction.js';

/** What part of the plan to draw. */
export interface GraphViewOptions {
  /** Draw around this task; absent: the ready front, what can be worked on now and what follows from it. */
  readonly focus?: TaskId;
  /** How many edges away from the focus or the front. */
  readonly hops: number;
  /** Draw completed and cancelled tasks too. */
  readonly showDone: boolean;
  /** UTC ISO 8601. */
  readonly now: string;
  /** At most so many tasks; a picture stops being readable near 120. */
  readonly maxNodes?: number;
  /** At most so many edges; Mermaid refuses more than 500. */
  readonly maxEdges?: number;
}

/** Neighbours of a drawn task that were left out. */
export interface HiddenNeighbours {
  readonly of: PlanNode;
  readonly side: 'before' | 'after';
  readonly count: number;
}

export interface GraphView {
  /** What comes first is first. */
  readonly nodes: readonly PlanNode[];
  /** Transitively reduced. */
  readonly edges: readonly PlanEdge[];
  /** The edges on the chains from the open roots to the focus. */
  readonly strong: ReadonlySet<PlanEdge>;
  readonly hidden: readonly HiddenNeighbours[];
  /** How many tasks the whole plan has that could be drawn under `showDone`. */
  readonly total: number;
  /** True when the limit cut the picture, not the distance. */
  readonly cut: boolean;
}

const MAX_STUBS = 24;

/** Chooses the tasks and edges of one picture. */
export function graphView(plan: PlanGraph, options: GraphViewOptions): GraphView {
  const { focus, hops, showDone, now, maxNodes = 120, maxEdges = 500 } = options;
  const include = (node: PlanNode) =>
    node.task.id === focus || (!node.task.archivedAt && (showDone || !isClosed(node.task.status)));
  const drawable = plan.nodes().filter(include);
  const start = focus !== undefined && plan.get(focus) ? [focus] : front(plan, drawable, now);
  const { nodes, cut } = neighbourhood(plan, start, { hops, limit: maxNodes, include });
  const edges = transitiveReduction(edgesAmong(nodes)).slice(0, maxEdges);
  const shown = new Set(nodes);
  return {
    nodes: inReadingOrder(nodes, edges),
    edges,
    strong: focus === undefined ? new Set() : chainsTo(focus, edges),
    hidden: hiddenNeighbours(nodes, shown, include).slice(0, MAX_STUBS),
    total: drawable.length,
    cut,
  };
}

/** What can be acted on now, most urgent first; where nothing can, whatever is open. */
function front(plan: PlanGraph, drawable: readonly PlanNode[], now: string): TaskId[] {
  const actionable = drawable.filter((node) => {
    const state = plan.stateOf(node.task.id, now);
    return state !== 'waiting' && !isClosed(state);
  });
  const chosen = actionable.length > 0 ? actionable : drawable;
  return chosen
    .map((node) => node.task)
    .sort(compareUrgency)
    .map((task) => task.id);
}

/** The edges that lead, over open tasks, to `focus`. */
function chainsTo(focus: TaskId, edges: readonly PlanEdge[]): Set<PlanEdge> {
  const into = new Map<PlanNode, PlanEdge[]>();
  for (const edge of edges) into.set(edge.to, [...(into.get(edge.to) ?? []), edge]);
  const strong = new Set<PlanEdge>();
  const stack = edges.map((edge) => edge.to).filter((node) => node.task.id === focus);
  for (let node = stack.pop(); node; node = stack.pop()) {
    for (const edge of into.get(node) ?? []) {
      if (strong.has(edge) || isClosed(edge.from.task.status)) continue;
      strong.add(edge);
      stack.push(edge.from);
    }
  }
  return strong;
}

/** By the length of the longest chain that leads to a task, then by number. */
function inReadingOrder(nodes: readonly PlanNode[], edges: readonly PlanEdge[]): PlanNode[] {
  const before = new Map<PlanNode, PlanNode[]>();
  for (const { from, to } of edges) before.set(to, [...(before.get(to) ?? []), from]);
  const depths = new Map<PlanNode, number>();
  const depthOf = (node: PlanNode): number => {
    const known = depths.get(node);
    if (known !== undefined) return known;
    // Stands while the node is being measured, so that a cycle ends.
    depths.set(node, 0);
    const depth = 1 + Math.max(-1, ...(before.get(node) ?? []).map(depthOf));
    depths.set(node, depth);
    return depth;
  };
  return [...nodes].sort((a, b) => depthOf(a) - depthOf(b) || a.task.number - b.task.number);
}

function hiddenNeighbours(
  nodes: readonly PlanNode[],
  shown: ReadonlySet<PlanNode>,
  include: (node: PlanNode) => boolean,
): HiddenNeighbours[] {
  const left = (neighbours: Iterable<PlanNode>) =>
    [...neighbours].filter((node) => !shown.has(node) && include(node)).length;
  return nodes.flatMap((of) => {
    const before = left(of.dependsOn.keys());
    const after = left(of.dependants);
    return [
      ...(before > 0 ? [{ of, side: 'before' as const, count: before }] : []),
      ...(after > 0 ? [{ of, side: 'after' as const, count: after }] : []),
    ];
  });
}
