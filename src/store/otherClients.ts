import { linkSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { StoreError } from '../core/model/errors.js';
import { fingerprint, nonce } from './files.js';

/*
 * Other SQLite clients on the image. SQLite's own locks cannot be taken without a native module; what its clients leave
 * on disk while they write can be seen, and on Linux their locks.
 */

/** First byte of a rollback journal whose transaction is being written to the file. */
const HOT = 0xd9;
/** So many bytes of a rollback journal say how it is written; of one that is kept for the next use all are zero. */
const HEADER = 28;
/** Between a rollback journal's making and its first bytes, ms. */
const JUST_MADE = 1_000;
/** A transaction that has written nothing for so long is taken for one whose client died, ms. */
const LONGEST_TRANSACTION = 10 * 60_000;
/** The bytes of a database on which SQLite locks it; a writer holds a write lock on one of them. */
const [FIRST_LOCK, LAST_LOCK] = [0x40000000, 0x400001ff];

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
 * Puts a new image in the place of the one that `expected` names. Throws `BeingWrittenError`, with the old one in its
 * place, where another client wrote it since or is about to.
 */
export function replaceImage(temporary: string, path: string, expected: string): void {
  if (hasBegun(path) || fingerprint(path) !== expected) throw new BeingWrittenError(path);
  const aside = expected === '' ? undefined : keepAside(path);
  renameSync(temporary, path);
  if (!aside) return;
  // SQLite looks whether its file was moved when a transaction begins, with its lock held, and then no more: one that
  // had looked just before the rename has written, or will write, to the old image.
  if (fingerprint(aside) !== expected || hasBegun(path) || hasWriter(aside)) {
    renameSync(aside, path);
    throw new BeingWrittenError(path);
  }
  rmSync(aside);
}

/** A second name for the image; undefined where the file system has no such thing. */
function keepAside(path: string): string | undefined {
  const aside = `${path}.${nonce()}.old`;
  try {
    linkSync(path, aside);
    return aside;
  } catch {
    return undefined;
  }
}

/** True where another client writes or has begun a transaction: its journal becomes hot only at the commit. */
function hasBegun(path: string): boolean {
  if (isBeingWritten(path)) return true;
  const stat = statSync(`${path}-journal`, { throwIfNoEntry: false });
  if (!stat) return false;
  const age = Date.now() - stat.mtimeMs;
  if (stat.size < HEADER) return age < JUST_MADE;
  return age < LONGEST_TRANSACTION && firstBytes(`${path}-journal`)?.some((byte) => byte !== 0) === true;
}

/** True where a process holds SQLite's write lock on the file, as far as the system tells (Linux). */
function hasWriter(path: string): boolean {
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

function firstBytes(path: string): Buffer | undefined {
  try {
    return readFileSync(path).subarray(0, HEADER);
  } catch {
    return undefined;
  }
}
