import * as z from 'zod';
import { InvalidInputError, OrchestratorError } from '../../core/model/errors.js';
import type { Task } from '../../core/model/task.js';
import { type TaskId, taskName } from '../../core/model/taskId.js';
import { checksumOf } from '../../store/checksum.js';
import { readTask } from '../../store/repositories/taskRows.js';
import { selectedTasks, selectionInput } from '../bulk/selection.js';
import { requireLease } from '../claims/lease.js';
import { copyContextFiles } from '../collaboration/copyContextFiles.js';
import { type Input, type Output, parseInput, schema } from '../input.js';
import type { Plan } from '../plan.js';
import { removeTaskFiles } from '../tasks/taskFiles.js';
import { requireNoDependants, type Tasks } from '../tasks/tasks.js';
import { insertCopies } from './insertCopies.js';
import { type OwnRows, readOwnRows } from './ownRows.js';

export const relocationInput = schema(() =>
  selectionInput().extend({
    withDependencies: z.boolean().optional().describe('Also everything that they depend on'),
    withSubtasks: z.boolean().optional().describe('Also their subtasks'),
    force: z.boolean().optional().describe('Move tasks although others that stay depend on them'),
    dryRun: z.boolean().optional().describe('Only say which tasks it would be'),
  }),
);

const relocatedTask = schema(() =>
  z.object({
    from: z.object({ id: z.string(), name: z.string() }),
    to: z.object({ id: z.string(), name: z.string() }).optional().describe('Absent in a dry run'),
    title: z.string(),
    already: z.boolean().describe('True where the same copy was there from before'),
  }),
);

export const relocationView = schema(() =>
  z.object({
    tasks: z.array(relocatedTask()),
    total: z.number(),
    store: z.string().describe('The store that they were brought to'),
    removed: z.boolean().describe('True when they are in the trash of the store that they came from'),
    cut: z
      .array(z.object({ task: z.string(), dependsOn: z.string() }))
      .describe('Dependencies that were left out, by the names of the store they came from: one end stays there'),
    missingFiles: z.array(z.string()).describe('Files that tasks refer to and that the other workspace does not have'),
    dryRun: z.boolean(),
  }),
);

export type RelocationInput = Input<typeof relocationInput>;
export type RelocationView = Output<typeof relocationView>;

/** A store that tasks leave or come to. */
export interface Place {
  readonly plan: Plan;
  readonly tasks: Tasks;
}

/**
 * Brings tasks to another store with the dependencies among them, their references, notes and what was said of them.
 * Doing it again brings nothing twice, so that whatever interrupts it, it can be repeated.
 */
export class Relocation {
  readonly #source: Place;
  readonly #target: Place;

  /** Throws INVALID_INPUT where both are one store. */
  constructor(source: Place, target: Place) {
    if (source.plan.store.path === target.plan.store.path)
      throw new InvalidInputError('to', `${target.plan.store.path} is the store that the tasks are in already.`);
    this.#source = source;
    this.#target = target;
  }

  /** Copies tasks. Throws for the selection as `selectedTasks` does. */
  async copy(input: RelocationInput): Promise<RelocationView> {
    const given = parseInput(relocationInput, input);
    return this.#copy(this.#selected(given), given.dryRun ?? false);
  }

  /**
   * Copies tasks, and then moves them to the trash where they came from. Throws DEPENDENCY_OPEN where tasks that stay
   * depend on them unless it is forced, LEASE_HELD where somebody else is at work on one.
   */
  async move(input: RelocationInput): Promise<RelocationView> {
    const given = parseInput(relocationInput, input);
    const { plan, tasks } = this.#source;
    const ids = this.#selected(given);
    const leaving = new Set(ids);
    for (const id of ids) {
      requireLease({ at: plan.now(), actor: plan.world.actor() }, readTask(plan.store, id));
      if (!given.force) requireNoDependants(plan.store, id, leaving);
    }
    const { automation } = plan.world;
    if (given.dryRun) return this.#copy(ids, true);
    // What may not be removed here is not copied there.
    plan.rehearse('task.move', (transaction) => {
      for (const id of ids) tasks.trash(transaction, id);
    });
    const before = ids.map((id) => tasks.get(id));
    for (const task of before) await automation?.before({ kind: 'delete', task });
    const seen = new Map(ids.map((id) => [id, readOwnRows(plan.store, id)]));
    const view = await this.#copy(ids, false);
    await plan.commit('task.move', (transaction) => {
      for (const id of ids) {
        if (!given.force) requireNoDependants(transaction, id, leaving);
        requireUnchanged(seen.get(id), readOwnRows(transaction, id), id);
      }
      for (const id of ids) tasks.trash(transaction, id);
    });
    for (const id of ids) await removeTaskFiles(plan.world.folder, id);
    for (const task of before) await automation?.after({ kind: 'delete', task });
    return { ...view, removed: true };
  }

