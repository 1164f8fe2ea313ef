import type { PlanNode } from './planGraph.js';

/** A task that waits for another, directly or through others. */
export interface DownstreamNode {
  readonly node: PlanNode;
  /** Dependencies between them: 1 for what waits for it directly. */
  readonly distance: number;
}

/** Everything that waits for a task, the nearest first, by number among equals. */
export function downstream(start: PlanNode): DownstreamNode[] {
  const found: DownstreamNode[] = [];
  const seen = new Set([start]);
  let generation = [start];
  for (let distance = 1; generation.length > 0; distance += 1) {
    const next = new Set<PlanNode>();
    for (const node of generation)
      for (const dependant of node.dependants) if (!seen.has(dependant)) next.add(dependant);
    generation = [...next].sort((a, b) => a.task.number - b.task.number);
    for (const node of generation) {
      seen.add(node);
      found.push({ node, distance });
    }
  }
  return found;
}

/** The pending tasks that wait for nothing else: completing `start` lets them go. */
export function releasedBy(start: PlanNode): PlanNode[] {
  return [...start.dependants]
    .filter(
      ({ task, dependsOn }) =>
        task.status === 'pending' &&
        [...dependsOn.keys()].every((other) => other === start || other.task.status === 'completed'),
    )
    .sort((a, b) => a.task.number - b.task.number);
}
