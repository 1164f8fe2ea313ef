import { lstatSync, readFileSync, type Stats, symlinkSync, unlinkSync } from 'node:fs';
import { beingWritten, HOT, imageFingerprint, isBeingWritten } from './image.js';

/** What the links lead to; there is nothing, and no folder to make it in. */
const NOWHERE = '.task-orchestrator-checkpoint/of-the-task-store';
/** A rollback journal that is not in use and is younger belongs to somebody who is about to write, ms. */
const JUST_MADE = 1_000;

/**
 * Replaces the image by `rename` while no other SQLite client can write to it. A client that writes makes a rollback
 * journal (or a write-ahead log) beside the file first; a link that leads nowhere in that place lets it fail, and cannot
 * be put there while somebody has one: so a write comes wholly before the replacement, and is noticed, or wholly after
 * it. (SQLite's own locks are out of a Node program's reach.) Readers do not see the links.
 *
 * `image` is the fingerprint of what is replaced, empty where there was nothing. Only with the store's lock held. Throws
 * STORE_LOCKED where somebody writes, or has written.
 */
export function swapImage(path: string, image: string, rename: () => void): void {
  const links: string[] = [];
  try {
    for (const file of [`${path}-journal`, `${path}-wal`]) if (block(file, path)) links.push(file);
    const inTheWay = links.length === 2 ? isThere(`${path}-shm`) : isBeingWritten(path);
    if (inTheWay || imageFingerprint(path) !== image) throw beingWritten(path);
    rename();
  } finally {
    for (const link of links) unlinkSync(link);
  }
}

/** True when the link is there; false where the file system has no links. Throws STORE_LOCKED where a client is at work. */
function block(file: string, path: string): boolean {
  for (let attempt = 1; attempt <= 3; attempt += 1) {
    try {
      symlinkSync(NOWHERE, file);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return false;
    }
    // A link is left of a process that died here: whoever holds the lock may remove it.
    const stat = lstatSync(file, { throwIfNoEntry: false });
    if (!stat) continue;
    if (!stat.isSymbolicLink() && !isIdle(file, stat)) break;
    unlinkSync(file);
  }
  throw beingWritten(path);
}

/** True for a journal that a client kept after its transaction (journal_mode TRUNCATE or PERSIST). */
function isIdle(file: string, { size, mtimeMs }: Stats): boolean {
  if (Math.abs(Date.now() - mtimeMs) < JUST_MADE) return false;
  return size === 0 || (file.endsWith('-journal') && readFileSync(file)[0] !== HOT);
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}
