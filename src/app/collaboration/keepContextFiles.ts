import type { TaskId } from '../../core/model/taskId.js';
import type { StoreChange } from '../../store/store.js';
import type { Plan } from '../plan.js';
import { contextFiles } from './contextPaths.js';

/**
 * For a surface, after it changed something: takes over what somebody wrote into the context files, and writes those
 * anew that are behind; see `ContextKeeper`. Files of closed tasks lie there for good: they are looked at only where
 * `changes` touch their task. What there is to say about it is returned. Costs two looks at folders where there are none.
 * `takeOver`: false where the actor did nothing that says that the edits are the actor's own.
 */
export async function keepContextFiles(
  plan: Plan,
  changes: readonly StoreChange[],
  { takeOver = true } = {},
): Promise<readonly string[]> {
  const { store, world } = plan;
  const files = contextFiles(world.folder, world.actor);
  if (files.length === 0 || store.problem) return [];
  const wanted = new Set([...openAmong(plan, files), ...changes.flatMap(tasksOf)]);
  const { ContextKeeper } = await import('./contextKeeper.js');
  return (
    await new ContextKeeper(plan).keep(
      files.filter(({ task }) => wanted.has(task)),
      { takeOver },
    )
  ).messages;
}

function openAmong({ store }: Plan, files: readonly { readonly task: TaskId }[]): TaskId[] {
  const rows = store.all<{ id: TaskId }>(
    `SELECT id FROM tasks WHERE status NOT IN ('completed', 'cancelled') AND id IN (SELECT value FROM json_each(?))`,
    [JSON.stringify(files.map((file) => file.task))],
  );
  return rows.map(({ id }) => id);
}

/** The tasks whose own rows a change of ours touched. */
function tasksOf(change: StoreChange): TaskId[] {
  if (change.kind !== 'records' || !change.own) return [];
  return change.records
    .flatMap(({ changes }) => changes)
    .map(({ table, key, before, after }) =>
      String(table === 'tasks' || table === 'participants' ? key[0] : (after?.task_id ?? before?.task_id ?? '')),
    );
}
