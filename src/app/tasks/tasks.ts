import type { PlanGraph } from '../../core/graph/planGraph.js';
import { OrchestratorError } from '../../core/model/errors.js';
import { nextStatuses, type Status } from '../../core/model/status.js';
import type { Task, TaskSummary } from '../../core/model/task.js';
import { type TaskId, taskName } from '../../core/model/taskId.js';
import { parseQuery, type Query } from '../../core/query/query.js';
import { selectTasks, shownStatus } from '../../core/query/select.js';
import { type LineRow, readNewest, readReady, readTask, resolveTask } from '../../store/repositories/taskRows.js';
import type { RowReader, Transaction } from '../../store/transaction.js';
import { requireLease } from '../claims/lease.js';
import { type Output, parseInput } from '../input.js';
import type { Plan } from '../plan.js';
import type { References } from '../references/references.js';
import { withoutDisabled } from '../settings/features.js';
import { trashTask } from '../trash/trashedTask.js';
import { insertTask } from './newTask.js';
import { requireStartable } from './startable.js';
import { storedFacts } from './storedFacts.js';
import { applyChange, type TaskWork } from './taskChange.js';
import { removeTaskFiles } from './taskFiles.js';
import {
  type ChangeTaskInput,
  type CreateTaskInput,
  changeTaskInput,
  createTaskInput,
  type ListTasksInput,
  listTasksInput,
  resolveTimes,
  type SetStatusInput,
  timeContext,
  type UpdateTaskInput,
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

/** Tasks of a list as lines of text show them. */
export interface TaskLines extends Pick<TaskListView, 'total' | 'truncated'> {
  readonly tasks: readonly Pick<TaskSummaryView, 'id' | 'title' | 'status' | 'assignee'>[];
}

/** How a deletion treats what others need. */
export interface DeleteOptions {
  /** Also where other tasks depend on it; their dependency goes with it. */
  readonly force?: boolean | undefined;
}

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
    const [task] = await this.createAll([input]);
    return task as TaskView;
  }

  /** Creates tasks in one transaction: all of them or none. */
  async createAll(inputs: readonly CreateTaskInput[]): Promise<TaskView[]> {
    const read = inputs.map((input) => resolveTimes(parseInput(createTaskInput, input), this.#plan.now()));
    const given = await Promise.all(read.map((task) => withoutDisabled(this.#plan.world, task)));
    const { ids } = this.#plan.world;
    const automation = this.#plan.isRepetition('task.create') ? undefined : this.#plan.world.automation;
    for (const task of given) await automation?.before({ kind: 'create', task });
    const created = await this.#plan.commitOnce('task.create', inputs, (transaction) =>
      given.map((task) => insertTask(transaction, ids, this.#references, task)).join(' '),
    );
    const views = created.split(' ').map((id) => this.#view(id));
    for (const task of views) await automation?.after({ kind: 'create', task });
    return views;
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
   * is to change, or where `lease` is a claim that was lost. `within` takes part in the transaction before the change,
   * and refuses it by throwing.
   */
  async change(input: ChangeTaskInput, within?: TaskWork): Promise<StatusChange> {
    const given = await withoutDisabled(this.#plan.world, this.parseChange(input));
    const { status } = given;
    const { automation } = this.#plan.world;
    const kind = status === 'completed' ? 'complete' : 'update';
    if (automation) await automation.before({ kind, task: this.get(given.task), changes: given });
    const id = await this.#plan.commit(status ? `task.${status}` : 'task.update', (transaction) => {
      const id = resolveTask(transaction, given.task);
      applyChange(transaction, this.#plan, this.#references, id, given, within);
      return id;
    });
    const task = this.#view(id);
    await automation?.after({ kind, task, changes: given });
    return { task, released: status === 'completed' ? this.releasedBy([id]) : [] };
  }

  /** A change with its values in their stored form. Throws INVALID_INPUT. */
  parseChange(input: ChangeTaskInput): Output<typeof changeTaskInput> {
    return resolveTimes(parseInput(changeTaskInput, input), this.#plan.now());
  }

  /**
   * Removes a task with its edges and references; it is kept in the trash. Subtasks lose their parent. Returns its last
   * state. Throws DEPENDENCY_OPEN where others depend on it and `force` is not given.
   */
  async delete(name: string, { force = false }: DeleteOptions = {}): Promise<TaskView> {
    const { automation, folder } = this.#plan.world;
    if (automation) await automation.before({ kind: 'delete', task: this.get(name) });
    const task = await this.#plan.commit('task.delete', (transaction) => {
      const id = resolveTask(transaction, name);
      if (!force) requireNoDependants(transaction, id);
      return this.trash(transaction, id);
    });
    await removeTaskFiles(folder, task.id);
    await automation?.after({ kind: 'delete', task });
    return task;
  }

  /** Moves a task to the trash within a transaction, unless somebody else holds it. */
  trash(transaction: Transaction, id: TaskId): TaskView {
    requireLease(transaction, readTask(transaction, id));
    const view = this.#view(id);
    trashTask(transaction, id);
    return view;
  }

  /** The tasks that a filter admits, in its order. Throws INVALID_INPUT naming the wrong term. */
  list(input: ListTasksInput = {}): TaskListView {
    const { query, limit } = isPlain(input) ? input : parseInput(listTasksInput, input);
    const found = this.select(query ?? '');
    return this.#toList(found.slice(0, limit), this.#plan.graph, found.length);
  }

  /** The same with only what a line of text shows: a tenth of the work where there are thousands. */
  lines(input: ListTasksInput = {}): TaskLines {
    const { query, limit } = parseInput(listTasksInput, input);
    const newest = this.#newest(parseQuery(query ?? ''));
    if (newest) return toLines(newest, limit, (row) => row.status);
    const now = this.#plan.now();
    return toLines(this.select(query ?? ''), limit, ({ id }) => shownStatus(this.#plan.graph.stateOf(id, now)));
  }

  /** The same as summaries of the graph, for views that show rows as they are scrolled to. */
  select(query: string): TaskSummary[] {
    return selectTasks(this.#plan.graph, parseQuery(query), {
      ...timeContext(this.#plan.now()),
      stored: storedFacts(this.#plan.store),
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

  /** The same with only what a line of text shows. */
  readyLines(limit?: number): TaskLines {
    if (!isPlain({ limit })) parseInput(listTasksInput, { limit });
    return toLines(readReady(this.#plan.store, this.#plan.now()), limit, () => 'pending');
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

  /** What the usual list shows, where the store has that ready. */
  #newest({ terms, sort }: Query): LineRow[] | undefined {
    const order = sort.map(({ key, descending }) => `${descending ? '-' : ''}${key}`).join();
    return terms.length === 0 && order === '-created,-number' && !this.#plan.hasGraph
      ? readNewest(this.#plan.store)
      : undefined;
  }

  /** The first ready tasks, and how many there are. */
  #ready(limit?: number): { ids: TaskId[]; total: number } {
    const now = this.#plan.now();
    if (!this.#plan.hasGraph) {
      const ids = readReady(this.#plan.store, now).map((row) => row.id);
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

  /** Throws what keeps the task from being worked on: DEPENDENCY_OPEN, or INVALID_TRANSITION for one that is closed. */
  requireStartable(task: Task): void {
    requireStartable(this.#plan, this.#plan.store, task);
  }

  /** What became ready when these were completed: nothing that waits for them could be before. By number. */
  releasedBy(completed: readonly TaskId[]): TaskId[] {
    const around = this.#plan.around(completed);
    const dependants = new Set(completed.flatMap((id) => [...around.require(id).dependants].map((node) => node.task)));
    const graph = this.#plan.around([...dependants].map((task) => task.id));
    return [...dependants]
      .filter((task) => !task.archivedAt && graph.stateOf(task.id, this.#plan.now()) === 'ready')
      .sort((a, b) => a.number - b.number)
      .map((task) => task.id);
  }
}

type Lined = Pick<LineRow, 'id' | 'title'> & { readonly assignee?: string | null | undefined };

function toLines<T extends Lined>(
  found: readonly T[],
  limit: number | undefined,
  statusOf: (task: T) => Status,
): TaskLines {
  const tasks = found.slice(0, limit).map((task) => ({
    id: task.id,
    title: task.title,
    status: statusOf(task),
    ...(task.assignee != null && { assignee: task.assignee }),
  }));
  return { tasks, total: found.length, truncated: tasks.length < found.length };
}

/** What fits at a glance needs no schema: making one takes longer than many a list. */
function isPlain({ query, limit }: ListTasksInput): boolean {
  const isText = query === undefined || typeof query === 'string';
  return isText && (limit === undefined || (Number.isInteger(limit) && limit >= 1));
}

/** Throws DEPENDENCY_OPEN, with their names, where other tasks than `leaving` depend on a task. */
export function requireNoDependants(reader: RowReader, id: TaskId, leaving: ReadonlySet<TaskId> = new Set()): void {
  const dependants = reader
    .all<{ id: TaskId; number: number }>(
      'SELECT tasks.id, number FROM dependencies JOIN tasks ON tasks.id = task_id WHERE depends_on = ? ORDER BY number',
      [id],
    )
    .filter((other) => !leaving.has(other.id));
  if (dependants.length === 0) return;
  const names = dependants.map((other) => taskName(other.number)).join(', ');
  throw new OrchestratorError(
    'DEPENDENCY_OPEN',
    `Cannot delete task ${id}: dependent tasks exist: ${names}. Remove these dependencies first, or force it.`,
    { task: id, dependants: dependants.map((other) => other.id) },
  );
}
