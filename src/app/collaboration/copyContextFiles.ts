import type { TaskId } from '../../core/model/taskId.js';
import type { Plan } from '../plan.js';
import { taskFiles } from '../tasks/taskFiles.js';
import { type ContextFile, notesFile, sharedFile } from './contextPaths.js';
import { readHeader } from './fileHeader.js';

/**
 * Gives a copy of a task in another store the files that it has here: written there from the copied rows, since ids and
 * fingerprints are others. An edit that nobody took over yet goes along as `.edited`, and a file of another program's
 * making as it is. What is there already stays. An encrypted store gets no readable files: the edits stay here.
 */
export async function copyContextFiles(source: Plan, target: Plan, from: TaskId, to: TaskId): Promise<void> {
  if (target.store.vault.isOn) return;
  const [here, there] = [source.world.folder, target.world.folder];
  const copies = new Map<string, ContextFile>([[sharedFile(from).path, sharedFile(to)]]);
  for (const agent of agentsOn(source, from)) copies.set(notesFile(from, agent).path, notesFile(to, agent));
  const wanted: ContextFile[] = [];
  for (const path of taskFiles(here, from)) {
    const text = here.read(path);
    const goal = path.replace(`/${from}`, `/${to}`);
    if (text === undefined || there.read(goal) !== undefined) continue;
    const copy = copies.get(path);
    const read = readHeader(text);
    if (!copy || !read) there.write(goal, text);
    else {
      wanted.push(copy);
      if (read.isEdited) there.write(`${goal}.edited`, text);
    }
  }
  if (wanted.length === 0) return;
  const { ContextKeeper } = await import('./contextKeeper.js');
  await new ContextKeeper(target).keep(wanted, { create: true });
}

function agentsOn({ store }: Plan, task: TaskId): string[] {
  const rows = store.all<{ agent: string }>(
    `SELECT agent_id AS agent FROM collaboration_events WHERE task_id = ?1
     UNION SELECT agent_id FROM participants WHERE task_id = ?1`,
    [task],
  );
  return rows.map(({ agent }) => agent);
}
