import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rankOf } from '../../../src/core/metrics/statistics.js';
import { quantile } from '../../../src/core/planning/effort/lognormal.js';
import { NumberHeap, TimeHeap } from '../../../src/core/planning/forecast/heaps.js';
import { histogram } from '../../../src/core/planning/forecast/histogram.js';
import { Simulation, type Work } from '../../../src/core/planning/forecast/simulation.js';
import { check } from '../../support/check.js';

/** Work of so many hours each, without spread; `before` gives what each waits for. */
function exactly(
  hours: readonly number[],
  before: readonly (readonly number[])[] = [],
  more: Partial<Work> = {},
): Work {
  return spread(
    hours.map((one) => ({ p50: one, sigma: 0 })),
    before,
    more,
  );
}

function spread(
  tasks: readonly { p50: number; sigma: number; elapsed?: number }[],
  before: readonly (readonly number[])[] = [],
  more: Partial<Work> = {},
): Work {
  return {
    parts: tasks.map(({ p50, sigma, elapsed = 0 }) => (p50 > 0 ? { mu: Math.log(p50), sigma, elapsed } : undefined)),
    before: tasks.map((_, at) => before[at] ?? []),
    order: [...tasks.keys()],
    notBefore: tasks.map(() => 0),
    due: tasks.map(() => undefined),
    ...more,
  };
}

function played(work: Work, workers: number, runs = 1, seed = 1): Simulation {
  const simulation = new Simulation(work, { workers, runs, seed });
  simulation.advance(runs);
  return simulation;
}

const total = (work: Work, workers: number) => played(work, workers).totals[0] as number;

describe('without spread it is a schedule', () => {
  test('a chain is the sum, however many work on it', () => {
    const chain = exactly([1, 2, 3, 4], [[], [0], [1], [2]]);
    for (const workers of [1, 2, 5]) expect(total(chain, workers)).toBeCloseTo(10, 9);
  });

  test('one worker takes the sum of independent tasks, as many as tasks the longest', () => {
    const free = exactly([1, 2, 3, 4]);
    expect(total(free, 1)).toBeCloseTo(10, 9);
    expect(total(free, 4)).toBeCloseTo(4, 9);
    // The first two take 1 and 2 and are followed by 3 and 4.
    expect(total(free, 2)).toBeCloseTo(6, 9);
  });

  test('the first ready task is taken first', () => {
    const simulation = played(exactly([5, 1, 1], [[2], [], []]), 1);
    expect([0, 1, 2].map((task) => simulation.finishes(task)[0])).toEqual(
      [7, 1, 2].map((hours) => expect.closeTo(hours, 5)),
    );
  });

  test('what consists of others needs nobody, and is done with the last of them', () => {
    const simulation = played(exactly([0, 2, 3, 1], [[1, 2], [], [], [0]]), 1);
    expect(simulation.finishes(0)[0]).toBeCloseTo(5, 5);
    expect(simulation.totals[0]).toBeCloseTo(6, 9);
  });

  test('nothing begins before its time, and the worker does other things until then', () => {
    const simulation = played(exactly([1, 2], [], { notBefore: [10, 0] }), 1);
    expect([simulation.finishes(0)[0], simulation.finishes(1)[0]]).toEqual([
      expect.closeTo(11, 5),
      expect.closeTo(2, 5),
    ]);
  });

  test('work that was begun is reckoned by what is left', () => {
    expect(total(spread([{ p50: 8, sigma: 0, elapsed: 6 }]), 1)).toBeCloseTo(2, 9);
  });

  test('the longest chain is what the path is critical for', () => {
    // 0 → 2 → 3 takes 1 + 5 + 1, 1 → 3 takes 2 + 1.
    const simulation = played(exactly([1, 2, 5, 1], [[], [], [0], [1, 2]]), 1);
    expect([0, 1, 2, 3].map((task) => simulation.criticality(task))).toEqual([1, 0, 1, 1]);
    expect(simulation.chains[0]).toBeCloseTo(7, 9);
    expect(simulation.criticalHours(2)).toBeCloseTo(5, 9);
    expect(simulation.hours[0]).toBeCloseTo(9, 9);
  });
});

describe('with spread it meets the closed forms', () => {
  const RUNS = 20_000;
  const sorted = (simulation: Simulation) => simulation.totals.slice().sort();
  const quantileOf = (totals: Float64Array, share: number) => rankOf(totals, share) ?? Number.NaN;
  const task = { p50: 8, sigma: 0.6 };
  const effort = { mu: Math.log(8), sigma: 0.6 };

  test('one task has the quantiles of its distribution', () => {
    const totals = sorted(played(spread([task]), 1, RUNS));
    for (const p of [0.1, 0.5, 0.8, 0.95]) expect(quantileOf(totals, p) / quantile(effort, p)).toBeCloseTo(1, 1);
    expect(Math.abs(quantileOf(totals, 0.5) / 8 - 1)).toBeLessThan(0.02);
  });

  test('a task begun has those of what is left', () => {
    const totals = sorted(played(spread([{ ...task, elapsed: 8 }]), 1, RUNS));
    expect(Math.abs((quantileOf(totals, 0.5) + 8) / quantile(effort, 0.75) - 1)).toBeLessThan(0.02);
    expect(Math.abs((quantileOf(totals, 0.8) + 8) / quantile(effort, 0.9) - 1)).toBeLessThan(0.02);
  });

  test('a chain has the mean of the sum', () => {
    const chain = spread([task, task, task], [[], [0], [1]]);
    const totals = played(chain, 1, RUNS).totals;
    const mean = totals.reduce((sum, one) => sum + one, 0) / RUNS;
    expect(Math.abs(mean / (3 * 8 * Math.exp(0.18)) - 1)).toBeLessThan(0.02);
  });

  test('independent tasks with a worker each have the quantiles of the longest: F(x)^n', () => {
    const totals = sorted(played(spread([task, task, task, task]), 4, RUNS));
    for (const p of [0.5, 0.8])
      expect(Math.abs(quantileOf(totals, p) / quantile(effort, p ** 0.25) - 1)).toBeLessThan(0.02);
  });

  test('one of two equal tasks beside each other is critical in half of the runs', () => {
    const simulation = played(spread([task, task, { p50: 1, sigma: 0.1 }], [[], [], [0, 1]]), 2, RUNS);
    expect(Math.abs(simulation.criticality(0) - 0.5)).toBeLessThan(0.02);
    expect(simulation.criticality(2)).toBe(1);
  });

  test('the probability to be in time is that of the distribution', () => {
    const simulation = played(spread([task], [], { due: [quantile(effort, 0.7)] }), 1, RUNS);
    expect(Math.abs(simulation.onTime(0) - 0.7)).toBeLessThan(0.02);
  });
});

