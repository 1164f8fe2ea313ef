import { median, percentage, rounded } from '../../metrics/statistics.js';

/** An estimate that was made before the task was completed, and what it took then; hours of work. */
export interface Verdict {
  readonly p50: number;
  readonly p80: number;
  readonly actual: number;
}

/** How good estimates were. */
export interface Accuracy {
  readonly n: number;
  /** Median of |actual − p50| / p50. */
  readonly medianRelativeError: number | null;
  /** Median of actual / p50: over 1 where work takes longer than estimated. */
  readonly medianRatio: number | null;
  /** Percentage of the actual hours that p80 covered; near 80 where the estimates are honest. */
  readonly withinP80: number | null;
}

export function accuracyOf(verdicts: readonly Verdict[]): Accuracy {
  const covered = verdicts.filter(({ actual, p80 }) => actual <= p80).length;
  return {
    n: verdicts.length,
    medianRelativeError: rounded(median(verdicts.map(({ actual, p50 }) => Math.abs(actual - p50) / p50)), 2),
    medianRatio: rounded(median(verdicts.map(({ actual, p50 }) => actual / p50)), 2),
    withinP80: percentage(covered, verdicts.length),
  };
}
