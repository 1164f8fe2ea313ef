import { mentionsIn } from '../../core/collaboration/mentions.js';
import { parseProgress, progressContent } from '../../core/collaboration/progressText.js';
import { type TaskId, taskName } from '../../core/model/taskId.js';
import { readTask, resolveTask } from '../../store/repositories/taskRows.js';
import type { Transaction } from '../../store/transaction.js';
import { knownAgents } from '../agents/knownAgents.js';
import { type Output, parseInput } from '../input.js';
import { notify } from '../notifications/notify.js';
import type { Plan } from '../plan.js';
import {
  type ContextInput,
  type ContextView,
  contextInput,
  type EventInput,
  type EventView,
  eventInput,
  type ParticipantsView,
  type ParticipantView,
  type Written,
} from './collaborationInputs.js';
import { insertEvent, readNotes, readParticipants, readShared } from './eventRows.js';

/** What agents tell each other on a task: shared context, private notes, and who takes part. */
export class Collaboration {
  readonly #plan: Plan;

  constructor(plan: Plan) {
    this.#plan = plan;
  }

  /** Makes the actor a participant; nothing where it is one. Throws NOT_FOUND, AMBIGUOUS. */
  async join(name: string): Promise<Written<ParticipantView>> {
    return this.#plan.commit('collaboration.join', (transaction) => {
      const task = resolveTask(transaction, name);
      const agent = transaction.actor;
      const key = [task, agent];
      if (!transaction.get('SELECT 1 FROM participants WHERE task_id = ? AND agent_id = ?', key))
        transaction.insert('participants', { task_id: task, agent_id: agent, joined_at: transaction.at });
      const entry = readParticipants(transaction, task).find((one) => one.agent === agent);
      return { task, entry: entry ?? { agent, joinedAt: transaction.at } };
    });
  }

  /**
   * Enters a text on a task and tells those that it is for: with a discovery everybody, with any shared text whom it
   * mentions. A request of the same name (`World.request`) is entered once. Throws NOT_FOUND, AMBIGUOUS, INVALID_INPUT,
   * and CONFLICT where the request said something else.
   */
  async add(input: EventInput): Promise<Written<EventView>> {
    const given = parseInput(eventInput, input);
    const text = given.type === 'progress' ? progressContent(parseProgress(given.text)) : given.text;
    return this.#plan.commit(`collaboration.${given.type}`, (transaction) => {
      const task = resolveTask(transaction, given.task);
      return { task, entry: this.enter(transaction, { task, type: given.type, text }, this.#plan.world.request) };
    });
  }

  /** The same within a transaction that is open. */
  enter(
    transaction: Transaction,
    { task, type, text }: Output<typeof eventInput>,
    request: string | undefined,
  ): EventView {
    const { event, isNew } = insertEvent(transaction, this.#plan.world.ids, { task, type, text, request });
    if (isNew && type !== 'note') this.#tell(transaction, task, event);
    return event;
  }

  /** What was shared on a task, and the actor's own notes on it. Throws NOT_FOUND, AMBIGUOUS. */
  context(input: ContextInput): ContextView {
    const { task: name, limit } = parseInput(contextInput, input);
    const { store, world } = this.#plan;
    const task = readTask(store, resolveTask(store, name));
    const all = readShared(store, task.id);
    const shared = limit === undefined ? all : all.slice(-limit);
    const percent = all.findLast((event) => event.percent !== undefined)?.percent;
    return {
      task: task.id,
      name: taskName(task.number),
      title: task.title,
      createdAt: task.createdAt,
      participants: readParticipants(store, task.id),
      shared,
      total: all.length,
      truncated: shared.length < all.length,
      ...(percent !== undefined && { percent }),
      notes: readNotes(store, task.id, world.actor()),
    };
  }

  /** Who joined a task. Throws NOT_FOUND, AMBIGUOUS. */
  participants(name: string): ParticipantsView {
    const { store } = this.#plan;
    const task = readTask(store, resolveTask(store, name));
    return { task: task.id, name: taskName(task.number), participants: readParticipants(store, task.id) };
  }

  #tell(transaction: Transaction, task: TaskId, { type, text, agent }: EventView): void {
    const { ids } = this.#plan.world;
    const leave = (kind: string, message: string, target?: string) =>
      notify(transaction, ids, { type: kind, message, task, sender: agent, ...(target !== undefined && { target }) });
    const { names, everybody } = mentionsIn(text);
    const name = taskName(readTask(transaction, task).number);
    if (type === 'discovery') leave('discovery', `DISCOVERY in ${task}: ${text}`);
    else if (everybody) leave('mention', `${agent} mentioned everybody on ${name}: ${text}`);
    if (names.length === 0) return;
    const known = new Map(knownAgents(transaction).map((other) => [other.toLowerCase(), other]));
    const targets = new Set(names.map((mentioned) => known.get(mentioned.toLowerCase()) ?? mentioned));
    for (const target of targets)
      if (target !== agent) leave('mention', `${agent} mentioned you on ${name}: ${text}`, target);
  }
}