const work = fc
  .array(
    fc.record({
      p50: fc.double({ min: 0.1, max: 40, noNaN: true }),
      sigma: fc.double({ min: 0, max: 1, noNaN: true }),
      after: fc.array(fc.nat(), { maxLength: 3 }),
    }),
    { minLength: 1, maxLength: 25 },
  )
  .map((tasks) =>
    spread(
      tasks,
      tasks.map(({ after }, at) => (at === 0 ? [] : [...new Set(after.map((one) => one % at))])),
    ),
  );
const EXACT = 1e-9;

describe('what holds of every schedule', () => {
  test('it takes no less than the longest chain and its share of the work, and no more than Graham allows', () => {
    check(
      fc.property(work, fc.integer({ min: 1, max: 6 }), (some, workers) => {
        const { totals, chains, hours } = played(some, workers, 5);
        for (const [run, time] of totals.entries()) {
          const [chain, sum] = [chains[run] as number, hours[run] as number];
          expect(time).toBeGreaterThanOrEqual(Math.max(chain, sum / workers) * (1 - EXACT));
          expect(time).toBeLessThanOrEqual((sum / workers + ((workers - 1) / workers) * chain) * (1 + EXACT));
        }
      }),
    );
  });

  test('one more worker on independent tasks is never slower; as many as tasks take just the longest chain', () => {
    check(
      fc.property(work, fc.integer({ min: 1, max: 6 }), (some, workers) => {
        const free = { ...some, before: some.before.map(() => []) };
        const [fewer, more] = [played(free, workers, 5), played(free, workers + 1, 5)];
        for (const [run, time] of more.totals.entries())
          expect(time).toBeLessThanOrEqual((fewer.totals[run] as number) * (1 + EXACT));
        const all = played(some, some.parts.length, 5);
        for (const [run, time] of all.totals.entries()) expect(time).toBeCloseTo(all.chains[run] as number, 6);
      }),
    );
  });

  test('one worker takes the sum of all work; no other number takes longer than that', () => {
    check(
      fc.property(work, fc.integer({ min: 2, max: 6 }), (some, workers) => {
        const [one, more] = [played(some, 1, 5), played(some, workers, 5)];
        for (const [run, time] of one.totals.entries()) {
          expect(time).toBeCloseTo(one.hours[run] as number, 6);
          expect(more.totals[run]).toBeLessThanOrEqual(time * (1 + EXACT));
        }
      }),
    );
  });

  test('the same seed gives the same runs, in one go or in slices; another seed others', () => {
    const some = spread([
      { p50: 4, sigma: 0.5 },
      { p50: 9, sigma: 0.5 },
    ]);
    const sliced = new Simulation(some, { workers: 2, runs: 100, seed: 5 });
    while (sliced.done < 100) sliced.advance(7);
    expect([...sliced.totals]).toEqual([...played(some, 2, 100, 5).totals]);
    expect([...sliced.totals]).not.toEqual([...played(some, 2, 100, 6).totals]);
  });
});

test('heaps give the smallest first', () => {
  check(
    fc.property(fc.array(fc.nat(50), { minLength: 1, maxLength: 60 }), (numbers) => {
      const heap = new NumberHeap(numbers.length);
      const times = new TimeHeap(numbers.length);
      for (const [at, number] of numbers.entries()) {
        heap.push(number);
        times.push(number, at);
      }
      const drained: number[] = [];
      while (!heap.isEmpty) drained.push(heap.pop());
      expect(drained).toEqual([...numbers].sort((a, b) => a - b));
      const order: number[] = [];
      while (!times.isEmpty) order.push(times.pop());
      expect(order).toEqual([...numbers.keys()].sort((a, b) => (numbers[a] ?? 0) - (numbers[b] ?? 0) || a - b));
    }),
  );
});

test('a histogram has every run in one of its stretches', () => {
  const values = Float64Array.from({ length: 500 }, (_, at) => (at * at) % 97).sort();
  const bins = histogram(values, 12);
  expect(bins.reduce((sum, { runs }) => sum + runs, 0)).toBe(500);
  expect([bins[0]?.from, bins.at(-1)?.to]).toEqual([0, 96]);
  expect(histogram(Float64Array.of(3, 3), 12)).toEqual([{ from: 3, to: 3, runs: 2 }]);
});
