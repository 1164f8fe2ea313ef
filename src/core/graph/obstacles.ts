import type { TaskSummary } from '../model/task.js';
import type { PlanGraph } from './planGraph.js';

/** A task that cannot be worked on, and why. */
export interface StuckTask {
  readonly task: TaskSummary;
  /** The open tasks at the roots of what it waits for. */
  readonly blockers: readonly TaskSummary[];
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

/** Every task that waits, needs a decision or was blocked by somebody, by number. */
export function stuckTasks(plan: PlanGraph, now: string): StuckTask[] {
  return plan.nodes().flatMap(({ task, dependsOn }): StuckTask[] => {
    if (task.archivedAt !== undefined) return [];
    const state = plan.stateOf(task.id, now);
    if (state !== 'waiting' && state !== 'needs_decision' && state !== 'blocked') return [];
    const cancelled = [...dependsOn.keys()].map((node) => node.task).filter((other) => other.status === 'cancelled');
    return [{ task, blockers: plan.blockers(task.id), cancelled: cancelled.sort((a, b) => a.number - b.number) }];
  });
}

/** The roots, the one whose completion would release most first. */
export function obstacles(stuck: readonly StuckTask[]): Obstacle[] {
  const found = new Map<TaskSummary, { holdsUp: number; alone: number }>();
  for (const { blockers } of stuck) {
    for (const blocker of blockers) {
      const counts = found.get(blocker) ?? { holdsUp: 0, alone: 0 };
      counts.holdsUp += 1;
      if (blockers.length === 1) counts.alone += 1;
      found.set(blocker, counts);
    }
  }
  return [...found]
    .map(([task, counts]) => ({ task, ...counts }))
    .sort((a, b) => b.alone - a.alone || b.holdsUp - a.holdsUp || a.task.number - b.task.number);
}
