import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { NotFoundError, StoreError } from '../core/model/errors.js';
import type { Database } from './database.js';
import type { Engine } from './engine/engine.js';
import { metaValue, openImage, requireTaskStore, setMetaValue, versionProblem } from './image.js';
import { migrate, schemaVersion } from './migrations.js';

/** The folder beside the store that its backups are in. */
export const BACKUPS = 'backups';

/** A SQLite file that holds the whole store as it was. */
export interface Backup {
  readonly path: string;
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** UTC ISO 8601. */
  readonly at: string;
}

function backupsFolder(store: string): string {
  return join(dirname(store), BACKUPS);
}

/** Where a backup made at `at` goes: its name sorts by time and says why it was made. */
export function backupPath(store: string, label: string, at: string): string {
  return join(backupsFolder(store), `${at.replace(/[:.]/g, '-')}-${label}${extname(store)}`);
}

/** The backups of a store, the newest first. */
export function listBackups(store: string): Backup[] {
  const folder = backupsFolder(store);
  let names: string[] = [];
  try {
    names = readdirSync(folder);
  } catch {
    // No backup was made yet.
  }
  return names
    .filter((name) => name.endsWith('.db'))
    .sort()
    .reverse()
    .map((name) => {
      const path = join(folder, name);
      const { size, mtime } = statSync(path);
      return { path, name, size, at: mtime.toISOString() };
    });
}

/** Removes all of them. */
export function deleteBackups(store: string): void {
  for (const { path } of listBackups(store)) rmSync(path, { force: true });
}

/** The file of a backup by its path, its name among the store's backups, or `latest`. Throws NOT_FOUND. */
export function findBackup(store: string, name: string, workingFolder: string): string {
  const backups = listBackups(store);
  if (name === 'latest' && backups[0]) return backups[0].path;
  const candidates = [resolve(workingFolder, name), join(backupsFolder(store), name)];
  const file = candidates.find((path) => statSync(path, { throwIfNoEntry: false })?.isFile());
  if (file) return file;
  const known =
    backups.length === 0 ? 'There are none yet.' : `There are ${backups.map((one) => one.name).join(', ')}.`;
  throw new NotFoundError(`There is no backup ${name}. ${known}`, { name });
}

/** The newest backup that a migration made; undefined where there is none. */
export function findMigrationBackup(store: string): string | undefined {
  return listBackups(store).find(({ name }) => /-schema-\d+\.db$/.test(name))?.path;
}

/** A backup's content in the present schema. Throws STORE_CORRUPT unless it is a sound task store, SCHEMA_TOO_NEW. */
export function openBackup(engine: Engine, path: string): Database {
  const database = openImage(engine, readFileSync(path), path);
  requireTaskStore(database, path);
  const check = database.get<{ integrity_check: string }>('PRAGMA integrity_check')?.integrity_check;
  if (check !== 'ok') {
    throw new StoreError(
      'STORE_CORRUPT',
      `${basename(path)} is damaged (${check}). Nothing was changed; use another backup.`,
    );
  }
  const problem = versionProblem(schemaVersion(database), path);
  if (problem?.code === 'SCHEMA_TOO_NEW') throw problem;
  migrate(database);
  return database;
}

interface Line {
  readonly storeId: string;
  readonly head: number;
  readonly lastNumber: string | undefined;
}

/** Lets a backup's content go on where the store is: its identity, its sequence and its task numbers are not used twice. */
export function adopt(database: Database, { storeId, head, lastNumber }: Line): void {
  setMetaValue(database, 'store_id', storeId);
  setMetaValue(database, 'last_seq', Math.max(head, Number(metaValue(database, 'last_seq') ?? 0)));
  const number = Math.max(Number(lastNumber ?? 0), Number(metaValue(database, 'last_number') ?? 0));
  if (number > 0) setMetaValue(database, 'last_number', number);
}
