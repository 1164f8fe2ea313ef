import * as z from 'zod';
import { topologicalOrder } from '../../core/graph/order.js';
import { OrchestratorError } from '../../core/model/errors.js';
import type { Task } from '../../core/model/task.js';
import { type TaskId, taskName } from '../../core/model/taskId.js';
import { readTask, resolveTask } from '../../store/repositories/taskRows.js';
import { columnName } from '../history/words.js';
import { type Input, type Output, parseInput, schema } from '../input.js';
import type { Plan } from '../plan.js';
import type { TaskEvent } from '../ports.js';
import type { References } from '../references/references.js';
import { withoutDisabled } from '../settings/features.js';
import { applyChange, changedColumns, type TaskChange } from '../tasks/taskChange.js';
import { removeTaskFiles } from '../tasks/taskFiles.js';
import { changeTaskInput, resolveTimes } from '../tasks/taskInputs.js';
import { requireNoDependants, type Tasks } from '../tasks/tasks.js';
import type { TaskView } from '../tasks/taskView.js';
import { type Selection, selectedTasks, selectionInput } from './selection.js';

/** The same change of several tasks. */
export const bulkChangeInput = schema(() => changeTaskInput().omit({ task: true }).extend(selectionInput().shape));

export const bulkDeleteInput = schema(() =>
  selectionInput().extend({ force: z.boolean().optional().describe('Also where other tasks depend on them') }),
);

/** What would become of one task. */
export const plannedChange = schema(() =>
  z.object({
    id: z.string(),
    name: z.string(),
    title: z.string(),
    changes: z.array(z.object({ field: z.string(), before: z.unknown(), after: z.unknown() })),
    refused: z.string().optional().describe('Why this one keeps all of them from being changed'),
  }),
);

export const bulkView = schema(() =>
  z.object({
    tasks: z.array(plannedChange()),
    total: z.number().describe('How many tasks were meant'),
    changed: z.number().describe('How many of them change'),
    released: z.array(z.string()).describe('Ids of the tasks that became ready'),
    dryRun: z.boolean(),
  }),
);

export type BulkChangeInput = Input<typeof bulkChangeInput>;
export type BulkDeleteInput = Input<typeof bulkDeleteInput>;
export type PlannedChange = Output<typeof plannedChange>;
export type BulkView = Output<typeof bulkView>;

/** Changes of many tasks at once: all of them or none. */
export class Bulk {
  readonly #plan: Plan;
  readonly #tasks: Tasks;
  readonly #references: References;

  constructor(plan: Plan, tasks: Tasks, references: References) {
    this.#plan = plan;
    this.#tasks = tasks;
    this.#references = references;
  }

