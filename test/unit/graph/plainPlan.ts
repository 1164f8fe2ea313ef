import fc from 'fast-check';
import type { Dependency } from '../../../src/core/model/dependency.js';
import { PRIORITIES, PRIORITY_RANK } from '../../../src/core/model/priority.js';
import { STATUSES, type Status } from '../../../src/core/model/status.js';
import type { TaskSummary } from '../../../src/core/model/task.js';
import type { TaskId } from '../../../src/core/model/taskId.js';

export const NOW = '2026-06-01T00:00:00.000Z';
const EARLIER = '2026-05-01T00:00:00.000Z';
const LATER = '2026-07-01T00:00:00.000Z';

/** A task of which only the given fields matter; its number is 1 more than its index. */
export function task(index: number, fields: Partial<TaskSummary> = {}): TaskSummary {
  return {
    id: idOf(index),
    number: index + 1,
    title: `Task ${index + 1}`,
    status: 'pending',
    priority: 'medium',
    type: 'task',
    tags: [],
    createdAt: EARLIER,
    updatedAt: EARLIER,
    ...fields,
  };
}

export function idOf(index: number): TaskId {
  return index.toString(16).padStart(8, '0');
}

/** The plan as its definition says, slow and without cleverness: what `PlanGraph` is compared with. */
export class PlainPlan {
  readonly tasks = new Map<TaskId, TaskSummary>();
  readonly #edges = new Map<string, Dependency>();

  constructor(tasks: Iterable<TaskSummary> = [], edges: Iterable<Dependency> = []) {
    for (const task of tasks) this.tasks.set(task.id, task);
    for (const edge of edges) this.add(edge.task, edge.dependsOn);
  }

  get edges(): Dependency[] {
    return [...this.#edges.values()];
  }

  add(task: TaskId, dependsOn: TaskId): void {
    this.#edges.set(`${task} ${dependsOn}`, { task, dependsOn, type: 'completion' });
  }

  cut(task: TaskId, dependsOn: TaskId): void {
    this.#edges.delete(`${task} ${dependsOn}`);
  }

  remove(id: TaskId): void {
    this.tasks.delete(id);
    for (const { task, dependsOn } of this.edges) if (task === id || dependsOn === id) this.cut(task, dependsOn);
  }

  dependencies(id: TaskId): TaskSummary[] {
    return this.edges.filter((edge) => edge.task === id).map((edge) => this.tasks.get(edge.dependsOn)!);
  }

  dependants(id: TaskId): TaskSummary[] {
    return this.edges.filter((edge) => edge.dependsOn === id).map((edge) => this.tasks.get(edge.task)!);
  }

  /** Every pair of tasks that some chain of dependencies joins (Warshall's closure). */
  reachability(admit: (edge: Dependency) => boolean = () => true): Set<string> {
    const pairs = new Set(this.edges.filter(admit).map((edge) => `${edge.task} ${edge.dependsOn}`));
    const ids = [...this.tasks.keys()];
    for (const middle of ids)
      for (const from of ids)
        for (const to of ids)
          if (pairs.has(`${from} ${middle}`) && pairs.has(`${middle} ${to}`)) pairs.add(`${from} ${to}`);
    return pairs;
  }

  isAcyclic(): boolean {
    const pairs = this.reachability();
    return [...this.tasks.keys()].every((id) => !pairs.has(`${id} ${id}`));
  }

  state(id: TaskId): string {
    const task = this.tasks.get(id)!;
    const dependencies = this.dependencies(id).map((dependency) => dependency.status);
    if (task.status !== 'pending') return task.status;
    if (dependencies.includes('cancelled')) return 'needs_decision';
    if (dependencies.some((status) => status !== 'completed')) return 'waiting';
    if (task.claim && task.claim.expiresAt > NOW) return 'claimed';
    if (task.notBefore && task.notBefore > NOW) return 'scheduled';
    return 'ready';
  }

  /** The open tasks that the task waits for, over open ones, and that wait for nothing themselves or need a decision. */
  openRoots(id: TaskId): TaskId[] {
    if (isClosed(this.tasks.get(id)!.status)) return [];
    const open = this.reachability((edge) => !isClosed(this.tasks.get(edge.dependsOn)!.status));
    return [...this.tasks.keys()]
      .filter((other) => open.has(`${id} ${other}`))
      .filter((other) => {
        const statuses = this.dependencies(other).map((dependency) => dependency.status);
        return statuses.every(isClosed) || statuses.includes('cancelled');
      })
      .sort();
  }

  ready(): TaskId[] {
    return [...this.tasks.values()]
      .filter((task) => this.state(task.id) === 'ready')
      .sort((a, b) => urgency(a).localeCompare(urgency(b)))
      .map((task) => task.id);
  }
}

export function isClosed(status: Status): boolean {
  return status === 'completed' || status === 'cancelled';
}

/** A text whose order is that of urgency: priority, age, number. */
function urgency(task: TaskSummary): string {
  return `${9 - PRIORITY_RANK[task.priority]} ${task.createdAt} ${String(task.number).padStart(6, '0')}`;
}

/** The fields of a task that decide where it stands. */
export const fields = fc.record({
  status: fc.constantFrom(...STATUSES, 'pending' as const, 'pending' as const),
  priority: fc.constantFrom(...PRIORITIES),
  createdAt: fc.constantFrom(EARLIER, NOW, LATER),
  notBefore: fc.constantFrom(undefined, undefined, EARLIER, LATER),
  claim: fc
    .constantFrom(undefined, undefined, EARLIER, LATER)
    .map((expiresAt) => expiresAt && { by: 'agent', at: EARLIER, expiresAt, version: 1 }),
});

/** A plan without a cycle: each task depends on some of those before it, in a random order of numbers. */
export function acyclicPlans(maxTasks = 14): fc.Arbitrary<PlainPlan> {
  return fc.integer({ min: 1, max: maxTasks }).chain((size) =>
    fc
      .record({
        order: fc.shuffledSubarray([...Array(size).keys()], { minLength: size, maxLength: size }),
        fields: fc.array(fields, { minLength: size, maxLength: size }),
        edges: fc.array(fc.tuple(fc.nat(size - 1), fc.nat(size - 1)), { maxLength: size * 3 }),
      })
      .map(
        ({ order, fields, edges }) =>
          new PlainPlan(
            fields.map((given, index) => task(index, given)),
            edges
              .filter(([a, b]) => a !== b)
              .map(([a, b]) => ({
                task: idOf(order[Math.max(a, b)]!),
                dependsOn: idOf(order[Math.min(a, b)]!),
                type: 'completion' as const,
              })),
          ),
      ),
  );
}
