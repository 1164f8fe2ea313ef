import { describe, expect, test } from 'vitest';
import { PlanGraph } from '../../../src/core/graph/planGraph.js';
import type { TaskSummary } from '../../../src/core/model/task.js';
import { networkOf } from '../../../src/core/planning/forecast/network.js';

const NOW = '2026-11-23T09:00:00.000Z';

/** Tasks named by their titles, with what each depends on. */
function plan(...tasks: (Partial<TaskSummary> & { title: string; after?: string[]; of?: string })[]): PlanGraph {
  const graph = new PlanGraph(
    tasks.map(({ title, after: _, of, ...more }, at) => ({
      id: title,
      number: at + 1,
      title,
      status: 'pending',
      priority: 'medium',
      type: 'task',
      tags: [],
      createdAt: NOW,
      updatedAt: NOW,
      ...(of !== undefined && { parent: of }),
      ...more,
    })),
  );
  for (const { title, after = [] } of tasks)
    for (const other of after) graph.addDependency({ task: title, dependsOn: other, type: 'completion' });
  return graph;
}

function network(graph: PlanGraph, ...targets: string[]) {
  const { nodes, before, order, held } = networkOf(
    graph,
    targets.length > 0 ? targets : graph.tasks().map(({ id }) => id),
    NOW,
  );
  const name = (at: number) => nodes[at]?.task.id ?? '';
  return {
    nodes: nodes.map(({ task }) => task.id),
    before: Object.fromEntries(nodes.map(({ task }, at) => [task.id, before[at]?.map(name)])),
    order: order.map(name),
    held: Object.fromEntries(held.map(({ node, why }) => [node.task.id, why])),
  };
}

describe('what has to be done for a target', () => {
  test('is all that it waits for and consists of, and nothing beside it', () => {
    const graph = plan(
      { title: 'a' },
      { title: 'b', after: ['a'] },
      { title: 'c', of: 'b' },
      { title: 'd', after: ['b'] },
      { title: 'e' },
    );
    expect(network(graph, 'b')).toEqual({
      nodes: ['a', 'b', 'c'],
      before: { a: [], b: ['a', 'c'], c: [] },
      order: ['a', 'c', 'b'],
      held: {},
    });
  });

  test('what is done, cancelled or put away is no work, and waited for no longer', () => {
    const graph = plan(
      { title: 'a', status: 'completed' },
      { title: 'b', archivedAt: NOW },
      { title: 'c', after: ['a', 'b'] },
      { title: 'd', status: 'cancelled' },
    );
    expect(network(graph)).toMatchObject({ nodes: ['c'], before: { c: [] } });
  });

  test('work in progress comes first and waits for nothing, then what is claimed, then by urgency', () => {
    const claim = { by: 'x', at: NOW, expiresAt: '2027-01-01T00:00:00.000Z', version: 1 };
    const graph = plan(
      { title: 'low', priority: 'low' },
      { title: 'urgent', priority: 'critical' },
      { title: 'claimed', claim },
      { title: 'forced', status: 'in_progress', after: ['low'] },
    );
    expect(network(graph)).toMatchObject({ nodes: ['forced', 'claimed', 'urgent', 'low'], before: { forced: [] } });
  });
});

describe('what has no date', () => {
  test('needs a decision, or waits for that', () => {
    const graph = plan(
      { title: 'gone', status: 'cancelled' },
      { title: 'stuck', after: ['gone'] },
      { title: 'behind', after: ['stuck'] },
      { title: 'parent' },
      { title: 'part', of: 'parent', after: ['behind'] },
      { title: 'free' },
    );
    expect(network(graph)).toMatchObject({
      nodes: ['free'],
      held: {
        stuck: 'needs_decision',
        behind: 'waits_for_decision',
        part: 'waits_for_decision',
        parent: 'waits_for_decision',
      },
    });
  });

  test('is in a cycle that another program wrote, or behind one', () => {
    const graph = plan(
      { title: 'a', after: ['c'] },
      { title: 'b', after: ['a'] },
      { title: 'c', after: ['b'] },
      { title: 'd', after: ['c'] },
      { title: 'e' },
    );
    expect(network(graph)).toMatchObject({ nodes: ['e'], held: { a: 'cycle', b: 'cycle', c: 'cycle', d: 'cycle' } });
  });

  test('but not a subtask that depends on its own parent, nor parents in a circle', () => {
    expect(network(plan({ title: 'parent' }, { title: 'part', of: 'parent', after: ['parent'] }))).toMatchObject({
      order: ['parent', 'part'],
      held: {},
    });
    const circle = plan({ title: 'a', of: 'b' }, { title: 'b', of: 'a' });
    expect(network(circle)).toMatchObject({ nodes: ['a', 'b'], held: {} });
  });
});
