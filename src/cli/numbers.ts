import { InvalidInputError } from '../core/model/errors.js';
import { toMinute } from '../core/model/timeText.js';
import { formatHours } from '../core/time/hours.js';

/** The number that an option gives, fractions too. Throws INVALID_INPUT naming the option. */
export function decimal(option: string, text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value))
    throw new InvalidInputError(option, `--${option} ${text}: give a number.`);
  return value;
}

const DAYS_FROM = 48;

/** A length of time for a person: `1h 30m`, `3.2 days`; `no data` where it is not known. */
export function lengthOf(hours: number | null): string {
  if (hours === null) return 'no data';
  return hours < DAYS_FROM ? formatHours(hours) : `${Math.round(hours / 2.4) / 10} days`;
}

/** `2026-12-01 17:00` in UTC, or the date alone where a due time is one. */
export function dueText(due: string): string {
  return toMinute(due).replace(/ 00:00$/, '');
}

/** `82.5%`, or `no data`. */
export function percent(value: number | null): string {
  return value === null ? 'no data' : `${value}%`;
}
