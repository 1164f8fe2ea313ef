import type { WorkCalendar } from '../../time/workCalendar.js';

/** Where it is known from how long a task took. */
export const SPENT_SOURCES = [
  /** Somebody gave its actual hours. */
  'by_hand',
  /** The sum of its time entries. */
  'tracked',
  /** The working hours that it was in progress. */
  'in_progress',
] as const;

export interface Spent {
  /** Hours of work. */
  readonly hours: number;
  readonly source: (typeof SPENT_SOURCES)[number];
}

/** What is recorded of the work on a task. Times are UTC ISO 8601. */
export interface WorkRecord {
  readonly status: string;
  readonly actualHours?: number;
  readonly startedAt?: string;
  readonly completedAt?: string;
  /** Every recorded change of the status, the oldest first. */
  readonly changes: readonly { readonly at: string; readonly status: string }[];
  readonly entries: readonly { readonly startedAt: string; readonly endedAt?: string }[];
}

/** Less than this is no work, but a slip: a minute. */
const LEAST = 1 / 60;
/** Actual hours that differ from the sum of the entries by no more are that sum. */
const SAME = 1e-3;

/**
 * How long a task took so far: what somebody said, else what was tracked, else the working hours that it was in progress.
 * Undefined where nothing of that is known, or all of it is less than a minute.
 */
export function spentOn(work: WorkRecord, calendar: WorkCalendar, now: string): Spent | undefined {
  const { actualHours } = work;
  const ended = work.entries.filter(({ endedAt }) => endedAt !== undefined);
  const tracked = hoursOf(ended, now);
  // The store keeps the sum of the finished entries as actual hours.
  const isByHand = actualHours !== undefined && (ended.length === 0 || Math.abs(actualHours - tracked) > SAME);
  if (isByHand) return atLeast(actualHours, 'by_hand');
  if (work.entries.length > 0) return atLeast(hoursOf(work.entries, now), 'tracked');
  const hours = stretches(work, now).reduce((sum, [start, end]) => sum + calendar.hoursBetween(start, end), 0);
  return atLeast(hours, 'in_progress');
}

function atLeast(hours: number, source: Spent['source']): Spent | undefined {
  return Number.isFinite(hours) && hours >= LEAST ? { hours, source } : undefined;
}

function hoursOf(entries: WorkRecord['entries'], now: string): number {
  return entries.reduce(
    (sum, { startedAt, endedAt = now }) => sum + Math.max(0, Date.parse(endedAt) - Date.parse(startedAt)) / 3_600_000,
    0,
  );
}

/** When the task was in progress; where no change to that was recorded, from its start to its completion. */
function stretches({ status, startedAt, completedAt, changes }: WorkRecord, now: string): [number, number][] {
  const found: [number, number][] = [];
  for (const [at, change] of changes.entries()) {
    if (change.status === 'in_progress')
      found.push([
        Date.parse(change.at),
        Date.parse(changes[at + 1]?.at ?? (status === 'in_progress' ? now : change.at)),
      ]);
  }
  if (found.length > 0 || startedAt === undefined) return found;
  const end = status === 'in_progress' ? now : completedAt;
  return end === undefined ? [] : [[Date.parse(startedAt), Date.parse(end)]];
}
