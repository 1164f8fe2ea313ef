import { rankOf, rounded } from '../../metrics/statistics.js';
import { type LogNormal, quantile, Z80, Z90 } from './lognormal.js';

/** How long something like it took, in hours of work. */
export interface Observation {
  readonly hours: number;
  /** How much it counts: 1 for one just like it, less for one that is less alike. */
  readonly weight: number;
}

/** Hours for a task of complexity 5 of 10, and how far off that is: the curve of seed 002. */
const MIDDLING_SCORE = 5;
const MIDDLING_HOURS = 8;
/** Standard deviation of the logarithm where nothing was measured: 80 % within 1.7 times the median. */
export const PRIOR_SIGMA = 0.6;
/** As many observations does the prior count for. */
export const PRIOR_WEIGHT = 3;

/** Hours that a complexity of 1 to 10 lets expect before anything was measured: 8 · score / 5. */
export function priorHours(score = MIDDLING_SCORE): number {
  return (MIDDLING_HOURS * score) / MIDDLING_SCORE;
}

/**
 * A prior shrunk towards what was observed, in logarithms (algorithms.md 6.4, with weights):
 * μ = (Σ wᵢ ln hᵢ + 3 ln h₀) / (Σ wᵢ + 3), σ² = (Σ wᵢ (ln hᵢ − μ)² + 3 σ₀²) / (Σ wᵢ + 3).
 */
export function shrink(prior: number, observations: readonly Observation[], sigma = PRIOR_SIGMA): LogNormal {
  const total = observations.reduce((sum, { weight }) => sum + weight, PRIOR_WEIGHT);
  const logs = observations.reduce((sum, { hours, weight }) => sum + weight * Math.log(hours), 0);
  const mu = (logs + PRIOR_WEIGHT * Math.log(prior)) / total;
  const squares = observations.reduce((sum, { hours, weight }) => sum + weight * (Math.log(hours) - mu) ** 2, 0);
  return { mu, sigma: Math.sqrt((squares + PRIOR_WEIGHT * sigma ** 2) / total) };
}

/** Hours of work that a task likely takes. */
export interface Hours {
  /** As likely more as less. */
  readonly p50: number;
  /** Four of five take no longer. */
  readonly p80: number;
  /** One of ten takes less, and one of ten takes more than `high`. */
  readonly low: number;
  readonly high: number;
  /** `p50` to half an hour, at least that. */
  readonly estimatedHours: number;
}

export function hoursOf(effort: LogNormal): Hours {
  const { mu, sigma } = effort;
  return toHours([quantile(effort, 0.5), mu + Z80 * sigma, mu - Z90 * sigma, mu + Z90 * sigma], Math.exp);
}

/** The same of hours that were drawn, by nearest rank. */
export function hoursOfSamples(samples: Float64Array): Hours {
  const sorted = samples.slice().sort();
  const rank = (share: number) => rankOf(sorted, share) ?? 0;
  return toHours([rank(0.5), rank(0.8), rank(0.1), rank(0.9)], (value) => value);
}

function toHours([p50, ...others]: readonly [number, ...number[]], read: (value: number) => number): Hours {
  const [p80 = 0, low = 0, high = 0] = others.map((value) => rounded(read(value), 2));
  return { p50: rounded(p50, 2), p80, low, high, estimatedHours: Math.max(0.5, toHalfHours(p50)) };
}

export function toHalfHours(hours: number): number {
  return Math.round(hours * 2) / 2;
}
