import { statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { NotFoundError } from '../core/model/errors.js';
import { findWorktree, type GitWorktree, worktreeAt } from './git.js';

/** The folder that a store lives in, beside the code. */
export const STORE_FOLDER = '.task-orchestrator';
/** The same in the git folder that all worktrees of a repository share. */
const SHARED_FOLDER = 'task-orchestrator';
const STORE_FILE = 'tasks.db';

/** Where a store is, or would be. */
export interface StoreLocation {
  /** The SQLite file. */
  readonly path: string;
  /** The workspace that references are relative to. */
  readonly root: string;
}

/** The store of a workspace folder itself. */
export function storeIn(root: string): StoreLocation {
  return { path: join(root, STORE_FOLDER, STORE_FILE), root };
}

/** The store that all worktrees of a folder's repository share; undefined outside of git. */
export function sharedStoreOf(folder: string): StoreLocation | undefined {
  const worktree = findWorktree(folder);
  return worktree && sharedStoreIn(worktree);
}

function sharedStoreIn({ commonFolder, root }: GitWorktree): StoreLocation {
  return { path: join(commonFolder, SHARED_FOLDER, STORE_FILE), root };
}

/**
 * The nearest store at or above a folder, as git finds a repository; undefined if there is none. At the root of a work
 * tree its own store goes before the one that all worktrees share.
 */
export function findStore(start: string): StoreLocation | undefined {
  for (let folder = resolve(start); ; ) {
    const location = storeIn(folder);
    if (storeExists(location)) return location;
    const worktree = worktreeAt(folder);
    const shared = worktree && sharedStoreIn(worktree);
    if (shared && storeExists(shared)) return shared;
    const parent = dirname(folder);
    if (parent === folder) return undefined;
    folder = parent;
  }
}

/** The store that `TM_DB_PATH` names: a `.db` file, or the folder that holds `tasks.db`. */
export function storeAt(variable: string, workingFolder: string): StoreLocation {
  const given = resolve(workingFolder, variable);
  const path = given.endsWith('.db') ? given : join(given, STORE_FILE);
  const folder = dirname(path);
  if (basename(folder) === STORE_FOLDER) return { path, root: dirname(folder) };
  return { path, root: findWorktree(workingFolder)?.root ?? resolve(workingFolder) };
}

/** Finds the store of a run: `TM_DB_PATH`, else upward from the working folder. NOT_FOUND says how to make one. */
export function locateStore(workingFolder: string): StoreLocation {
  const variable = process.env.TM_DB_PATH;
  const found = variable ? storeAt(variable, workingFolder) : findStore(workingFolder);
  if (found && storeExists(found)) return found;
  if (found)
    throw new NotFoundError(`No task store at ${found.path}, where TM_DB_PATH points. Run “tm init” to make it.`);
  throw new NotFoundError(
    `No task store here: there is no ${STORE_FOLDER} in ${workingFolder} or above it. Run “tm init” in the project's folder first.`,
  );
}

/** True when something has been written there. */
export function storeExists({ path }: StoreLocation): boolean {
  return isFile(path) || isFile(path.replace(/\.db$/, '.journal'));
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}
