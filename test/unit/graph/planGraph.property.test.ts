import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { topologicalOrder } from '../../../src/core/graph/order.js';
import { PlanGraph } from '../../../src/core/graph/planGraph.js';
import type { Dependency } from '../../../src/core/model/dependency.js';
import { WORK_STATES } from '../../../src/core/model/workState.js';
import { check } from '../../support/check.js';
import { acyclicPlans, fields, idOf, isClosed, NOW, PlainPlan, task } from './plainPlan.js';

const SIZE = 9;
const index = fc.nat(SIZE - 1);

type Write =
  | { readonly kind: 'put'; readonly at: number; readonly fields: object; readonly parent: number }
  | { readonly kind: 'remove'; readonly at: number }
  | { readonly kind: 'add' | 'cut'; readonly at: number; readonly dependsOn: number };

const edgeWrite = fc.record({ kind: fc.constantFrom('add', 'add', 'add', 'cut'), at: index, dependsOn: index });
const writes = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.record({ kind: fc.constant('put'), at: index, fields, parent: fc.nat(SIZE * 2) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('remove'), at: index }) },
    { weight: 6, arbitrary: edgeWrite },
  ) as fc.Arbitrary<Write>,
  { maxLength: 60 },
);

/** Writes to both plans; a dependency only where `requireAcyclic` admits it. */
function write(graph: PlanGraph, plain: PlainPlan, given: Write): void {
  const id = idOf(given.at);
  switch (given.kind) {
    case 'put': {
      const parent = given.parent < SIZE && given.parent !== given.at ? idOf(given.parent) : undefined;
      const summary = task(given.at, { ...given.fields, parent });
      graph.put(summary);
      plain.tasks.set(id, summary);
      return;
    }
    case 'remove':
      graph.remove(id);
      plain.remove(id);
      return;
    case 'add': {
      const dependsOn = idOf(given.dependsOn);
      if (!plain.tasks.has(id) || !plain.tasks.has(dependsOn)) return;
      const closes = id === dependsOn || plain.reachability().has(`${dependsOn} ${id}`);
      if (closes) expect(() => graph.requireAcyclic(id, dependsOn)).toThrow(/cycle|itself/);
      else {
        graph.requireAcyclic(id, dependsOn);
        graph.addDependency({ task: id, dependsOn, type: 'completion' });
        plain.add(id, dependsOn);
      }
      return;
    }
    case 'cut':
      graph.removeDependency(id, idOf(given.dependsOn));
      plain.cut(id, idOf(given.dependsOn));
  }
}

function written(given: readonly Write[]): { graph: PlanGraph; plain: PlainPlan } {
  const graph = new PlanGraph();
  const plain = new PlainPlan();
  for (const one of given) write(graph, plain, one);
  return { graph, plain };
}

/** Everything that can be asked of a graph, as plain values. */
function answers(graph: PlanGraph) {
  const ids = (nodes: Iterable<{ task: { id: string } }>) => [...nodes].map((node) => node.task.id).sort();
  return {
    ready: graph.ready(NOW),
    count: graph.readyCount(NOW),
    order: topologicalOrder(graph),
    tasks: graph.nodes().map((node) => ({
      task: node.task,
      state: graph.stateOf(node.task.id, NOW),
      blockers: graph.blockers(node.task.id),
      dependsOn: ids(node.dependsOn.keys()),
      dependants: ids(node.dependants),
      subtasks: ids(node.subtasks),
    })),
  };
}

const shuffled = <T>(items: readonly T[]) =>
  fc.shuffledSubarray([...items], { minLength: items.length, maxLength: items.length });

const graphOf = (plain: PlainPlan) => new PlanGraph(plain.tasks.values(), plain.edges);

