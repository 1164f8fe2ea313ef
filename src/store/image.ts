import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { StoreError } from '../core/model/errors.js';
import { Database } from './database.js';
import type { Engine, EngineDatabase } from './engine/engine.js';
import { NEXT_NUMBER, SCHEMA, SCHEMA_VERSION } from './schema.js';

/** Where a SQLite file says how it is written: 1 with a rollback journal, 2 with a WAL. Two bytes. */
const WRITE_MODE = 18;
/** Where a SQLite file counts its transactions. Four bytes. */
const CHANGE_COUNTER = 24;

/** The database that a file's bytes, or a copy of it, are, or an empty one. Throws STORE_CORRUPT where they are none. */
export function openImage(engine: Engine, image: Uint8Array | EngineDatabase | undefined, path: string): Database {
  if (image === undefined) {
    const database = new Database(engine);
    database.exec(`${SCHEMA}PRAGMA user_version = ${SCHEMA_VERSION};`);
    return database;
  }
  // Another client may have left the file in WAL mode, which needs more than a file; its content is complete.
  if (image instanceof Uint8Array && image[WRITE_MODE] === 2) image.fill(1, WRITE_MODE, WRITE_MODE + 2);
  try {
    const database = new Database(engine, image);
    database.get('SELECT count(*) AS n FROM sqlite_master');
    return database;
  } catch (error) {
    throw new StoreError(
      'STORE_CORRUPT',
      `${path} is not a readable SQLite database (${(error as Error).message}). Nothing was changed; restore it from a backup.`,
      { sqlite: error instanceof StoreError ? error.details.sqlite : (error as Error).message },
    );
  }
}

/** Throws STORE_CORRUPT where the database is not a task store at all. */
export function requireTaskStore(database: Database, path: string): void {
  if (database.get("SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'meta'")) return;
  throw new StoreError('STORE_CORRUPT', `${path} is a database of another program. Nothing was changed.`);
}

/** Why a database of this version can only be read; undefined for the present version. */
export function versionProblem(version: number, path: string): StoreError | undefined {
  if (version === SCHEMA_VERSION) return undefined;
  if (version > SCHEMA_VERSION) {
    return new StoreError(
      'SCHEMA_TOO_NEW',
      `${path} was written by a newer version (schema ${version}, this one knows ${SCHEMA_VERSION}). It is open for reading; update to change it.`,
      { version, known: SCHEMA_VERSION },
    );
  }
  return new StoreError(
    'SCHEMA_TOO_OLD',
    `${path} was written by an older version (schema ${version}, now ${SCHEMA_VERSION}). It is open for reading; “tm migrate” says what would change, “tm migrate --apply” does it, after a backup.`,
    { version, known: SCHEMA_VERSION },
  );
}

/** Gives a number to each task that another program added, or whose number one from the journal took. */
export function numberTasks(database: Database): void {
  for (const { id } of database.all<{ id: string }>(
    'SELECT id FROM tasks WHERE number IS NULL ORDER BY created_at, id',
  )) {
    database.run(`UPDATE tasks SET number = ${NEXT_NUMBER} WHERE id = ?`, [id]);
  }
}

export function setMetaValue(database: Database, key: string, value: string | number | undefined): void {
  if (value === undefined) database.run('DELETE FROM meta WHERE key = ?', [key]);
  else database.run('INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)', [key, String(value)]);
}

export function metaValue(database: Database, key: string): string | undefined {
  return database.get<{ value: string }>('SELECT value FROM meta WHERE key = ?', [key])?.value;
}

/**
 * Names an image's content without reading it: inode, size, time of the last change, and how many transactions SQLite
 * counted, as the clock of files ticks only every few milliseconds. Empty if there is no file.
 */
export function imageFingerprint(path: string): string {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
  try {
    const { ino, size, mtimeMs } = fstatSync(file);
    const counter = Buffer.alloc(4);
    readSync(file, counter, 0, 4, CHANGE_COUNTER);
    return `${ino}:${size}:${mtimeMs}:${counter.readUInt32BE()}`;
  } finally {
    closeSync(file);
  }
}
