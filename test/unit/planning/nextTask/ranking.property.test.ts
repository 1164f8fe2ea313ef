import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PRIORITIES, PRIORITY_RANK } from '../../../../src/core/model/priority.js';
import { independent, parentsIn } from '../../../../src/core/planning/nextTask/assign.js';
import { rank } from '../../../../src/core/planning/nextTask/choose.js';
import type { Criteria } from '../../../../src/core/planning/nextTask/criteria.js';
import type { Candidate, OpenPlan, OpenTask } from '../../../../src/core/planning/nextTask/plan.js';
import { schedule } from '../../../../src/core/planning/nextTask/schedule.js';
import { DEFAULT_WEIGHTS, FACTORS, type Weights } from '../../../../src/core/planning/nextTask/weights.js';
import { describeFactor } from '../../../../src/core/planning/nextTask/words.js';
import { plans } from './plans.js';

/** The same plans each time. */
const RUNS = { numRuns: 500, seed: 2_026 };

const few = (...words: string[]) => fc.subarray(words);
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

const criteria: fc.Arbitrary<Criteria> = fc.record({
  project: maybe(fc.constantFrom('one', 'ONE')),
  maxComplexity: maybe(fc.integer({ min: 1, max: 10 })),
  maxHours: maybe(fc.integer({ min: 1, max: 40 })),
  minHours: maybe(fc.integer({ min: 1, max: 20 })),
  minPriority: maybe(fc.constantFrom(...PRIORITIES)),
  requiredTags: maybe(few('api', 'ui')),
  excludedTags: maybe(few('db')),
  preferredTypes: maybe(few('bug')),
  preferredLanguages: maybe(few('go')),
  hoursToday: maybe(fc.integer({ min: 1, max: 12 })),
});

const weights: fc.Arbitrary<Weights> = fc
  .tuple(...FACTORS.map(() => fc.integer({ min: 0, max: 5 })))
  .filter((list) => list.some((weight) => weight > 0))
  .map((list) => Object.fromEntries(FACTORS.map((name, at) => [name, list[at] ?? 0])) as unknown as Weights);

/** The tasks that are ready, as the definition says: slow and without cleverness. */
function readyOf({ tasks, edges, detailsOf, now }: OpenPlan): string[] {
  const details = detailsOf(tasks.map((task) => task.id));
  const dependenciesOf = (place: number) => edges.filter((_, at) => at % 2 === 1 && edges[at - 1] === place);
  const partsOf = (place: number) =>
    tasks.flatMap(({ parent, status, archived }, at) =>
      at !== place && parent === tasks[place]?.id && status !== 'cancelled' && !archived ? [at] : [],
    );
  const waitsFor = (place: number, other: number, seen = new Set<number>()): boolean => {
    if (seen.has(place)) return false;
    seen.add(place);
    const next = [...dependenciesOf(place), ...partsOf(place)].filter((at) => tasks[at]?.status !== 'cancelled');
    return next.includes(other) || next.some((at) => waitsFor(at, other, seen));
  };
  return tasks
    .filter((task, place) => {
      const { claimed, notBefore } = details.get(task.id) as Candidate;
      return (
        task.status === 'pending' &&
        !task.archived &&
        !claimed &&
        dependenciesOf(place).length === 0 &&
        !(notBefore !== undefined && notBefore > now) &&
        // What it is made of comes first, unless that waits for it.
        partsOf(place).every((part) => waitsFor(part, place))
      );
    })
    .map((task) => task.id);
}

function shuffled(plan: OpenPlan, seed: number): OpenPlan {
  const key = (text: string) => [...text].reduce((sum, char) => (sum * 31 + char.charCodeAt(0) * seed) % 9973, seed);
  const tasks = [...plan.tasks].sort((a, b) => key(a.id) - key(b.id));
  const moved = plan.edges.map((at) => tasks.indexOf(plan.tasks[at] as OpenTask));
  const pairs = moved.flatMap((task, at) => (at % 2 === 0 ? [[task, moved[at + 1] as number] as const] : []));
  return { ...plan, tasks, edges: pairs.sort((a, b) => key(a.join()) - key(b.join())).flat() };
}

