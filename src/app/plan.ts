import { PlanGraph } from '../core/graph/planGraph.js';
import { OrchestratorError } from '../core/model/errors.js';
import type { TaskId } from '../core/model/taskId.js';
import type { WorkState } from '../core/model/workState.js';
import { checksumOf } from '../store/checksum.js';
import type { RowChange } from '../store/record.js';
import { readPlan, readPlanAround, readSummary } from '../store/repositories/taskRows.js';
import type { Store, StoreChange } from '../store/store.js';
import type { Transaction } from '../store/transaction.js';
import { requireAccess } from './access/requireAccess.js';
import type { World } from './ports.js';
import { readChangeRules } from './settings/settingsFile.js';
import { eventsOf, Telemetry, type TelemetryEvent } from './telemetry/telemetry.js';

/** What a change of the plan touched; views refresh only that. */
export interface PlanChange {
  /** Tasks that are new, gone, or in another position among the others: their lists have to be made anew. */
  readonly structure: boolean;
  /** Tasks that look different: changed themselves, or in another situation because of others. */
  readonly tasks: ReadonlySet<TaskId>;
  /** Files whose references changed; undefined: any. */
  readonly files: ReadonlySet<string> | undefined;
}

/**
 * The plan: the store and its graph in memory, kept in step with every commit of this and of other processes.
 * The use cases share one.
 */
export class Plan {
  readonly #store: Store;
  readonly #world: World;
  readonly #listeners = new Set<(change: PlanChange) => void>();
  readonly #stopListening: () => void;
  #graph: PlanGraph | undefined;
  #telemetry: Telemetry | undefined;

  constructor(store: Store, world: World) {
    this.#store = store;
    this.#world = world;
    store.vault.use(world.cipher);
    this.#stopListening = store.onDidChange((change) => this.#follow(change));
  }

  get store(): Store {
    return this.#store;
  }

  get world(): World {
    return this.#world;
  }

  /** Built at the first use: a command that needs one task only does not read them all. */
  get graph(): PlanGraph {
    this.#graph ??= graphOf(readPlan(this.#store));
    return this.#graph;
  }

  /** True once the whole graph is there; then it is cheaper to ask than the store. */
  get hasGraph(): boolean {
    return this.#graph !== undefined;
  }

