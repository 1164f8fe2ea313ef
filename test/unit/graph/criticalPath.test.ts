import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { timetable } from '../../../src/core/graph/criticalPath.js';
import { PlanGraph } from '../../../src/core/graph/planGraph.js';
import type { Dependency } from '../../../src/core/model/dependency.js';
import type { TaskSummary } from '../../../src/core/model/task.js';
import { isClosed } from '../../../src/core/model/workState.js';
import { check } from '../../support/check.js';
import { idOf, task } from './plainPlan.js';

const edge = (from: number, to: number): Dependency => ({ task: idOf(from), dependsOn: idOf(to), type: 'completion' });

/** Up to 8 tasks, some closed, some without an estimate; each may depend on those before it. */
const plans = fc.integer({ min: 1, max: 8 }).chain((size) =>
  fc.record({
    tasks: fc.tuple(
      ...Array.from({ length: size }, (_, at) =>
        fc
          .record({
            status: fc.constantFrom('pending', 'in_progress', 'blocked', 'completed', 'cancelled'),
            estimatedHours: fc.option(fc.constantFrom(0, 0.1, 0.5, 1, 2, 3.3, 8), { nil: undefined }),
          })
          .map((fields) => task(at, fields as Partial<TaskSummary>)),
      ),
    ),
    edges: fc
      .array(fc.tuple(fc.nat(size - 1), fc.nat(size - 1)), { maxLength: 16 })
      .map((pairs) => pairs.filter(([from, to]) => from > to).map(([from, to]) => edge(from, to))),
  }),
);

/** Every chain of open tasks, by trying them all. */
function chains(tasks: readonly TaskSummary[], edges: readonly Dependency[]): TaskSummary[][] {
  const open = tasks.filter(({ status }) => !isClosed(status));
  const after = (one: TaskSummary) =>
    open.filter((other) => edges.some((edge) => edge.task === other.id && edge.dependsOn === one.id));
  const from = (one: TaskSummary): TaskSummary[][] => [
    [one],
    ...after(one).flatMap((next) => from(next).map((chain) => [one, ...chain])),
  ];
  return open.flatMap(from);
}

describe('the critical path', () => {
  test('is a longest chain of open tasks, and slack is what is missing to it, as trying every chain says', () => {
    check(
      fc.property(plans, ({ tasks, edges }) => {
        const found = timetable(new PlanGraph(tasks, edges));
        const hours = new Map(found.entries.map((entry) => [entry.id, entry.hours]));
        const length = (chain: readonly { id: string }[]) =>
          chain.reduce((sum, { id }) => sum + (hours.get(id) ?? 0), 0);
        const all = chains(tasks, edges);
        const longest = Math.max(0, ...all.map(length));
        expect(found.hours).toBeCloseTo(longest, 5);
        expect(length(found.path.map((id) => ({ id })))).toBeCloseTo(longest, 5);
        if (found.entries.length > 0)
          expect(all.some((chain) => chain.map(({ id }) => id).join() === found.path.join())).toBe(true);
        for (const entry of found.entries) {
          const through = all.filter((chain) => chain.some(({ id }) => id === entry.id));
          expect(entry.slack).toBeCloseTo(longest - Math.max(...through.map(length)), 5);
          const before = through.map((chain) =>
            length(
              chain.slice(
                0,
                chain.findIndex(({ id }) => id === entry.id),
              ),
            ),
          );
          expect(entry.earliestStart).toBeCloseTo(Math.max(...before), 5);
          expect(entry.latestStart - entry.earliestStart).toBeCloseTo(entry.slack, 5);
        }
      }),
      500,
    );
  });

  test('knows what a task without an estimate counts as', () => {
    const plan = new PlanGraph([
      task(0, { estimatedHours: 2 }),
      task(1),
      task(2, { estimatedHours: 5, status: 'completed' }),
    ]);
    expect(timetable(plan).basis).toEqual({
      estimated: 1,
      unestimated: 1,
      substituteHours: 3.5,
      substitute: 'median',
      known: 2,
    });
    expect(timetable(new PlanGraph([task(0)]))).toMatchObject({
      hours: 1,
      basis: { substitute: 'one', known: 0 },
      entries: [{ estimated: false, hours: 1 }],
    });
  });

  test('takes the lower numbers among equals', () => {
    const tasks = [0, 1, 2, 3].map((at) => task(at, { estimatedHours: 1 }));
    expect(timetable(new PlanGraph(tasks, [edge(2, 0), edge(2, 1), edge(3, 1)])).path).toEqual([idOf(0), idOf(2)]);
  });

  test('leaves out a cycle and what is behind it, which another program wrote, and nothing else', () => {
    const tasks = [0, 1, 2, 3].map((at) => task(at, { estimatedHours: 1 }));
    const found = timetable(new PlanGraph(tasks, [edge(0, 1), edge(1, 0), edge(2, 1)]));
    expect([found.path, found.hours, found.cyclic]).toEqual([[idOf(3)], 1, [idOf(0), idOf(1), idOf(2)]]);
  });

  test('is empty where nothing is open, and does not trip over estimates that are none', () => {
    expect(timetable(new PlanGraph([task(0, { status: 'completed' })]))).toMatchObject({ path: [], hours: 0 });
    const odd = [Number.NaN, -3, 'long' as unknown as number].map((estimatedHours, at) => task(at, { estimatedHours }));
    expect(timetable(new PlanGraph(odd))).toMatchObject({ hours: 1, basis: { unestimated: 3 } });
  });

  test('of 5,000 tasks in a row is found', () => {
    const tasks = Array.from({ length: 5000 }, (_, at) => task(at, { estimatedHours: 1 }));
    const found = timetable(
      new PlanGraph(
        tasks,
        tasks.slice(1).map((_, at) => edge(at + 1, at)),
      ),
    );
    expect([found.hours, found.path.length]).toEqual([5000, 5000]);
  });
});