describe('ranking of the next task', () => {
  test('of all ready tasks, and of no other', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const { ranked, ready, reason } = rank(plan, { weights: DEFAULT_WEIGHTS });
        const expected = readyOf(plan);
        expect(ranked.map(({ task }) => task.id).sort()).toEqual(expected.sort());
        expect(ready).toBe(expected.length);
        expect(reason === undefined).toBe(expected.length > 0);
      }),
      RUNS,
    );
  });

  test('contributions add up to the score, weights to 1, and each part is between 0 and 1 and says why', () => {
    fc.assert(
      fc.property(plans, criteria, weights, (plan, asked, given) => {
        for (const one of rank(plan, { criteria: asked, weights: given }).ranked) {
          const steps = one.factors.map(({ contribution }) => Math.round(contribution * 10_000));
          expect(steps.reduce((sum, step) => sum + step, 0)).toBe(Math.round(one.total * 10_000));
          if (one.factors.length > 0)
            expect(one.factors.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 3);
          for (const factor of one.factors) {
            expect(factor.score).toBeGreaterThanOrEqual(0);
            expect(factor.score).toBeLessThanOrEqual(1);
            expect(factor.contribution).toBeCloseTo(factor.weight * factor.score, 3);
            expect(describeFactor(factor, (id) => id)).not.toMatch(/undefined|NaN|null|Infinity/);
          }
          const names = [...one.factors.map(({ name }) => name), ...one.missing];
          expect(names.sort()).toEqual(FACTORS.filter((name) => given[name] > 0).sort());
        }
      }),
      RUNS,
    );
  });

  test('the order is the same whatever the order of the input', () => {
    fc.assert(
      fc.property(plans, criteria, fc.integer({ min: 1, max: 9972 }), (plan, asked, seed) => {
        const options = { criteria: asked, weights: DEFAULT_WEIGHTS };
        const [one, other] = [rank(plan, options), rank(shuffled(plan, seed), options)];
        expect(other.ranked.map(({ task, total }) => [task.id, total])).toEqual(
          one.ranked.map(({ task, total }) => [task.id, total]),
        );
        expect({ ...other, ranked: [] }).toEqual({ ...one, ranked: [] });
      }),
      RUNS,
    );
  });

  test('hard conditions are never violated, and change no score', () => {
    fc.assert(
      fc.property(plans, criteria, (plan, asked) => {
        const soft = { preferredTypes: asked.preferredTypes, preferredLanguages: asked.preferredLanguages };
        const free = { ...soft, hoursToday: asked.hoursToday, maxComplexity: asked.maxComplexity };
        const { ranked, reason, relaxations, ready } = rank(plan, { criteria: asked, weights: DEFAULT_WEIGHTS });
        const all = new Map(
          rank(plan, { criteria: free, weights: DEFAULT_WEIGHTS }).ranked.map(({ task, total }) => [task.id, total]),
        );
        for (const { task, total } of ranked) {
          if (asked.project) expect(task.project).toBe('one');
          if (asked.maxComplexity && task.complexity) expect(task.complexity).toBeLessThanOrEqual(asked.maxComplexity);
          if (asked.maxHours && task.hours) expect(task.hours.p50).toBeLessThanOrEqual(asked.maxHours);
          if (asked.hoursToday && task.hours) expect(task.hours.p50).toBeLessThanOrEqual(asked.hoursToday);
          if (asked.minHours && task.hours) expect(task.hours.p50).toBeGreaterThanOrEqual(asked.minHours);
          if (asked.minPriority)
            expect(PRIORITY_RANK[task.priority]).toBeGreaterThanOrEqual(PRIORITY_RANK[asked.minPriority]);
          for (const tag of asked.requiredTags ?? []) expect(task.tags).toContain(tag);
          for (const tag of asked.excludedTags ?? []) expect(task.tags).not.toContain(tag);
          expect(all.get(task.id)).toBe(total);
        }
        if (reason !== 'none_match') return;
        expect(relaxations.length).toBeGreaterThan(0);
        for (const { admits } of relaxations) expect(admits).toBeGreaterThan(0);
        expect(Math.max(...relaxations.map(({ admits }) => admits))).toBeLessThanOrEqual(ready);
      }),
      RUNS,
    );
  });

  test('with a relaxation as many fit as it says', () => {
    const keys: Record<string, keyof Criteria> = {
      project_id: 'project',
      max_complexity: 'maxComplexity',
      max_estimated_hours: 'maxHours',
      min_estimated_hours: 'minHours',
      priority_threshold: 'minPriority',
      required_tags: 'requiredTags',
      excluded_tags: 'excludedTags',
      hours_available_today: 'hoursToday',
    };
    fc.assert(
      fc.property(plans, criteria, (plan, asked) => {
        for (const found of rank(plan, { criteria: asked, weights: DEFAULT_WEIGHTS }).relaxations) {
          const { constraints, to, admits } = found;
          const relaxed = { ...asked, ...Object.fromEntries(constraints.map((name) => [keys[name], to ?? undefined])) };
          expect(rank(plan, { criteria: relaxed, weights: DEFAULT_WEIGHTS }).ranked.length).toBe(admits);
          expect(admits).toBeGreaterThan(0);
        }
      }),
      RUNS,
    );
  });

  test('several workers get tasks of which none depends on, is part of, or shares a file with another', () => {
    fc.assert(
      fc.property(plans, fc.integer({ min: 1, max: 6 }), fc.boolean(), (plan, workers, grouping) => {
        const { ranked } = rank(plan, { weights: DEFAULT_WEIGHTS });
        const above = parentsIn(plan.tasks);
        const chosen = independent(ranked, workers, above);
        expect(chosen.length).toBeLessThanOrEqual(workers);
        if (ranked.length > 0) expect(chosen[0]).toBe(ranked[0]);
        const files = chosen.flatMap(({ task }) => task.files);
        expect(new Set(files).size).toBe(files.length);
        for (const { task } of chosen)
          for (const { task: other } of chosen) {
            if (task === other) continue;
            expect(above(task).has(other.id)).toBe(false);
            const [from, to] = [task, other].map(({ id }) => plan.tasks.findIndex((one) => one.id === id));
            expect(plan.edges.some((place, at) => at % 2 === 0 && place === from && plan.edges[at + 1] === to)).toBe(
              false,
            );
          }
        // What was left out conflicts with one that was taken, or came too late.
        if (chosen.length < workers)
          for (const { task } of ranked)
            expect(
              chosen.some(
                ({ task: other }) =>
                  other === task ||
                  other.files.some((file) => task.files.includes(file)) ||
                  above(task).has(other.id) ||
                  above(other).has(task.id),
              ),
            ).toBe(true);
        const planned = schedule({ first: chosen, ranked, hours: 8, grouping });
        expect(new Set(planned.map(({ task }) => task.task.id)).size).toBe(planned.length);
        for (const { start, end } of planned) if (start > 0) expect(end).toBeLessThanOrEqual(8);
      }),
      RUNS,
    );
  });
});
