import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import type { ImportSource, SourceFile } from '../app/transfer/importSource.js';
import { InvalidInputError, NotFoundError } from '../core/model/errors.js';

/** The longest text that can be read at once, and more than any list of tasks, bytes. */
const LARGEST = 500 * 1024 * 1024;
/** What a folder that somebody names is looked through for, in this order. */
const FILES = [
  '.beads/issues.jsonl',
  'issues.jsonl',
  'beads.jsonl',
  '.beads/beads.jsonl',
  '.taskmaster/tasks/tasks.json',
  'tasks/tasks.json',
  'tasks.json',
  '.task-orchestrator/tasks.db',
  'tasks.db',
];
/** The folders of Backlog.md, and within them what holds tasks. */
const BACKLOGS = ['', 'backlog', '.backlog'];
const TASK_FOLDERS = ['tasks', 'completed', 'drafts', 'archive/tasks', 'milestones'];

/**
 * Reads what somebody wants to import: a file, a folder, or `-` for standard input. `root` is the workspace, by which the
 * source is named, `store` what is imported into. Throws NOT_FOUND, INVALID_INPUT for what is too large or no file.
 */
export function readImportSource(
  given: string,
  { workingFolder, root, store }: { workingFolder: string; root: string; store: string },
): ImportSource {
  if (given === '-') return { name: '-', files: [{ path: 'standard input', bytes: readFileSync(0) }], folder: false };
  const path = resolve(workingFolder, given);
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) throw new NotFoundError(`There is no file ${given}.`);
  const name = nameOf(path, root);
  if (!stat.isDirectory()) return { name, files: [readSource(path, path.split(sep).at(-1) ?? path)], folder: false };
  // The store that is imported into is no source.
  const file = FILES.find((candidate) => existsSync(join(path, candidate)) && join(path, candidate) !== store);
  if (file !== undefined)
    return { name: `${name}/${file}`, files: [readSource(join(path, file), file)], folder: false };
  return { name, files: backlogFiles(path), folder: true };
}

function backlogFiles(path: string): SourceFile[] {
  for (const top of BACKLOGS) {
    const files = TASK_FOLDERS.flatMap((folder) =>
      markdownIn(join(path, top, folder), [top, folder].filter(Boolean).join('/')),
    );
    if (files.length > 0) return files;
  }
  // The folder of the tasks itself.
  return markdownIn(path, 'tasks');
}

function markdownIn(folder: string, label: string): SourceFile[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.md') && !/^readme\.md$/i.test(name))
    .sort()
    .map((name) => readSource(join(folder, name), `${label}/${name}`));
}

function readSource(path: string, label: string): SourceFile {
  const { size } = statSync(path);
  if (size > LARGEST)
    throw new InvalidInputError('file', `${label} is larger than 500 MB. Import it in parts; nothing was imported.`);
  const log = statSync(`${path}-wal`, { throwIfNoEntry: false });
  if (log && log.size > 0)
    throw new InvalidInputError(
      'file',
      `${label} has a write-ahead log beside it, with changes that are not in it yet. Close what uses it, or run: sqlite3 ${label} 'PRAGMA wal_checkpoint(TRUNCATE)'`,
    );
  return { path: label, bytes: readFileSync(path) };
}

function nameOf(path: string, root: string): string {
  const inside = relative(root, path);
  return (inside === '' || inside.startsWith('..') ? path : inside).split(sep).join('/');
}
