import { rankOf } from '../../metrics/statistics.js';

/** A stretch of hours, and how many runs ended in it. */
export interface Bin {
  readonly from: number;
  readonly to: number;
  readonly runs: number;
}

/** How often what came out, in at most so many stretches of the same length; the last one holds the longest tail too. */
export function histogram(sorted: Float64Array, bins: number): Bin[] {
  if (sorted.length === 0) return [];
  const least = sorted[0] as number;
  const most = sorted[sorted.length - 1] as number;
  const width = ((rankOf(sorted, 0.98) ?? 0) - least) / bins;
  if (width <= 0) return [{ from: least, to: most, runs: sorted.length }];
  const counts = new Array<number>(bins).fill(0);
  for (const value of sorted) {
    const at = Math.min(bins - 1, Math.floor((value - least) / width));
    counts[at] = (counts[at] ?? 0) + 1;
  }
  return counts.map((runs, at) => ({
    from: least + at * width,
    to: at === bins - 1 ? most : least + (at + 1) * width,
    runs,
  }));
}
