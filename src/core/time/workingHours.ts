import { InvalidInputError } from '../model/errors.js';

/** When people work, as the settings say it. */
export interface WorkingHours {
  /** `mon-fri`, `sun-thu`, `mon,tue,thu`. */
  readonly days: string;
  /** `09:00-17:00`, or several stretches between commas. */
  readonly hours: string;
  /** An IANA time zone, such as `Europe/Berlin`. */
  readonly time_zone: string;
}

/** What `time_zone` says for that of the machine. */
export const LOCAL_ZONE = 'local';

const DAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

/** From and to. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** The weekdays that a text names, 0 for Sunday. Throws INVALID_INPUT. */
export function parseDays(text: string): ReadonlySet<number> {
  const found = new Set<number>();
  for (const part of text.toLowerCase().split(',')) {
    const [first = -1, last = first, ...more] = part.split('-').map((day) => weekday(day.trim()));
    if (first < 0 || last < 0 || more.length > 0)
      throw new InvalidInputError('working_hours.days', `“${text}” names no weekdays. Write mon-fri, or mon,tue,thu.`);
    for (let day = first; ; day = (day + 1) % 7) {
      found.add(day);
      if (day === last) break;
    }
  }
  return found;
}

function weekday(name: string): number {
  return DAYS.findIndex((day) => day === name || day.slice(0, 3) === name);
}

/** The stretches of a working day in minutes after midnight, in order. Throws INVALID_INPUT where they are none or overlap. */
export function parseStretches(text: string): readonly Stretch[] {
  const stretches = text.split(',').map((part) => {
    const [, h1, m1, h2, m2] = /^\s*(\d{1,2}):([0-5]\d)\s*-\s*(\d{1,2}):([0-5]\d)\s*$/.exec(part) ?? [];
    return { start: Number(h1) * 60 + Number(m1), end: Number(h2) * 60 + Number(m2) };
  });
  stretches.sort((a, b) => a.start - b.start);
  const fit = stretches.every(
    ({ start, end }, at) => start < end && end <= 24 * 60 && start >= (stretches[at - 1]?.end ?? 0),
  );
  if (fit) return stretches;
  throw new InvalidInputError(
    'working_hours.hours',
    `“${text}” are no working hours. Write 09:00-17:00, or 09:00-12:00,13:00-17:30.`,
  );
}

/** Throws INVALID_INPUT for a time zone that is not known. */
export function checkZone(zone: string): string {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return zone;
  } catch {
    throw new InvalidInputError(
      'working_hours.time_zone',
      `“${zone}” is no time zone. Write one such as Europe/Berlin or UTC, or ${LOCAL_ZONE} for that of the machine.`,
    );
  }
}
