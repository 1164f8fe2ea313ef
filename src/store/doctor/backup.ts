import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { StoreError } from '../../core/model/errors.js';
import { BACKUPS } from '../backups.js';
import { explainFileError, syncFolder, writeDurably } from '../files.js';
import type { Survey } from './survey.js';

/**
 * Copies a store's files as they are, byte for byte, to a new folder beside it; its path. `now` is UTC ISO 8601.
 * Throws PERMISSION_DENIED, STORE_LOCKED (disk full) or STORE_CORRUPT (unreadable); then there is no new folder.
 */
export function backUp({ folder, image, journal }: Survey, now: string): string {
  const target = freeFolder(join(folder, BACKUPS), `${now.replace(/\.\d+/, '').replace(/[-:]/g, '')}-before-doctor`);
  try {
    mkdirSync(target, { recursive: true });
    for (const path of [image.path, journal.path, `${image.path}-wal`, `${image.path}-journal`]) {
      if (existsSync(path)) writeDurably(join(target, basename(path)), readFileSync(path), { what: 'backup' });
    }
    for (const made of [join(folder, BACKUPS), folder]) syncFolder(made);
    return target;
  } catch (error) {
    rmSync(target, { recursive: true, force: true });
    throw withoutBackup(explainFileError(error, folder));
  }
}

function freeFolder(folder: string, name: string): string {
  for (let count = 1; ; count += 1) {
    const path = join(folder, count === 1 ? name : `${name}-${count}`);
    if (!existsSync(path)) return path;
  }
}

function withoutBackup(error: unknown): unknown {
  if (!(error instanceof StoreError)) return error;
  return new StoreError(
    error.code,
    `No backup could be made, so nothing was repaired. ${error.message}`,
    error.details,
  );
}
