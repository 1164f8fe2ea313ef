import type { Row, Value } from '../record.js';
import type { Engine, EngineDatabase, EngineStatement } from './engine.js';
import { openPrivateCopy } from './privateCopy.js';

/** What is used of `node:sqlite`; the types of Node 20 do not know it. */
interface Sqlite {
  readonly DatabaseSync: new (path: string, options: Readonly<Record<string, boolean | number>>) => DatabaseSync;
}

interface DatabaseSync {
  readonly isOpen: boolean;
  readonly isTransaction: boolean;
  exec(sql: string): void;
  prepare(sql: string): StatementSync;
  serialize(): Uint8Array;
  deserialize(image: Uint8Array): void;
  close(): void;
}

interface StatementSync {
  run(...values: unknown[]): unknown;
  all(...values: unknown[]): Record<string, unknown>[];
  setReadBigInts(enabled: boolean): void;
}

/** A database in memory that is paged like a file, which `:memory:` is not: only so does it count its transactions. */
const IN_MEMORY = 'file:store?vfs=memdb';

/** As sql.js has it, which is how SQLite itself comes. */
const LIKE_WASM = {
  enableForeignKeyConstraints: false,
  enableDoubleQuotedStringLiterals: true,
  defensive: false,
};

/** SQLite's own code for a database that another client has locked. */
const BUSY = 5;

/** Of a private copy so many bytes are read where they lie. */
const MAPPED = 2 ** 30;

/**
 * Node's own SQLite; undefined where there is none, where it cannot read an image's bytes, and while Node warns of it.
 * With a folder for `copies` a large file is not read into memory, for a process that ends soon.
 */
export function nodeEngine({ copies }: { readonly copies?: string } = {}): Engine | undefined {
  const sqlite = nodeSqlite();
  return (
    sqlite && {
      ...(copies !== undefined && {
        openCopy: (path) =>
          openPrivateCopy(path, copies, (copy) => {
            const database = new sqlite.DatabaseSync(copy, LIKE_WASM);
            // The first read keeps the file open and locked: its name is not needed from then on.
            database.exec(`PRAGMA locking_mode = EXCLUSIVE; PRAGMA mmap_size = ${MAPPED}`);
            database.prepare('SELECT count(*) FROM sqlite_master').all();
            return new NodeDatabase(database);
          }),
      }),
      allocate: (size) => Buffer.allocUnsafeSlow(size),
      open: (image) => {
        const database = new sqlite.DatabaseSync(IN_MEMORY, LIKE_WASM);
        // To SQLite a file without bytes, or with one, is an empty database.
        if (image && image.length > 1) database.deserialize(image);
        return new NodeDatabase(database);
      },
    }
  );
}

/**
 * True where another client has SQLite's write lock on a file that is no write-ahead log's, false where none has;
 * undefined where that cannot be asked. The lock is taken and given back; nothing is written.
 */
export function isWriteLocked(path: string): boolean | undefined {
  const sqlite = nodeSqlite();
  if (!sqlite) return undefined;
  let database: DatabaseSync | undefined;
  try {
    database = new sqlite.DatabaseSync(path, { ...LIKE_WASM, timeout: 0 });
    database.exec('BEGIN IMMEDIATE; ROLLBACK');
    return false;
  } catch (error) {
    return ((error as { errcode?: number }).errcode ?? 0) % 256 === BUSY ? true : undefined;
  } finally {
    if (database?.isOpen) database.close();
  }
}

/** Node warns of it the first time only. */
const experimental = new WeakSet<Sqlite>();

function nodeSqlite(): Sqlite | undefined {
  const { sqlite, warned } = quietly(() => process.getBuiltinModule?.('node:sqlite') as Sqlite | undefined);
  if (sqlite && warned) experimental.add(sqlite);
  const { prototype } = sqlite?.DatabaseSync ?? {};
  if (!sqlite || experimental.has(sqlite) || !prototype || !('serialize' in prototype && 'deserialize' in prototype))
    return undefined;
  return sqlite;
}

/** Loads what Node may warn of, with the warning kept from the terminal. */
function quietly(load: () => Sqlite | undefined): { readonly sqlite: Sqlite | undefined; readonly warned: boolean } {
  const { emitWarning } = process;
  let warned = false;
  process.emitWarning = () => {
    warned = true;
  };
  try {
    const sqlite = load();
    return { sqlite, warned };
  } finally {
    process.emitWarning = emitWarning;
  }
}

class NodeDatabase implements EngineDatabase {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  exec(sql: string): void {
    this.#database.exec(sql);
  }

  prepare(sql: string): EngineStatement {
    return new NodeStatement(this.#database.prepare(sql));
  }

  export(): Uint8Array {
    // SQLite would leave out what is not committed yet.
    if (this.#database.isTransaction) throw new Error('A database is exported between transactions only.');
    return this.#database.serialize();
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close();
  }
}

class NodeStatement implements EngineStatement {
  readonly #statement: StatementSync;

  constructor(statement: StatementSync) {
    this.#statement = statement;
    // Otherwise it throws at integers beyond 2^53.
    statement.setReadBigInts(true);
  }

  run(values: readonly Value[]): void {
    this.#statement.run(...values.map(bound));
  }

  all(values: readonly Value[]): Row[] {
    return this.#statement.all(...values.map(bound)).map(rowOf);
  }
}

/** Node binds every number as a double; in a column without a type, and in JSON, 1 would become 1.0. */
function bound(value: Value): Value | bigint {
  return typeof value === 'number' && value === (value | 0) ? BigInt(value) : value;
}

/** An ordinary object: Node's have no prototype. */
function rowOf(values: Record<string, unknown>): Row {
  const row = { ...values };
  for (const name in row) if (typeof row[name] === 'bigint') row[name] = Number(row[name]);
  return row as Row;
}