  async #copy(ids: readonly TaskId[], dryRun: boolean): Promise<RelocationView> {
    const { plan: source } = this.#source;
    const { plan: target, tasks: targetTasks } = this.#target;
    const tasks = ids.map((id) => readTask(source.store, id));
    const base = {
      total: tasks.length,
      store: target.store.path,
      removed: false,
      cut: cutEdges(source, ids),
      missingFiles: this.#missingFiles(ids),
      dryRun,
    };
    const line = (task: Task) => ({ from: { id: task.id, name: taskName(task.number) }, title: task.title });
    if (dryRun) return { tasks: tasks.map((task) => ({ ...line(task), already: false })), ...base };
    const { automation } = target.world;
    for (const { title, description, priority } of tasks)
      await automation?.before({ kind: 'create', task: { title, description, priority } });
    const rows = ids.map((id) => readOwnRows(source.store, id));
    const copies = await target.commit('task.copy', (transaction) =>
      insertCopies(transaction, target.world.ids, rows, source.store.path),
    );
    for (const { from, to } of copies) await copyContextFiles(source, target, from, to);
    for (const { to, already } of copies)
      if (!already) await automation?.after({ kind: 'create', task: targetTasks.get(to) });
    const copied = new Map(copies.map((copy) => [copy.from, copy]));
    return {
      tasks: tasks.map((task) => {
        const { to = task.id, already = false } = copied.get(task.id) ?? {};
        return { ...line(task), to: { id: to, name: taskName(readTask(target.store, to).number) }, already };
      }),
      ...base,
    };
  }

  /** What is selected, with what has to come along, by number. */
  #selected(given: Output<typeof relocationInput>): TaskId[] {
    const { graph } = this.#source.plan;
    const found = new Set(selectedTasks(this.#source.plan, this.#source.tasks, given));
    for (const id of found) {
      const node = graph.require(id);
      if (given.withDependencies) for (const other of node.dependsOn.keys()) found.add(other.task.id);
      if (given.withSubtasks) for (const other of node.subtasks) found.add(other.task.id);
    }
    return [...found].sort((a, b) => graph.require(a).task.number - graph.require(b).task.number);
  }

  #missingFiles(ids: readonly TaskId[]): string[] {
    const paths = this.#source.plan.store
      .all<{ path: string }>(
        `SELECT DISTINCT file_path AS path FROM file_refs WHERE task_id IN (SELECT value FROM json_each(?)) ORDER BY 1`,
        [JSON.stringify(ids)],
      )
      .map((row) => row.path);
    return paths.filter((path) => !this.#target.plan.world.files.exists(path));
  }
}

/** Edges of which one end only comes along. */
function cutEdges({ graph }: Plan, ids: readonly TaskId[]): RelocationView['cut'] {
  const coming = new Set(ids);
  const name = (task: { number: number }) => taskName(task.number);
  return ids.flatMap((id) => {
    const node = graph.require(id);
    return [
      ...[...node.dependsOn.keys()]
        .filter((other) => !coming.has(other.task.id))
        .map((other) => ({ task: name(node.task), dependsOn: name(other.task) })),
      ...[...node.dependants]
        .filter((other) => !coming.has(other.task.id))
        .map((other) => ({ task: name(other.task), dependsOn: name(node.task) })),
    ];
  });
}

/** Throws CONFLICT where somebody changed a task after it was copied: it stays, and the copy can be brought up to date. */
function requireUnchanged(copied: OwnRows | undefined, now: OwnRows, id: TaskId): void {
  if (copied && fingerprint(copied) === fingerprint(now)) return;
  throw new OrchestratorError(
    'CONFLICT',
    `Task ${id} was changed while it was copied. Nothing was removed here; move it again.`,
    { task: id },
  );
}

function fingerprint(rows: OwnRows): string {
  return checksumOf(rows);
}
