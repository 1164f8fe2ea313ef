import { rounded } from '../../metrics/statistics.js';
import type { ExpectedHours } from '../effort/expected.js';
import { fromQuantiles, upperTail } from '../effort/lognormal.js';

/**
 * The probability that a task is done within so many hours: its duration as a log-normal through p50 and p80. Undefined
 * where the two are the same, which says nothing about the spread.
 */
export function chanceWithin(hours: number, { p50, p80 }: Pick<ExpectedHours, 'p50' | 'p80'>): number | undefined {
  if (p50 <= 0 || hours <= 0) return undefined;
  const { mu, sigma } = fromQuantiles(p50, p80);
  return sigma === 0 ? undefined : rounded(1 - upperTail((Math.log(hours) - mu) / sigma), 2);
}
