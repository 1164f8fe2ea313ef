import type { PlanGraph } from '../../core/graph/planGraph.js';
import { OrchestratorError } from '../../core/model/errors.js';
import { nextStatuses, requireTransition, type Status } from '../../core/model/status.js';
import type { Task, TaskSummary } from '../../core/model/task.js';
import { type TaskId, taskName } from '../../core/model/taskId.js';
import { isClosed } from '../../core/model/workState.js';
import { parseQuery } from '../../core/query/query.js';
import { selectTasks } from '../../core/query/select.js';
import type { Row, Value } from '../../store/record.js';
import { describedBy, readReady, readTask, resolveTask } from '../../store/repositories/taskRows.js';
import { NEXT_NUMBER } from '../../store/schema.js';
import type { Transaction } from '../../store/transaction.js';
import { NO_CLAIM, requireLease } from '../claims/lease.js';
import { insertDependency } from '../dependencies/dependencies.js';
import { type Output, parseInput } from '../input.js';
import type { Plan } from '../plan.js';
import type { References } from '../references/references.js';
import { trashTask } from '../trash/trashedTask.js';
import { changeTask } from './changeTask.js';
import {
  type ChangeTaskInput,
  type CreateTaskInput,
  changeTaskInput,
  createTaskInput,
  type ListTasksInput,
  listTasksInput,
  type SetStatusInput,
  type setStatusInput,
  type UpdateTaskInput,
  type updateTaskInput,
} from './taskInputs.js';
import { type TaskListView, type TaskSummaryView, type TaskView, toSummaryView, toTaskView } from './taskView.js';

/** A change of status and what followed from it. */
export interface StatusChange {
  readonly task: TaskView;
  /** Ids of the tasks that became ready by it. */
  readonly released: readonly TaskId[];
}

/** From so many tasks on it is faster to read all references at once. */
const MANY = 50;

type StatusInput = Omit<Output<typeof setStatusInput>, 'task'>;

/** Creating, changing and listing tasks. */
export class Tasks {
  readonly #plan: Plan;
  readonly #references: References;

  constructor(plan: Plan, references: References) {
    this.#plan = plan;
    this.#references = references;
  }

  /** The id that a name (id, prefix, number) stands for. Throws NOT_FOUND or AMBIGUOUS. */
  resolve(name: string): TaskId {
    return resolveTask(this.#plan.store, name);
  }

  get(name: string): TaskView {
    return this.#view(this.resolve(name));
  }

  /** The task's own fields, without anything derived. */
  read(name: string): Task {
    return readTask(this.#plan.store, this.resolve(name));
  }

  /** Creates a task with its dependencies and references in one transaction. Throws INVALID_INPUT, NOT_FOUND, AMBIGUOUS. */
  async create(input: CreateTaskInput): Promise<TaskView> {
    const given = parseInput(createTaskInput, input);
    const { automation } = this.#plan.world;
    await automation?.before({ kind: 'create', task: given });
    const id = await this.#plan.commitOnce('task.create', (transaction) => {
      const dependencies = new Set((given.dependsOn ?? []).map((name) => resolveTask(transaction, name)));
      const task = this.#newId(transaction);
      const number = nextNumber(transaction);
      transaction.insert('tasks', {
        id: task,
        number,
        title: given.title,
        status: 'pending',
        priority: given.priority ?? 'medium',
        type: given.type ?? 'task',
        created_by: transaction.actor,
        created_at: transaction.at,
        updated_at: transaction.at,
        ...fieldColumns({ ...given, title: undefined, priority: undefined, type: undefined }),
        ...(given.parent !== undefined && { parent_id: resolveTask(transaction, given.parent) }),
      });
      setMeta(transaction, 'last_number', String(number));
      for (const dependency of dependencies) insertDependency(transaction, task, dependency);
      for (const place of given.fileRefs ?? []) this.#references.insert(transaction, task, place);
      return task;
    });
    const view = this.#view(id);
    await automation?.after({ kind: 'create', task: view });
    return view;
  }

  /** Changes fields; see `change`. */
  async update(input: UpdateTaskInput): Promise<TaskView> {
    return (await this.change(input)).task;
  }

  /** Moves a task to another status; see `change`. */
  async setStatus(input: SetStatusInput): Promise<StatusChange> {
    return this.change(input);
  }

