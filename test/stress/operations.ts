import type { Orchestrator } from '../../src/app/orchestrator.js';
import type { Status } from '../../src/core/model/status.js';
import type { RowReader } from '../../src/store/transaction.js';
import type { SeededRandom } from './seededRandom.js';

/** One call of a use case. Tasks are named by their ids. */
export type Operation =
  | {
      readonly kind: 'add';
      readonly title: string;
      readonly dependsOn: readonly string[];
      readonly places: readonly string[];
    }
  | { readonly kind: 'rename'; readonly task: string; readonly title: string }
  | { readonly kind: 'status'; readonly task: string; readonly status: Status }
  | { readonly kind: 'depend' | 'undepend'; readonly task: string; readonly dependsOn: string }
  | { readonly kind: 'renew'; readonly task: string; readonly minutes: number }
  | { readonly kind: 'claim' | 'release' | 'delete'; readonly task: string }
  | { readonly kind: 'restore'; readonly task: string }
  | { readonly kind: 'read' };

/** What a use case resolved to, as far as it can be foretold: a new task's id and number, a claim's version. */
export type Result = { readonly id: string; readonly number: number } | number | null;

/** Long enough that no claim runs out while a test runs. */
const LEASE = '10h';

export async function perform(
  { tasks, claims, dependencies, plan, trash }: Orchestrator,
  one: Operation,
): Promise<Result> {
  switch (one.kind) {
    case 'add': {
      const { id, number } = await tasks.create({
        title: one.title,
        dependsOn: [...one.dependsOn],
        fileRefs: [...one.places],
      });
      return { id, number };
    }
    case 'rename':
      await tasks.update({ task: one.task, title: one.title });
      return null;
    case 'status':
      await tasks.setStatus({ task: one.task, status: one.status });
      return null;
    case 'depend':
      await dependencies.add({ task: one.task, dependsOn: one.dependsOn });
      return null;
    case 'undepend':
      await dependencies.remove({ task: one.task, dependsOn: one.dependsOn });
      return null;
    case 'claim':
      return (await claims.claim({ task: one.task, for: LEASE })).claim?.version ?? null;
    case 'renew':
      return (await claims.renew({ task: one.task, for: `${one.minutes}m` })).claim?.version ?? null;
    case 'release':
      await claims.release({ task: one.task });
      return null;
    case 'delete':
      await tasks.delete(one.task, { force: true });
      return null;
    case 'restore':
      await trash.restore(one.task);
      return null;
    case 'read':
      plan.store.refresh();
      return null;
  }
}

/** Everything that the operations change, in one canonical text: equal texts are equal plans. */
export function describePlan(store: RowReader): string {
  const tasks = store.all(
    `SELECT id, number, title, status, claimed_by, claim_version, version, created_by FROM tasks ORDER BY id`,
  );
  const edges = store.all('SELECT task_id, depends_on FROM dependencies ORDER BY 1, 2');
  const places = store.all(
    `SELECT task_id, file_path || ':' || line_start AS place FROM file_refs ORDER BY task_id, place`,
  );
  const trash = store.all('SELECT task_id FROM trash ORDER BY 1');
  const rows = [tasks, edges, places, trash].map((table) => table.map((row) => Object.values(row)));
  return JSON.stringify(rows);
}

/** From so many tasks on, more are deleted than added. */
const ENOUGH = 60;

/** Something to do with the plan as it is seen here, for `actor`; `label` is in no other title. */
export function chooseOperation(random: SeededRandom, store: RowReader, actor: string, label: string): Operation {
  const ids = (sql: string, ...values: string[]) => store.all<{ id: string }>(sql, values).map((row) => row.id);
  const tasks = ids('SELECT id FROM tasks ORDER BY number');
  const task = random.pick(tasks);
  const other = random.pick(tasks);
  const add = (): Operation => ({
    kind: 'add',
    title: label,
    dependsOn: [...new Set([random.pick(tasks), random.pick(tasks)])].filter((id) => id !== undefined),
    places: [`src/${label.replace(/\W/g, '')}.ts:1`, `src/shared.ts:${random.between(1, 99)}`],
  });
  if (task === undefined || other === undefined || tasks.length < 4) return add();
  const own = random.pick(ids('SELECT id FROM tasks WHERE claimed_by = ?', actor)) ?? task;
  const kinds: readonly (readonly [number, () => Operation])[] = [
    [tasks.length < ENOUGH ? 24 : 4, add],
    [16, () => ({ kind: 'rename', task, title: label })],
    [
      14,
      () => ({
        kind: 'status',
        task: random.chance(0.3) ? own : task,
        status: random.pick(['pending', 'in_progress', 'completed', 'completed', 'cancelled', 'blocked'] as const)!,
      }),
    ],
    [10, () => ({ kind: 'depend', task, dependsOn: other })],
    [4, () => ({ kind: 'undepend', ...edge(random, store, task, other) })],
    [10, () => ({ kind: 'claim', task })],
    [3, () => ({ kind: 'renew', task: own, minutes: random.between(601, 9999) })],
    [7, () => ({ kind: 'release', task: own })],
    [tasks.length < ENOUGH ? 5 : 20, () => ({ kind: 'delete', task })],
    [3, () => ({ kind: 'restore', task: random.pick(ids('SELECT task_id AS id FROM trash ORDER BY 1')) ?? task })],
    [6, () => ({ kind: 'read' })],
  ];
  let at = random.next() * kinds.reduce((sum, [weight]) => sum + weight, 0);
  for (const [weight, make] of kinds) {
    at -= weight;
    if (at < 0) return make();
  }
  return add();
}

/** An edge that is there, or one that is perhaps not. */
function edge(random: SeededRandom, store: RowReader, task: string, dependsOn: string) {
  const edges = store.all<{ task: string; dependsOn: string }>(
    'SELECT task_id AS task, depends_on AS dependsOn FROM dependencies ORDER BY 1, 2',
  );
  return random.pick(edges) ?? { task, dependsOn };
}
