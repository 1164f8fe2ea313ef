import { compareText } from '../../graph/order.js';
import type { TaskId } from '../../model/taskId.js';
import type { Observation } from './shrinkage.js';

/** What tells one task's work from another's. */
export interface WorkTraits {
  readonly type: string;
  readonly tags: readonly string[];
  /** Paths of the files that it refers to. */
  readonly files: readonly string[];
}

/** A finished task, and how long it took. */
export interface FinishedTask extends WorkTraits {
  readonly id: TaskId;
  /** Hours of work, more than 0. */
  readonly hours: number;
  /** UTC ISO 8601. */
  readonly completedAt: string;
}

export interface SimilarTask extends Observation {
  readonly id: TaskId;
}

/** So many of the most similar are looked at: more would be less and less alike. */
export const NEAREST = 15;

/**
 * How alike the work of two tasks is, from 0 to 1: the share that they have in common of what is known of both (Jaccard
 * index of type, tags and files). 0 where the types differ: a bug tells little of a feature, whatever its tags.
 */
export function similarity(a: WorkTraits, b: WorkTraits): number {
  if (a.type !== b.type) return 0;
  const common = shared(a.tags, b.tags) + shared(a.files, b.files);
  return (1 + common) / (1 + a.tags.length + a.files.length + b.tags.length + b.files.length - common);
}

function shared(a: readonly string[], b: readonly string[]): number {
  let count = 0;
  for (const one of a) if (b.includes(one)) count += 1;
  return count;
}

/** The finished tasks that are most alike, weighed by how much they are; the latest first among equals. */
export function mostSimilar(task: WorkTraits, finished: readonly FinishedTask[]): SimilarTask[] {
  return finished
    .map((other) => ({ other, weight: similarity(task, other) }))
    .filter(({ weight }) => weight > 0)
    .sort(
      (a, b) =>
        b.weight - a.weight ||
        compareText(b.other.completedAt, a.other.completedAt) ||
        compareText(a.other.id, b.other.id),
    )
    .slice(0, NEAREST)
    .map(({ other, weight }) => ({ id: other.id, hours: other.hours, weight: Math.round(weight * 1000) / 1000 }));
}
