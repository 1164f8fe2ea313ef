import { isLive } from '../model/claim.js';
import type { Dependency, DependencyType } from '../model/dependency.js';
import { NotFoundError, OrchestratorError } from '../model/errors.js';
import type { TaskSummary } from '../model/task.js';
import { type TaskId, taskName } from '../model/taskId.js';
import { isClosed, type WorkState } from '../model/workState.js';
import { compareUrgency } from './order.js';

/** A task in the graph, with its edges resolved. */
export interface PlanNode {
  readonly task: TaskSummary;
  /** What it waits for. */
  readonly dependsOn: ReadonlyMap<PlanNode, DependencyType>;
  /** What waits for it. */
  readonly dependants: ReadonlySet<PlanNode>;
  readonly subtasks: ReadonlySet<PlanNode>;
}

/** The same, writable here alone; `open` and `cancelled` count the dependencies in that state. */
interface Node extends PlanNode {
  task: TaskSummary;
  readonly dependsOn: Map<Node, DependencyType>;
  readonly dependants: Set<Node>;
  readonly subtasks: Set<Node>;
  open: number;
  cancelled: number;
}

/**
 * The plan in memory: every task in short form with its dependencies, kept up to date edge by edge, so that
 * what is ready is known without looking at everything. Deterministic: no answer depends on the order of writes.
 */
export class PlanGraph {
  readonly #nodes = new Map<TaskId, Node>();
  readonly #byNumber = new Map<number, Node>();
  /** By number; undefined after a change until it is asked for. */
  #ordered: readonly Node[] | undefined;
  /** Pending tasks, not archived, without an open or cancelled dependency: ready but for claims and times. */
  readonly #free = new Set<Node>();
  /** Subtasks whose parent is not here (yet). */
  readonly #orphans = new Map<TaskId, Set<Node>>();

  constructor(tasks: Iterable<TaskSummary> = [], dependencies: Iterable<Dependency> = []) {
    for (const task of tasks) this.put(task);
    for (const dependency of dependencies) this.addDependency(dependency);
  }

  get size(): number {
    return this.#nodes.size;
  }

  /** Every task, by number. */
  tasks(): TaskSummary[] {
    return this.nodes().map((node) => node.task);
  }

  /** Every node, by number. */
  nodes(): readonly PlanNode[] {
    this.#ordered ??= [...this.#nodes.values()].sort((a, b) => a.task.number - b.task.number);
    return this.#ordered;
  }

  get(id: TaskId): PlanNode | undefined {
    return this.#nodes.get(id);
  }

  /** The node of a task that is known to exist; NOT_FOUND otherwise. */
  require(id: TaskId): PlanNode {
    const node = this.#nodes.get(id);
    if (!node) throw new NotFoundError(`Task ${id} not found.`, { task: id });
    return node;
  }

