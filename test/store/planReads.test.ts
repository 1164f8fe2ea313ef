import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PlanGraph } from '../../src/core/graph/planGraph.js';
import { parseQuery } from '../../src/core/query/query.js';
import { selectTasks, shownStatus } from '../../src/core/query/select.js';
import { readNewest, readPlan, readPlanAround, readReady } from '../../src/store/repositories/taskRows.js';
import type { Store } from '../../src/store/store.js';
import { checkAsync } from '../support/check.js';
import { openStore, storePath } from '../support/stores.js';
import { acyclicPlans, NOW, type PlainPlan } from '../unit/graph/plainPlan.js';

/** Replaces everything in the store by the plan; each task but the first is a subtask of one before it or of none. */
function fill(store: Store, plan: PlainPlan): Promise<void> {
  return store.commit('tester', 'fill', (transaction) => {
    for (const { task_id, depends_on } of transaction.all('SELECT task_id, depends_on FROM dependencies')) {
      transaction.delete('dependencies', [task_id ?? null, depends_on ?? null]);
    }
    for (const { id } of transaction.all('SELECT id FROM tasks')) transaction.delete('tasks', [id ?? null]);
    const tasks = [...plan.tasks.values()];
    for (const [index, task] of tasks.entries()) {
      transaction.insert('tasks', {
        id: task.id,
        number: task.number,
        title: task.title,
        status: task.status,
        priority: task.priority,
        created_at: task.createdAt,
        updated_at: task.updatedAt,
        not_before: task.notBefore ?? null,
        claimed_by: task.claim?.by ?? null,
        claimed_at: task.claim?.at ?? null,
        claim_expires_at: task.claim?.expiresAt ?? null,
        parent_id: index % 3 === 0 ? null : (tasks[index >> 1]?.id ?? null),
      });
    }
    for (const { task, dependsOn } of plan.edges) {
      transaction.insert('dependencies', { task_id: task, depends_on: dependsOn, created_at: NOW });
    }
  });
}

test('what is read of a part of the plan says the same of its tasks as the whole plan', async () => {
  const store = await openStore(storePath());
  await checkAsync(
    fc.asyncProperty(acyclicPlans(), fc.array(fc.nat(13), { minLength: 1, maxLength: 3 }), async (plan, chosen) => {
      await fill(store, plan);
      const { tasks, dependencies } = readPlan(store);
      const whole = new PlanGraph(tasks, dependencies);
      expect(readReady(store, NOW).map((row) => row.id)).toEqual(whole.ready(NOW).map((task) => task.id));

      const newest = selectTasks(whole, parseQuery('sort:-created,-number'), { now: NOW, zone: () => 0 });
      expect(readNewest(store)).toEqual(
        newest.map(({ id, title }) => ({ id, title, status: shownStatus(whole.stateOf(id, NOW)), assignee: null })),
      );

      const asked = [...new Set(chosen.map((index) => tasks[index % tasks.length]!.id))];
      const around = readPlanAround(store, asked)!;
      const part = new PlanGraph(around.tasks, around.dependencies);
      for (const id of asked) expect(answers(part, id)).toEqual(answers(whole, id));
    }),
    150,
  );
});

/** What a view of one task asks of a graph. */
function answers(graph: PlanGraph, id: string) {
  const node = graph.require(id);
  const named = (nodes: Iterable<{ task: { id: string; number: number; status: string } }>) =>
    [...nodes].map(({ task }) => [task.id, task.number, task.status]).sort();
  return {
    task: node.task,
    state: graph.stateOf(id, NOW),
    blockers: graph.blockers(id),
    dependsOn: named(node.dependsOn.keys()),
    dependants: named(node.dependants),
    subtasks: named(node.subtasks),
  };
}

test('of a task that waits for a large part of the plan, nothing is read apart', async () => {
  const store = await openStore(storePath());
  await store.commit('tester', 'fill', (transaction) => {
    for (let index = 1; index <= 400; index += 1) {
      const id = index.toString(16).padStart(8, '0');
      transaction.insert('tasks', { id, number: index, title: 'Task', created_at: NOW, updated_at: NOW });
      if (index === 1) continue;
      transaction.insert('dependencies', {
        task_id: id,
        depends_on: (index - 1).toString(16).padStart(8, '0'),
        created_at: NOW,
      });
    }
  });
  expect(readPlanAround(store, ['00000005'])?.tasks).toHaveLength(6);
  expect(readPlanAround(store, ['00000190'])).toBeUndefined();
});
