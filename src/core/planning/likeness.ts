import { compareText } from '../graph/order.js';
import type { TaskId } from '../model/taskId.js';

/** What tells one task's work from another's. */
export interface WorkTraits {
  readonly type: string;
  /** In lower case, each once. */
  readonly tags: readonly string[];
  /** Paths of the files that it refers to, each once. */
  readonly files: readonly string[];
}

/** A task that is finished, and when: UTC ISO 8601. */
export interface FinishedWork extends WorkTraits {
  readonly id: TaskId;
  readonly completedAt: string;
}

/** Every task has this type unless somebody says otherwise: that two have it says nothing. */
const USUAL_TYPE = 'task';

export function traitsOf(task: { readonly type: string; readonly tags: readonly string[] }, files: readonly string[]) {
  const tags = [...new Set(task.tags.map((tag) => tag.toLowerCase()))];
  return { type: task.type, tags, files: [...new Set(files)] } satisfies WorkTraits;
}

/** How alike the work of two tasks is, from 0 to 1: the Jaccard index of type, tags and files. */
export function similarity(a: WorkTraits, b: WorkTraits): number {
  const common = Number(a.type === b.type) + shared(a, b);
  return common / (2 + a.tags.length + a.files.length + b.tags.length + b.files.length - common);
}

/** True where two have a tag, a file, or a type that somebody chose in common. */
export function areRelated(a: WorkTraits, b: WorkTraits): boolean {
  return (a.type === b.type && a.type !== USUAL_TYPE) || shared(a, b) > 0;
}

/** Those admitted, the most similar first, the latest among equals. */
export function nearest<T extends FinishedWork>(
  task: WorkTraits,
  finished: readonly T[],
  admits: (task: WorkTraits, other: T) => boolean,
): { readonly task: T; readonly similarity: number }[] {
  return finished
    .filter((other) => admits(task, other))
    .map((other) => ({ task: other, similarity: similarity(task, other) }))
    .sort(
      (a, b) =>
        b.similarity - a.similarity ||
        compareText(b.task.completedAt, a.task.completedAt) ||
        compareText(a.task.id, b.task.id),
    );
}

function shared(a: WorkTraits, b: WorkTraits): number {
  return overlap(a.tags, b.tags) + overlap(a.files, b.files);
}

function overlap(a: readonly string[], b: readonly string[]): number {
  let count = 0;
  for (const one of a) if (b.includes(one)) count += 1;
  return count;
}
