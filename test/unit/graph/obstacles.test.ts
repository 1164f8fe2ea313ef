import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { downstream, releasedBy } from '../../../src/core/graph/downstream.js';
import { findObstacles } from '../../../src/core/graph/obstacles.js';
import { PlanGraph } from '../../../src/core/graph/planGraph.js';
import { check } from '../../support/check.js';
import { idOf, NOW, task } from './plainPlan.js';

const plan = (tasks: Parameters<typeof task>[1][], edges: [number, number][]) =>
  new PlanGraph(
    tasks.map((fields, at) => task(at, fields)),
    edges.map(([from, to]) => ({ task: idOf(from), dependsOn: idOf(to), type: 'completion' as const })),
  );

describe('what cannot go on', () => {
  test('is what waits, needs a decision or was blocked, with the roots of it', () => {
    const graph = plan(
      [{}, {}, {}, { status: 'cancelled' }, {}, { status: 'blocked', statusReason: 'no key' }],
      [
        [1, 0],
        [2, 1],
        [4, 3],
      ],
    );
    const seen = findObstacles(graph, NOW).stuck.map(({ task, blockers, cancelled }) => [
      task.number,
      blockers.map((one) => one.number),
      cancelled.map((one) => one.number),
    ]);
    expect(seen).toEqual([
      [2, [1], []],
      [3, [1], []],
      [5, [], [4]],
      [6, [], []],
    ]);
  });

  test('names first the root that would release most', () => {
    const graph = plan(
      [{}, {}, {}, {}, {}],
      [
        [2, 0],
        [2, 1],
        [3, 1],
        [4, 3],
      ],
    );
    expect(findObstacles(graph, NOW).roots.map(({ task, holdsUp, alone }) => [task.number, holdsUp, alone])).toEqual([
      [2, 3, 2],
      [1, 1, 0],
    ]);
  });
});

test('blockers found in one pass are those of each task alone, cycles too', () => {
  const nodes = fc.array(
    fc
      .constantFrom('pending', 'in_progress', 'blocked', 'completed', 'cancelled')
      .map((status) => ({ status }) as const),
    { minLength: 1, maxLength: 40 },
  );
  const edges = fc.array(fc.tuple(fc.nat(39), fc.nat(39)), { maxLength: 80 });
  check(
    fc.property(nodes, edges, (tasks, pairs) => {
      const graph = plan(
        tasks,
        pairs.filter(([from, to]) => from < tasks.length && to < tasks.length && from !== to),
      );
      for (const { task, blockers, blockersTotal } of findObstacles(graph, NOW).stuck) {
        const alone = graph.blockers(task.id).map((one) => one.number);
        expect([blockers.map((one) => one.number), blockersTotal]).toEqual([alone.slice(0, 20), alone.length]);
      }
    }),
    500,
  );
});

describe('what hangs on a task', () => {
  test('is everything downstream, each once with its distance, the nearest first', () => {
    const graph = plan(
      [{}, {}, {}, { status: 'completed' }],
      [
        [1, 0],
        [2, 0],
        [2, 1],
        [3, 2],
      ],
    );
    expect(downstream(graph.require(idOf(0))).map(({ node, distance }) => [node.task.number, distance])).toEqual([
      [2, 1],
      [3, 1],
      [4, 2],
    ]);
    expect(releasedBy(graph.require(idOf(0))).map((node) => node.task.number)).toEqual([2]);
  });

  test('ends in a cycle too', () => {
    const graph = plan(
      [{}, {}],
      [
        [0, 1],
        [1, 0],
      ],
    );
    expect(downstream(graph.require(idOf(0))).map(({ node }) => node.task.number)).toEqual([2]);
  });
});
