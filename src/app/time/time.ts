import { InvalidInputError, NotFoundError, OrchestratorError } from '../../core/model/errors.js';
import type { Task } from '../../core/model/task.js';
import { taskName } from '../../core/model/taskId.js';
import { parseTime } from '../../core/model/time.js';
import { hoursBetween } from '../../core/time/hours.js';
import { readTask, resolveTask } from '../../store/repositories/taskRows.js';
import { readTimeEntries, readTimeEntry, type TimeEntry } from '../../store/repositories/timeRows.js';
import type { Transaction } from '../../store/transaction.js';
import { mention } from '../analysis/mention.js';
import { requireLease } from '../claims/lease.js';
import { parseInput } from '../input.js';
import type { Plan } from '../plan.js';
import type { References } from '../references/references.js';
import { applyChange } from '../tasks/taskChange.js';
import { timeContext } from '../tasks/taskInputs.js';
import type { Tasks } from '../tasks/tasks.js';
import { actualHours } from './actualHours.js';
import { changeEntries, stopClocks } from './clocks.js';
import {
  type AddTimeInput,
  addTimeInput,
  type StartInput,
  type StartView,
  type StopInput,
  type StopView,
  startInput,
  stopInput,
  type TaskTimeView,
  type TimeEntryView,
} from './timeInputs.js';

/** Time spent on tasks. Each actor times one task at most. */
export class Time {
  readonly #plan: Plan;
  readonly #tasks: Tasks;
  readonly #references: References;

  constructor(plan: Plan, tasks: Tasks, references: References) {
    this.#plan = plan;
    this.#tasks = tasks;
    this.#references = references;
  }

  /**
   * Starts a task and the actor's clock on it; a clock that the actor had elsewhere stops. For a task in progress only
   * the clock is started, and nothing changes where it is running. Throws what `Tasks.change` does.
   */
  async start(input: StartInput): Promise<StartView> {
    const { task: name, force, lease } = parseInput(startInput, input);
    const id = this.#tasks.resolve(name);
    const { automation } = this.#plan.world;
    const changes = { status: 'in_progress', force } as const;
    // A hook hears of a change of the task; starting one's own clock on it is none.
    const idle = this.#tasks.get(id);
    const told = idle.status === 'in_progress' ? undefined : automation;
    await told?.before({ kind: 'update', task: idle, changes });
    const clock = await this.#plan.commit('task.in_progress', (transaction) => {
      const task = readTask(transaction, id);
      requireLease(transaction, task, lease);
      if (task.status !== 'in_progress')
        applyChange(transaction, this.#plan, this.#references, id, { ...changes, lease });
      return this.#begin(transaction, task);
    });
    const task = this.#tasks.get(id);
    await told?.after({ kind: 'update', task, changes });
    const running = readTimeEntries(this.#plan.store, { task: id, agent: this.#actor(), running: true })[0];
    if (!running) throw new OrchestratorError('CONFLICT', 'The clock was stopped at this moment. Try again.');
    return {
      task,
      entry: this.#toView(running),
      resumed: clock.resumed,
      stopped: clock.stopped.map((entry) => this.#toView(entry)),
    };
  }

  /** Stops the actor's clock. Throws INVALID_TRANSITION where none is running. The task stays in progress. */
  async stop(input: StopInput = {}): Promise<StopView> {
    const given = parseInput(stopInput, input);
    const stopped = await this.#plan.commit('time.stop', (transaction) => {
      const task = given.task === undefined ? undefined : resolveTask(transaction, given.task);
      const entries = stopClocks(transaction, { task, agent: transaction.actor }, given.note);
      if (entries.length > 0) return entries;
      const where = task === undefined ? '' : ` on ${taskName(readTask(transaction, task).number)}`;
      throw new OrchestratorError('INVALID_TRANSITION', `No clock of ${transaction.actor} is running${where}.`, {
        task,
      });
    });
    return {
      stopped: stopped.map((entry) => {
        const task = readTask(this.#plan.store, entry.task);
        return { ...this.#toView(entry), name: taskName(task.number), actual: actualHours(this.#plan.store, task) };
      }),
    };
  }

  /** Adds time that nobody timed. Throws NOT_FOUND, and INVALID_INPUT for time that lies in the future. */
  async add(input: AddTimeInput): Promise<TaskTimeView> {
    const given = parseInput(addTimeInput, input);
    const task = await this.#plan.commit('time.add', (transaction) => {
      const task = resolveTask(transaction, given.task);
      const length = given.spent * 3_600_000;
      const start =
        given.at === undefined
          ? Date.parse(transaction.at) - length
          : Date.parse(parseTime('at', given.at, timeContext(transaction.at)));
      const endedAt = new Date(start + length).toISOString();
      if (endedAt > transaction.at)
        throw new InvalidInputError('at', `The time would end at ${endedAt}, in the future. Give an earlier --at.`);
      changeEntries(transaction, task, () =>
        transaction.insert('time_entries', {
          ...this.#newEntry(transaction, task, given.note),
          started_at: new Date(start).toISOString(),
          ended_at: endedAt,
        }),
      );
      return task;
    });
    return this.of(task);
  }

  /** Removes an entry, by its id. Throws NOT_FOUND. */
  async remove(entry: string): Promise<TaskTimeView> {
    const task = await this.#plan.commit('time.remove', (transaction) => {
      const found = readTimeEntry(transaction, entry.trim());
      if (!found)
        throw new NotFoundError(`Time entry “${entry}” not found. “tm time TASK” shows their ids.`, { entry });
      changeEntries(transaction, found.task, () => transaction.delete('time_entries', [found.id]));
      return found.task;
    });
    return this.of(task);
  }

  /** What was spent on a task, against its estimate. */
  of(name: string): TaskTimeView {
    const { store } = this.#plan;
    const task = readTask(store, resolveTask(store, name));
    return {
      task: mention(this.#plan.around([task.id]), task, this.#plan.now()),
      actual: actualHours(store, task),
      entries: readTimeEntries(store, { task: task.id }).map((entry) => this.#toView(entry)),
    };
  }

  #actor(): string {
    return this.#plan.world.actor();
  }

  #begin(transaction: Transaction, { id }: Task): { stopped: TimeEntry[]; resumed: boolean } {
    const [running, ...more] = readTimeEntries(transaction, { agent: transaction.actor, running: true });
    if (running?.task === id && more.length === 0) return { stopped: [], resumed: true };
    const stopped = stopClocks(transaction, { agent: transaction.actor });
    transaction.insert('time_entries', { ...this.#newEntry(transaction, id, undefined), started_at: transaction.at });
    return { stopped, resumed: false };
  }

  #newEntry(transaction: Transaction, task: string, note: string | undefined) {
    const uid = this.#plan.world.ids.next();
    return { uid, task_id: task, agent_id: transaction.actor, ...(note !== undefined && { note }) };
  }

  #toView({ endedAt, ...entry }: TimeEntry): TimeEntryView {
    const hours = hoursBetween(entry.startedAt, endedAt ?? this.#plan.now());
    return { ...entry, ...(endedAt !== undefined && { endedAt }), hours };
  }
}
