import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { spentOn } from '../../../src/core/planning/effort/spent.js';
import { WorkCalendar, WorkTimeline } from '../../../src/core/time/workCalendar.js';
import { parseDays } from '../../../src/core/time/workingHours.js';
import { check } from '../../support/check.js';
import { refusal } from '../../support/refusal.js';

const at = (time: string) => Date.parse(time);
const calendar = (time_zone = 'UTC', hours = '09:00-17:00', days = 'mon-fri') =>
  new WorkCalendar({ days, hours, time_zone });

describe('hours of work between two moments', () => {
  test('nights and weekends do not count', () => {
    const utc = calendar();
    // 2026-11-20 is a Friday.
    expect(utc.hoursBetween(at('2026-11-20T15:00Z'), at('2026-11-23T10:00Z'))).toBe(3);
    expect(utc.hoursBetween(at('2026-11-21T09:00Z'), at('2026-11-22T17:00Z'))).toBe(0);
    expect(utc.hoursBetween(at('2026-11-16T00:00Z'), at('2026-11-23T00:00Z'))).toBe(40);
    expect(utc.hoursBetween(at('2026-11-20T16:00Z'), at('2026-11-20T15:00Z'))).toBe(0);
  });

  test('a break at noon, and working days from Sunday on', () => {
    const hours = calendar('UTC', '13:00-17:30, 08:00-12:00', 'sun-thu');
    expect(hours.hoursBetween(at('2026-11-22T00:00Z'), at('2026-11-23T00:00Z'))).toBe(8.5);
    expect(hours.hoursBetween(at('2026-11-22T11:00Z'), at('2026-11-22T14:00Z'))).toBe(2);
    expect(hours.hoursBetween(at('2026-11-20T00:00Z'), at('2026-11-21T23:00Z'))).toBe(0);
  });

  test('in the hours of a place: 9 to 17 in Auckland is the evening before in UTC', () => {
    const auckland = calendar('Pacific/Auckland');
    // NZDT is UTC+13: Monday 9:00 there is Sunday 20:00 UTC.
    expect(auckland.hoursBetween(at('2026-11-22T20:00Z'), at('2026-11-23T04:00Z'))).toBe(8);
    expect(auckland.text(at('2026-11-22T20:30Z'))).toBe('2026-11-23 09:30');
  });

  test('when the clocks change: a night shift has an hour less in spring, and one more in autumn', () => {
    const berlin = calendar('Europe/Berlin', '00:00-08:00', 'sun');
    expect(berlin.hoursBetween(at('2026-03-28T20:00Z'), at('2026-03-29T20:00Z'))).toBe(7);
    expect(berlin.hoursBetween(at('2026-10-24T20:00Z'), at('2026-10-25T20:00Z'))).toBe(9);
    // Day work is the same all year; 9:00 is 8:00 UTC in winter and 7:00 in summer.
    const day = calendar('Europe/Berlin');
    expect(day.stretchesOf(day.dayOf(at('2026-03-27T12:00Z')))[0]?.start).toBe(at('2026-03-27T08:00Z'));
    expect(day.stretchesOf(day.dayOf(at('2026-03-30T12:00Z')))[0]?.start).toBe(at('2026-03-30T07:00Z'));
    expect(day.hoursBetween(at('2026-03-27T15:00Z'), at('2026-03-30T08:00Z'))).toBe(2);
  });
});

describe('hours of work as dates', () => {
  const friday = at('2026-11-20T15:00Z');

  test('run over the weekend to Monday', () => {
    const timeline = new WorkTimeline(calendar(), friday);
    expect(timeline.moment(2)).toBe(at('2026-11-20T17:00Z'));
    expect(timeline.moment(3)).toBe(at('2026-11-23T10:00Z'));
    expect(timeline.moment(0)).toBe(friday);
    expect(timeline.moment(42)).toBe(at('2026-11-27T17:00Z'));
    expect(timeline.moment(1e9)).toBeUndefined();
  });

  test('begin with the next day of work where it is none', () => {
    expect(new WorkTimeline(calendar(), at('2026-11-21T12:00Z')).moment(1)).toBe(at('2026-11-23T10:00Z'));
  });

  test('and dates as hours of work, as far as a century', () => {
    const timeline = new WorkTimeline(calendar(), friday);
    expect(timeline.hoursUntil(at('2026-11-22T12:00Z'))).toBe(2);
    expect(timeline.hoursUntil(at('2026-11-23T10:30Z'))).toBe(3.5);
    expect(timeline.hoursUntil(at('2026-11-01T00:00Z'))).toBe(0);
    expect(timeline.hoursUntil(at('9000-01-01T00:00Z'))).toBeUndefined();
  });

  test('there and back again, and the same as counting between', () => {
    const zones = fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kathmandu', 'Pacific/Auckland');
    const shifts = fc.constantFrom('09:00-17:00', '00:00-08:00', '22:00-24:00,01:00-03:30', '09:00-12:00,13:00-17:00');
    check(
      fc.property(
        zones,
        shifts,
        fc.integer({ min: at('2026-01-01T00:00Z'), max: at('2027-01-01T00:00Z') }),
        fc.double({ min: 0.01, max: 900, noNaN: true }),
        (zone, shift, from, hours) => {
          const times = calendar(zone, shift, 'mon-sun');
          const timeline = new WorkTimeline(times, from);
          const moment = timeline.moment(hours) as number;
          expect(timeline.hoursUntil(moment)).toBeCloseTo(hours, 5);
          expect(times.hoursBetween(from, moment)).toBeCloseTo(hours, 5);
        },
      ),
    );
  });
});

