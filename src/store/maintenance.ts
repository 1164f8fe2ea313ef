import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, extname } from 'node:path';
import type { SqlJsStatic } from 'sql.js';
import { NotFoundError, StoreError } from '../core/model/errors.js';
import { adopt, backupPath, openBackup } from './backups.js';
import { journalPath, type Place, replaceContent } from './checkpoint.js';
import { type Database, loadEngine } from './database.js';
import { explainFileError, sibling, writeDurably } from './files.js';
import { imageFingerprint, metaValue, setMetaValue } from './image.js';
import { loadState, type State } from './loadState.js';
import { FileLock } from './lock.js';
import { type Migration, migrate, pendingMigrations } from './migrations.js';
import { LOCK_TIMEOUT, patiently } from './patience.js';
import type { StoreOptions } from './store.js';

/** What was done to a store as a whole. */
export interface Maintained {
  /** Path of the backup that was made first; undefined where there was nothing to back up or to do. */
  readonly backup: string | undefined;
}

/**
 * Writes the whole store, as it is now, to a SQLite file of its own in `backups/`. An older or newer schema is kept as it
 * is; what cannot be read is copied byte by byte. Throws NOT_FOUND where there is no store.
 */
export function backUpStore(options: StoreOptions, label = 'backup'): Promise<Maintained> {
  return exclusively(options, (sql) => {
    if (!existsSync(options.path) && !existsSync(journalPath(options)))
      throw new NotFoundError(`There is no task store at ${options.path}.`);
    return { backup: backUp(sql, options, label) };
  });
}

/**
 * Brings a store of an older schema up to date, after a backup. A crash at any moment leaves the old store or the new
 * one. With `dryRun` only in memory. Throws STORE_CORRUPT and SCHEMA_TOO_NEW, where there is nothing to bring up to date.
 */
export function migrateStore(
  options: StoreOptions,
  { dryRun = false } = {},
): Promise<Maintained & { readonly steps: readonly Migration[] }> {
  return exclusively(options, (sql) => {
    const state = loadState(sql, options.path, { onStep: options.onStep, asItIs: true });
    try {
      if (state.problem && state.problem.code !== 'SCHEMA_TOO_OLD') throw state.problem;
      const steps = pendingMigrations(state.version);
      if (steps.length > 0) migrate(state.database);
      if (steps.length === 0 || dryRun) return { backup: undefined, steps };
      const backup = backUp(sql, options, `schema-${state.version}`);
      options.onStep?.('migrate.begun');
      replaceContent(state, state.database, options);
      options.onStep?.('migrate.done');
      return { backup, steps };
    } finally {
      close(state);
    }
  });
}

/**
 * Puts a backup in the place of everything, in a present schema, after a backup of what is there, be it damaged. The
 * sequence of transactions goes on. Throws STORE_CORRUPT if the backup is none, SCHEMA_TOO_NEW; then nothing is changed.
 */
export async function restoreStore(options: StoreOptions, file: string, actor: string): Promise<Maintained> {
  return exclusively(options, (sql) => {
    const database = openBackup(sql, file);
    const state = readableState(sql, options) ?? {
      database,
      journal: undefined,
      head: 0,
      image: imageFingerprint(options.path),
      storeId: metaValue(database, 'store_id') ?? crypto.randomUUID(),
      version: 0,
      problem: undefined,
      problemSeenIn: '',
    };
    try {
      const lastNumber = metaValue(state.database, 'last_number');
      const backup = state.image === '' ? undefined : backUp(sql, options, 'before-restore');
      options.onStep?.('restore.begun');
      adopt(database, { storeId: state.storeId, head: state.head, lastNumber });
      database.run(
        `INSERT INTO audit_log (task_id, action, new_value, changed_by, changed_at, seq)
         VALUES ('', 'store.restore', ?, ?, ?, ?)`,
        [JSON.stringify({ from: file }), actor, options.now(), Number(metaValue(database, 'last_seq'))],
      );
      replaceContent(state, database, options);
      options.onStep?.('restore.done');
      return { backup };
    } finally {
      close(state);
      if (state.database !== database) database.close();
    }
  });
}

/**
 * Makes the store's content anew from what it is, all of it or nothing, and keeps in the history that somebody did. What
 * was recorded before is not in the journal any more. Windows that have it open read it anew. Throws what `work` throws.
 */
export function rewriteStore<T>(
  options: StoreOptions,
  { actor, action }: { readonly actor: string; readonly action: string },
  work: (database: Database) => T,
): Promise<T> {
  return exclusively(options, (sql) => {
    const state = loadState(sql, options.path, { onStep: options.onStep });
    try {
      if (state.problem) throw state.problem;
      const result = work(state.database);
      const seq = state.head + 1;
      state.database.run(
        "INSERT INTO audit_log (task_id, action, changed_by, changed_at, seq) VALUES ('', ?, ?, ?, ?)",
        [action, actor, options.now(), seq],
      );
      setMetaValue(state.database, 'last_seq', seq);
      replaceContent(state, state.database, options);
      return result;
    } finally {
      close(state);
    }
  });
}

/** The store as far as it can be read; undefined if it cannot. */
function readableState(sql: SqlJsStatic, { path, onStep }: Place): State | undefined {
  try {
    return loadState(sql, path, { onStep });
  } catch (error) {
    if (error instanceof StoreError && error.code === 'STORE_CORRUPT') return undefined;
    throw error;
  }
}

function backUp(sql: SqlJsStatic, options: StoreOptions, label: string): string {
  const { path, onStep } = options;
  const file = backupPath(path, label, options.now());
  mkdirSync(dirname(file), { recursive: true });
  let state: State | undefined;
  try {
    state = loadState(sql, path, { asItIs: true });
  } catch (error) {
    if (!(error instanceof StoreError) || error.code !== 'STORE_CORRUPT') throw error;
  }
  if (!state || state.problem?.code === 'STORE_CORRUPT') {
    for (const source of [path, sibling(path, 'journal')].filter((one) => existsSync(one)))
      writeDurably(sibling(file, extname(source).slice(1)), readFileSync(source), { what: 'backup', onStep });
  } else {
    setMetaValue(state.database, 'last_seq', state.head);
    writeDurably(file, state.database.export(), { what: 'backup', onStep });
  }
  if (state) close(state);
  return file;
}

function close(state: State): void {
  state.journal?.close();
  state.database.close();
}

/** Runs `work` while no process can commit. */
async function exclusively<T>(options: StoreOptions, work: (sql: SqlJsStatic) => T): Promise<T> {
  const sql = await loadEngine(options.wasm);
  const folder = dirname(options.path);
  const lock = new FileLock(sibling(options.path, 'lock'), options.program);
  try {
    mkdirSync(folder, { recursive: true });
    return await patiently(options.lockTimeout, async () => {
      await lock.acquire(options.lockTimeout ?? LOCK_TIMEOUT, options.onWait);
      try {
        return work(sql);
      } finally {
        lock.release();
      }
    });
  } catch (error) {
    throw explainFileError(error, folder);
  }
}
