import { describe, expect, test } from 'vitest';
import { expectedHours, HOUR_UNTRIED, keptEstimate } from '../../../src/core/planning/effort/expected.js';

describe('the hours that a task is expected to take', () => {
  const kept = (p50: unknown, p80: unknown, n?: unknown) => keptEstimate({ p50, p80, basis: { n } });

  test('are what tm estimate kept', () => {
    expect(expectedHours(kept(3, 5, 2), 8)).toEqual({ p50: 3, p80: 5, source: 'kept' });
    expect(expectedHours(kept(3, 5, 0), undefined)).toEqual({ p50: 3, p80: 5, source: 'kept' });
    // Another program kept it, without a basis or a spread.
    expect(expectedHours(keptEstimate({ p50: 3 }), 8)).toEqual({ p50: 3, p80: 3, source: 'kept' });
  });

  test('are what somebody estimated where nothing was learnt from finished tasks', () => {
    expect(expectedHours(kept(8, 13.26, 0), 4)).toEqual({ p50: 4, p80: 4 * HOUR_UNTRIED.p80, source: 'estimate' });
    expect(HOUR_UNTRIED.p80).toBeCloseTo(1.657, 3);
    expect(expectedHours({}, 4, { p50: 1.5, p80: 3 })).toEqual({ p50: 6, p80: 12, source: 'estimate' });
    expect(expectedHours({}, 0)).toEqual({ p50: 0, p80: 0, source: 'estimate' });
  });

  test('are not known where nobody said anything that makes sense', () => {
    expect(expectedHours({}, undefined)).toBeUndefined();
    for (const nonsense of ['8', Number.NaN, -1, null, 0, {}])
      expect(expectedHours({ p50: nonsense }, undefined)).toBeUndefined();
    for (const nonsense of ['8', Number.NaN, -1, null]) expect(expectedHours({}, nonsense)).toBeUndefined();
  });
});
