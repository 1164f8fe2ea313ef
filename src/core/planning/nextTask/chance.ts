import type { Hours } from './plan.js';

/** Standard normal quantile of 80 %. */
const Z80 = 0.8416;

/**
 * The probability that a task is done within so many hours: its duration as a log-normal through p50 and p80. Undefined
 * where the two are the same, which says nothing about the spread.
 */
export function chanceWithin(hours: number, { p50, p80 }: Hours): number | undefined {
  const sigma = Math.log(p80 / p50) / Z80;
  if (!(sigma > 0) || hours <= 0) return undefined;
  return Math.round(100 * normal(Math.log(hours / p50) / sigma)) / 100;
}

/** The standard normal distribution (Abramowitz and Stegun 26.2.17, error below 7.5e-8). */
function normal(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const tail = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const upper = (tail * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI);
  return z >= 0 ? 1 - upper : upper;
}
