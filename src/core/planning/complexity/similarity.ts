/** What tasks are compared by. */
export interface Features {
  readonly type: string;
  readonly tags: readonly string[];
  readonly files: readonly string[];
}

/** Every task has this type unless somebody says otherwise: that two have it says nothing. */
const USUAL_TYPE = 'task';

/** The Jaccard index of two tasks' tags, files and types, 0 to 1; 0 where they share nothing that tells. */
export function similarity(a: Features, b: Features): number {
  const [one, two] = [featuresOf(a), featuresOf(b)];
  const shared = [...one].filter((feature) => two.has(feature));
  if (!shared.some((feature) => feature !== `type ${USUAL_TYPE}`)) return 0;
  return shared.length / (one.size + two.size - shared.length);
}

/** Those most like a task, at most `limit`, the most similar first; the newest first among equals. */
export function nearest<T extends Features & { readonly number: number }>(
  task: Features,
  others: readonly T[],
  limit: number,
): { readonly task: T; readonly similarity: number }[] {
  return others
    .map((other) => ({ task: other, similarity: similarity(task, other) }))
    .filter((one) => one.similarity > 0)
    .sort((a, b) => b.similarity - a.similarity || b.task.number - a.task.number)
    .slice(0, limit);
}

function featuresOf({ type, tags, files }: Features): ReadonlySet<string> {
  return new Set([
    `type ${type}`,
    ...tags.map((tag) => `tag ${tag.toLowerCase()}`),
    ...files.map((file) => `file ${file}`),
  ]);
}