describe('any order of writes', () => {
  test('admits no cycle, and refuses nothing else', () => {
    check(
      fc.property(writes, (given) => {
        const { plain } = written(given);
        expect(plain.isAcyclic()).toBe(true);
      }),
    );
  });

  test('leaves the graph that would be built from scratch', () => {
    check(
      fc.property(writes, (given) => {
        const { graph, plain } = written(given);
        expect(answers(graph)).toEqual(answers(graphOf(plain)));
      }),
    );
  });

  test('and of building gives the same answers', () => {
    check(
      fc.property(
        acyclicPlans().chain((plain) =>
          fc.record({
            plain: fc.constant(plain),
            tasks: shuffled([...plain.tasks.values()]),
            edges: shuffled<Dependency>(plain.edges),
          }),
        ),
        ({ plain, tasks, edges }) => {
          expect(answers(new PlanGraph(tasks, edges))).toEqual(answers(graphOf(plain)));
        },
      ),
    );
  });
});

describe('in any plan', () => {
  test('every task is in exactly one state, the one that the definition says', () => {
    check(
      fc.property(writes, (given) => {
        const { graph, plain } = written(given);
        const parts = WORK_STATES.map((state) => graph.tasks().filter((one) => graph.stateOf(one.id, NOW) === state));
        expect(parts.flat()).toHaveLength(plain.tasks.size);
        for (const id of plain.tasks.keys()) expect(graph.stateOf(id, NOW)).toBe(plain.state(id));
        expect(graph.ready(NOW).map((one) => one.id)).toEqual(plain.ready());
        expect(graph.readyCount(NOW)).toBe(plain.ready().length);
      }),
    );
  });

  test('the blockers of a task are the open roots of its chains', () => {
    check(
      fc.property(acyclicPlans(), (plain) => {
        const graph = graphOf(plain);
        for (const id of plain.tasks.keys()) {
          const blockers = graph.blockers(id).map((one) => one.id);
          expect(blockers).toEqual(plain.openRoots(id));
          if (plain.state(id) === 'waiting') expect(blockers.length).toBeGreaterThan(0);
        }
      }),
    );
  });

  test('completing a task releases its dependants whose other dependencies are done, and nothing else', () => {
    check(
      fc.property(acyclicPlans(), fc.nat(13), (plain, chosen) => {
        const done = [...plain.tasks.values()][chosen % plain.tasks.size]!;
        fc.pre(!isClosed(done.status));
        const graph = graphOf(plain);
        const before = new Set(graph.ready(NOW).map((one) => one.id));
        const expected = plain
          .dependants(done.id)
          .filter((one) => plain.dependencies(one.id).every((other) => other === done || other.status === 'completed'))
          .filter((one) => graphWith(one).stateOf(one.id, NOW) === 'ready');
        graph.put({ ...done, status: 'completed' });
        const released = graph.ready(NOW).filter((one) => !before.has(one.id));
        expect(released.map((one) => one.id).sort()).toEqual(expected.map((one) => one.id).sort());
      }),
    );
  });

  test('the first so many ready tasks are the start of all of them', () => {
    const pending = fields.map((one) => ({ ...one, status: 'pending' as const }));
    const many = fc.array(pending, { minLength: 60, maxLength: 200 });
    check(
      fc.property(many, fc.nat(40), (given, limit) => {
        const graph = new PlanGraph(given.map((one, at) => task(at, one)));
        expect(graph.ready(NOW, limit)).toEqual(graph.ready(NOW).slice(0, limit));
      }),
    );
  });

  test('the path between two tasks is a shortest chain of dependencies', () => {
    check(
      fc.property(acyclicPlans(), (plain) => {
        const graph = graphOf(plain);
        const pairs = plain.reachability();
        for (const from of plain.tasks.keys()) {
          for (const to of plain.tasks.keys()) {
            const path = graph.path(from, to)?.map((one) => one.id);
            expect(path !== undefined).toBe(from === to || pairs.has(`${from} ${to}`));
            for (const [at, id] of (path ?? []).entries()) {
              if (at > 0) expect(plain.dependencies(path![at - 1]!).map((one) => one.id)).toContain(id);
            }
          }
        }
      }),
      60,
    );
  });
});

/** A graph of one task: what its state is when nothing holds it up. */
function graphWith(one: Parameters<PlanGraph['put']>[0]): PlanGraph {
  return new PlanGraph([one]);
}