test('what is no working time is refused, with the way to write it', () => {
  expect([...parseDays('Mon-Wed, saturday')]).toEqual([1, 2, 3, 6]);
  expect([...parseDays('fri-mon')]).toEqual([5, 6, 0, 1]);
  for (const days of ['', 'noday', 'mon-tue-wed', 'mon-'])
    expect(refusal(() => parseDays(days)).message).toMatch(/mon-fri/);
  for (const hours of ['', '9-17', '17:00-09:00', '09:00-12:00,11:00-13:00', '09:00-25:00', '09:00-24:30'])
    expect(refusal(() => calendar('UTC', hours)).message).toMatch(/09:00-17:00/);
  expect(refusal(() => calendar('Europe/Atlantis')).message).toMatch(/Europe\/Berlin/);
});

describe('how long a task took', () => {
  const now = '2026-11-24T12:00:00.000Z';
  const work = { status: 'completed', changes: [], entries: [] };
  const entry = (startedAt: string, endedAt?: string) => ({ startedAt, ...(endedAt !== undefined && { endedAt }) });
  const change = (time: string, status: string) => ({ at: `2026-11-${time}:00.000Z`, status });

  test('what somebody said comes before what was tracked, and that before the time in progress', () => {
    const changes = [change('23T09:00', 'in_progress'), change('23T15:00', 'completed')];
    const entries = [entry('2026-11-23T20:00:00.000Z', '2026-11-23T22:00:00.000Z')];
    const utc = calendar();
    expect(spentOn({ ...work, changes }, utc, now)).toEqual({ hours: 6, source: 'in_progress' });
    // Tracked time counts whenever it was.
    expect(spentOn({ ...work, changes, entries }, utc, now)).toEqual({ hours: 2, source: 'tracked' });
    expect(spentOn({ ...work, changes, entries, actualHours: 2 }, utc, now)?.source).toBe('tracked');
    expect(spentOn({ ...work, changes, entries, actualHours: 5 }, utc, now)).toEqual({ hours: 5, source: 'by_hand' });
  });

  test('time that it was put aside does not count, nor nights and weekends', () => {
    const changes = [
      change('20T16:00', 'in_progress'),
      change('23T10:00', 'pending'),
      change('23T14:00', 'in_progress'),
      change('23T15:00', 'completed'),
      change('23T16:00', 'pending'),
    ];
    expect(spentOn({ ...work, changes }, calendar(), now)?.hours).toBe(3);
  });

  test('what is in progress counts until now, tracked or not', () => {
    const changes = [change('24T10:00', 'in_progress')];
    const running = { ...work, status: 'in_progress', changes };
    expect(spentOn(running, calendar(), now)?.hours).toBe(2);
    const entries = [entry('2026-11-24T11:30:00.000Z')];
    expect(spentOn({ ...running, entries }, calendar(), now)).toEqual({ hours: 0.5, source: 'tracked' });
  });

  test('where no change is recorded, its start and completion say it; a minute or less says nothing', () => {
    const startedAt = '2026-11-23T09:00:00.000Z';
    expect(spentOn({ ...work, startedAt, completedAt: '2026-11-23T13:00:00.000Z' }, calendar(), now)?.hours).toBe(4);
    expect(spentOn({ ...work, startedAt, completedAt: '2026-11-23T09:00:30.000Z' }, calendar(), now)).toBeUndefined();
    expect(spentOn(work, calendar(), now)).toBeUndefined();
  });
});
