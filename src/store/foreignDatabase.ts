import { StoreError } from '../core/model/errors.js';
import type { FidelityNote } from '../core/transfer/readings.js';
import type { Database } from './database.js';
import type { EngineLoader } from './engine/engine.js';
import { openImage } from './image.js';
import { migrate, schemaVersion } from './migrations.js';
import { convertOldStore } from './oldTool/convert.js';
import { isOldStore } from './oldTool/oldStore.js';
import { SCHEMA_VERSION } from './schema.js';
import { Vault } from './sealing/vault.js';
import type { RowReader } from './transaction.js';

/** Whose database somebody named. */
export type DatabaseKind = 'own' | 'old' | 'seed002';

/** Bytes of a SQLite database that is read and not changed. */
export interface ForeignDatabase {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/**
 * Runs `work` on a copy in memory of another store: one of this tool and one of tm 2.x both in the present schema, the
 * latter with notes of what could not be converted as it was.
 * Throws STORE_CORRUPT where it is none or damaged, SCHEMA_TOO_NEW.
 */
export async function readForeignDatabase<T>(
  { path, bytes }: ForeignDatabase,
  { engine, now }: { readonly engine: EngineLoader; readonly now: () => string },
  work: (kind: DatabaseKind, rows: RowReader, notes: readonly FidelityNote[]) => T,
): Promise<T> {
  const sqlite = await engine();
  let database = openImage(sqlite, new Uint8Array(bytes), path);
  try {
    const check = database.get<{ quick_check: string }>('PRAGMA quick_check(1)')?.quick_check;
    if (check !== 'ok') throw new StoreError('STORE_CORRUPT', `${path} is damaged (${check}). Nothing was imported.`);
    const kind = kindOf(database, path);
    let notes: readonly FidelityNote[] = [];
    if (kind === 'old') {
      const converted = convertOldStore(sqlite, database, now(), []);
      database.close();
      database = converted.database;
      notes = converted.notes;
    } else if (kind === 'own') {
      const version = schemaVersion(database);
      if (version > SCHEMA_VERSION)
        throw new StoreError('SCHEMA_TOO_NEW', `${path} was written by a newer version (schema ${version}).`);
      migrate(database);
    }
    const opened = database;
    const rows: RowReader = {
      vault: new Vault(),
      all: (text, values) => opened.all(text, values),
      get: (text, values) => opened.get(text, values),
    };
    return work(kind, rows, notes);
  } finally {
    database.close();
  }
}

function kindOf(database: Database, path: string): DatabaseKind {
  if (isOldStore(database)) return 'old';
  const columns = (table: string) =>
    new Set(database.all<{ name: string }>(`SELECT name FROM pragma_table_info('${table}')`).map(({ name }) => name));
  const tasks = columns('tasks');
  if (columns('meta').has('key') && tasks.has('number')) return 'own';
  if (tasks.has('dependencies') && tasks.has('tags') && tasks.has('title')) return 'seed002';
  throw new StoreError('STORE_CORRUPT', `${path} is a database of another program. Nothing was imported.`);
}
