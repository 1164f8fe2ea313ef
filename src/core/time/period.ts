/** How far back a report looks. */
export const PERIODS = ['day', 'week', 'month', 'all'] as const;

export type Period = (typeof PERIODS)[number];

const DAYS: Readonly<Record<Exclude<Period, 'all'>, number>> = { day: 1, week: 7, month: 30 };
const DAY = 86_400_000;

/** The moment at which the period began, UTC ISO 8601: so many times 24 hours before `now`. Undefined for all of it. */
export function startOf(period: Period, now: string): string | undefined {
  return period === 'all' ? undefined : daysBefore(now, DAYS[period]);
}

export function daysBefore(now: string, days: number): string {
  return new Date(Date.parse(now) - days * DAY).toISOString();
}
