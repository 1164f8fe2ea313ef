import { statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

/** The folder that a store lives in, beside the code. */
export const STORE_FOLDER = '.task-orchestrator';
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

/** The nearest store at or above a folder, as git finds a repository; undefined if there is none. */
export function findStore(start: string): StoreLocation | undefined {
  for (let folder = resolve(start); ; ) {
    const location = storeIn(folder);
    if (storeExists(location)) return location;
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
  return { path, root: basename(folder) === STORE_FOLDER ? dirname(folder) : resolve(workingFolder) };
}

/** True when something has been written there. */
export function storeExists({ path }: StoreLocation): boolean {
  return isFile(path) || isFile(path.replace(/\.db$/, '.journal'));
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}
