import {
  closeSync,
  linkSync,
  lstatSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  symlinkSync,
  unlinkSync,
} from 'node:fs';
import { StoreError } from '../core/model/errors.js';
import { isWriteLocked } from './engine/nodeEngine.js';
import { nonce } from './files.js';
import { imageFingerprint } from './image.js';

/*
 * Other SQLite clients on the image. A Node program cannot take SQLite's own locks without a native module; but it can see
 * what clients leave on disk while they write, on Linux their locks, and it can stand in the way of their journals.
 */

/** First byte of a rollback journal whose transaction is being written to the file. */
const HOT = 0xd9;
/** The byte of a database's header that says how it is read, and its value where there is a write-ahead log. */
const [LOG_MODE, WITH_LOG] = [19, 2];
/** So many bytes of a rollback journal say how it is written; of one that is kept for the next use all are zero. */
const HEADER = 28;
/** Between a rollback journal's making and its first bytes, ms. */
const JUST_MADE = 1_000;
/** A transaction that has written nothing for so long is taken for one whose client died, ms. */
const LONGEST_TRANSACTION = 10 * 60_000;
/** The bytes of a database on which SQLite locks it; a writer holds a write lock on one of them. */
const [FIRST_LOCK, LAST_LOCK] = [0x40000000, 0x400001ff];
/** What the links in the way of journals lead to; there is nothing, and no folder to make it in. */
const NOWHERE = '.task-orchestrator-checkpoint/of-the-task-store';

/** Another SQLite client is in the middle of a write, or was faster than this one: it passes. */
export class BeingWrittenError extends StoreError {
  constructor(path: string) {
    super(
      'STORE_LOCKED',
      `Another program is writing to ${path}. Nothing was changed; try again. If none is running, open the file once with sqlite3, which completes what was begun.`,
    );
  }
}

/** True while another client writes to the file: its rollback journal is hot, or its WAL not merged. */
export function isBeingWritten(path: string): boolean {
  const log = statSync(`${path}-wal`, { throwIfNoEntry: false });
  return (log !== undefined && log.size > 0) || firstBytes(`${path}-journal`)?.[0] === HOT;
}

/**
 * Replaces the image by `rename` while no other client can write to it, and returns the new one's fingerprint. `image` is
 * the fingerprint of what is replaced, empty where there was nothing. Only with the store's lock held. Throws
 * `BeingWrittenError`, with the old image in its place, where another client wrote to it or is about to.
 *
 * A client that writes makes a rollback journal or a write-ahead log beside the file first. A link that leads nowhere in
 * that place lets it fail, and cannot be put there while somebody has one; readers do not see it. A client also looks
 * whether its file was replaced, before it makes its journal, with SQLite's write lock held: one that looked just before
 * the replacement shows by that lock just after it (on Linux).
 */
export function swapImage(path: string, image: string, rename: () => void): string {
  const links: string[] = [];
  try {
    for (const file of [`${path}-journal`, `${path}-wal`]) if (block(file, path)) links.push(file);
    const inTheWay = links.length === 2 ? isThere(`${path}-shm`) : isBeingWritten(path);
    if (inTheWay || imageFingerprint(path) !== image) throw new BeingWrittenError(path);
    const aside = image === '' ? undefined : keepAside(path);
    rename();
    if (aside && (imageFingerprint(aside) !== image || hasWriter(aside))) {
      renameSync(aside, path);
      throw new BeingWrittenError(path);
    }
    if (aside) rmSync(aside);
    return imageFingerprint(path);
  } finally {
    for (const link of links) unlinkSync(link);
  }
}

/** True when the link is there; false where the file system has no links. Throws where a client is at work. */
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
  throw new BeingWrittenError(path);
}

/** True for what a client left after its transaction. A journal becomes hot only at the commit; until then it is used too. */
function isIdle(file: string, { size, mtimeMs }: Stats): boolean {
  const age = Date.now() - mtimeMs;
  if (file.endsWith('-wal')) return size === 0 && age > JUST_MADE;
  const bytes = firstBytes(file);
  if (size < HEADER || !bytes) return age > JUST_MADE;
  if (bytes.every((byte) => byte === 0)) return true;
  return bytes[0] !== HOT && age > LONGEST_TRANSACTION;
}

/** A second name for the image; undefined where the file system has no such thing. */
function keepAside(path: string): string | undefined {
  const aside = `${path}.${nonce()}.tmp`;
  try {
    linkSync(path, aside);
    return aside;
  } catch {
    return undefined;
  }
}

/**
 * True where a process holds SQLite's write lock on the file: asked of Node's own SQLite, which takes a tenth of the time,
 * else of the system (Linux).
 */
function hasWriter(path: string): boolean {
  // Asking of a database with a write-ahead log would make one.
  const asked = hasLog(path) ? undefined : isWriteLocked(path);
  if (asked !== undefined) return asked;
  let locks: string;
  try {
    locks = readFileSync('/proc/locks', 'latin1');
  } catch {
    return false;
  }
  const { ino } = statSync(path);
  return locks.split('\n').some((line) => {
    // `1: POSIX  ADVISORY  WRITE 4711 fe:00:2621442 1073741825 1073741825`
    const [, inode, start] = / WRITE +-?\d+ +[\da-f]+:[\da-f]+:(\d+) +(\d+) /.exec(line) ?? [];
    return Number(inode) === ino && Number(start) >= FIRST_LOCK && Number(start) <= LAST_LOCK;
  });
}

/** True where the image's header says that changes go to a write-ahead log. */
function hasLog(path: string): boolean {
  return firstBytes(path)?.[LOG_MODE] === WITH_LOG;
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

function firstBytes(path: string): Buffer | undefined {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    const bytes = Buffer.alloc(HEADER);
    return bytes.subarray(0, readSync(file, bytes));
  } catch {
    return undefined;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
