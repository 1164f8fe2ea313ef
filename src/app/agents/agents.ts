import { loadOf, type Work } from '../../core/agents/workload.js';
import { NotFoundError } from '../../core/model/errors.js';
import { nearest } from '../../core/model/nearest.js';
import type { RowReader } from '../../store/transaction.js';
import { isoTime } from '../collaboration/eventRows.js';
import { parseInput } from '../input.js';
import { notify } from '../notifications/notify.js';
import type { Plan } from '../plan.js';
import {
  type AgentListView,
  type AgentMetricsView,
  type AgentView,
  BROADCAST,
  type ListAgentsInput,
  listAgentsInput,
  type MessageInput,
  type MessageView,
  type MetricsInput,
  messageInput,
  metricsInput,
  type RegisterInput,
  registerInput,
} from './agentInputs.js';
import { knownAgents } from './knownAgents.js';

import { readMetrics } from './metrics.js';
import { readWork } from './workRows.js';

const NOTHING: Work = { tasks: 0, hours: 0, completedToday: 0 };

/** Who works here: agents that registered, and those that are known by what they did. */
export class Agents {
  readonly #plan: Plan;

  constructor(plan: Plan) {
    this.#plan = plan;
  }

  /** Registers an agent, or changes what is known of it; what is not given stays. Throws INVALID_INPUT. */
  async register(input: RegisterInput): Promise<AgentView> {
    const given = parseInput(registerInput, input);
    await this.#plan.commit('agent.register', (transaction) => {
      const { id, name, type, capabilities, status } = given;
      const columns = {
        name,
        ...(type !== undefined && { type }),
        ...(capabilities !== undefined && { capabilities: JSON.stringify(capabilities) }),
        ...(status !== undefined && { status }),
        updated_at: transaction.at,
      };
      if (transaction.get('SELECT 1 FROM agents WHERE id = ?', [id])) transaction.update('agents', [id], columns);
      else transaction.insert('agents', { id, ...columns, registered_at: transaction.at });
    });
    return this.get(given.id);
  }

  /** Takes an agent off the register; what it did and has to do stays. Throws NOT_FOUND. */
  async unregister(id: string): Promise<void> {
    await this.#plan.commit('agent.unregister', (transaction) => {
      if (!transaction.get('SELECT 1 FROM agents WHERE id = ?', [id]))
        throw new NotFoundError(`Agent “${id}” is not registered.`, { agent: id });
      transaction.delete('agents', [id]);
    });
  }

  /** Registered agents first, then the others, each by name. */
  list(input: ListAgentsInput = {}): AgentListView {
    const { status, type } = parseInput(listAgentsInput, input);
    const agents = this.#all().filter(
      (agent) => (status === undefined || agent.status === status) && (type === undefined || agent.type === type),
    );
    return { agents, total: agents.length };
  }

  /** Throws NOT_FOUND for one that nobody knows, naming the nearest. */
  get(id: string): AgentView {
    const agent = this.#all().find((one) => one.id === id);
    if (agent) return agent;
    throw unknown(this.#plan.store, id);
  }

  /** What an agent achieved in the last 1, 7 or 30 days. Throws NOT_FOUND, INVALID_INPUT. */
  metrics(input: MetricsInput): AgentMetricsView {
    const { agent, range } = parseInput(metricsInput, input);
    const { store } = this.#plan;
    requireKnown(store, agent);
    return readMetrics(store, { agent, range, now: this.#plan.now() });
  }

  /** Leaves word for an agent, or for all of them. Once where the request names itself. Throws NOT_FOUND, INVALID_INPUT. */
  async send(input: MessageInput): Promise<MessageView> {
    const given = parseInput(messageInput, input);
    const { from, to, text, priority } = given;
    // The text is kept where it is encrypted, not in the answer beside it.
    const id = await this.#plan.commitOnce('agent.message', given, (transaction) => {
      const { actor } = transaction;
      const sender = from ?? actor;
      if (sender !== actor) requireKnown(transaction, sender);
      if (to !== BROADCAST && to !== actor) requireKnown(transaction, to);
      return notify(transaction, this.#plan.world.ids, {
        type: 'message',
        message: text,
        sender,
        ...(to !== BROADCAST && { target: to }),
        ...(priority !== undefined && { priority }),
      });
    });
    return { id, from: from ?? this.#plan.world.actor(), to, text, ...(priority !== undefined && { priority }) };
  }

  #all(): AgentView[] {
    const { store } = this.#plan;
    const now = this.#plan.now();
    const registered = new Map(readRegistered(store).map((agent) => [agent.id, agent]));
    const work = readWork(store, now);
    const seen = new Map(
      store
        .all<{ id: string; at: string }>('SELECT changed_by AS id, max(changed_at) AS at FROM audit_log GROUP BY 1')
        .map(({ id, at }) => [id, isoTime(at)]),
    );
    const claims = store.all<{ id: string; by: string }>(
      'SELECT id, claimed_by AS "by" FROM tasks WHERE claimed_by IS NOT NULL AND claim_expires_at > ? ORDER BY number',
      [now],
    );
    const others = knownAgents(store).filter((id) => !registered.has(id));
    const unregistered = others.map((id) => ({ id, name: id, capabilities: [], status: 'unregistered' as const }));
    return [...registered.values(), ...unregistered].map((agent) => {
      const own = work.get(agent.id) ?? NOTHING;
      const lastSeenAt = seen.get(agent.id);
      return {
        ...agent,
        ...(lastSeenAt !== undefined && { lastSeenAt }),
        work: { ...own, load: loadOf(own) },
        claims: claims.filter(({ by }) => by === agent.id).map(({ id }) => id),
      };
    });
  }
}

type RegisteredRow = {
  id: string;
  name: string;
  type: string;
  capabilities: string;
  status: string;
  at: string;
};

function readRegistered(store: RowReader): Omit<AgentView, 'work' | 'claims' | 'lastSeenAt'>[] {
  const rows = store.all<RegisteredRow>(
    'SELECT id, name, type, capabilities, status, registered_at AS at FROM agents ORDER BY id',
  );
  return rows.map(({ capabilities, status, at, ...agent }) => ({
    ...agent,
    capabilities: readCapabilities(capabilities),
    status: status === 'inactive' ? 'inactive' : 'active',
    registeredAt: isoTime(at),
  }));
}

/** The list as it is kept; a list with commas of another program's too. */
export function readCapabilities(text: string): string[] {
  try {
    const list: unknown = JSON.parse(text);
    if (Array.isArray(list)) return list.map(String);
  } catch {
    // Another program's row.
  }
  return text.split(',').flatMap((word) => word.trim() || []);
}

function requireKnown(store: RowReader, id: string): void {
  if (!knownAgents(store).includes(id)) throw unknown(store, id);
}

function unknown(store: RowReader, id: string): NotFoundError {
  const near = nearest(id, knownAgents(store));
  const instead = near === undefined ? 'Register it first: tm agent register' : `Did you mean “${near}”?`;
  return new NotFoundError(
    `Agent “${id}” not found: nobody of that name has registered or done anything here. ${instead}`,
    {
      agent: id,
    },
  );
}
