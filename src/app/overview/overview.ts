import * as z from 'zod';
import type { Status } from '../../core/model/status.js';
import type { TaskId } from '../../core/model/taskId.js';
import { isClosed } from '../../core/model/workState.js';
import { type Input, type Output, parseInput, schema } from '../input.js';
import type { Plan } from '../plan.js';
import type { Tasks } from '../tasks/tasks.js';
import { taskListView } from '../tasks/taskView.js';

export const overviewInput = schema(() =>
  z.object({
    limit: z.number().int().min(1).max(1000).default(10).describe('At most so many tasks in each of the lists'),
  }),
);

/** The plan at a glance. */
export const overviewView = schema(() =>
  z.object({
    actor: z.string().describe('Who asks'),
    inProgress: taskListView().describe('Started or claimed, the longest at work first'),
    ready: taskListView().describe('What can be started now, most urgent first'),
    overdue: taskListView().describe('Open and past their due date, the longest overdue first'),
    waiting: z.number().describe('Open tasks that wait for others'),
    blocked: z.number().describe('Tasks that somebody set to blocked'),
    scheduled: z.number().describe('Tasks that are not to be started yet'),
    needsDecision: z.number().describe('Tasks that depend on a cancelled one'),
    open: z.number().describe('All that is neither completed nor cancelled'),
    completed: z.number(),
    unread: z.number().describe('Notifications for the one who asks, or for all, that were not read'),
  }),
);

export type OverviewInput = Input<typeof overviewInput>;
export type OverviewView = Output<typeof overviewView>;

/** What somebody wants to know who just sat down. */
export class Overview {
  readonly #plan: Plan;
  readonly #tasks: Tasks;

  constructor(plan: Plan, tasks: Tasks) {
    this.#plan = plan;
    this.#tasks = tasks;
  }

  read(input: OverviewInput = {}): OverviewView {
    const limit = input.limit === undefined ? 10 : parseInput(overviewInput, input).limit;
    const now = this.#plan.now();
    const actor = this.#plan.world.actor();
    const open = "status NOT IN ('completed', 'cancelled') AND archived_at IS NULL";
    const claimed = "status = 'pending' AND claimed_by IS NOT NULL AND claim_expires_at > ?1";
    return {
      actor,
      inProgress: this.#list(
        `archived_at IS NULL AND (status = 'in_progress' OR (${claimed}))`,
        'coalesce(claimed_at, started_at, updated_at), number',
        now,
        limit,
      ),
      ready: this.#tasks.ready(limit),
      overdue: this.#list(`${open} AND deadline < ${moment('deadline')}`, 'deadline, number', now, limit),
      ...this.#situations(now),
      ...this.#counts(),
      unread: this.#unread(actor),
    };
  }

  /** How many are kept from being ready, by what keeps them; each is counted once. */
  #situations(now: string): Pick<OverviewView, 'waiting' | 'blocked' | 'scheduled' | 'needsDecision'> {
    // The index has all that is asked of the others; their rows are spread over the whole image.
    const hasOther = (status: string) => `EXISTS (SELECT 1 FROM dependencies
      JOIN tasks AS other INDEXED BY idx_task_open ON other.id = depends_on
      WHERE task_id = task.id AND other.status ${status})`;
    const waits = hasOther("NOT IN ('completed', 'cancelled')");
    const undecided = hasOther("= 'cancelled'");
    const rows = this.#plan.store.all<{ situation: string; n: number }>(
      `SELECT CASE WHEN status = 'blocked' THEN 'blocked' WHEN ${undecided} THEN 'needsDecision'
         WHEN ${waits} THEN 'waiting' WHEN not_before > ?1 THEN 'scheduled' END AS situation, count(*) AS n
       FROM tasks AS task WHERE status IN ('pending', 'blocked') AND archived_at IS NULL GROUP BY 1`,
      [now],
    );
    const of = (situation: string) => rows.find((row) => row.situation === situation)?.n ?? 0;
    return {
      waiting: of('waiting'),
      blocked: of('blocked'),
      scheduled: of('scheduled'),
      needsDecision: of('needsDecision'),
    };
  }

  #list(where: string, order: string, now: string, limit: number): OverviewView['ready'] {
    const found = this.#plan.store
      .all<{ id: TaskId }>(`SELECT id FROM tasks WHERE ${where} ORDER BY ${order}`, [now])
      .map((row) => row.id);
    const [ids, total] = [found.slice(0, limit), found.length];
    return { tasks: this.#tasks.summaries(ids), total, truncated: ids.length < total };
  }

  #counts(): Pick<OverviewView, 'open' | 'completed'> {
    const rows = this.#plan.store.all<{ status: Status; n: number }>(
      'SELECT status, count(*) AS n FROM tasks WHERE archived_at IS NULL GROUP BY status',
    );
    const sum = (admits: (status: Status) => boolean) =>
      rows.reduce((total, { status, n }) => total + (admits(status) ? n : 0), 0);
    return { open: sum((status) => !isClosed(status)), completed: sum((status) => status === 'completed') };
  }

  #unread(actor: string): number {
    const row = this.#plan.store.get<{ n: number }>(
      `SELECT count(*) AS n FROM notifications WHERE (target_agent = ?1 OR target_agent IS NULL)
         AND coalesce(sender, '') != ?1 AND NOT coalesce(acknowledged, 0)
         AND NOT EXISTS (SELECT 1 FROM notification_reads WHERE notification_id = notifications.id AND agent_id = ?1)`,
      [actor],
    );
    return row?.n ?? 0;
  }
}

/** The present in the form that a column's value has: a day is over when the next one begins. */
function moment(column: string): string {
  return `CASE WHEN length(${column}) = 10 THEN substr(?1, 1, 10) ELSE ?1 END`;
}
