import * as z from 'zod';
import { InvalidInputError } from '../../core/model/errors.js';
import { taskName } from '../../core/model/taskId.js';
import { type Input, type Output, parseInput, schema } from '../input.js';
import type { Plan } from '../plan.js';
import { taskAddress } from '../tasks/taskInputs.js';
import type { Tasks } from '../tasks/tasks.js';
import type { TaskView } from '../tasks/taskView.js';
import { resolveTrashed, restoreTask } from './trashedTask.js';

/** A task in the trash. */
export const trashedTaskView = schema(() =>
  z.object({
    id: z.string(),
    number: z.number(),
    name: z.string().describe('T-<number>'),
    title: z.string(),
    deletedAt: z.string(),
    deletedBy: z.string(),
  }),
);

export const purgeInput = schema(() =>
  z.object({
    tasks: z.array(taskAddress()).optional(),
    all: z.boolean().optional().describe('Everything in the trash'),
  }),
);

export type TrashedTaskView = Output<typeof trashedTaskView>;
export type PurgeInput = Input<typeof purgeInput>;

/** Deleted tasks: kept with their edges and references until somebody purges them. */
export class Trash {
  readonly #plan: Plan;
  readonly #tasks: Tasks;

  constructor(plan: Plan, tasks: Tasks) {
    this.#plan = plan;
    this.#tasks = tasks;
  }

  /** The last deleted first. */
  list(): TrashedTaskView[] {
    return this.#plan.store
      .all<{ id: string; number: number; title: string; deletedAt: string; deletedBy: string }>(
        `SELECT task_id AS id, number, title, deleted_at AS deletedAt, deleted_by AS deletedBy
         FROM trash ORDER BY deleted_at DESC, number DESC`,
      )
      .map((row) => ({ ...row, name: taskName(row.number) }));
  }

  /** Puts a deleted task back, with its edges to tasks that are still there. Throws NOT_FOUND. */
  async restore(name: string): Promise<TaskView> {
    const id = await this.#plan.commit('task.restore', (transaction) => {
      const id = resolveTrashed(this.#plan.store, name);
      restoreTask(transaction, id, this.#plan.graph);
      return id;
    });
    return this.#tasks.get(id);
  }

  /** Removes deleted tasks for good, as far as the history does not keep them. Throws NOT_FOUND, INVALID_INPUT where none is named. */
  async purge(input: PurgeInput): Promise<TrashedTaskView[]> {
    const given = parseInput(purgeInput, input);
    if (!given.all && (given.tasks ?? []).length === 0)
      throw new InvalidInputError('tasks', 'Name the tasks to purge, or give --all for everything in the trash.');
    return this.#plan.commit('trash.purge', (transaction) => {
      const trashed = this.list();
      const named = new Set((given.tasks ?? []).map((name) => resolveTrashed(this.#plan.store, name)));
      const purged = trashed.filter((task) => given.all || named.has(task.id));
      for (const { id } of purged) transaction.delete('trash', [id]);
      return purged;
    });
  }
}