  /** Adds a task or replaces its fields; its dependencies stay. */
  put(task: TaskSummary): void {
    const existing = this.#nodes.get(task.id);
    if (!existing) {
      const subtasks = this.#orphans.get(task.id) ?? new Set<Node>();
      this.#orphans.delete(task.id);
      const node: Node = { task, dependsOn: new Map(), dependants: new Set(), subtasks, open: 0, cancelled: 0 };
      this.#nodes.set(task.id, node);
      this.#ordered = undefined;
      this.#byNumber.set(task.number, node);
      this.#siblings(task.parent)?.add(node);
      this.#refreshFree(node);
      return;
    }
    const before = existing.task;
    existing.task = task;
    if (before.number !== task.number) {
      this.#ordered = undefined;
      if (this.#byNumber.get(before.number) === existing) this.#byNumber.delete(before.number);
      this.#byNumber.set(task.number, existing);
    }
    if (before.parent !== task.parent) {
      this.#siblings(before.parent)?.delete(existing);
      this.#siblings(task.parent)?.add(existing);
    }
    if (before.status !== task.status) {
      for (const dependant of existing.dependants) {
        count(dependant, before.status, -1);
        count(dependant, task.status, +1);
        this.#refreshFree(dependant);
      }
    }
    this.#refreshFree(existing);
  }

  /** Removes a task and every edge that touches it. */
  remove(id: TaskId): void {
    const node = this.#nodes.get(id);
    if (!node) return;
    for (const dependency of node.dependsOn.keys()) dependency.dependants.delete(node);
    for (const dependant of node.dependants) {
      dependant.dependsOn.delete(node);
      count(dependant, node.task.status, -1);
      this.#refreshFree(dependant);
    }
    this.#siblings(node.task.parent)?.delete(node);
    if (node.subtasks.size > 0) this.#orphans.set(id, node.subtasks);
    this.#nodes.delete(id);
    this.#ordered = undefined;
    if (this.#byNumber.get(node.task.number) === node) this.#byNumber.delete(node.task.number);
    this.#free.delete(node);
  }

  /** Adds an edge between tasks that are here; an edge to a task that is not is left out. */
  addDependency({ task, dependsOn, type }: Dependency): void {
    const from = this.#nodes.get(task);
    const to = this.#nodes.get(dependsOn);
    if (!from || !to || from === to) return;
    if (!from.dependsOn.has(to)) {
      to.dependants.add(from);
      count(from, to.task.status, +1);
    }
    from.dependsOn.set(to, type);
    this.#refreshFree(from);
  }

  removeDependency(task: TaskId, dependsOn: TaskId): void {
    const from = this.#nodes.get(task);
    const to = this.#nodes.get(dependsOn);
    if (!from || !to || !from.dependsOn.delete(to)) return;
    to.dependants.delete(from);
    count(from, to.task.status, -1);
    this.#refreshFree(from);
  }

  /** What a task's situation is at `now` (UTC ISO 8601). */
  stateOf(id: TaskId, now: string): WorkState {
    return stateOf(this.#nodes.get(id) ?? (this.require(id) as Node), now);
  }

  /** The ready tasks, most urgent first; with `limit`, only so many, without sorting the rest. */
  ready(now: string, limit = Number.POSITIVE_INFINITY): TaskSummary[] {
    if (limit < 1) return [];
    const ready: TaskSummary[] = [];
    for (const node of this.#free) if (stateOf(node, now) === 'ready') ready.push(node.task);
    if (limit >= ready.length || ready.length < 64) return ready.sort(compareUrgency).slice(0, limit);
    return smallest(ready, limit, compareUrgency);
  }

  readyCount(now: string): number {
    let count = 0;
    for (const node of this.#free) if (stateOf(node, now) === 'ready') count += 1;
    return count;
  }

  /**
   * What keeps a task from starting: the open tasks at the roots of its chains of dependencies, by number.
   * A task whose own dependency was cancelled is a root too: somebody has to decide about it.
   * Empty for a task that is not waiting. In a cycle (which only another program can write) the direct dependencies.
   */
  blockers(id: TaskId): TaskSummary[] {
    const start = this.#nodes.get(id);
    if (!start || isClosed(start.task.status) || start.open === 0) return [];
    const roots: TaskSummary[] = [];
    const seen = new Set<Node>([start]);
    const stack = openDependencies(start);
    for (let node = stack.pop(); node; node = stack.pop()) {
      if (seen.has(node)) continue;
      seen.add(node);
      if (node.open === 0 || node.cancelled > 0) roots.push(node.task);
      if (node.open > 0) stack.push(...openDependencies(node));
    }
    const found = roots.length > 0 ? roots : openDependencies(start).map((node) => node.task);
    return found.sort((a, b) => a.number - b.number);
  }

  /** The shortest chain of dependencies from one task to another, both ends included; undefined where there is none. */
  path(from: TaskId, to: TaskId): TaskSummary[] | undefined {
    const start = this.#nodes.get(from);
    const goal = this.#nodes.get(to);
    if (!start || !goal) return undefined;
    const cameFrom = new Map<Node, Node | undefined>([[start, undefined]]);
    let frontier = [start];
    while (frontier.length > 0 && !cameFrom.has(goal)) {
      const next: Node[] = [];
      for (const node of frontier) {
        for (const dependency of byNumber(node.dependsOn.keys())) {
          if (cameFrom.has(dependency)) continue;
          cameFrom.set(dependency, node);
          next.push(dependency);
        }
      }
      frontier = next;
    }
    if (!cameFrom.has(goal)) return undefined;
    const path: TaskSummary[] = [];
    for (let node: Node | undefined = goal; node; node = cameFrom.get(node)) path.unshift(node.task);
    return path;
  }

  /** Throws CYCLE, naming the path, if `task` depending on `dependsOn` would close one. */
  requireAcyclic(task: TaskId, dependsOn: TaskId): void {
    const name = (summary: TaskSummary) => taskName(summary.number);
    const from = this.require(task).task;
    const to = this.require(dependsOn).task;
    if (task === dependsOn) {
      throw new OrchestratorError('CYCLE', `${name(from)} cannot depend on itself.`, { path: [task] });
    }
    const path = this.path(dependsOn, task);
    if (!path) return;
    throw new OrchestratorError(
      'CYCLE',
      `${name(from)} → ${name(to)} would close a cycle: ${path.map(name).join(' → ')}. Remove one of these dependencies first.`,
      { path: path.map((summary) => summary.id) },
    );
  }

  #siblings(parent: TaskId | undefined): Set<Node> | undefined {
    if (parent === undefined) return undefined;
    const node = this.#nodes.get(parent);
    if (node) return node.subtasks;
    const orphans = this.#orphans.get(parent) ?? new Set<Node>();
    this.#orphans.set(parent, orphans);
    return orphans;
  }

  #refreshFree(node: Node): void {
    const { status, archivedAt } = node.task;
    if (status === 'pending' && !archivedAt && node.open === 0 && node.cancelled === 0) this.#free.add(node);
    else this.#free.delete(node);
  }
}

function stateOf({ task, open, cancelled }: Node, now: string): WorkState {
  if (task.status !== 'pending') return task.status;
  if (cancelled > 0) return 'needs_decision';
  if (open > 0) return 'waiting';
  if (isLive(task.claim, now)) return 'claimed';
  if (task.notBefore !== undefined && task.notBefore > now) return 'scheduled';
  return 'ready';
}

function count(node: Node, status: TaskSummary['status'], by: 1 | -1): void {
  if (status === 'cancelled') node.cancelled += by;
  else if (status !== 'completed') node.open += by;
}

function openDependencies(node: Node): Node[] {
  return [...node.dependsOn.keys()].filter((dependency) => !isClosed(dependency.task.status));
}

function byNumber(nodes: Iterable<Node>): Node[] {
  return [...nodes].sort((a, b) => a.task.number - b.task.number);
}

/** The `limit` smallest of `items`, sorted: one pass with a sorted window, O(n + hits · limit). */
function smallest<T>(items: readonly T[], limit: number, compare: (a: T, b: T) => number): T[] {
  const window: T[] = [];
  for (const item of items) {
    if (window.length === limit && compare(item, window[limit - 1]!) >= 0) continue;
    let at = window.length;
    while (at > 0 && compare(item, window[at - 1]!) < 0) at -= 1;
    window.splice(at, 0, item);
    if (window.length > limit) window.pop();
  }
  return window;
}

/** True where a task is the sum of its subtasks: those that were cancelled do not count. */
export function isContainer({ subtasks }: PlanNode): boolean {
  return [...subtasks].some(({ task }) => task.status !== 'cancelled');
}
