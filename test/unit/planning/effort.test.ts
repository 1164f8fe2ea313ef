import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { accuracyOf } from '../../../src/core/planning/effort/accuracy.js';
import { drawSum, drawsFrom } from '../../../src/core/planning/effort/draws.js';
import {
  fromQuantiles,
  normalQuantile,
  quantile,
  remaining,
  upperTail,
} from '../../../src/core/planning/effort/lognormal.js';
import { type FinishedTask, mostSimilar, NEAREST } from '../../../src/core/planning/effort/mostSimilar.js';
import { hoursOf, hoursOfSamples, priorHours, shrink } from '../../../src/core/planning/effort/shrinkage.js';
import { check } from '../../support/check.js';

const like = (...hours: number[]) => hours.map((one) => ({ hours: one, weight: 1 }));

describe('the shrinkage, reckoned by hand', () => {
  test('without experience there is the prior: 8 · score / 5 hours, 80 % within e^(0.84 · 0.6)', () => {
    const { p50, p80, estimatedHours } = hoursOf(shrink(priorHours(5), []));
    expect([p50, estimatedHours]).toEqual([8, 8]);
    // 8 · e^(0.8416 · 0.6) = 8 · 1.6569
    expect(p80).toBe(13.26);
  });

  test('two tasks of 2 hours and one of 4 against a prior of 8', () => {
    // μ = (2 ln 2 + ln 4 + 3 ln 8) / 6 = 13 ln 2 / 6 = 1.501819
    // σ² = (2 (ln 2 − μ)² + (ln 4 − μ)² + 3 · 0.36) / 6 = (2 · 0.653953 + 0.013345 + 1.08) / 6 = 0.400208
    const effort = shrink(8, like(2, 2, 4));
    expect(effort.mu).toBeCloseTo((13 * Math.log(2)) / 6, 12);
    expect(effort.sigma ** 2).toBeCloseTo(0.400208, 5);
    // p50 = 2^(13/6) = 4.4898; p80 = p50 · e^(0.841621 · 0.632620) = p50 · 1.703063
    expect(hoursOf(effort)).toMatchObject({ p50: 4.49, p80: 7.65, estimatedHours: 4.5 });
  });

  test('a weight of a half counts as half a task', () => {
    // μ = (0.5 ln 2 + 3 ln 8) / 3.5 = 9.5 ln 2 / 3.5
    expect(shrink(8, [{ hours: 2, weight: 0.5 }]).mu).toBeCloseTo((9.5 * Math.log(2)) / 3.5, 12);
  });

  test('what is less than half an hour is still half an hour of estimate', () => {
    expect(hoursOf(shrink(0.05, []))).toMatchObject({ p50: 0.05, estimatedHours: 0.5 });
  });
});

describe('what holds of every estimate', () => {
  const hours = fc.double({ min: 0.05, max: 500, noNaN: true });
  const observations = fc.array(fc.record({ hours, weight: fc.double({ min: 0.1, max: 1, noNaN: true }) }), {
    maxLength: 15,
  });

  test('low ≤ p50 ≤ p80 ≤ high', () => {
    check(
      fc.property(hours, observations, (prior, seen) => {
        const { low, p50, p80, high } = hoursOf(shrink(prior, seen));
        expect(low <= p50 && p50 <= p80 && p80 <= high).toBe(true);
      }),
    );
  });

  test('p50 lies between the least and the most that was seen or expected', () => {
    check(
      fc.property(hours, observations, (prior, seen) => {
        const all = [prior, ...seen.map((one) => one.hours)];
        const p50 = Math.exp(shrink(prior, seen).mu);
        expect(p50).toBeGreaterThanOrEqual(Math.min(...all) * (1 - 1e-9));
        expect(p50).toBeLessThanOrEqual(Math.max(...all) * (1 + 1e-9));
      }),
    );
  });

  test('a higher complexity never lets expect less', () => {
    const score = fc.double({ min: 1, max: 10, noNaN: true });
    check(
      fc.property(score, score, observations, (one, other, seen) => {
        const [low, high] = [Math.min(one, other), Math.max(one, other)];
        expect(shrink(priorHours(low), seen).mu).toBeLessThanOrEqual(shrink(priorHours(high), seen).mu);
      }),
    );
  });

  test('more tasks that took what was expected narrow it', () => {
    check(
      fc.property(hours, fc.integer({ min: 0, max: 30 }), (prior, n) => {
        const seen = new Array<number>(n).fill(prior);
        expect(shrink(prior, like(...seen, prior)).sigma).toBeLessThan(shrink(prior, like(...seen)).sigma);
      }),
    );
  });
});

