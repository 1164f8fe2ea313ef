import * as z from 'zod';
import { InvalidInputError, OrchestratorError } from '../../core/model/errors.js';
import { type TaskId, taskName } from '../../core/model/taskId.js';
import { before } from '../../core/model/time.js';
import { isClosed } from '../../core/model/workState.js';
import { readTask } from '../../store/repositories/taskRows.js';
import { selectedTasks, selectionInput } from '../bulk/selection.js';
import { type Input, type Output, parseInput, schema } from '../input.js';
import type { Plan } from '../plan.js';
import { changeTask } from '../tasks/changeTask.js';
import type { Tasks } from '../tasks/tasks.js';

export const archiveInput = schema(() =>
  selectionInput().extend({
    olderThan: z.string().optional().describe('All tasks that were closed longer ago than this: 30d, 2w, 6mo'),
    force: z.boolean().optional().describe('Also tasks that are still open'),
    dryRun: z.boolean().optional().describe('Only say which tasks it would be'),
  }),
);

export const archiveView = schema(() =>
  z.object({
    tasks: z.array(z.object({ id: z.string(), name: z.string(), title: z.string(), closedAt: z.string().optional() })),
    total: z.number(),
    dryRun: z.boolean(),
  }),
);

export type ArchiveInput = Input<typeof archiveInput>;
export type ArchiveView = Output<typeof archiveView>;

/** Tasks that are put away: out of lists, tree and ready set, still there for what depends on them, and for searches. */
export class Archive {
  readonly #plan: Plan;
  readonly #tasks: Tasks;

  constructor(plan: Plan, tasks: Tasks) {
    this.#plan = plan;
    this.#tasks = tasks;
  }

  /** Puts closed tasks away. Throws INVALID_TRANSITION for one that is open unless it is forced. */
  async archive(input: ArchiveInput): Promise<ArchiveView> {
    const given = parseInput(archiveInput, input);
    const ids =
      given.olderThan === undefined ? selectedTasks(this.#plan, this.#tasks, given) : this.#closedBefore(given);
    return this.#set(ids, (at) => at, 'task.archive', given);
  }

  /** Brings archived tasks back to the lists. */
  async unarchive(input: ArchiveInput): Promise<ArchiveView> {
    const given = parseInput(archiveInput, input);
    if (given.olderThan !== undefined) throw new InvalidInputError('olderThan', 'Name the tasks to bring back.');
    const query = given.query === undefined ? undefined : `${given.query} is:archived`;
    const ids = selectedTasks(this.#plan, this.#tasks, { ...given, query });
    return this.#set(ids, () => null, 'task.unarchive', { ...given, force: true });
  }

  async #set(
    ids: readonly TaskId[],
    value: (at: string) => string | null,
    action: string,
    { force = false, dryRun = false }: { force?: boolean | undefined; dryRun?: boolean | undefined },
  ): Promise<ArchiveView> {
    const putsAway = value('') !== null;
    const affected = ids
      .map((id) => readTask(this.#plan.store, id))
      .filter((task) => (task.archivedAt === undefined) === putsAway);
    const open = affected.filter((task) => !isClosed(task.status));
    if (open.length > 0 && !force) {
      const names = open.map((task) => `${taskName(task.number)} (${task.status})`).join(', ');
      throw new OrchestratorError(
        'INVALID_TRANSITION',
        `Still open: ${names}. Complete or cancel ${open.length === 1 ? 'it' : 'them'} first, or force it. Nothing was changed.`,
        { open: open.map((task) => task.id) },
      );
    }
    if (!dryRun && affected.length > 0) {
      const { automation } = this.#plan.world;
      const changes = { archived: putsAway };
      if (automation)
        for (const { id } of affected) await automation.before({ kind: 'update', task: this.#tasks.get(id), changes });
      await this.#plan.commit(action, (transaction) => {
        for (const { id } of affected) {
          // Another process may have reopened it since.
          if (force || isClosed(readTask(transaction, id).status))
            changeTask(transaction, id, { archived_at: value(transaction.at) });
        }
      });
      if (automation)
        for (const { id } of affected) await automation.after({ kind: 'update', task: this.#tasks.get(id), changes });
    }
    return {
      tasks: affected.map((task) => ({
        id: task.id,
        name: taskName(task.number),
        title: task.title,
        ...(isClosed(task.status) && { closedAt: task.completedAt ?? task.updatedAt }),
      })),
      total: affected.length,
      dryRun,
    };
  }

  /** Closed tasks that have been so for longer, the oldest first. */
  #closedBefore({
    olderThan = '',
    tasks = [],
    query,
  }: {
    olderThan?: string | undefined;
    tasks?: string[] | undefined;
    query?: string | undefined;
  }): TaskId[] {
    const limit = before('olderThan', olderThan, this.#plan.now());
    const among =
      tasks.length > 0 || query !== undefined
        ? new Set(selectedTasks(this.#plan, this.#tasks, { tasks, query }))
        : undefined;
    return this.#plan.store
      .all<{ id: TaskId }>(
        `SELECT id FROM tasks WHERE status IN ('completed', 'cancelled') AND archived_at IS NULL
           AND coalesce(completed_at, updated_at) <= ? ORDER BY coalesce(completed_at, updated_at), number`,
        [limit],
      )
      .map((row) => row.id)
      .filter((id) => among?.has(id) ?? true);
  }
}
