import { InvalidInputError, NotFoundError, OrchestratorError } from '../../core/model/errors.js';
import { taskName } from '../../core/model/taskId.js';
import type { RowReader, Transaction } from '../../store/transaction.js';
import { isoTime } from '../collaboration/eventRows.js';
import { parseInput } from '../input.js';
import type { Plan } from '../plan.js';
import {
  type ListNotificationsInput,
  listNotificationsInput,
  type NotificationListView,
  type NotificationView,
  type ReadNotificationsInput,
  readNotificationsInput,
} from './notificationInputs.js';

type NotificationRow = {
  id: string;
  type: string;
  message: string;
  at: string;
  task: string | null;
  number: number | null;
  sender: string | null;
  target: string | null;
  priority: string | null;
  read: number;
};

/**
 * What an agent (?1) is told: what is for it, and what others told everybody. What another program marked as
 * acknowledged counts as read by whoever it was for.
 */
const MINE = `
  SELECT n.id, n.type, n.message, n.created_at AS at, n.task_id AS task, t.number, n.sender, n.target_agent AS target,
    n.priority, (r.agent_id IS NOT NULL OR coalesce(n.acknowledged, 0) != 0) AS read
  FROM notifications AS n
    LEFT JOIN tasks AS t ON t.id = n.task_id
    LEFT JOIN notification_reads AS r ON r.notification_id = n.id AND r.agent_id = ?1
  WHERE (n.target_agent = ?1 OR (n.target_agent IS NULL AND coalesce(n.sender, '') != ?1))`;

/** What the actor is told, each with a read mark of its own: nobody takes anything from anybody else. */
export class Notifications {
  readonly #plan: Plan;

  constructor(plan: Plan) {
    this.#plan = plan;
  }

  /** What is unread, or everything, the newest first. Nothing is marked by looking. */
  list(input: ListNotificationsInput = {}): NotificationListView {
    const { all = false, type, limit } = parseInput(listNotificationsInput, input);
    const found = read(this.#plan.store, this.#plan.world.actor()).filter(
      (one) => (all || !one.read) && (type === undefined || one.type === type),
    );
    const notifications = found.slice(0, limit);
    return { notifications, total: found.length, truncated: notifications.length < found.length };
  }

  /** Marks as read by the actor: these, or all that are unread. Returns them. Throws NOT_FOUND, AMBIGUOUS, INVALID_INPUT. */
  async markRead(input: ReadNotificationsInput): Promise<NotificationListView> {
    const { ids = [], all = false, type } = parseInput(readNotificationsInput, input);
    if (ids.length === 0 && !all) throw new InvalidInputError('ids', 'Say which: ids, or all of them.');
    if (ids.length > 0 && all) throw new InvalidInputError('all', 'Give ids, or all, but not both.');
    return this.#plan.commit('notification.read', (transaction) => {
      const known = read(transaction, transaction.actor).filter((one) => type === undefined || one.type === type);
      const chosen = all ? known : ids.map((id) => choose(known, id));
      const unread = [...new Set(chosen)].filter((one) => !one.read);
      for (const notification of unread) mark(transaction, notification);
      const notifications = unread.map((one) => ({ ...one, read: true }));
      return { notifications, total: notifications.length, truncated: false };
    });
  }
}

/** The notifications that a transaction left for an agent, by their ids. */
export function notificationsFor(store: RowReader, agent: string, ids: ReadonlySet<string>): NotificationView[] {
  return ids.size === 0 ? [] : read(store, agent).filter((one) => ids.has(one.id));
}

function read(store: RowReader, agent: string): NotificationView[] {
  return store.all<NotificationRow>(`${MINE} ORDER BY n.created_at DESC, n.rowid DESC`, [agent]).map(toView);
}

function toView(row: NotificationRow): NotificationView {
  const { id, type, message, task, number, sender, target, priority } = row;
  return {
    id,
    type,
    message,
    at: isoTime(row.at),
    ...(task !== null && { task }),
    ...(number !== null && { name: taskName(number) }),
    ...(sender !== null && { from: sender }),
    ...(target !== null && { to: target }),
    ...(priority !== null && { priority }),
    read: row.read !== 0,
  };
}

function mark(transaction: Transaction, { id }: NotificationView): void {
  transaction.insert('notification_reads', {
    notification_id: id,
    agent_id: transaction.actor,
    read_at: transaction.at,
  });
}

function choose(known: readonly NotificationView[], id: string): NotificationView {
  const wanted = id.trim().toLowerCase();
  const found = wanted === '' ? [] : known.filter((one) => one.id.startsWith(wanted));
  if (found.length > 1) {
    throw new OrchestratorError('AMBIGUOUS', `“${id}” fits ${found.length} notifications: give more of the id.`, {
      id,
    });
  }
  const [one] = found;
  if (one) return one;
  throw new NotFoundError(`There is no notification “${id}” for you; “tm notifications --all” shows yours.`, { id });
}
