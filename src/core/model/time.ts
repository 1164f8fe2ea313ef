import { InvalidInputError } from './errors.js';
import { checkTime } from './task.js';

/** From where somebody speaks of days: without a zone they are those of UTC. */
export interface TimeContext {
  /** The present, UTC ISO 8601. */
  readonly now: string;
  /** Minutes by which the person's clocks are ahead of UTC at a moment. */
  readonly zone?: (moment: Date) => number;
}

/** A stretch of time, UTC ISO 8601: from its start up to, not including, its end. */
export interface TimeSpan {
  readonly from: string;
  readonly to: string;
}

const MINUTE = 60_000;
const DAY = 86_400_000;
const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const MONTHS = [
  ...['january', 'february', 'march', 'april', 'may', 'june', 'july'],
  ...['august', 'september', 'october', 'november', 'december'],
];
const UNITS: readonly (readonly [RegExp, Unit])[] = [
  [/^(?:min|mins|minutes?)$/, 'minute'],
  [/^(?:h|hrs?|hours?)$/, 'hour'],
  [/^(?:d|days?)$/, 'day'],
  [/^(?:w|wks?|weeks?)$/, 'week'],
  [/^(?:mo|months?)$/, 'month'],
  [/^(?:y|yrs?|years?)$/, 'year'],
];
const WAY_OUT = 'Write 2026-12-01, 2026-12-01T17:00Z, 1 Dec 2026, tomorrow, friday or +3d';

type Unit = 'minute' | 'hour' | 'day' | 'week' | 'month' | 'year';

/** A calendar day as the milliseconds of its start in UTC, or a moment. */
interface Point {
  readonly time: number;
  readonly isDay: boolean;
}

/**
 * A time as people write it, as a UTC ISO time; a day is kept as its start in UTC. Reads `2026-12-01`, ISO times,
 * `1 Dec 2026`, `Dec 1`, `today`, `friday`, `next week`, `end of month`, `in 3 days`, `+3d`, each day also with a time
 * (`tomorrow 17:00`). Throws INVALID_INPUT for what is no date and for what could be several, naming them.
 */
export function parseTime(field: string, text: string, context: TimeContext): string {
  return iso(read(field, text, context).time);
}

/**
 * The stretch that a date stands for in a filter: a day from its start to its end, a moment from itself to the next
 * millisecond; also `week`, `last month`, `next year`. Days are calendar days (as due dates are kept) unless
 * `clock` asks for those of the person's clock, for times at which something happened.
 */
export function parseSpan(field: string, text: string, context: TimeContext, clock = false): TimeSpan {
  const words = normal(text);
  const named = namedSpan(words, context);
  const point = named ? undefined : read(field, text, context);
  const [from, to, isDay] = named
    ? [...named, true]
    : [point?.time ?? 0, (point?.time ?? 0) + (point?.isDay ? DAY : 1), point?.isDay ?? false];
  const shift = (time: number) => (clock && isDay ? time - offset(context, time) : time);
  return { from: iso(shift(from)), to: iso(shift(to)) };
}

/** True when a due time has passed; a due day has when it is over. */
export function isOverdue(due: string, now: string): boolean {
  return (due.endsWith('T00:00:00.000Z') ? iso(Date.parse(due) + DAY) : due) <= now;
}

/** A length of time such as `30d`, `2 weeks` or `12h` before a moment. Throws INVALID_INPUT. */
export function before(field: string, text: string, now: string): string {
  const [, count, unit] = /^(\d{1,5})\s*([a-z]+)$/.exec(normal(text)) ?? [];
  const known = unit === undefined ? undefined : unitOf(unit);
  if (count === undefined || !known) {
    throw new InvalidInputError(field, `“${text}” is not a length of time. Write 30d, 2w, 6mo or 12h.`);
  }
  return iso(add(Date.parse(now), -Number(count), known));
}

function read(field: string, text: string, context: TimeContext): Point {
  const words = normal(text);
  const exact = exactTime(field, text);
  if (exact !== undefined) return exact;
  const { day, minutes } = splitClock(words);
  const point = readDay(field, text, day, context);
  if (!point || (minutes !== undefined && !point.isDay) || !validYear(point.time))
    throw new InvalidInputError(field, `“${text}” is not a date. ${WAY_OUT}.`);
  if (minutes === undefined) return point;
  const local = point.time + minutes * MINUTE;
  return { time: local - offset(context, local), isDay: false };
}

/** ISO forms; undefined for anything else. Throws for a day that its month does not have. */
function exactTime(field: string, text: string): Point | undefined {
  const given = text
    .trim()
    .replace(/^(\d{4})[/.](\d{1,2})[/.](\d{1,2})$/, (_all, year, month, day) => ymd(year, month, day));
  if (!/^\d{4}-\d{2}-\d{2}(?![\d-])/.test(given) || /^\S+\s+(?:at\b|\D|\d{1,2}(?::\d\d)?\s*[ap]m)/i.test(given))
    return undefined;
  return { time: Date.parse(checkTime(field, given)), isDay: given.length === 10 };
}