  /**
   * Changes fields and the status in one transaction. Throws NOT_FOUND, INVALID_INPUT, CYCLE where a task would be its
   * own ancestor, INVALID_TRANSITION with the legal statuses, and DEPENDENCY_OPEN where it would start or complete
   * before what it depends on (`force` overrides that), and LEASE_HELD where somebody else has claimed it and the status
   * is to change, or where `lease` is a claim that was lost.
   */
  async change(input: ChangeTaskInput): Promise<StatusChange> {
    const given = parseInput(changeTaskInput, input);
    const { status } = given;
    const { automation } = this.#plan.world;
    const kind = status === 'completed' ? 'complete' : 'update';
    if (automation) await automation.before({ kind, task: this.get(given.task), changes: given });
    const id = await this.#plan.commit(status ? `task.${status}` : 'task.update', (transaction) => {
      const id = resolveTask(transaction, given.task);
      if (status || given.lease !== undefined) requireLease(transaction, readTask(transaction, id), given.lease);
      const parent = given.parent && resolveTask(transaction, given.parent);
      if (parent) this.#requireAncestry(transaction, id, parent);
      changeTask(transaction, id, {
        ...fieldColumns(given),
        ...(given.parent !== undefined && { parent_id: parent || null }),
        ...(status && this.#statusColumns(transaction, id, { ...given, status })),
      });
      return id;
    });
    const task = this.#view(id);
    await automation?.after({ kind, task, changes: given });
    return { task, released: status === 'completed' ? this.#releasedBy(id) : [] };
  }

