import { checkZone, parseDays, parseStretches, type Stretch, type WorkingHours } from './workingHours.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Working hours as moments: the days of a time zone with the changes of its clocks. Moments are ms since 1970, UTC. */
export class WorkCalendar {
  readonly #days: ReadonlySet<number>;
  readonly #stretches: readonly Stretch[];
  readonly #clock: Intl.DateTimeFormat;
  readonly #known = new Map<number, readonly Stretch[]>();
  /** Offsets from UTC at midnight UTC, by the number of the day. */
  readonly #offsets = new Map<number, number>();
  readonly hours: WorkingHours;

  constructor(given: WorkingHours) {
    const { days, hours, time_zone } = given;
    this.hours = given;
    this.#days = parseDays(days);
    this.#stretches = parseStretches(hours);
    this.#clock = new Intl.DateTimeFormat('en-US', {
      timeZone: checkZone(time_zone),
      hourCycle: 'h23',
      ...{ year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' },
    });
  }

  /** Hours of work between two moments; 0 where the second is not after the first. */
  hoursBetween(start: number, end: number): number {
    let sum = 0;
    const last = this.dayOf(end);
    for (let day = this.dayOf(start); day <= last && start < end; day += 1)
      for (const stretch of this.stretchesOf(day))
        sum += Math.max(0, Math.min(end, stretch.end) - Math.max(start, stretch.start));
    return sum / HOUR;
  }

  /** The number of the day that a moment lies in, where the clocks of the zone are: days since 1970-01-01. */
  dayOf(moment: number): number {
    return Math.floor((moment + this.#offset(moment)) / DAY);
  }

  /** The stretches of work of a day as moments. */
  stretchesOf(day: number): readonly Stretch[] {
    const known = this.#known.get(day);
    if (known) return known;
    // 1970-01-01 was a Thursday.
    const works = this.#days.has((((day + 4) % 7) + 7) % 7);
    const stretches = works ? this.#stretches.map((stretch) => this.#moments(day, stretch)) : [];
    this.#known.set(day, stretches);
    return stretches;
  }

  /** `2026-12-01 15:20` where the clocks of the zone are. */
  text(moment: number): string {
    return new Date(moment + this.#offset(moment)).toISOString().slice(0, 16).replace('T', ' ');
  }

  #moments(day: number, { start, end }: Stretch): Stretch {
    return { start: this.#moment(day * DAY + start * 60_000), end: this.#moment(day * DAY + end * 60_000) };
  }

  /** The moment at which the zone's clocks show a time; of a time that is skipped, as much after the change. */
  #moment(wall: number): number {
    const guess = wall - this.#offset(wall);
    return wall - this.#offset(guess);
  }

  /** How far the zone's clocks are ahead of UTC, ms: looked up once a day, and in a day in which they change each time. */
  #offset(moment: number): number {
    const day = Math.floor(moment / DAY);
    const offset = this.#offsetAtMidnight(day);
    return offset === this.#offsetAtMidnight(day + 1) ? offset : this.#lookUp(moment);
  }

  #offsetAtMidnight(day: number): number {
    let offset = this.#offsets.get(day);
    if (offset === undefined) {
      offset = this.#lookUp(day * DAY);
      this.#offsets.set(day, offset);
    }
    return offset;
  }

  #lookUp(moment: number): number {
    const part: Record<string, number> = {};
    for (const { type, value } of this.#clock.formatToParts(moment)) part[type] = Number(value);
    const { year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(moment / 1000) * 1000;
  }
}

/** More hours of work than this ahead, and no date is told: about a hundred years. */
const FARTHEST = 200_000;

/** Hours of work from a moment on as moments, and back: for many questions about one beginning. */
export class WorkTimeline {
  readonly #calendar: WorkCalendar;
  readonly #from: number;
  /** Stretches of work from the beginning on, with the hours that were worked before each. */
  readonly #stretches: (Stretch & { readonly before: number })[] = [];
  #day: number;
  #hours = 0;

  constructor(calendar: WorkCalendar, from: number) {
    this.#calendar = calendar;
    this.#from = from;
    this.#day = calendar.dayOf(from);
  }

  /** The moment at which so many hours of work are done; undefined where that is too far away to say. */
  moment(hours: number): number | undefined {
    if (!(hours <= FARTHEST)) return undefined;
    if (hours <= 0) return this.#from;
    while (this.#hours < hours) this.#extend();
    const { start, before } = this.#at(({ before, start, end }) => before + (end - start) / HOUR >= hours);
    return Math.round(start + (hours - before) * HOUR);
  }

  /** Hours of work until a moment, 0 for one that has passed; undefined where that is too far away to say. */
  hoursUntil(moment: number): number | undefined {
    if (moment <= this.#from) return 0;
    while ((this.#stretches.at(-1)?.end ?? 0) < moment) {
      if (this.#hours > FARTHEST) return undefined;
      this.#extend();
    }
    const { start, end, before } = this.#at(({ end }) => end >= moment);
    return before + Math.max(0, Math.min(moment, end) - start) / HOUR;
  }

  #extend(): void {
    for (const { start, end } of this.#calendar.stretchesOf(this.#day)) {
      if (end <= this.#from) continue;
      const stretch = { start: Math.max(start, this.#from), end, before: this.#hours };
      this.#stretches.push(stretch);
      this.#hours += (end - stretch.start) / HOUR;
    }
    this.#day += 1;
  }

  /** The first stretch that fits: later ones do too. */
  #at(fits: (stretch: Stretch & { readonly before: number }) => boolean) {
    let [low, high] = [0, this.#stretches.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      const stretch = this.#stretches[middle];
      if (stretch && fits(stretch)) high = middle;
      else low = middle + 1;
    }
    return this.#stretches[low] ?? { start: this.#from, end: this.#from, before: 0 };
  }
}