/** The words before a time of day, and that time in minutes. */
function splitClock(words: string): { day: string; minutes?: number } {
  const match = /^(.+?)(?:,? at |,? )(?:(\d{1,2})(?::(\d\d))?\s?(am|pm)|(\d{1,2}):(\d\d)|(noon|midnight))$/.exec(words);
  if (!match) return { day: words };
  const [, day = '', twelve, twelveMinutes, half, hour, minute, word] = match;
  if (word) return { day, minutes: word === 'noon' ? 12 * 60 : 0 };
  if (half && Number(twelve) >= 1 && Number(twelve) <= 12)
    return { day, minutes: ((Number(twelve) % 12) + (half === 'pm' ? 12 : 0)) * 60 + Number(twelveMinutes ?? 0) };
  if (!half && Number(hour) <= 23 && Number(minute) <= 59) return { day, minutes: Number(hour) * 60 + Number(minute) };
  return { day: words };
}

function readDay(field: string, text: string, words: string, context: TimeContext): Point | undefined {
  const today = todayOf(context);
  const day = (time: number | undefined): Point | undefined => (time === undefined ? undefined : { time, isDay: true });
  if (words === 'now') return { time: Date.parse(context.now), isDay: false };
  const iso = /^(\d{4})-(\d{2})-(\d{2})$/.exec(words);
  if (iso) return day(calendarDay(Number(iso[1]), Number(iso[2]) - 1, Number(iso[3])));
  return (
    day(namedDay(words, today)) ??
    day(weekday(field, text, words, today)) ??
    relative(field, text, words, context) ??
    day(monthDay(words, today)) ??
    day(numericDay(field, text, words))
  );
}

function namedDay(words: string, today: number): number | undefined {
  const at = (unit: 'week' | 'month' | 'year', count: number) => add(startOf(unit, today), count, unit);
  switch (words) {
    case 'today':
    case 'end of day':
    case 'eod':
      return today;
    case 'tomorrow':
      return today + DAY;
    case 'yesterday':
      return today - DAY;
    case 'day after tomorrow':
      return today + 2 * DAY;
    case 'next week':
    case 'next month':
    case 'next year':
      return at(words.slice(5) as 'week', 1);
    case 'end of week':
    case 'end of this week':
    case 'eow':
      return at('week', 1) - DAY;
    case 'end of month':
    case 'end of this month':
    case 'eom':
      return at('month', 1) - DAY;
    case 'end of year':
    case 'end of this year':
    case 'eoy':
      return at('year', 1) - DAY;
    case 'end of next week':
      return at('week', 2) - DAY;
    case 'end of next month':
      return at('month', 2) - DAY;
    default:
      return undefined;
  }
}

/** `friday`, the next one after today; `last friday`. `next friday` means two days to different people. */
function weekday(field: string, text: string, words: string, today: number): number | undefined {
  const [, which, name = ''] = /^(?:on )?(?:(this|next|last) )?([a-z]+)$/.exec(words) ?? [];
  const wanted = nameIndex(WEEKDAYS, name);
  if (wanted === undefined) return undefined;
  const ahead = (wanted - new Date(today).getUTCDay() + 7) % 7 || 7;
  if (which === 'last') return today + (ahead - 7 || -7) * DAY;
  const [near, far] = [today + ahead * DAY, today + (ahead + 7) * DAY];
  if (which === 'next') throw ambiguous(field, text, near, far);
  return near;
}

/** `in 3 days`, `+3d`, `-2w`, `3 days ago`, `a week from now`. */
function relative(field: string, text: string, words: string, context: TimeContext): Point | undefined {
  const match =
    /^(?:(?<sign>[+-])\s?|in )(?<count>\d{1,5}|an?|one)\s?(?<unit>[a-z]+)$/.exec(words) ??
    /^(?<count>\d{1,5}|an?|one)\s?(?<unit>[a-z]+) (?<end>ago|from now|from today)$/.exec(words);
  const { sign, count = '', unit: name = '', end } = match?.groups ?? {};
  if (match && name === 'm') {
    throw new InvalidInputError(field, `“${text}”: m could be minutes or months. Write ${count}min or ${count}mo.`);
  }
  const unit = unitOf(name);
  if (!match || !unit) return undefined;
  const by = (/^\d/.test(count) ? Number(count) : 1) * (sign === '-' || end === 'ago' ? -1 : 1);
  const isDay = unit !== 'minute' && unit !== 'hour';
  return { time: add(isDay ? todayOf(context) : Date.parse(context.now), by, unit), isDay };
}

