import type { TaskId } from '../../model/taskId.js';
import type { RankedTask } from './choose.js';
import type { OpenTask } from './plan.js';

/**
 * For so many people at once: the best tasks, in their order, of which no two touch the same file, and none is part of
 * another. Ready tasks never depend on each other. Each file belongs to the best task that refers to it.
 */
export function independent(
  ranked: readonly RankedTask[],
  workers: number,
  parentOf: (task: RankedTask['task']) => Iterable<TaskId>,
): RankedTask[] {
  const chosen: RankedTask[] = [];
  const files = new Set<string>();
  const taken = new Set<TaskId>();
  /** What the chosen ones are parts of. */
  const above = new Set<TaskId>();
  for (const one of ranked) {
    if (chosen.length === workers) break;
    const { task } = one;
    const parents = [...parentOf(task)];
    const overlaps =
      task.files.some((file) => files.has(file)) || above.has(task.id) || parents.some((parent) => taken.has(parent));
    if (overlaps) continue;
    chosen.push(one);
    taken.add(task.id);
    for (const file of task.files) files.add(file);
    for (const parent of parents) above.add(parent);
  }
  return chosen;
}

/** The ids of what a task is a part of, from the nearest up; another program may have written a circle. */
export function parentsIn(tasks: readonly OpenTask[]): (task: OpenTask) => Set<TaskId> {
  const known = new Map(tasks.map((task) => [task.id, task]));
  return (task) => {
    const above = new Set<TaskId>();
    for (let parent = task.parent; parent !== undefined && !above.has(parent); parent = known.get(parent)?.parent)
      above.add(parent);
    return above;
  };
}
