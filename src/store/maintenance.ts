import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, extname } from 'node:path';
import { NotFoundError, StoreError } from '../core/model/errors.js';
import { adopt, backupPath, findMigrationBackup, openBackup } from './backups.js';
import { checkpoint, journalPath, type Place, replaceContent } from './checkpoint.js';
import type { Database } from './database.js';
import type { Engine } from './engine/engine.js';
import { explainFileError, sibling, writeDurably } from './files.js';
import { imageFingerprint, metaValue, openImage, setMetaValue } from './image.js';
import { loadState, type State } from './loadState.js';
import { FileLock } from './lock.js';
import { type Migration, migrate, pendingMigrations } from './migrations.js';
import type { Comparison } from './oldTool/compare.js';
import type { Conversion } from './oldTool/convert.js';
import { isOldStore, OLD_STORE_STEP, OldStoreError } from './oldTool/oldStore.js';
import type { OldEvent } from './oldTool/oldTalk.js';
import { swapImage } from './otherClients.js';
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
  return exclusively(options, (engine) => {
    if (!existsSync(options.path) && !existsSync(journalPath(options)))
      throw new NotFoundError(`There is no task store at ${options.path}.`);
    return { backup: backUp(engine, options, label) };
  });
}

/** What a migration did, or would do. */
export interface Migrated extends Maintained {
  readonly steps: readonly Pick<Migration, 'version' | 'description'>[];
  /** Version of the schema that was there; 0 for a store of tm 2.x. */
  readonly from: number;
  /** Of a store of tm 2.x: what became of it, and what was found again in the new one. */
  readonly conversion?: Pick<Conversion, 'notes' | 'read'> & { readonly compared: readonly Comparison[] };
}

interface MigrateOptions {
  readonly dryRun?: boolean;
  /** What versions of tm before 2.9 kept in files. */
  readonly oldEvents?: readonly OldEvent[];
}

/**
 * Brings a store of an older schema, or of tm 2.x, up to date, after a backup. A crash at any moment leaves the old store
 * or the new one. With `dryRun` only in memory. Throws STORE_CORRUPT and SCHEMA_TOO_NEW, where there is nothing to bring
 * up to date.
 */
export async function migrateStore(
  options: StoreOptions,
  { dryRun = false, oldEvents = [] }: MigrateOptions = {},
): Promise<Migrated> {
  const { convertOldStore } = await import('./oldTool/convert.js');
  const { compareStores } = await import('./oldTool/compare.js');
  return exclusively(options, (engine) => {
    const state = loadState(engine, options.path, { onStep: options.onStep, asItIs: true });
    let converted: Database | undefined;
    try {
      if (state.problem && state.problem.code !== 'SCHEMA_TOO_OLD') throw state.problem;
      const pending = pendingMigrations(state.version);
      const { version: from, database } = state;
      let steps: Migrated['steps'] = pending;
      let conversion: Migrated['conversion'];
      if (isOldStore(database)) {
        const { notes, read, ...done } = convertOldStore(engine, database, options.now(), oldEvents);
        converted = done.database;
        conversion = { notes, read, compared: compareStores(database, converted) };
        steps = [OLD_STORE_STEP, ...pending];
        state.storeId = crypto.randomUUID();
        setMetaValue(converted, 'store_id', state.storeId);
      } else if (pending.length > 0) migrate(database);
      const result = { steps, from, ...(conversion && { conversion }) };
      if (steps.length === 0 || dryRun) return { ...result, backup: undefined };
      const backup = backUp(engine, options, `schema-${from}`);
      options.onStep?.('migrate.begun');
      replaceContent(state, converted ?? database, options);
      options.onStep?.('migrate.done');
      return { ...result, backup };
    } finally {
      converted?.close();
      close(state);
    }
  });
}

/**
 * Takes the last migration back: the backup that it made becomes the store, byte for byte as far as tm 2.x made it, after
 * a backup of what is there. Undefined where no migration made one. A crash at any moment leaves the one or the other.
 */
