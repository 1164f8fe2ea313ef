import { closeSync, fsyncSync, openSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { OrchestratorError, StoreError } from '../core/model/errors.js';
import type { StepListener } from './steps.js';

interface DurableWrite {
  /** What the file is, for the listener. */
  readonly what: 'image' | 'journal' | 'backup';
  readonly onStep?: StepListener | undefined;
  /** Does the replacement, at a good moment; may refuse by throwing. */
  readonly around?: (rename: () => void) => void;
}

/**
 * Replaces a file so that after a crash the old or the new content is there, whole: temporary file, fsync, rename,
 * fsync of the folder.
 */
export function writeDurably(path: string, bytes: Uint8Array, { what, onStep, around }: DurableWrite): void {
  const temporary = `${path}.${nonce()}.tmp`;
  try {
    const file = openSync(temporary, 'wx');
    try {
      onStep?.(`${what}.created`);
      let written = 0;
      while (written < bytes.length) written += writeSync(file, bytes, written);
      onStep?.(`${what}.written`);
      fsyncSync(file);
      onStep?.(`${what}.synced`);
    } finally {
      closeSync(file);
    }
    const rename = () => renameSync(temporary, path);
    if (around) around(rename);
    else rename();
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  onStep?.(`${what}.renamed`);
  syncFolder(dirname(path));
}

/** A name that no other process uses, and that says which process it is of; no secret. */
export function nonce(): string {
  return `${process.pid.toString(36)}-${Math.random().toString(36).slice(2)}`;
}

/** Makes a rename durable. Windows cannot open a folder; there the rename is durable by itself. */
export function syncFolder(path: string): void {
  let folder: number;
  try {
    folder = openSync(path, 'r');
  } catch {
    return;
  }
  try {
    fsyncSync(folder);
  } catch {
    // Some file systems refuse to sync a folder; there is nothing more to do about it.
  } finally {
    closeSync(folder);
  }
}

/** `tasks.db` → `tasks.journal`. */
export function sibling(path: string, extension: string): string {
  return `${path.replace(/\.[^./\\]*$/, '')}.${extension}`;
}

/** Names a file's content without reading it: inode, size and time of the last change. Empty if there is no file. */
export function fingerprint(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat ? `${stat.ino}:${stat.size}:${stat.mtimeMs}` : '';
}

/** What the operating system refused, as an error a person can act on; other errors as they are. */
export function explainFileError(error: unknown, path: string, what: 'read' | 'written' = 'written'): unknown {
  if (error instanceof OrchestratorError) return error;
  const { code } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
    // A journal that could only be opened for reading.
    case 'EBADF':
      return new StoreError(
        'PERMISSION_DENIED',
        `${path} cannot be ${what} (${code}). Nothing was changed; check its permissions.`,
      );
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EFBIG':
      return new StoreError(
        'STORE_LOCKED',
        `${path} cannot be written: ${code === 'EFBIG' ? 'a limit on the size of files is reached' : 'the disk is full'} (${code}). Nothing was changed; free some space and try again.`,
      );
    case 'EIO':
      return new StoreError(
        'STORE_CORRUPT',
        `${path} cannot be read or written (${code}). Nothing was changed; check the disk.`,
      );
    default:
      return error;
  }
}