  /**
   * A graph that knows all about the given tasks, but perhaps nothing of the situation of others: for a command that
   * is about a few tasks only.
   */
  around(tasks: readonly TaskId[]): PlanGraph {
    if (this.#graph) return this.#graph;
    const part = readPlanAround(this.#store, tasks);
    return part ? graphOf(part) : this.graph;
  }

  now(): string {
    return this.#world.clock.now();
  }

  stateOf(id: TaskId): WorkState {
    return this.graph.stateOf(id, this.now());
  }

  /**
   * Runs one use case's writes as one transaction in the name of the actor; see `Store.commit`. Throws PERMISSION_DENIED
   * where the project's access policy keeps the actor from them: whatever is written in its name is written here.
   */
  async commit<T>(action: string, work: (transaction: Transaction) => T): Promise<T> {
    let events: readonly TelemetryEvent[] = [];
    const result = await this.#store.commit(this.#world.actor(), action, (transaction) => {
      const result = work(transaction);
      if (transaction.changes.length === 0) return result;
      const rules = readChangeRules(this.#world.folder);
      if (rules.owned) requireAccess(transaction, action);
      this.#world.review?.(transaction, action);
      events = rules.telemetry ? eventsOf(transaction) : [];
      return result;
    });
    this.#record(events);
    return result;
  }

  /** Counts what no row tells of, where the project wants that. */
  count(events: () => readonly TelemetryEvent[]): void {
    if (readChangeRules(this.#world.folder).telemetry) this.#record(events());
  }

  /** Tries what `commit` would do, for what it says or refuses, and takes it back. Nothing is written. */
  rehearse<T>(action: string, work: (transaction: Transaction) => T): T {
    return this.#store.rehearse(this.#world.actor(), (transaction) => {
      const result = work(transaction);
      if (readChangeRules(this.#world.folder).owned) requireAccess(transaction, action);
      return result;
    });
  }

  /**
   * The same for work whose answer is kept under the name of the request (`World.request`), if it has one: asked again
   * under that name, the same action gives the same answer and does nothing. `asked` is what tells it from others: throws
   * CONFLICT where something else was asked under that name.
   */
  commitOnce(action: string, asked: unknown, work: (transaction: Transaction) => string): Promise<string> {
    const { request } = this.#world;
    if (request === undefined) return this.commit(action, work);
    return this.commit(action, (transaction) => {
      const answered = transaction.get<{ result: string }>(
        'SELECT result FROM requests WHERE request_id = ? AND action = ?',
        [request, action],
      );
      const { actor: agent_id, at: created_at } = transaction;
      const mark = checksumOf([agent_id, asked]);
      if (answered) {
        if (answered.result.startsWith(`${mark} `)) return answered.result.slice(mark.length + 1);
        throw new OrchestratorError(
          'CONFLICT',
          `The request “${request}” was made already, and asked for something else. Nothing was changed; give this one a name of its own.`,
          { request },
        );
      }
      const result = work(transaction);
      transaction.insert('requests', {
        request_id: request,
        action,
        result: `${mark} ${result}`,
        agent_id,
        created_at,
      });
      return result;
    });
  }

  /** True where the request of this run has had its answer already: nothing happens then, and nobody is to be told. */
  isRepetition(action: string): boolean {
    const { request } = this.#world;
    if (request === undefined || this.#store.problem) return false;
    const sql = 'SELECT 1 FROM requests WHERE request_id = ? AND action = ?';
    return this.#store.get(sql, [request, action]) !== undefined;
  }

  /** Calls back after each change, from here or elsewhere. The returned function ends it. */
  onDidChange(listener: (change: PlanChange) => void): () => void {
    // What a change touches follows from the graph as it was before.
    void this.graph;
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  dispose(): void {
    this.#stopListening();
    this.#listeners.clear();
  }

  #record(events: readonly TelemetryEvent[]): void {
    if (events.length === 0) return;
    this.#telemetry ??= new Telemetry(this.#world);
    this.#telemetry.record(events);
  }

  #follow(change: StoreChange): void {
    const planChange = change.kind === 'reloaded' ? this.#rebuild() : this.#apply(change);
    for (const listener of this.#listeners) listener(planChange);
  }

  #rebuild(): PlanChange {
    const before = this.#graph?.tasks() ?? [];
    this.#graph = undefined;
    const tasks = new Set([...before, ...(this.#listeners.size > 0 ? this.graph.tasks() : [])].map((task) => task.id));
    return { structure: true, tasks, files: undefined };
  }

  #apply({ records }: Extract<StoreChange, { kind: 'records' }>): PlanChange {
    const changes = records.flatMap((record) => record.changes);
    const collector = new ChangeCollector(this.#graph, this.#store);
    for (const change of changes) collector.add(change);
    return collector.finish();
  }
}

function graphOf({ tasks, dependencies }: ReturnType<typeof readPlan>): PlanGraph {
  return new PlanGraph(tasks, dependencies);
}

/** Applies row changes to the graph and collects what they touch. */
class ChangeCollector {
  readonly #graph: PlanGraph | undefined;
  readonly #store: Store;
  readonly #tasks = new Set<TaskId>();
  readonly #files = new Set<string>();
  readonly #summaries = new Set<TaskId>();
  #structure = false;

  constructor(graph: PlanGraph | undefined, store: Store) {
    this.#graph = graph;
    this.#store = store;
  }

  add(change: RowChange): void {
    const [first, second] = change.key as [string, string];
    switch (change.table) {
      case 'tasks':
        this.#addTask(first, change);
        break;
      case 'dependencies':
        this.#addDependency(first, second, change);
        break;
      case 'file_refs':
        this.#addReference(first, change);
        break;
      // What was found out about it stands in its card, and its commits under its row.
      case 'task_analyses':
      case 'git_commits':
        this.#tasks.add(first);
        break;
      // They are listed under it.
      case 'code_executions':
        this.#touchOwner(change);
        break;
      default:
        break;
    }
  }

  #touchOwner({ table, key, before, after }: RowChange): void {
    const own = before?.task_id ?? after?.task_id;
    const id = own ?? this.#store.get(`SELECT task_id FROM ${table} WHERE uid = ?`, key)?.task_id;
    if (typeof id === 'string') this.#tasks.add(id);
  }

  finish(): PlanChange {
    return { structure: this.#structure, tasks: this.#tasks, files: this.#files };
  }

  #addTask(id: TaskId, { before, after }: RowChange): void {
    // Position in the lists follows from these; all else changes one row's looks.
    const placing = ['status', 'priority', 'parent_id', 'not_before', 'claimed_by', 'assignee', 'tags', 'archived_at'];
    const placed = before === null || after === null || placing.some((column) => column in after);
    this.#structure ||= placed;
    if (placed) this.#touchDependants(id);
    this.#touchWithNeighbours(id, placed);
    if (after === null) this.#graph?.remove(id);
    else {
      const summary = readSummary(this.#store, id);
      if (summary) this.#graph?.put(summary);
    }
    if (placed) this.#touchWithNeighbours(id, true);
    const statusOrTitle =
      after === null || before === null || 'status' in after || 'title' in after || 'priority' in after;
    if (statusOrTitle && !this.#summaries.has(id)) {
      this.#summaries.add(id);
      for (const row of this.#store.all<{ path: string }>(
        'SELECT DISTINCT file_path AS path FROM file_refs WHERE task_id = ?',
        [id],
      )) {
        this.#files.add(row.path);
      }
    }
  }

  #addDependency(task: TaskId, dependsOn: TaskId, { after }: RowChange): void {
    this.#structure = true;
    this.#tasks.add(dependsOn);
    if (after === null) this.#graph?.removeDependency(task, dependsOn);
    else {
      const row = this.#store.get<{ type: string }>(
        'SELECT type FROM dependencies WHERE task_id = ? AND depends_on = ?',
        [task, dependsOn],
      );
      if (row) this.#graph?.addDependency({ task, dependsOn, type: row.type as 'completion' });
    }
    this.#touchWithNeighbours(task, true);
  }

  #addReference(id: string, { before, after }: RowChange): void {
    const row = this.#store.get<{ task: string; path: string }>(
      'SELECT task_id AS task, file_path AS path FROM file_refs WHERE uid = ?',
      [id],
    );
    const task = row?.task ?? before?.task_id ?? after?.task_id;
    if (typeof task === 'string') this.#tasks.add(task);
    for (const path of [row?.path, before?.file_path, after?.file_path]) {
      if (typeof path === 'string') this.#files.add(path);
    }
  }

  /** The task, its parent, and what waits for it: their rows tell of it. */
  #touchWithNeighbours(id: TaskId, deep: boolean): void {
    this.#tasks.add(id);
    const node = this.#graph?.get(id);
    if (!node || !deep) return;
    if (node.task.parent) this.#tasks.add(node.task.parent);
    for (const dependency of node.dependsOn.keys()) this.#tasks.add(dependency.task.id);
    this.#touchDependants(id);
  }

  /** Everything downstream: its state or the roots that it waits for may be others now. */
  #touchDependants(id: TaskId): void {
    const node = this.#graph?.get(id);
    const stack = node ? [...node.dependants] : [];
    const seen = new Set(stack);
    for (let next = stack.pop(); next; next = stack.pop()) {
      this.#tasks.add(next.task.id);
      for (const dependant of next.dependants) {
        if (seen.has(dependant)) continue;
        seen.add(dependant);
        stack.push(dependant);
      }
    }
  }
}
