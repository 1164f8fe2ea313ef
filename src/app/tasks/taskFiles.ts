import type { TaskId } from '../../core/model/taskId.js';
import type { StoreFolder } from '../ports.js';

/** The files beside the store that belong to a task: its shared context and the private notes of each agent. */
export function taskFiles(folder: StoreFolder, id: TaskId): string[] {
  return [
    ...folder
      .list('contexts')
      .filter((name) => name === `${id}.yaml`)
      .map((name) => `contexts/${name}`),
    ...folder
      .list('notes')
      .filter((name) => name.startsWith(`${id}_`) && name.endsWith('.md'))
      .map((name) => `notes/${name}`),
  ];
}

/** Removes them; what is not in the store is kept beside: edits, and files of other programs. */
export async function removeTaskFiles(folder: StoreFolder, id: TaskId): Promise<void> {
  const paths = taskFiles(folder, id);
  if (paths.length === 0) return;
  const { keepForeign } = await import('../collaboration/keepBeside.js');
  for (const path of paths) {
    keepForeign(folder, path);
    folder.remove(path);
  }
}