  /** What a change would do to each task, without doing it. Throws for the selection and for values as `change` does. */
  preview(input: BulkChangeInput): BulkView {
    const { ids, change } = this.#read(input);
    return toView(this.#planned(ids, change, this.#plan.now(), this.#plan.world.actor()), [], true);
  }

  /**
   * Makes the change in one transaction, in the tasks that a filter still admits then. Throws the first refusal, saying
   * that nothing was changed.
   */
  async change(input: BulkChangeInput): Promise<BulkView> {
    const { ids: meant, selection, ...read } = this.#read(input);
    const change = await withoutDisabled(this.#plan.world, read.change);
    const kind = change.status === 'completed' ? 'complete' : 'update';
    const event = (id: TaskId): TaskEvent => ({ kind, task: this.#tasks.get(id), changes: change });
    await this.#tell('before', meant, event);
    const planned = await this.#plan.commit(change.status ? `task.${change.status}` : 'task.update', (transaction) => {
      const ids = this.#still(meant, selection);
      const planned = this.#planned(ids, change, transaction.at, transaction.actor);
      for (const id of ids) {
        const task = readTask(transaction, id);
        wrapRefusal(ids.length, () =>
          applyChange(transaction, this.#plan, this.#references, id, withoutSameStatus(task, change)),
        );
      }
      return planned;
    });
    const ids = planned.map((task) => task.id);
    await this.#tell('after', ids, event);
    return toView(planned, change.status === 'completed' ? this.#tasks.releasedBy(ids) : [], false);
  }

  /** Moves tasks to the trash in one transaction. Throws DEPENDENCY_OPEN where tasks that stay depend on them. */
  async delete(input: BulkDeleteInput): Promise<TaskView[]> {
    const { force = false, ...selection } = parseInput(bulkDeleteInput, input);
    const meant = selectedTasks(this.#plan, this.#tasks, selection);
    await this.#tell('before', meant, (id) => ({ kind: 'delete', task: this.#tasks.get(id) }));
    const deleted = await this.#plan.commit('task.delete', (transaction) => {
      const ids = this.#still(meant, selection);
      const leaving = new Set(ids);
      return ids.map((id) =>
        wrapRefusal(ids.length, () => {
          if (!force) requireNoDependants(transaction, id, leaving);
          return this.#tasks.trash(transaction, id);
        }),
      );
    });
    for (const { id } of deleted) await removeTaskFiles(this.#plan.world.folder, id);
    for (const task of deleted) await this.#plan.world.automation?.after({ kind: 'delete', task });
    return deleted;
  }

  /** What is still meant when the transaction begins: another process may have been faster. */
  #still(meant: readonly TaskId[], selection: Selection): TaskId[] {
    const now = new Set(selectedTasks(this.#plan, this.#tasks, selection));
    return meant.filter((id) => now.has(id));
  }

  #planned(ids: readonly TaskId[], change: TaskChange, at: string, actor: string): PlannedChange[] {
    const completed = new Set<TaskId>();
    return ids.map((id): PlannedChange => {
      const task = readTask(this.#plan.store, id);
      const { title } = task;
      const planned = { id, name: taskName(task.number), title };
      try {
        const changes = this.#changesOf(task, change, { at, actor, completed });
        if (change.status === 'completed') completed.add(id);
        return { ...planned, changes };
      } catch (error) {
        if (!(error instanceof OrchestratorError)) throw error;
        return { ...planned, changes: [], refused: error.message };
      }
    });
  }

  /** The tasks in dependency order, so that one completed with what it waits for comes after that. */
  #read(input: BulkChangeInput): { ids: TaskId[]; change: TaskChange; selection: Selection } {
    const { tasks, query, ...given } = parseInput(bulkChangeInput, input);
    const selection = { tasks, query };
    const selected = selectedTasks(this.#plan, this.#tasks, selection);
    const change = resolveTimes(given, this.#plan.now());
    if (selected.length < 2 || change.status !== 'completed') return { ids: selected, change, selection };
    const position = new Map(topologicalOrder(this.#plan.graph).map((task, index) => [task.id, index]));
    return { ids: selected.sort((a, b) => (position.get(a) ?? 0) - (position.get(b) ?? 0)), change, selection };
  }

  #changesOf(
    task: Task,
    change: TaskChange,
    situation: { at: string; actor: string; completed: ReadonlySet<TaskId> },
  ): PlannedChange['changes'] {
    const { store } = this.#plan;
    const columns = changedColumns(store, this.#plan, task, withoutSameStatus(task, change), situation);
    const row = store.get('SELECT * FROM tasks WHERE id = ?', [task.id]) ?? {};
    const name = (id: unknown) => (typeof id === 'string' ? this.#nameOf(id) : id);
    const edges = [
      ...(change.addDependencies ?? []).map((other) => ({
        before: null,
        after: this.#nameOf(resolveTask(store, other)),
      })),
      ...(change.removeDependencies ?? []).map((other) => ({
        before: this.#nameOf(resolveTask(store, other)),
        after: null,
      })),
    ];
    return [
      ...Object.entries(columns)
        .filter(([column, value]) => (row[column] ?? null) !== (value ?? null))
        .map(([column, after]) => ({
          field: columnName(column),
          before: column === 'parent_id' ? name(row[column]) : (row[column] ?? null),
          after: column === 'parent_id' ? name(after) : (after ?? null),
        })),
      ...edges.map((edge) => ({ field: 'depends on', ...edge })),
      ...(change.addFileRefs ?? []).map((place) => ({ field: 'file', before: null, after: place.path })),
    ];
  }

  #nameOf(id: TaskId): string {
    return taskName(readTask(this.#plan.store, id).number);
  }

  async #tell(when: 'before' | 'after', ids: readonly TaskId[], event: (id: TaskId) => TaskEvent): Promise<void> {
    const { automation } = this.#plan.world;
    if (automation) for (const id of ids) await automation[when](event(id));
  }
}

/** Of several tasks some may be there already. */
function withoutSameStatus(task: Task, change: TaskChange): TaskChange {
  return change.status === task.status ? { ...change, status: undefined } : change;
}

/** Says of a refusal in the middle of many that it stopped them all. */
function wrapRefusal<T>(count: number, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (count < 2 || !(error instanceof OrchestratorError)) throw error;
    throw new OrchestratorError(error.code, `${error.message} Nothing was changed.`, error.details);
  }
}

function toView(tasks: PlannedChange[], released: TaskId[], dryRun: boolean): BulkView {
  const changed = tasks.filter((task) => task.changes.length > 0).length;
  return { tasks, total: tasks.length, changed, released, dryRun };
}
