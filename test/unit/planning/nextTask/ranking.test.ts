import { describe, expect, test } from 'vitest';
import { chanceWithin } from '../../../../src/core/planning/nextTask/chance.js';
import { type RankedTask, rank } from '../../../../src/core/planning/nextTask/choose.js';
import type { Criteria } from '../../../../src/core/planning/nextTask/criteria.js';
import type { Candidate } from '../../../../src/core/planning/nextTask/plan.js';
import { schedule } from '../../../../src/core/planning/nextTask/schedule.js';
import { DEFAULT_WEIGHTS, type FactorName } from '../../../../src/core/planning/nextTask/weights.js';
import { describeFactor } from '../../../../src/core/planning/nextTask/words.js';
import { idOf, planOf, task } from './plans.js';

const ranked = (
  tasks: readonly Candidate[],
  edges: readonly (readonly [number, number])[] = [],
  criteria: Criteria = {},
  fields = {},
) => rank(planOf(tasks, edges, fields), { criteria, weights: DEFAULT_WEIGHTS });

const numbers = ({ ranked: list }: { readonly ranked: readonly RankedTask[] }) => list.map((one) => one.task.number);

function factor(one: RankedTask | undefined, name: FactorName) {
  const found = one?.factors.find((other) => other.name === name);
  return found && { score: found.score, says: describeFactor(found, (id) => `T-${Number.parseInt(id, 16) + 1}`) };
}

const estimated = (p50: number, p80 = p50) => ({ p50, p80, source: 'estimate' }) as const;

describe('the parts of a score', () => {
  test('urgency follows from the due date of what waits for it, counted back by p80', () => {
    // T-2 is due on 3 June, to be done by its end: 24 working hours from now, less 8 of its own and 6 of T-1.
    const found = ranked(
      [
        task(0, { hours: estimated(5, 6) }),
        task(1, { hours: estimated(4, 8), due: '2026-06-03T00:00:00.000Z' }),
        task(2, { hours: estimated(1, 2) }),
      ],
      [[1, 0]],
    );
    expect(numbers(found)).toEqual([1, 3]);
    expect(factor(found.ranked[0], 'urgency')).toEqual({
      score: 0.9107,
      says: 'T-2 is due 2026-06-03: 10 h of slack',
    });
    expect(factor(found.ranked[1], 'urgency')?.says).toBe(
      'no due date depends on it; begins a chain of 2 h; the longest is 14 h',
    );
  });

  test('what is too late is as urgent as can be, and says by how much', () => {
    const [first] = ranked([task(0, { hours: estimated(20), due: '2026-06-01T00:00:00.000Z' })]).ranked;
    expect(factor(first, 'urgency')).toEqual({ score: 1, says: 'T-1 is due 2026-06-01: 12 h too late already' });
  });

  test('hours that nobody knows are the median of the known ones, and said to be', () => {
    const [, second] = ranked([task(0, { hours: estimated(3) }), task(1)]).ranked;
    expect(factor(second, 'urgency')?.says).toContain(
      '1 open task has no hours: the median of the others, 3 h, stands',
    );
    const [alone] = ranked([task(0)]).ranked;
    expect(factor(alone, 'urgency')?.says).toContain('1 h stands for each');
  });

  test('value counts for the hours that it costs: the small one of two alike is first', () => {
    const found = ranked([
      task(0, { hours: estimated(20), businessValue: 5 }),
      task(1, { hours: estimated(2), businessValue: 5 }),
    ]);
    expect(
      factor(
        found.ranked.find(({ task: { number } }) => number === 2),
        'business_value',
      )?.says,
    ).toBe('value 5 of 5, no task waits for it, for up to 2 h');
    expect(numbers(found)).toEqual([2, 1]);
  });

  test('what many wait for is worth more', () => {
    const found = ranked(
      [task(0), task(1), task(2), task(3)],
      [
        [2, 1],
        [3, 2],
      ],
    );
    expect(numbers(found)).toEqual([2, 1]);
    expect(factor(found.ranked[0], 'business_value')?.says).toContain('2 tasks wait for it');
  });

  test('of two tasks that are alike otherwise the one like the last is first', () => {
    const last = { id: 'ffffffff', number: 9, tags: ['parser'], files: ['src/a.ts'] };
    const tasks = [task(0, { tags: ['ui'] }), task(1, { tags: ['parser'], files: ['src/a.ts'] })];
    expect(numbers(ranked(tasks))).toEqual([1, 2]);
    const found = ranked(tasks, [], {}, { last });
    expect(numbers(found)).toEqual([2, 1]);
    expect(found.ranked[0]?.missing).toEqual(['complexity_fit']);
  });

  test('preferences, hours at hand and complexity are one part: soft', () => {
    const tasks = [
      task(0, { type: 'bug', language: 'go', complexity: 9, hours: estimated(6) }),
      task(1, { type: 'feature', language: 'ts', complexity: 3, hours: estimated(2) }),
    ];
    const found = ranked(tasks, [], { preferredTypes: ['feature'], preferredLanguages: ['TS'], hoursToday: 6 });
    expect(numbers(found)).toEqual([2, 1]);
    expect(factor(found.ranked[0], 'complexity_fit')).toEqual({
      score: 1,
      says: '2 h fit into 6 h, complexity 3 of at most 8, preferred: feature, ts',
    });
    // It fits, a point over the usual complexity of 8, nothing preferred.
    expect(factor(found.ranked[1], 'complexity_fit')?.score).toBeCloseTo((1 + 0.5 + 0) / 3, 3);
  });

  test('subtasks come before what they are parts of, and are as urgent and as much waited for', () => {
    const tasks = [
      task(0, { hours: estimated(20), due: '2026-06-03T00:00:00.000Z' }),
      task(1, { parent: idOf(0), hours: estimated(4) }),
      task(2, { parent: idOf(0), hours: estimated(6), status: 'in_progress' }),
      task(3, { hours: estimated(4) }),
    ];
    const found = ranked(tasks);
    expect(numbers(found)).toEqual([2, 4]);
    // The 20 hours of the whole are those of its parts.
    expect(factor(found.ranked[0], 'urgency')?.says).toBe('T-1 is due 2026-06-03: 20 h of slack');
    expect(factor(found.ranked[0], 'business_value')?.says).toContain('1 task waits for it');
    const done = [task(0, { priority: 'low' }), task(1, { parent: idOf(0), status: 'cancelled' })];
    expect(numbers(ranked(done))).toEqual([1]);
    // One that waits for its own whole does not hold it up.
    expect(numbers(ranked([task(0), task(1, { parent: idOf(0) })], [[1, 0]]))).toEqual([1]);
  });

  test('ties go by priority, age and id', () => {
    const weights = { ...DEFAULT_WEIGHTS, urgency: 0, priority: 0, business_value: 0 };
    const tasks = [task(4), task(3, { createdAt: '2026-04-01T00:00:00.000Z' }), task(2), task(1, { priority: 'high' })];
    expect(numbers(rank(planOf(tasks), { weights }))).toEqual([2, 4, 3, 5]);
  });
});

