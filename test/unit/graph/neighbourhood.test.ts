import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { neighbourhood } from '../../../src/core/graph/neighbourhood.js';
import { PlanGraph } from '../../../src/core/graph/planGraph.js';
import { check } from '../../support/check.js';
import { acyclicPlans, idOf, type PlainPlan, task } from './plainPlan.js';

const graphOf = (plain: PlainPlan) => new PlanGraph(plain.tasks.values(), plain.edges);
const ids = (nodes: readonly { task: { id: string } }[]) => nodes.map((node) => node.task.id);

/** How many edges away from `start` each task is, in either direction (relaxed until nothing changes). */
function distances(plain: PlainPlan, start: string): Map<string, number> {
  const found = new Map([[start, 0]]);
  for (let changed = true; changed; ) {
    changed = false;
    for (const { task, dependsOn } of plain.edges) {
      for (const [a, b] of [
        [task, dependsOn],
        [dependsOn, task],
      ] as const) {
        const via = (found.get(a) ?? Number.POSITIVE_INFINITY) + 1;
        if (via < (found.get(b) ?? Number.POSITIVE_INFINITY)) {
          found.set(b, via);
          changed = true;
        }
      }
    }
  }
  return found;
}

describe('neighbourhood', () => {
  test('holds what is at most so many edges away, the nearest first', () => {
    check(
      fc.property(acyclicPlans(), fc.nat(4), (plain, hops) => {
        const start = idOf(0);
        const away = distances(plain, start);
        const { nodes, cut } = neighbourhood(graphOf(plain), [start], { hops, limit: 1000 });
        expect(cut).toBe(false);
        expect(new Set(ids(nodes))).toEqual(new Set([...away].filter(([, d]) => d <= hops).map(([id]) => id)));
        const order = ids(nodes).map((id) => away.get(id)!);
        expect(order).toEqual([...order].sort((a, b) => a - b));
      }),
    );
  });

  test('stops at the limit and says so, exactly when something was left out', () => {
    check(
      fc.property(acyclicPlans(), fc.integer({ min: 1, max: 14 }), (plain, limit) => {
        const all = neighbourhood(graphOf(plain), [idOf(0)], { hops: 99, limit: 1000 });
        const some = neighbourhood(graphOf(plain), [idOf(0)], { hops: 99, limit });
        expect(ids(some.nodes)).toEqual(ids(all.nodes).slice(0, limit));
        expect(some.cut).toBe(all.nodes.length > limit);
      }),
    );
  });

  test('does not walk through tasks that are left out', () => {
    const graph = new PlanGraph(
      [task(0), task(1, { status: 'completed' }), task(2)],
      [
        { task: idOf(1), dependsOn: idOf(0), type: 'completion' },
        { task: idOf(2), dependsOn: idOf(1), type: 'completion' },
      ],
    );
    const open = neighbourhood(graph, [idOf(0)], {
      hops: 9,
      limit: 9,
      include: (node) => node.task.status !== 'completed',
    });
    expect(ids(open.nodes)).toEqual([idOf(0)]);
  });

  test('of an unknown task is empty', () => {
    expect(neighbourhood(new PlanGraph(), ['1a2b3c4d'], { hops: 1, limit: 1 })).toEqual({ nodes: [], cut: false });
  });
});
