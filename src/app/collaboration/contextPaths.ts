import { agentFileName } from '../../core/model/agentName.js';
import type { TaskId } from '../../core/model/taskId.js';
import { checksum } from '../../store/checksum.js';
import type { StoreFolder } from '../ports.js';

const CONTEXTS = 'contexts';
const NOTES = 'notes';

/** A file beside the store that people and agents read and write: a task's shared context, or an agent's notes on it. */
export interface ContextFile {
  readonly task: TaskId;
  readonly path: string;
  /** Whose notes; absent for the shared context. */
  readonly notesOf?: string;
}

/** The shared context of a task. */
export function sharedFile(task: TaskId): ContextFile {
  return { task, path: `${CONTEXTS}/${task}.yaml` };
}

/** An agent's private notes on a task. The name is made safe: whatever the agent calls itself, it stays in the folder. */
export function notesFile(task: TaskId, agent: string): ContextFile {
  return { task, path: `${NOTES}/${task}_${agentFileName(agent, fingerprint)}.md`, notesOf: agent };
}

/** Short fingerprint of a text, 8 hexadecimal characters. It tells texts apart; it keeps no secret. */
export function fingerprint(text: string): string {
  return checksum(Buffer.from(text, 'utf8'));
}

/** The files that are there: all shared contexts, and the notes of one agent, who is asked for only where there are any. */
export function contextFiles(folder: StoreFolder, agent: () => string): ContextFile[] {
  const shared = tasksOf(folder.list(CONTEXTS), '.yaml').map(sharedFile);
  const names = folder.list(NOTES).filter((name) => /^[0-9a-f]{8}_.+\.md$/.test(name));
  if (names.length === 0) return shared;
  const own = new Set(names);
  const notes = names.map((name) => notesFile(name.slice(0, 8), agent()));
  return [...shared, ...notes.filter(({ path }, at) => own.has(path.slice(NOTES.length + 1)) && isFirst(notes, at))];
}

function tasksOf(names: readonly string[], extension: string): TaskId[] {
  return names
    .filter((name) => name.endsWith(extension) && /^[0-9a-f]{8}$/.test(name.slice(0, -extension.length)))
    .map((name) => name.slice(0, -extension.length));
}

function isFirst(files: readonly ContextFile[], at: number): boolean {
  return files.findIndex((file) => file.path === files[at]?.path) === at;
}
