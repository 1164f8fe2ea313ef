import { PRIORITY_RANK } from '../model/priority.js';
import type { TaskSummary } from '../model/task.js';
import type { PlanGraph, PlanNode } from './planGraph.js';

/** Most urgent first: priority, then age, then number. */
export function compareUrgency(a: TaskSummary, b: TaskSummary): number {
  return (
    PRIORITY_RANK[b.priority] - PRIORITY_RANK[a.priority] ||
    compareText(a.createdAt, b.createdAt) ||
    a.number - b.number
  );
}

/** Code-unit order, the same on every machine (unlike `localeCompare`). */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/**
 * The tasks so that each comes after everything it depends on; among those free to come next, the most urgent first
 * (Kahn's algorithm with a heap). Tasks caught in a cycle, which only another program can write, come last.
 */
export function topologicalOrder(plan: PlanGraph): TaskSummary[] {
  const waiting = new Map<PlanNode, number>();
  const heap = new UrgencyHeap();
  const nodes = plan.nodes();
  for (const node of nodes) {
    if (node.dependsOn.size === 0) heap.push(node);
    else waiting.set(node, node.dependsOn.size);
  }
  const order: TaskSummary[] = [];
  for (let node = heap.pop(); node; node = heap.pop()) {
    order.push(node.task);
    for (const dependant of node.dependants) {
      const left = (waiting.get(dependant) ?? 0) - 1;
      waiting.set(dependant, left);
      if (left === 0) {
        waiting.delete(dependant);
        heap.push(dependant);
      }
    }
  }
  for (const node of nodes) if (waiting.has(node)) order.push(node.task);
  return order;
}

class UrgencyHeap {
  readonly #items: PlanNode[] = [];

  push(node: PlanNode): void {
    const items = this.#items;
    let at = items.length;
    items.push(node);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (compareUrgency(items[parent]!.task, node.task) <= 0) break;
      items[at] = items[parent]!;
      at = parent;
    }
    items[at] = node;
  }

  pop(): PlanNode | undefined {
    const items = this.#items;
    const top = items[0];
    const last = items.pop();
    if (top === undefined || last === undefined || items.length === 0) return top;
    let at = 0;
    for (;;) {
      let child = at * 2 + 1;
      if (child >= items.length) break;
      if (child + 1 < items.length && compareUrgency(items[child + 1]!.task, items[child]!.task) < 0) child += 1;
      if (compareUrgency(last.task, items[child]!.task) <= 0) break;
      items[at] = items[child]!;
      at = child;
    }
    items[at] = last;
    return top;
  }
}