describe('which finished tasks are alike', () => {
  const traits = (type: string, tags: string[], files: string[] = []) => ({ type, tags, files });
  const done = (id: string, hours: number, tags: string[], day: number): FinishedTask => ({
    id,
    hours,
    ...traits('task', tags),
    completedAt: `2026-01-${String(day).padStart(2, '0')}T00:00:00.000Z`,
  });

  test('the most similar come first, the latest among equals, and only so many', () => {
    const finished = [done('old', 1, ['api'], 1), done('new', 2, ['api'], 9), done('other', 3, ['ui'], 5)];
    expect(mostSimilar(traits('task', ['api']), finished)).toEqual([
      { id: 'new', hours: 2, weight: 1 },
      { id: 'old', hours: 1, weight: 1 },
      { id: 'other', hours: 3, weight: 0.333 },
    ]);
    const many = Array.from({ length: 40 }, (_, at) => done(`t${at}`, 1, ['api'], 1));
    expect(mostSimilar(traits('task', ['api']), many)).toHaveLength(NEAREST);
    expect(mostSimilar(traits('bug', ['api']), finished)).toEqual([]);
    expect(mostSimilar(traits('task', []), [done('bare', 2, [], 1)])).toEqual([{ id: 'bare', hours: 2, weight: 1 }]);
  });

  /**
   * The improvement on the formula of the specification, where every task counts as much: on a backlog of two kinds of
   * work, each task estimated from those before it.
   */
  test('weighing by similarity is nearer to what tasks take than counting each the same', () => {
    const draw = drawsFrom(7);
    const finished: FinishedTask[] = [];
    const errors = { weighed: 0, same: 0 };
    for (let at = 0; at < 200; at += 1) {
      const tag = draw() < 0.5 ? 'ui' : 'api';
      const hours = quantile({ mu: Math.log(tag === 'ui' ? 2 : 12), sigma: 0.4 }, draw());
      const seen = mostSimilar(traits('task', [tag, `area${at % 7}`]), finished);
      for (const [name, some] of [
        ['weighed', seen],
        ['same', seen.map((one) => ({ ...one, weight: 1 }))],
      ] as const)
        errors[name] += Math.abs(shrink(priorHours(), some).mu - Math.log(hours));
      finished.push(done(`t${at}`, hours, [tag, `area${at % 7}`], 1));
    }
    expect(errors.weighed).toBeLessThan(errors.same);
  });
});

describe('the normal and lognormal distributions', () => {
  test('quantiles and tails as in the tables', () => {
    expect(normalQuantile(0.5)).toBe(0);
    expect(normalQuantile(0.975)).toBeCloseTo(1.959963985, 8);
    expect(normalQuantile(0.001)).toBeCloseTo(-3.090232306, 8);
    expect(upperTail(0)).toBeCloseTo(0.5, 7);
    expect(upperTail(1.959963985)).toBeCloseTo(0.025, 7);
    expect(upperTail(-1)).toBeCloseTo(0.841344746, 7);
    for (const p of [1e-9, 0.01, 0.3, 0.77, 0.999]) expect(upperTail(normalQuantile(p))).toBeCloseTo(1 - p, 6);
  });

  test('two quantiles give the distribution back', () => {
    const effort = fromQuantiles(4, 7);
    expect(quantile(effort, 0.5)).toBeCloseTo(4, 9);
    expect(quantile(effort, 0.8)).toBeCloseTo(7, 7);
  });

  test('what is left is what the rest of the distribution says', () => {
    const effort = { mu: Math.log(10), sigma: 0.5 };
    // P(X > 10) is a half: the median of the rest is the 75 % quantile of the whole.
    expect(10 + remaining(effort, 10, 0.5)).toBeCloseTo(quantile(effort, 0.75), 5);
    expect(remaining(effort, 0, 0.3)).toBeCloseTo(quantile(effort, 0.3), 9);
    expect(remaining({ mu: Math.log(10), sigma: 0 }, 4, 0.9)).toBeCloseTo(6, 9);
    expect(remaining({ mu: Math.log(10), sigma: 0 }, 40, 0.9)).toBe(0);
    expect(remaining(effort, 1e6, 0.5)).toBeGreaterThanOrEqual(0);
  });
});

describe('the sum of parts', () => {
  test('of parts without spread is their sum; what is done counts as it is', () => {
    const parts = [3, 5].map((hours) => ({ mu: Math.log(hours), sigma: 0, elapsed: 0 }));
    const { p50, p80 } = hoursOfSamples(drawSum(parts, 2, 1));
    expect([p50, p80]).toEqual([10, 10]);
  });

  test('is surer than its parts: p80 of the sum is less than the sum of p80, and is the same every time', () => {
    const part = { mu: Math.log(8), sigma: 0.6, elapsed: 0 };
    const sum = hoursOfSamples(drawSum(new Array(10).fill(part), 0, 3));
    expect(sum.p80).toBeLessThan(10 * quantile(part, 0.8));
    // The mean of a lognormal is e^(μ + σ²/2); with ten of them median and mean are near each other.
    expect(sum.p50 / (10 * 8 * Math.exp(0.18))).toBeCloseTo(1, 1);
    expect(hoursOfSamples(drawSum(new Array(10).fill(part), 0, 3))).toEqual(sum);
  });
});

test('accuracy is the median error, the median ratio and what p80 covered', () => {
  const verdict = (actual: number) => ({ p50: 4, p80: 6, actual });
  expect(accuracyOf([verdict(4), verdict(5), verdict(8)])).toEqual({
    n: 3,
    medianRelativeError: 0.25,
    medianRatio: 1.25,
    withinP80: 66.7,
  });
  expect(accuracyOf([])).toEqual({ n: 0, medianRelativeError: null, medianRatio: null, withinP80: null });
});