/** `1 Dec 2026`, `Dec 1, 2026`, `1st of December`; without a year the next such day, today included. */
function monthDay(words: string, today: number): number | undefined {
  const first = /^(\d{1,2})(?:st|nd|rd|th)?(?: of)?[ .-]+([a-z]+)\.?(?:,?[ -]+(\d{4}))?$/.exec(words);
  const second = /^([a-z]+)\.? (?:the )?(\d{1,2})(?:st|nd|rd|th)?(?:,? (\d{4}))?$/.exec(words);
  const [day, name, year] = first ? first.slice(1) : second ? [second[2], second[1], second[3]] : [];
  const month = nameIndex(MONTHS, name ?? '');
  if (month === undefined) return undefined;
  if (year !== undefined) return calendarDay(Number(year), month, Number(day));
  const thisYear = new Date(today).getUTCFullYear();
  // 29 February may be four years, and once in a while eight, ahead.
  for (let next = thisYear; next <= thisYear + 8; next += 1) {
    const found = calendarDay(next, month, Number(day));
    if (found !== undefined && found >= today) return found;
  }
  return undefined;
}

/** `25/12/2026` can be one day only; `12/01/2026` could be two. */
function numericDay(field: string, text: string, words: string): number | undefined {
  const compact = /^(\d{4})(\d{2})(\d{2})$/.exec(words);
  if (compact) return calendarDay(Number(compact[1]), Number(compact[2]) - 1, Number(compact[3]));
  const match = /^(\d{1,2})([/.-])(\d{1,2})\2(\d{4})$/.exec(words);
  if (!match) return undefined;
  const [one, other, year] = [Number(match[1]), Number(match[3]), Number(match[4])];
  const dayFirst = calendarDay(year, other - 1, one);
  const monthFirst = calendarDay(year, one - 1, other);
  if (dayFirst !== undefined && monthFirst !== undefined && dayFirst !== monthFirst)
    throw ambiguous(field, text, ...([dayFirst, monthFirst].sort((a, b) => a - b) as [number, number]));
  return dayFirst ?? monthFirst;
}

function namedSpan(words: string, context: TimeContext): [number, number] | undefined {
  const [, which, unit] = /^(?:(this|last|next) )?(week|month|year)$/.exec(words) ?? [];
  if (unit === undefined) return undefined;
  const start = startOf(unit as 'week', todayOf(context));
  const shift = which === 'last' ? -1 : which === 'next' ? 1 : 0;
  const from = add(start, shift, unit as Unit);
  return [from, add(from, 1, unit as Unit)];
}

function ambiguous(field: string, text: string, one: number, other: number): InvalidInputError {
  const [first, second] = [iso(one).slice(0, 10), iso(other).slice(0, 10)];
  return new InvalidInputError(field, `“${text}” could be ${first} or ${second}. Write the one that you mean.`, {
    candidates: [first, second],
  });
}

/** The start of the person's day, as a calendar day in UTC. */
function todayOf(context: TimeContext): number {
  const now = Date.parse(context.now);
  const local = now + offset(context, now);
  return local - (((local % DAY) + DAY) % DAY);
}

function offset({ zone }: TimeContext, time: number): number {
  return (zone?.(new Date(time)) ?? 0) * MINUTE;
}

function startOf(unit: 'week' | 'month' | 'year', day: number): number {
  const date = new Date(day);
  if (unit === 'week') return day - ((date.getUTCDay() + 6) % 7) * DAY;
  return Date.UTC(date.getUTCFullYear(), unit === 'month' ? date.getUTCMonth() : 0, 1);
}

/** Months and years keep the day, or take the last one of a shorter month. */
function add(time: number, count: number, unit: Unit): number {
  switch (unit) {
    case 'minute':
      return time + count * MINUTE;
    case 'hour':
      return time + count * 60 * MINUTE;
    case 'day':
      return time + count * DAY;
    case 'week':
      return time + count * 7 * DAY;
    default: {
      const date = new Date(time);
      const month = date.getUTCMonth() + count * (unit === 'year' ? 12 : 1);
      const last = new Date(Date.UTC(date.getUTCFullYear(), month + 1, 0)).getUTCDate();
      const start = Date.UTC(date.getUTCFullYear(), month, Math.min(date.getUTCDate(), last));
      return start + (((time % DAY) + DAY) % DAY);
    }
  }
}

/** The start of a day; undefined where its month does not have it. */
function calendarDay(year: number, month: number, day: number): number | undefined {
  const time = Date.UTC(year, month, day);
  const date = new Date(time);
  return date.getUTCFullYear() === year && date.getUTCMonth() === month && date.getUTCDate() === day ? time : undefined;
}

/** The index of a name, written whole or with its first three letters or more. */
function nameIndex(names: readonly string[], text: string): number | undefined {
  const found = text.length < 3 ? -1 : names.findIndex((name) => name.startsWith(text));
  return found === -1 ? undefined : found;
}

function unitOf(name: string): Unit | undefined {
  return UNITS.find(([pattern]) => pattern.test(name))?.[1];
}

function normal(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .replace(/\bend of the\b/, 'end of');
}

function ymd(year: string, month: string, day: string): string {
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
}

function validYear(time: number): boolean {
  return time >= Date.UTC(1970, 0, 1) && time < Date.UTC(10_000, 0, 1);
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