describe('where there is none', () => {
  test('an empty plan', () => {
    expect(ranked([])).toMatchObject({ reason: 'empty', ready: 0, open: 0 });
    expect(ranked([task(0, { status: 'cancelled' })])).toMatchObject({ reason: 'empty' });
  });

  test('everything waits: the roots, that for which most wait first', () => {
    const tasks = [
      task(0, { status: 'in_progress' }),
      task(1, { claimed: true }),
      task(2, { status: 'blocked' }),
      task(3, { notBefore: '2027-01-01T00:00:00.000Z' }),
      task(4),
      task(5),
      task(6),
      task(7, { status: 'cancelled' }),
      task(8),
    ];
    const found = ranked(tasks, [
      [4, 1],
      [5, 4],
      [6, 2],
      [8, 7],
    ]);
    expect(found.reason).toBe('all_blocked');
    expect(found.blockers).toEqual([
      { id: idOf(1), state: 'claimed', waiting: 2 },
      { id: idOf(2), state: 'blocked', waiting: 1 },
      { id: idOf(0), state: 'in_progress', waiting: 0 },
      { id: idOf(3), state: 'scheduled', waiting: 0 },
      { id: idOf(8), state: 'needs_decision', waiting: 0 },
    ]);
  });

  test('nothing fits: what each condition keeps out', () => {
    const tasks = [task(0, { tags: ['api'], complexity: 9 }), task(1, { tags: ['ui'] }), task(2, { tags: ['ui'] })];
    const found = ranked(tasks, [], { requiredTags: ['api'], maxComplexity: 5 });
    expect(found).toMatchObject({ reason: 'none_match', ready: 3 });
    expect(found.relaxations).toEqual([
      { constraints: ['required_tags'], values: ['api'], to: null, admits: 2 },
      { constraints: ['max_complexity'], values: [5], to: 9, admits: 1 },
    ]);
    // The nearest value is proposed, and what can be kept is kept.
    const long = [task(0, { hours: estimated(9.04) }), task(1, { hours: estimated(5) }), task(2, { tags: ['ui'] })];
    expect(ranked(long, [], { maxHours: 3, hoursToday: 4, excludedTags: ['ui'] }).relaxations).toEqual([
      { constraints: ['excluded_tags'], values: ['ui'], to: null, admits: 1 },
    ]);
    expect(ranked(long, [], { maxHours: 3, requiredTags: [], excludedTags: ['ui'] }).relaxations).toEqual([
      { constraints: ['excluded_tags'], values: ['ui'], to: null, admits: 1 },
      { constraints: ['max_estimated_hours'], values: [3], to: 5, admits: 1 },
    ]);
    expect(ranked(tasks, [], { requiredTags: ['nothing'], project: 'none' }).relaxations).toEqual([
      { constraints: ['project_id', 'required_tags'], values: ['none', 'nothing'], to: null, admits: 3 },
    ]);
  });
});

describe('the hours at hand', () => {
  test('are filled with what fits; what is alike comes after each other where grouping is on', () => {
    const tasks = [
      task(0, { hours: estimated(2), tags: ['parser'], priority: 'critical' }),
      task(1, { hours: estimated(2), tags: ['docs'], createdAt: '2026-04-01T00:00:00.000Z' }),
      task(2, { hours: estimated(2), tags: ['parser'] }),
      task(3, { hours: estimated(30), tags: ['parser'], priority: 'high' }),
    ];
    const { ranked: list } = ranked(tasks);
    const numbersOf = (grouping: boolean) =>
      schedule({ first: list.slice(0, 1), ranked: list, hours: 5, grouping }).map((one) => [
        one.task.task.number,
        one.start,
        one.end,
      ]);
    expect(numbersOf(true)).toEqual([
      [1, 0, 2],
      [3, 2, 4],
    ]);
    expect(numbersOf(false)).toEqual([
      [1, 0, 2],
      [2, 2, 4],
    ]);
  });

  test('the chance to be done within them is that of a log-normal through p50 and p80', () => {
    const hours = { p50: 4, p80: 6, source: 'kept' } as const;
    expect(chanceWithin(4, hours)).toBe(0.5);
    expect(chanceWithin(6, hours)).toBe(0.8);
    expect(chanceWithin(4, estimated(4))).toBeUndefined();
  });
});
