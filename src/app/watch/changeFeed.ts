import type { TaskId } from '../../core/model/taskId.js';
import { readAuditRows } from '../../store/repositories/auditRows.js';
import { resolveTask } from '../../store/repositories/taskRows.js';
import { History } from '../history/history.js';
import type { TransactionView } from '../history/historyInputs.js';
import { nameOfTask } from '../history/words.js';
import { type Output, parseInput } from '../input.js';
import { notificationsFor } from '../notifications/notifications.js';
import type { Plan } from '../plan.js';
import type { Tasks } from '../tasks/tasks.js';
import { ForeignChanges } from './foreignChanges.js';
import { type WatchEventView, type WatchInput, watchInput } from './watchInputs.js';

/** Transactions read at a time. */
const PAGE = 200;

/**
 * The plan's changes in their order, each once: what is told follows from the number of the last transaction that was,
 * so that nothing depends on how the news came, be it a commit here, the journal's tail or a checkpoint.
 */
export class ChangeFeed {
  readonly #plan: Plan;
  readonly #tasks: Tasks;
  readonly #history: History;
  readonly #filter: Omit<Output<typeof watchInput>, 'since' | 'task'> & { readonly task?: TaskId };
  readonly #foreign: ForeignChanges;
  readonly #stopListening: () => void;
  #seen: number;
  #isReloaded = false;
  #wake: (() => void) | undefined;
  #isClosed = false;

  /** Throws NOT_FOUND, AMBIGUOUS, INVALID_INPUT for what cannot be followed. */
  constructor(plan: Plan, tasks: Tasks, input: WatchInput = {}) {
    const { since, task, ...filter } = parseInput(watchInput, input);
    this.#plan = plan;
    this.#tasks = tasks;
    this.#history = new History(plan);
    this.#filter = { ...filter, ...(task !== undefined && { task: resolveTask(plan.store, task) }) };
    if (filter.query !== undefined) tasks.select(filter.query);
    this.#seen = since ?? plan.store.head;
    this.#foreign = new ForeignChanges(plan.store);
    this.#stopListening = plan.store.onDidChange((change) => {
      this.#isReloaded ||= change.kind === 'reloaded';
      this.#wake?.();
    });
  }

  /** Everything that is to be told, until `close`. Whoever takes long over one gets the next ones after that. */
  async *events(): AsyncGenerator<WatchEventView, void> {
    while (!this.#isClosed) {
      const page = this.#history.following(this.#seen, PAGE);
      for (const transaction of page) {
        this.#seen = Math.max(this.#seen, transaction.seq);
        this.#foreign.touch(transaction.changes.map((change) => change.task));
        const event = this.#toEvent(transaction);
        if (event) yield event;
        if (this.#isClosed) return;
      }
      if (page.length > 0) continue;
      if (this.#isReloaded) {
        this.#isReloaded = false;
        const event = this.#reloaded();
        if (event) yield event;
        continue;
      }
      this.#foreign.settle(this.#plan.store);
      await new Promise<void>((wake) => {
        this.#wake = wake;
      });
      this.#wake = undefined;
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#stopListening();
    this.#wake?.();
  }

  /** Undefined for what the filter leaves out, and for what concerns nobody, such as read marks. */
  #toEvent(transaction: TransactionView): WatchEventView | undefined {
    const { seq, at, actor, action } = transaction;
    const { types, actor: wanted } = this.#filter;
    if (wanted !== undefined && wanted !== actor) return undefined;
    if (types && !types.some((type) => action === type || action.startsWith(`${type}.`))) return undefined;
    const admitted = this.#admitted();
    const changes = transaction.changes.filter(({ what, task }) => what !== 'other' && admitted(task));
    const told = new Set(
      readAuditRows(this.#plan.store, seq)
        .filter((row) => row.table === 'notifications' && row.kind === 'insert')
        .map((row) => String(row.key[0])),
    );
    const notifications = notificationsFor(this.#plan.store, this.#plan.world.actor(), told).filter((one) =>
      admitted(one.task ?? ''),
    );
    if (changes.length === 0 && notifications.length === 0) return undefined;
    const concerned = new Map(changes.map(({ task, name }) => [task, name]));
    return {
      seq,
      at,
      actor,
      action,
      tasks: [...concerned].map(([id, name]) => ({ id, name, ...this.#titleOf(id) })),
      changes,
      notifications,
    };
  }

  /** What another program did, if it did something. */
  #reloaded(): WatchEventView | undefined {
    const action = 'store.reloaded';
    const changed = this.#foreign.look(this.#plan.store);
    const { types, actor } = this.#filter;
    if (actor !== undefined || (types && !types.some((type) => action.startsWith(type)))) return undefined;
    const tasks = changed.filter(this.#admitted());
    if (tasks.length === 0) return undefined;
    return {
      seq: this.#seen,
      at: this.#plan.now(),
      actor: '',
      action,
      tasks: tasks.map((id) => ({ id, name: nameOfTask(this.#plan.store, id), ...this.#titleOf(id) })),
      changes: [],
      notifications: [],
    };
  }

  #admitted(): (task: TaskId) => boolean {
    const { task, query } = this.#filter;
    const found = query === undefined ? undefined : new Set(this.#tasks.select(query).map((one) => one.id));
    return (id) => (task === undefined || id === task) && (found?.has(id) ?? true);
  }

  #titleOf(id: TaskId): { title: string } | undefined {
    return this.#plan.store.get<{ title: string }>(
      'SELECT title FROM tasks WHERE id = ?1 UNION ALL SELECT title FROM trash WHERE task_id = ?1',
      [id],
    );
  }
}
