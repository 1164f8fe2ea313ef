import type { TaskId } from '../model/taskId.js';
import { compareUrgency } from './order.js';
import type { PlanGraph, PlanNode } from './planGraph.js';

/** Part of the plan: some tasks and how many of their neighbours were left out. */
export interface Neighbourhood {
  /** In the order in which they were reached: the starting tasks first. */
  readonly nodes: readonly PlanNode[];
  /** True when the limit, not the distance, ended the walk. */
  readonly cut: boolean;
}

/**
 * Breadth-first from `start` along dependencies and dependants, at most `hops` edges away and `limit` tasks in all.
 * `include` leaves tasks out (they are not walked through either). Nearer and more urgent tasks come first.
 */
export function neighbourhood(
  plan: PlanGraph,
  start: readonly TaskId[],
  { hops, limit, include = () => true }: { hops: number; limit: number; include?: (node: PlanNode) => boolean },
): Neighbourhood {
  const nodes = new Set<PlanNode>();
  let cut = false;
  const take = (node: PlanNode): boolean => {
    if (nodes.has(node)) return false;
    if (nodes.size >= limit) {
      cut = true;
      return false;
    }
    nodes.add(node);
    return true;
  };
  let frontier = start.flatMap((id) => plan.get(id) ?? []).filter(take);
  for (let hop = 0; hop < hops && frontier.length > 0 && !cut; hop += 1) {
    const neighbours = frontier.flatMap((node) => [...node.dependsOn.keys(), ...node.dependants]);
    frontier = neighbours
      .filter(include)
      .sort((a, b) => compareUrgency(a.task, b.task))
      .filter(take);
  }
  return { nodes: [...nodes], cut };
}
