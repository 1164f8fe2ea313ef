import { describe, expect, test } from 'vitest';
import { PlanGraph } from '../../../src/core/graph/planGraph.js';
import type { Dependency } from '../../../src/core/model/dependency.js';
import { refusal } from '../../support/refusal.js';
import { idOf, NOW, task } from './plainPlan.js';

/** `chain(3)`: task 2 waits for 1, which waits for 0. */
function chain(length: number, ...changes: Parameters<typeof task>[]): PlanGraph {
  const graph = new PlanGraph([...Array(length).keys()].map((index) => task(index)));
  for (let index = 1; index < length; index += 1) graph.addDependency(edge(index, index - 1));
  for (const change of changes) graph.put(task(...change));
  return graph;
}

function edge(from: number, to: number): Dependency {
  return { task: idOf(from), dependsOn: idOf(to), type: 'completion' };
}

const ids = (tasks: readonly { id: string }[]) => tasks.map((found) => found.id);

describe('a chain of tasks', () => {
  test('has one ready task, and the others wait for it', () => {
    const graph = chain(3);
    expect(ids(graph.ready(NOW))).toEqual([idOf(0)]);
    expect(graph.stateOf(idOf(2), NOW)).toBe('waiting');
    expect(ids(graph.blockers(idOf(2)))).toEqual([idOf(0)]);
    expect(graph.blockers(idOf(0))).toEqual([]);
  });

  test('moves on when its first task is completed', () => {
    const graph = chain(3, [0, { status: 'completed' }]);
    expect(ids(graph.ready(NOW))).toEqual([idOf(1)]);
    expect(ids(graph.blockers(idOf(2)))).toEqual([idOf(1)]);
  });

  test('asks for a decision when a task of it is cancelled, and releases nothing', () => {
    const graph = chain(4, [1, { status: 'cancelled' }]);
    expect(graph.stateOf(idOf(2), NOW)).toBe('needs_decision');
    expect(graph.blockers(idOf(2))).toEqual([]);
    expect(graph.stateOf(idOf(3), NOW)).toBe('waiting');
    expect(ids(graph.blockers(idOf(3)))).toEqual([idOf(2)]);
  });

  test('is blocked by a task that someone blocked', () => {
    const graph = chain(2, [0, { status: 'blocked', statusReason: 'no key' }]);
    expect(graph.ready(NOW)).toEqual([]);
    expect(ids(graph.blockers(idOf(1)))).toEqual([idOf(0)]);
  });

  test('is open again when its first task is reopened', () => {
    const graph = chain(2, [0, { status: 'completed' }], [0, { status: 'pending' }]);
    expect(graph.stateOf(idOf(1), NOW)).toBe('waiting');
  });

  test('of 20,000 tasks is walked without running out of stack', () => {
    const graph = chain(20_000);
    expect(ids(graph.blockers(idOf(19_999)))).toEqual([idOf(0)]);
    expect(graph.path(idOf(19_999), idOf(0))).toHaveLength(20_000);
  });
});

describe('a ready task', () => {
  const now = '2026-06-01T12:00:00.000Z';

  test('is neither claimed nor scheduled for later', () => {
    const claim = (expiresAt: string) => ({ by: 'agent', at: now, expiresAt, version: 1 });
    const graph = new PlanGraph([
      task(0, { claim: claim('2026-06-01T12:00:01.000Z') }),
      task(1, { claim: claim('2026-06-01T11:59:59.000Z') }),
      task(2, { notBefore: '2026-06-01T12:00:01.000Z' }),
      task(3, { notBefore: '2026-06-01T12:00:00.000Z' }),
    ]);
    expect([0, 1, 2, 3].map((index) => graph.stateOf(idOf(index), now))).toEqual([
      'claimed',
      'ready',
      'scheduled',
      'ready',
    ]);
    expect(graph.readyCount(now)).toBe(2);
  });

  test('comes first by priority, then age, then number', () => {
    const graph = new PlanGraph([
      task(0, { priority: 'low' }),
      task(1, { priority: 'high', createdAt: '2026-05-02T00:00:00.000Z' }),
      task(2, { priority: 'high', createdAt: '2026-05-01T00:00:00.000Z' }),
      task(3, { priority: 'high', createdAt: '2026-05-01T00:00:00.000Z' }),
      task(4, { priority: 'critical', createdAt: '2026-05-09T00:00:00.000Z' }),
    ]);
    expect(graph.ready(now).map((found) => found.number)).toEqual([5, 3, 4, 2, 1]);
  });
});

describe('a cycle', () => {
  test('is refused with its path, shortest first', () => {
    const graph = chain(4);
    graph.addDependency(edge(3, 1));
    const error = refusal(() => graph.requireAcyclic(idOf(0), idOf(3)));
    expect(error.code).toBe('CYCLE');
    expect(error.message).toContain('T-1 → T-4');
    expect(error.message).toContain('T-4 → T-2 → T-1');
    expect(error.details).toEqual({ path: [idOf(3), idOf(1), idOf(0)] });
  });

  test('of one task is refused', () => {
    expect(refusal(() => chain(1).requireAcyclic(idOf(0), idOf(0))).message).toContain('itself');
  });

  test('that another program wrote does not hang anything', () => {
    const graph = chain(3);
    graph.addDependency(edge(0, 2));
    expect(graph.ready(NOW)).toEqual([]);
    expect(ids(graph.blockers(idOf(0)))).toEqual([idOf(2)]);
    expect(graph.path(idOf(0), idOf(1))).toHaveLength(3);
  });
});

describe('edges and parents', () => {
  test('an edge to a task that is not here is left out', () => {
    const graph = new PlanGraph([task(0)], [edge(0, 7), edge(7, 0), edge(0, 0)]);
    expect(graph.require(idOf(0)).dependsOn.size).toBe(0);
    expect(graph.stateOf(idOf(0), NOW)).toBe('ready');
  });

  test('subtasks are found whichever came first, and when the parent comes back', () => {
    const graph = new PlanGraph([task(1, { parent: idOf(0) }), task(0), task(2, { parent: idOf(0) })]);
    const subtasks = () => [...graph.require(idOf(0)).subtasks].map((node) => node.task.number).sort();
    expect(subtasks()).toEqual([2, 3]);
    graph.remove(idOf(0));
    graph.put(task(2, { parent: undefined }));
    graph.put(task(0));
    expect(subtasks()).toEqual([2]);
  });

  test('an unknown task is NOT_FOUND', () => {
    const graph = new PlanGraph();
    for (const ask of [() => graph.require('1a2b3c4d'), () => graph.stateOf('1a2b3c4d', NOW)]) {
      expect(refusal(ask).code).toBe('NOT_FOUND');
    }
    expect(graph.blockers('1a2b3c4d')).toEqual([]);
  });
});
