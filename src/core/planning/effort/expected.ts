import { Z80 } from './lognormal.js';
import { PRIOR_SIGMA } from './shrinkage.js';

/** What an hour that somebody estimated becomes: likely as much, and no more in four of five cases. */
export interface HourTaken {
  readonly p50: number;
  readonly p80: number;
}

/** What is kept of `tm estimate`. Another program may have written anything. */
export interface KeptEstimate {
  readonly p50?: unknown;
  readonly p80?: unknown;
  /** How many finished tasks it was learnt from. */
  readonly n?: unknown;
}

/** Who says how long a task takes: what `tm estimate` kept with it, or its own estimated hours. */
export const EXPECTED_SOURCES = ['kept', 'estimate'] as const;

/** Hours of work that a task is expected to take, and who says so. */
export interface ExpectedHours {
  readonly p50: number;
  /** Not exceeded in four of five cases. */
  readonly p80: number;
  readonly source: (typeof EXPECTED_SOURCES)[number];
}

/** Where no finished task shows how good estimates are: as they say, with the usual spread. */
export const HOUR_UNTRIED: HourTaken = { p50: 1, p80: Math.exp(Z80 * PRIOR_SIGMA) };

/**
 * What everything that plans takes a task to need: what `tm estimate` kept, but the hours that somebody estimated where
 * that was learnt from no finished task at all; no work where they are 0. Undefined where nobody said anything.
 */
export function expectedHours(
  { p50, p80, n }: KeptEstimate,
  estimatedHours: unknown,
  hour: HourTaken = HOUR_UNTRIED,
): ExpectedHours | undefined {
  const isEstimated = isAmount(estimatedHours);
  if (isAmount(p50) && p50 > 0 && !(isEstimated && n === 0))
    return { p50, p80: isAmount(p80) ? Math.max(p50, p80) : p50, source: 'kept' };
  if (!isEstimated) return undefined;
  return { p50: estimatedHours * hour.p50, p80: estimatedHours * hour.p80, source: 'estimate' };
}

/** The same of the result of an analysis of effort. */
export function keptEstimate({ p50, p80, basis }: Readonly<Record<string, unknown>>): KeptEstimate {
  return { p50, p80, n: (basis as { readonly n?: unknown } | null | undefined)?.n };
}

function isAmount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}
