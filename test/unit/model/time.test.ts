import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { before, isOverdue, parseSpan, parseTime } from '../../../src/core/model/time.js';
import { check } from '../../support/check.js';
import { expectRefusal } from '../../support/refusal.js';

/** A Saturday. */
const NOW = '2026-11-21T10:30:00.000Z';
const at = (text: string, now = NOW, zone = 0) => parseTime('due', text, { now, zone: () => zone });
/** A day as it is kept. */
const day = (date: string) => `${date}T00:00:00.000Z`;

describe('a date', () => {
  test.each([
    ['2026-12-01', '2026-12-01'],
    ['2026/12/1', '2026-12-01'],
    ['20261201', '2026-12-01'],
    ['today', '2026-11-21'],
    ['Today', '2026-11-21'],
    ['eod', '2026-11-21'],
    ['tomorrow', '2026-11-22'],
    ['  day  after tomorrow ', '2026-11-23'],
    ['yesterday', '2026-11-20'],
    ['friday', '2026-11-27'],
    ['fri', '2026-11-27'],
    ['on friday', '2026-11-27'],
    ['this monday', '2026-11-23'],
    ['saturday', '2026-11-28'],
    ['last friday', '2026-11-20'],
    ['last saturday', '2026-11-14'],
    ['last sunday', '2026-11-15'],
    ['next week', '2026-11-23'],
    ['next month', '2026-12-01'],
    ['next year', '2027-01-01'],
    ['end of week', '2026-11-22'],
    ['end of next week', '2026-11-29'],
    ['end of month', '2026-11-30'],
    ['end of the month', '2026-11-30'],
    ['EOM', '2026-11-30'],
    ['end of next month', '2026-12-31'],
    ['end of year', '2026-12-31'],
    ['in 3 days', '2026-11-24'],
    ['in a week', '2026-11-28'],
    ['in 2 weeks', '2026-12-05'],
    ['+3d', '2026-11-24'],
    ['+ 3 d', '2026-11-24'],
    ['+2w', '2026-12-05'],
    ['+1mo', '2026-12-21'],
    ['-7d', '2026-11-14'],
    ['3 days ago', '2026-11-18'],
    ['2 weeks from now', '2026-12-05'],
    ['1 Dec 2026', '2026-12-01'],
    ['1. Dec 2026', '2026-12-01'],
    ['1-Dec-2026', '2026-12-01'],
    ['Dec 1, 2026', '2026-12-01'],
    ['december 1st 2026', '2026-12-01'],
    ['1st of December', '2026-12-01'],
    ['Dec 1', '2026-12-01'],
    ['21 Nov', '2026-11-21'],
    ['20 Nov', '2027-11-20'],
    ['29 Feb', '2028-02-29'],
    ['25/12/2026', '2026-12-25'],
    ['12/25/2026', '2026-12-25'],
    ['31.12.2026', '2026-12-31'],
    ['11.11.2026', '2026-11-11'],
  ])('%s is %s', (text, expected) => {
    expect(at(text)).toBe(day(expected));
  });

  test.each([
    ['2026-12-01T17:00Z', '2026-12-01T17:00:00.000Z'],
    ['2026-12-01T17:00+02:00', '2026-12-01T15:00:00.000Z'],
    ['2026-12-01 at 5pm', '2026-12-01T17:00:00.000Z'],
    ['tomorrow 17:30', '2026-11-22T17:30:00.000Z'],
    ['friday at 9am', '2026-11-27T09:00:00.000Z'],
    ['today noon', '2026-11-21T12:00:00.000Z'],
    ['tomorrow 12:15 am', '2026-11-22T00:15:00.000Z'],
    ['in 90 minutes', '2026-11-21T12:00:00.000Z'],
    ['+2h', '2026-11-21T12:30:00.000Z'],
    ['now', NOW],
  ])('%s is the moment %s', (text, expected) => {
    expect(at(text)).toBe(expected);
  });

  test.each([
    ['12/01/2026', ['2026-01-12', '2026-12-01']],
    ['01.12.2026', ['2026-01-12', '2026-12-01']],
    ['next friday', ['2026-11-27', '2026-12-04']],
    ['+3m', ['3min', '3mo']],
    ['in 3 m', ['3min', '3mo']],
  ])('%s could be several and is refused with what to write', (text, words) => {
    expectRefusal(() => at(text), 'INVALID_INPUT', text, ...words);
  });

  test.each([
    ...['', 'notadate', 'soon', '2026-02-30', '2026-13-01', '30 Feb 2026', '32 Dec', '1/2/26', '2026-12', '12', 'may'],
    ...['tomorrow 25:00', 'tomorrow 13pm', '+3', 'in days', '+99999y', 'now 17:00', '2026-12-01; DROP TABLE tasks'],
    ...['constructor', 'in 3 constructor', 'sun 1'],
  ])('“%s” is none and is refused with examples', (text) => {
    expectRefusal(() => at(text), 'INVALID_INPUT', text, '2026-12-01');
  });

  test('goes by the days of the place: late on the 21st it is the 22nd further east', () => {
    const late = '2026-11-21T23:30:00.000Z';
    expect(at('today', late, 120)).toBe(day('2026-11-22'));
    expect(at('today', late, -480)).toBe(day('2026-11-21'));
    expect(at('tomorrow 09:00', late, 120)).toBe('2026-11-23T07:00:00.000Z');
  });

  test('of a shorter month is its last', () => {
    expect(at('+1mo', '2026-01-31T08:00:00.000Z')).toBe(day('2026-02-28'));
    expect(at('+1y', '2028-02-29T08:00:00.000Z')).toBe(day('2029-02-28'));
  });

  test('is read or refused, whatever is typed', () => {
    check(
      fc.property(fc.string({ maxLength: 20, unit: 'grapheme' }), (text) => {
        try {
          expect(at(text)).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
        } catch (error) {
          expect(error).toHaveProperty('code', 'INVALID_INPUT');
        }
      }),
      1000,
    );
  });
});

