import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isLive, parseDuration } from '../../../src/core/model/claim.js';
import { check } from '../../support/check.js';
import { expectRefusal } from '../../support/refusal.js';

describe('a length of time', () => {
  test.each([
    ['1s', 1_000],
    ['90s', 90_000],
    ['30m', 1_800_000],
    [' 1.5 h ', 5_400_000],
    ['2D', 172_800_000],
  ])('%s is %i ms', (text, ms) => expect(parseDuration(text)).toBe(ms));

  test.each(['', '30', 'm', '30 parsecs', '-5m', '0s', '0.1s', '31d', '1e3m', 'NaNm', '5mm'])('“%s” is none', (text) =>
    expectRefusal(() => parseDuration(text), 'INVALID_INPUT', text, '30m'),
  );

  test('is read as it is written', () => {
    check(
      fc.property(fc.integer({ min: 1, max: 2_592_000 }), (s) => {
        expect(parseDuration(`${s}s`)).toBe(s * 1000);
      }),
    );
  });
});

test('a claim lasts until the moment at which it expires', () => {
  const claim = { by: 'ann', at: '2026-01-01T12:00:00.000Z', expiresAt: '2026-01-01T12:30:00.000Z', version: 1 };
  expect(isLive(claim, '2026-01-01T12:29:59.999Z')).toBe(true);
  expect(isLive(claim, '2026-01-01T12:30:00.000Z')).toBe(false);
  expect(isLive(undefined, '2026-01-01T12:00:00.000Z')).toBe(false);
});
