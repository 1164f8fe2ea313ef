import type { StoreError } from '../../core/model/errors.js';
import type { Database } from '../database.js';
import type { Engine } from '../engine/engine.js';
import { metaValue, openImage } from '../image.js';
import { SCHEMA_VERSION } from '../schema.js';

/** What a file is that should be a task store's image. */
export type ImageState =
  | { readonly kind: 'missing' | 'empty' }
  /** No SQLite database, or one that cannot be opened. */
  | { readonly kind: 'unreadable'; readonly why: string }
  | { readonly kind: 'foreign' }
  | OpenImage;

/** A task store. `newer`: only for reading here; `damaged`: SQLite finds faults in its structure. */
export interface OpenImage {
  readonly kind: 'sound' | 'newer' | 'damaged';
  readonly database: Database;
  readonly head: number;
  readonly storeId: string;
  /** Checksum of the last record in it, where it says so. */
  readonly chain: string | undefined;
  readonly schema: number;
  /** What SQLite says of it. */
  readonly faults: readonly string[];
}

/** Looks through an image's bytes; the caller closes the database. */
export function openImageState(engine: Engine, bytes: Buffer | undefined, path: string): ImageState {
  if (!bytes) return { kind: 'missing' };
  if (bytes.length === 0) return { kind: 'empty' };
  let database: Database;
  try {
    database = openImage(engine, Buffer.from(bytes), path);
  } catch (error) {
    return { kind: 'unreadable', why: wordsOf(error) };
  }
  try {
    return look(database);
  } catch (error) {
    database.close();
    return { kind: 'unreadable', why: wordsOf(error) };
  }
}

export function isOpen(image: ImageState): image is OpenImage {
  return 'database' in image;
}

function look(database: Database): ImageState {
  if (!isTaskStore(database)) {
    database.close();
    return { kind: 'foreign' };
  }
  const schema = database.get<{ user_version: number }>('PRAGMA user_version')?.user_version ?? 0;
  const faults = faultsOf(database);
  return {
    kind: faults.some(isStructural) ? 'damaged' : schema > SCHEMA_VERSION ? 'newer' : 'sound',
    database,
    head: metaNumber(database, 'last_seq'),
    storeId: quietMeta(database, 'store_id') ?? '',
    chain: quietMeta(database, 'last_chain'),
    schema,
    faults,
  };
}

/** By columns that no other program has together; what the tables hold is not read. */
function isTaskStore(database: Database): boolean {
  const columns = ['meta.key', 'meta.value', 'tasks.parent_id', 'dependencies.depends_on', 'audit_log.row_key'];
  const found = database.get<{ n: number }>(
    `SELECT count(*) AS n FROM sqlite_master AS t, pragma_table_info(t.name) AS c WHERE t.type = 'table'
     AND t.name || '.' || c.name IN (${columns.map(() => '?').join(', ')})`,
    columns,
  );
  return found?.n === columns.length;
}

/** What SQLite itself said. */
function wordsOf(error: unknown): string {
  const { details, message } = error as Partial<StoreError>;
  return typeof details?.sqlite === 'string' ? details.sqlite : String(message);
}

/** What SQLite's check finds, at most 20 faults; none in a sound database. */
export function faultsOf(database: Database): string[] {
  try {
    return database
      .all<{ integrity_check: string }>('PRAGMA integrity_check(20)')
      .map((row) => row.integrity_check)
      .filter((line) => line !== 'ok');
  } catch (error) {
    return [wordsOf(error)];
  }
}

/** False for a value that a column does not admit: the file itself is whole. */
export function isStructural(fault: string): boolean {
  return !/^(CHECK constraint failed|NULL value in|non-\w+ value in|NUMERIC value in|TEXT value in)/.test(fault);
}

function metaNumber(database: Database, key: string): number {
  return Number(quietMeta(database, key) ?? 0) || 0;
}

function quietMeta(database: Database, key: string): string | undefined {
  try {
    return metaValue(database, key);
  } catch {
    return undefined;
  }
}
