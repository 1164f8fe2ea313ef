import { InvalidInputError } from '../model/errors.js';

const HOUR = 3_600_000;
const UNITS: Readonly<Record<string, number>> = { d: 24, h: 1, m: 1 / 60, s: 1 / 3600 };

/** Hours between two moments, UTC ISO 8601; 0 where the second is not after the first. */
export function hoursBetween(start: string, end: string): number {
  const hours = (Date.parse(end) - Date.parse(start)) / HOUR;
  return hours > 0 ? roundedHours(hours) : 0;
}

/** Hours to a precision of a third of a second, so that sums of them can be compared. */
export function roundedHours(hours: number): number {
  return Math.round(hours * 10_000) / 10_000;
}

/** Reads `1h30m`, `90m`, `1.5h`, `45s`, `2:15` or a plain number of hours. Throws INVALID_INPUT for anything else, and for nothing. */
export function parseHours(text: string): number {
  const given = text.trim().toLowerCase().replace(/\s+/g, '');
  const clock = /^(\d+):([0-5]\d)$/.exec(given);
  const parts = [...given.matchAll(/(\d+(?:\.\d+)?)([dhms])/g)];
  let hours = Number.NaN;
  if (clock) hours = Number(clock[1]) + Number(clock[2]) / 60;
  else if (/^\d+(?:\.\d+)?$/.test(given)) hours = Number(given);
  else if (parts.length > 0 && parts.map(([part]) => part).join('') === given)
    hours = parts.reduce((sum, [, number, unit]) => sum + Number(number) * (UNITS[unit as string] ?? 0), 0);
  if (hours > 0 && hours <= 10_000) return roundedHours(hours);
  throw new InvalidInputError('hours', `“${text}” is not a length of time. Write 1h30m, 90m, 1.5h or 2:15.`);
}

/** `1h 30m`, `45m`, `20s`: what a person reads. */
export function formatHours(hours: number): string {
  const seconds = Math.round(hours * 3600);
  if (seconds < 60) return `${seconds}s`;
  const minutes = Math.round(seconds / 60);
  const [whole, rest] = [Math.floor(minutes / 60), minutes % 60];
  if (whole === 0) return `${rest}m`;
  return rest === 0 ? `${whole}h` : `${whole}h ${rest}m`;
}