describe('a span', () => {
  const span = (text: string, zone = 0, clock = false) => {
    const { from, to } = parseSpan('due', text, { now: NOW, zone: () => zone }, clock);
    return [from, to];
  };

  test.each([
    ['today', '2026-11-21', '2026-11-22'],
    ['2026-12-01', '2026-12-01', '2026-12-02'],
    ['week', '2026-11-16', '2026-11-23'],
    ['this week', '2026-11-16', '2026-11-23'],
    ['next week', '2026-11-23', '2026-11-30'],
    ['last month', '2026-10-01', '2026-11-01'],
    ['year', '2026-01-01', '2027-01-01'],
  ])('%s is from %s to %s', (text, from, to) => {
    expect(span(text)).toEqual([day(from), day(to)]);
  });

  test('of a moment is itself', () => {
    expect(span('2026-12-01T17:00Z')).toEqual(['2026-12-01T17:00:00.000Z', '2026-12-01T17:00:00.001Z']);
  });

  test('by the clock begins at midnight of the place', () => {
    expect(span('today', 120, true)).toEqual(['2026-11-20T22:00:00.000Z', '2026-11-21T22:00:00.000Z']);
    expect(span('today', 120)).toEqual([day('2026-11-21'), day('2026-11-22')]);
  });
});

test('a due day is overdue when it is over, a due moment when it has passed', () => {
  expect(isOverdue(day('2026-11-21'), NOW)).toBe(false);
  expect(isOverdue(day('2026-11-20'), NOW)).toBe(true);
  expect(isOverdue('2026-11-21T10:30:00.000Z', NOW)).toBe(true);
  expect(isOverdue('2026-11-21T10:30:00.001Z', NOW)).toBe(false);
});

test('a length of time leads back from now', () => {
  expect(before('olderThan', '30d', NOW)).toBe('2026-10-22T10:30:00.000Z');
  expect(before('olderThan', '2 weeks', NOW)).toBe('2026-11-07T10:30:00.000Z');
  expect(before('olderThan', '0d', NOW)).toBe(NOW);
  for (const text of ['', '30', 'd', '30m', '-3d', 'soon'])
    expectRefusal(() => before('olderThan', text, NOW), 'INVALID_INPUT', '30d');
});