export function rollBackMigration(
  options: StoreOptions,
): Promise<(Maintained & { readonly from: string }) | undefined> {
  return exclusively(options, (engine) => {
    const file = findMigrationBackup(options.path);
    if (!file) return undefined;
    const state = readableState(engine, options);
    // What is in the journal only would be lost with it.
    if (state?.journal && !state.problem) checkpoint(state, options);
    try {
      const backup = imageFingerprint(options.path) === '' ? undefined : backUp(engine, options, 'before-rollback');
      const bytes = backedUpBytes(engine, file, state);
      options.onStep?.('rollback.begun');
      state?.journal?.close();
      rmSync(journalPath(options), { force: true });
      options.onStep?.('rollback.unjournaled');
      const image = imageFingerprint(options.path);
      const around = (rename: () => void) => void swapImage(options.path, image, rename);
      writeDurably(options.path, bytes, { what: 'image', onStep: options.onStep, around });
      options.onStep?.('rollback.done');
      return { backup, from: file };
    } finally {
      state?.database.close();
    }
  });
}

/** A backup's bytes; in the schema that it has, so that its transactions are not counted twice. */
function backedUpBytes(engine: Engine, file: string, state: State | undefined): Uint8Array {
  const bytes = readFileSync(file);
  const database = openImage(engine, new Uint8Array(bytes), file);
  try {
    if (isOldStore(database) || !state) return bytes;
    adopt(database, { storeId: state.storeId, head: state.head, lastNumber: undefined });
    return database.export();
  } finally {
    database.close();
  }
}

/**
 * Puts a backup in the place of everything, in a present schema, after a backup of what is there, be it damaged. The
 * sequence of transactions goes on. Throws STORE_CORRUPT if the backup is none, SCHEMA_TOO_NEW; then nothing is changed.
 */
export async function restoreStore(options: StoreOptions, file: string, actor: string): Promise<Maintained> {
  return exclusively(options, (engine) => {
    const database = openBackup(engine, file);
    const state = readableState(engine, options) ?? {
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
      const backup = state.image === '' ? undefined : backUp(engine, options, 'before-restore');
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
  return exclusively(options, (engine) => {
    const state = loadState(engine, options.path, { onStep: options.onStep });
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

/** The store as far as it can be read; undefined if it cannot, and for one of tm 2.x. */
function readableState(engine: Engine, { path, onStep }: Place): State | undefined {
  try {
    return loadState(engine, path, { onStep });
  } catch (error) {
    if (error instanceof OldStoreError) return undefined;
    if (error instanceof StoreError && error.code === 'STORE_CORRUPT') return undefined;
    throw error;
  }
}

function backUp(engine: Engine, options: StoreOptions, label: string): string {
  const { path, onStep } = options;
  const file = backupPath(path, label, options.now());
  mkdirSync(dirname(file), { recursive: true });
  let state: State | undefined;
  try {
    state = loadState(engine, path, { asItIs: true });
  } catch (error) {
    if (!(error instanceof StoreError) || error.code !== 'STORE_CORRUPT') throw error;
  }
  if (!state || state.problem?.code === 'STORE_CORRUPT' || isOldStore(state.database)) {
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
async function exclusively<T>(options: StoreOptions, work: (engine: Engine) => T): Promise<T> {
  const engine = await options.engine();
  const folder = dirname(options.path);
  const lock = new FileLock(sibling(options.path, 'lock'), options.program);
  try {
    mkdirSync(folder, { recursive: true });
    return await patiently(options.lockTimeout, async () => {
      await lock.acquire(options.lockTimeout ?? LOCK_TIMEOUT, options.onWait);
      try {
        return work(engine);
      } finally {
        lock.release();
      }
    });
  } catch (error) {
    throw explainFileError(error, folder);
  }
}
