import type { PlanNode } from './planGraph.js';

/** An edge of a drawn graph, in the direction of time: `from` is done before `to`. */
export interface PlanEdge {
  readonly from: PlanNode;
  readonly to: PlanNode;
}

/** Every dependency between the given tasks, by number of both ends. */
export function edgesAmong(nodes: readonly PlanNode[]): PlanEdge[] {
  const shown = new Set(nodes);
  const edges: PlanEdge[] = [];
  for (const to of nodes) for (const from of to.dependsOn.keys()) if (shown.has(from)) edges.push({ from, to });
  return edges.sort((a, b) => a.from.task.number - b.from.task.number || a.to.task.number - b.to.task.number);
}

/**
 * The edges without those that a longer path among them implies: the smallest set with the same reachability
 * (unique for an acyclic graph; Aho, Garey and Ullman 1972). Edges of a cycle are all kept.
 */
export function transitiveReduction(edges: readonly PlanEdge[]): PlanEdge[] {
  const after = new Map<PlanNode, PlanNode[]>();
  for (const { from, to } of edges) after.set(from, [...(after.get(from) ?? []), to]);
  return edges.filter(({ from, to }) => {
    const seen = new Set<PlanNode>([from]);
    const stack = (after.get(from) ?? []).filter((next) => next !== to);
    for (let node = stack.pop(); node; node = stack.pop()) {
      if (node === to) return false;
      if (seen.has(node)) continue;
      seen.add(node);
      stack.push(...(after.get(node) ?? []));
    }
    return true;
  });
}
