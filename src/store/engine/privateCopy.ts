import {
  closeSync,
  constants,
  copyFileSync,
  mkdtempSync,
  openSync,
  readSync,
  rmdirSync,
  statSync,
  unlinkSync,
} from 'node:fs';
import { join } from 'node:path';

/** Up to here reading the bytes is as fast. */
const SMALL = 1_000_000;
/** Where a SQLite file says whether it has a write-ahead log; both bytes are 1 where it has none. */
const WRITE_MODE = 18;

/**
 * Opens a copy of a database file, whose name is gone as soon as it is open: nobody else has it, and nothing is left of
 * it. The system copies within its cache of files (or only notes that they are the same), which takes a quarter of the
 * time of reading into memory and copying that for SQLite. Undefined for small files, and where no copy can be made.
 */
export function openPrivateCopy<T>(path: string, folder: string, open: (copy: string) => T): T | undefined {
  // Windows keeps the name of what is open.
  if (process.platform === 'win32' || statSync(path).size < SMALL || !hasNoLog(path)) return undefined;
  let own: string | undefined;
  try {
    // Of the user alone: what lies in the folder of the store may be hidden by that folder's permissions.
    own = mkdtempSync(join(folder, 'task-orchestrator-'));
    const copy = join(own, 'copy');
    copyFileSync(path, copy, constants.COPYFILE_FICLONE);
    return open(copy);
  } catch {
    return undefined;
  } finally {
    if (own !== undefined) remove(own);
  }
}

function remove(folder: string): void {
  try {
    unlinkSync(join(folder, 'copy'));
  } catch {
    // It was not made.
  }
  rmdirSync(folder);
}

function hasNoLog(path: string): boolean {
  const file = openSync(path, 'r');
  try {
    const modes = Buffer.alloc(2);
    readSync(file, modes, 0, 2, WRITE_MODE);
    return modes[0] === 1 && modes[1] === 1;
  } finally {
    closeSync(file);
  }
}
