import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { topologicalOrder } from '../../../src/core/graph/order.js';
import { PlanGraph } from '../../../src/core/graph/planGraph.js';
import { edgesAmong, transitiveReduction } from '../../../src/core/graph/transitiveReduction.js';
import { check } from '../../support/check.js';
import { acyclicPlans, idOf, PlainPlan, task } from './plainPlan.js';

const graphOf = (plain: PlainPlan) => new PlanGraph(plain.tasks.values(), plain.edges);
const numbers = (tasks: readonly { number: number }[]) => tasks.map((one) => one.number);
const edge = (from: number, to: number) => ({ task: idOf(from), dependsOn: idOf(to), type: 'completion' as const });

describe('topological order', () => {
  test('holds every task once, after all that it depends on', () => {
    check(
      fc.property(acyclicPlans(), (plain) => {
        const order = topologicalOrder(graphOf(plain)).map((one) => one.id);
        expect([...order].sort()).toEqual([...plain.tasks.keys()].sort());
        for (const { task, dependsOn } of plain.edges) {
          expect(order.indexOf(dependsOn)).toBeLessThan(order.indexOf(task));
        }
      }),
    );
  });

  test('puts the most urgent first among those that could come next', () => {
    check(
      fc.property(acyclicPlans(), (plain) => {
        const left = new PlainPlan(plain.tasks.values(), plain.edges);
        for (const one of left.tasks.values()) left.tasks.set(one.id, task(one.number - 1, { ...one, ...UNGATED }));
        for (const next of topologicalOrder(graphOf(left))) {
          // With all of them pending, the ready ones are those without a dependency left.
          expect(left.ready()[0]).toBe(next.id);
          left.remove(next.id);
        }
      }),
      100,
    );
  });

  test('puts the tasks of a cycle, which only another program can write, last', () => {
    const graph = new PlanGraph([task(0), task(1), task(2), task(3)], [edge(0, 1), edge(1, 0), edge(2, 1)]);
    expect(numbers(topologicalOrder(graph))).toEqual([4, 1, 2, 3]);
  });
});

const UNGATED = { status: 'pending', notBefore: undefined, claim: undefined } as const;

describe('transitive reduction', () => {
  const reduce = (plain: PlainPlan) => transitiveReduction(edgesAmong(graphOf(plain).nodes()));
  const plainOf = (tasks: PlainPlan, edges: ReturnType<typeof reduce>) =>
    new PlainPlan(
      tasks.tasks.values(),
      edges.map(({ from, to }) => ({ task: to.task.id, dependsOn: from.task.id, type: 'completion' as const })),
    );

  test('joins the same tasks as all edges do', () => {
    check(
      fc.property(acyclicPlans(), (plain) => {
        expect(plainOf(plain, reduce(plain)).reachability()).toEqual(plain.reachability());
      }),
    );
  });

  test('is minimal: without any of its edges two tasks are no longer joined', () => {
    check(
      fc.property(acyclicPlans(10), (plain) => {
        const edges = reduce(plain);
        for (const left of edges) {
          const rest = edges.filter((other) => other !== left);
          const pairs = plainOf(plain, rest).reachability();
          expect(pairs.has(`${left.to.task.id} ${left.from.task.id}`)).toBe(false);
        }
      }),
      60,
    );
  });

  test('keeps the edges of a cycle', () => {
    const graph = new PlanGraph([task(0), task(1)], [edge(0, 1), edge(1, 0)]);
    expect(transitiveReduction(edgesAmong(graph.nodes()))).toHaveLength(2);
  });
});