  /** Removes a task with its edges and references; it is kept in the trash. Subtasks lose their parent. Returns its last state. */
  async delete(name: string): Promise<TaskView> {
    const { automation } = this.#plan.world;
    if (automation) await automation.before({ kind: 'delete', task: this.get(name) });
    const task = await this.#plan.commit('task.delete', (transaction) => {
      const id = resolveTask(transaction, name);
      requireLease(transaction, readTask(transaction, id));
      const view = this.#view(id);
      trashTask(transaction, id);
      return view;
    });
    await automation?.after({ kind: 'delete', task });
    return task;
  }

  /** The tasks that a filter admits, in its order. Throws INVALID_INPUT naming the wrong term. */
  list(input: ListTasksInput = {}): TaskListView {
    const { query, limit } = isPlain(input) ? input : parseInput(listTasksInput, input);
    const found = this.select(query ?? '');
    return this.#toList(found.slice(0, limit), this.#plan.graph, found.length);
  }

  /** The same as summaries of the graph, for views that show rows as they are scrolled to. */
  select(query: string): TaskSummary[] {
    return selectTasks(this.#plan.graph, parseQuery(query), {
      now: this.#plan.now(),
      describedBy: (words) => describedBy(this.#plan.store, words),
    });
  }

  /** What can be started now, most urgent first. */
  ready(limit?: number): TaskListView {
    if (!isPlain({ limit })) parseInput(listTasksInput, { limit });
    const { ids, total } = this.#ready(limit);
    const graph = this.#plan.around(ids);
    const tasks = ids.map((id) => graph.require(id).task);
    return this.#toList(tasks, graph, total);
  }

  /** Tasks in short form, in the order of the ids. */
  summaries(ids: readonly TaskId[]): TaskSummaryView[] {
    const graph = this.#plan.around(ids);
    const sources = { plan: this.#plan, references: this.#references, graph };
    return ids.map((id) => toSummaryView(sources, graph.require(id).task));
  }

  /** The ready task to start next: the highest priority, the oldest among equals. Undefined when nothing is ready. */
  next(): TaskView | undefined {
    const [id] = this.#ready(1).ids;
    return id === undefined ? undefined : this.#view(id);
  }

  /** The statuses that the task may take now, dependencies considered. */
  legalStatuses(id: TaskId): readonly Status[] {
    const { task } = this.#plan.graph.require(id);
    const state = this.#plan.stateOf(id);
    const gated = state === 'waiting' || state === 'needs_decision';
    return nextStatuses(task.status).filter((status) => !gated || (status !== 'in_progress' && status !== 'completed'));
  }

  /** The first ready tasks, and how many there are. */
  #ready(limit?: number): { ids: TaskId[]; total: number } {
    const now = this.#plan.now();
    if (!this.#plan.hasGraph) {
      const ids = readReady(this.#plan.store, now);
      return { ids: ids.slice(0, limit), total: ids.length };
    }
    const { graph } = this.#plan;
    return { ids: graph.ready(now, limit).map((task) => task.id), total: graph.readyCount(now) };
  }

  #toList(tasks: readonly TaskSummary[], graph: PlanGraph, total: number): TaskListView {
    const references = tasks.length > MANY ? { of: this.#references.ofAll() } : this.#references;
    const sources = { plan: this.#plan, references, graph };
    return { tasks: tasks.map((task) => toSummaryView(sources, task)), total, truncated: tasks.length < total };
  }

  #view(id: TaskId): TaskView {
    const sources = { plan: this.#plan, references: this.#references, graph: this.#plan.around([id]) };
    return toTaskView(sources, readTask(this.#plan.store, id));
  }

  #newId(transaction: Transaction): TaskId {
    for (;;) {
      const id = this.#plan.world.ids.next();
      if (!transaction.get('SELECT 1 FROM tasks WHERE id = ? UNION SELECT 1 FROM trash WHERE task_id = ?', [id, id]))
        return id;
    }
  }

  /** Throws what keeps the task from being worked on: DEPENDENCY_OPEN, or INVALID_TRANSITION for one that is closed. */
  requireStartable(task: Task): void {
    if (isClosed(task.status)) {
      const name = taskName(task.number);
      throw new OrchestratorError('INVALID_TRANSITION', `${name} is ${task.status}. Reopen it first.`, {
        task: task.id,
      });
    }
    this.#requireFree(task);
  }

  #requireFree(task: Task): void {
    const graph = this.#plan.around([task.id]);
    const name = taskName(task.number);
    const cancelled = [...graph.require(task.id).dependsOn.keys()].filter((node) => node.task.status === 'cancelled');
    if (cancelled.length > 0) {
      const names = cancelled.map((node) => taskName(node.task.number)).join(', ');
      throw new OrchestratorError(
        'DEPENDENCY_OPEN',
        `${name} needs a decision: ${names} was cancelled. Remove the dependency, or reopen ${names}.`,
        { cancelled: cancelled.map((node) => node.task.id) },
      );
    }
    const blockers = graph.blockers(task.id);
    if (blockers.length === 0) return;
    const names = blockers.map((blocker) => taskName(blocker.number));
    throw new OrchestratorError(
      'DEPENDENCY_OPEN',
      `${name} waits for ${names.join(', ')}. Complete ${names.length === 1 ? 'it' : 'them'} first, or remove the dependency.`,
      { blockedBy: blockers.map((blocker) => blocker.id) },
    );
  }

  /** What became ready when `id` was completed: nothing that waits for it could be before. */
  #releasedBy(id: TaskId): TaskId[] {
    const dependants = [...this.#plan.around([id]).require(id).dependants].map((node) => node.task);
    const graph = this.#plan.around(dependants.map((task) => task.id));
    return dependants
      .filter((task) => graph.stateOf(task.id, this.#plan.now()) === 'ready')
      .sort((a, b) => a.number - b.number)
      .map((task) => task.id);
  }

  #statusColumns(transaction: Transaction, id: TaskId, given: StatusInput): Row {
    const task = readTask(transaction, id);
    requireTransition(taskName(task.number), task.status, given.status);
    if ((given.status === 'in_progress' || given.status === 'completed') && !given.force) this.#requireFree(task);
    return statusColumns(task, given, transaction.at);
  }

  #requireAncestry(transaction: Transaction, task: TaskId, parent: TaskId): void {
    for (let ancestor: string | null | undefined = parent; ancestor; ) {
      if (ancestor === task) {
        throw new OrchestratorError('CYCLE', 'A task cannot be its own subtask, nor that of one of its subtasks.', {
          task,
          parent,
        });
      }
      ancestor = transaction.get<{ parent_id: string | null }>('SELECT parent_id FROM tasks WHERE id = ?', [
        ancestor,
      ])?.parent_id;
    }
  }
}

/** What fits at a glance needs no schema: making one takes longer than many a list. */
function isPlain({ query, limit }: ListTasksInput): boolean {
  const isText = query === undefined || typeof query === 'string';
  return isText && (limit === undefined || (Number.isInteger(limit) && limit >= 1));
}

/** The columns that the given fields of a task are kept in; fields that are undefined are left alone. */
function fieldColumns(given: Partial<Omit<Output<typeof updateTaskInput>, 'task' | 'parent'>>): Row {
  const columns: Record<string, Value | undefined> = {
    title: given.title,
    description: given.description,
    priority: given.priority,
    type: given.type,
    assignee: given.assignee,
    tags: given.tags && JSON.stringify(given.tags),
    deadline: given.due,
    not_before: given.notBefore,
    estimated_hours: given.estimatedHours,
  };
  return Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined)) as Row;
}

function statusColumns(task: Task, given: StatusInput, at: string): Row {
  const { status, reason, summary } = given;
  const reasoned = status === 'blocked' || status === 'cancelled';
  return {
    status,
    status_reason: reasoned ? (reason ?? null) : null,
    completed_at: status === 'completed' ? at : null,
    ...(status === 'in_progress' && { started_at: at }),
    ...(status === 'pending' && { started_at: null }),
    ...(status === 'completed' && summary && { completion_summary: summary }),
    ...(isClosed(status) && task.claim && NO_CLAIM),
  };
}

function nextNumber(transaction: Transaction): number {
  const row = transaction.get<{ number: number }>(`SELECT ${NEXT_NUMBER} AS number`);
  return row?.number ?? 1;
}

function setMeta(transaction: Transaction, key: string, value: string): void {
  if (transaction.get('SELECT 1 FROM meta WHERE key = ?', [key])) transaction.update('meta', [key], { value });
  else transaction.insert('meta', { key, value });
}
