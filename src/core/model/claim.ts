import { InvalidInputError } from './errors.js';

/**
 * A lease on a task: who holds it, until when. `version` rises with each new holder and never falls, so that a holder
 * whose lease was lost is told apart from the present one (a fencing token). Times are UTC ISO 8601.
 */
export interface Claim {
  readonly by: string;
  readonly at: string;
  readonly expiresAt: string;
  readonly version: number;
  /** The git branch that it was made on. */
  readonly branch?: string;
  /** Name of the linked git worktree that it was made in; absent in the main one. */
  readonly worktree?: string;
}

/** How long a claim lasts unless told otherwise, ms. */
export const DEFAULT_LEASE = 30 * 60_000;
const SHORTEST_LEASE = 1_000;
const LONGEST_LEASE = 30 * 86_400_000;

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Reads `90s`, `30m`, `1.5h`, `2d` as milliseconds. Throws INVALID_INPUT for anything else, and beyond a second to 30 days. */
export function parseDuration(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*([smhd])$/i.exec(text.trim());
  const duration = Number(match?.[1]) * (UNITS[(match?.[2] ?? '').toLowerCase()] ?? Number.NaN);
  if (!(duration >= SHORTEST_LEASE && duration <= LONGEST_LEASE)) {
    throw new InvalidInputError('for', `“${text}” is not a length of time from 1s to 30d. Write 90s, 30m, 2h or 1d.`);
  }
  return Math.round(duration);
}

/** True while the lease lasts. */
export function isLive(claim: Claim | undefined, now: string): claim is Claim {
  return claim !== undefined && claim.expiresAt > now;
}
