import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dueMoment } from '../../../src/core/model/due.js';
import { formatHours, hoursBetween, parseHours } from '../../../src/core/time/hours.js';
import { check } from '../../support/check.js';
import { expectRefusal } from '../../support/refusal.js';

describe('a length of time', () => {
  test.each([
    ['1h30m', 1.5],
    ['1h 30m', 1.5],
    ['90m', 1.5],
    ['1.5h', 1.5],
    ['2:15', 2.25],
    ['2', 2],
    ['1d', 24],
    ['36s', 0.01],
  ])('%s is %f hours', (text, hours) => expect(parseHours(text)).toBe(hours));

  test.each(['', '0', '-1h', 'long', '1h30', '1x', '2:75', '1h m', '1e5h'])('“%s” is none', (text) =>
    expectRefusal(() => parseHours(text), 'INVALID_INPUT', text),
  );

  test('is read as it is written, to the minute', () => {
    check(
      fc.property(fc.integer({ min: 1, max: 60 * 100 }), (minutes) => {
        expect(parseHours(formatHours(minutes / 60)) * 60).toBeCloseTo(minutes, 1);
      }),
    );
  });

  test('between moments is never less than nothing', () => {
    expect(hoursBetween('2026-01-01T10:00:00Z', '2026-01-01T11:30:00Z')).toBe(1.5);
    expect(hoursBetween('2026-01-01T10:00:00Z', '2026-01-01T09:00:00Z')).toBe(0);
    expect(hoursBetween('rubbish', '2026-01-01T09:00:00Z')).toBe(0);
  });
});

test('a date is due until its end, a moment until itself, and rubbish never', () => {
  expect(dueMoment('2026-12-01T00:00:00.000Z')).toBe('2026-12-02T00:00:00.000Z');
  expect(dueMoment('2026-12-01T17:00:00.000Z')).toBe('2026-12-01T17:00:00.000Z');
  expect([dueMoment('notadate'), dueMoment(undefined)]).toEqual([undefined, undefined]);
});
