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
      .filter((name) => name.startsWith(`${id}_`))
      .map((name) => `notes/${name}`),
  ];
}

export function removeTaskFiles(folder: StoreFolder, id: TaskId): void {
  for (const path of taskFiles(folder, id)) folder.remove(path);
}
