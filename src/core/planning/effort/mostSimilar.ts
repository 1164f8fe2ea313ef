import { rounded } from '../../metrics/statistics.js';
import type { TaskId } from '../../model/taskId.js';
import { type FinishedWork, nearest, type WorkTraits } from '../likeness.js';
import type { Observation } from './shrinkage.js';

/** A finished task, and how long it took. */
export interface FinishedTask extends FinishedWork {
  /** Hours of work, more than 0. */
  readonly hours: number;
}

export interface SimilarTask extends Observation {
  readonly id: TaskId;
}

/** So many of the most similar are looked at: more would be less and less alike. */
export const NEAREST = 15;

/**
 * The finished tasks that are most alike, weighed by how much they are. Other types do not count: a bug tells little of a
 * feature, whatever its tags.
 */
export function mostSimilar(task: WorkTraits, finished: readonly FinishedTask[]): SimilarTask[] {
  return nearest(task, finished, (one, other) => one.type === other.type)
    .slice(0, NEAREST)
    .map(({ task: { id, hours }, similarity }) => ({ id, hours, weight: rounded(similarity, 3) }));
}
