import { clamped } from '../../metrics/statistics.js';

/** So many lines are as much code as one task can be about. */
const MOST_LINES = 5000;
/** Of a large file a task changes no more than of one of this length. */
const LARGEST_FILE = 400;
/** Share of a file's lines that a task is taken to change. */
const CHANGED_SHARE = 0.25;
/** So many importers and open dependencies make the factor 1 − 1/e. */
const MANY_DEPENDENCIES = 20;

/** How much code: 0 for none, 1 from 5,000 changed lines on, logarithmic between. */
export function codeVolume(lines: number): number {
  return Math.min(1, Math.log(1 + Math.max(0, lines)) / Math.log(1 + MOST_LINES));
}

/** Lines that are likely to change in files of these lengths. */
export function likelyLines(lengths: readonly number[]): number {
  return lengths.reduce((sum, lines) => sum + Math.min(lines, LARGEST_FILE) * CHANGED_SHARE, 0);
}

/** What hangs on a task's files, and what it waits for: 0 for nothing, towards 1 for ever more. */
export function dependencies(fanIn: number, openDependencies: number, crossPackage: number): number {
  return 1 - Math.exp(-(fanIn + 2 * openDependencies + crossPackage) / MANY_DEPENDENCIES);
}

/** Independent risks together: the chance that at least one of them strikes. */
export function technicalRisk(risks: readonly number[]): number {
  return 1 - risks.reduce((none, risk) => none * (1 - clamped(risk)), 1);
}

/** How tasks like it went: 0.5 as estimated, 1 at twice the estimate or more, 0 at half of it or less. */
export function historicalData(ratio: number): number {
  return clamped(0.5 + 0.5 * Math.log2(ratio));
}

/** Commits times bytes against those of all other files: the share of them that have less, 0 to below 1. */
export function percentileOf(value: number, all: readonly number[]): number {
  return all.length === 0 ? 0 : all.filter((other) => other < value).length / all.length;
}
