import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { SqlJsStatic } from 'sql.js';
import { StoreError } from '../core/model/errors.js';
import { Database, loadEngine } from './database.js';
import { FileJournal } from './fileJournal.js';
import { explainFileError, fingerprint, writeDurably } from './files.js';
import { FileLock } from './lock.js';
import type { Row, TransactionRecord, Value } from './record.js';
import { SCHEMA, SCHEMA_VERSION } from './schema.js';
import { applyRecord, auditRecord, type RowReader, Transaction } from './transaction.js';

export interface StoreOptions {
  /** Path of the SQLite file; the journal and the lock lie beside it. */
  readonly path: string;
  /** The bytes of sql.js's `sql-wasm.wasm`. */
  readonly wasm: () => Uint8Array<ArrayBuffer>;
  /** What runs here, for the message that others get while this process holds the lock. */
  readonly program: string;
  /** The present, UTC ISO 8601. */
  readonly now: () => string;
  /** How long a commit waits for other processes, ms. */
  readonly lockTimeout?: number;
  /** Told once when a commit has waited for a second. */
  readonly onWait?: (holder: string) => void;
}

/** What changed in the store: some transactions, or everything (another program wrote the file). */
export type StoreChange =
  | { readonly kind: 'records'; readonly records: readonly TransactionRecord[]; readonly own: boolean }
  | { readonly kind: 'reloaded' };

/** Everything that a store consists of in memory. */
interface State {
  readonly database: Database;
  /** Undefined until the store is written for the first time, and where the journal is missing. */
  journal: FileJournal | undefined;
  /** Sequence number of the last transaction in `database`. */
  head: number;
  /** Fingerprint of the image that `database` was loaded from or last written to. */
  image: string;
  readonly storeId: string;
  /** Why the store can only be read. */
  problem: StoreError | undefined;
  /** What was on disk when the problem was found, so that it is looked into again only after a change. */
  problemSeenIn: string;
}

const LOCK_TIMEOUT = 10_000;
const LOAD_ATTEMPTS = 20;
/** An image up to this size is written before a short-lived process ends. */
const SMALL_IMAGE = 4 * 1024 * 1024;
/** A journal of this size is due for a checkpoint whatever the size of the image. */
const LARGE_JOURNAL = 1024 * 1024;

/**
 * The task store: SQLite in memory for questions, the journal for truth. Nothing is on disk before the first commit.
 * All reads are synchronous and see the last commit applied here; `refresh` takes up what others committed.
 */
export class Store implements RowReader {
  readonly #options: StoreOptions;
  readonly #sql: SqlJsStatic;
  readonly #lock: FileLock;
  readonly #listeners = new Set<(change: StoreChange) => void>();
  #state: State;
  /** Commits of this process, one after the other. */
  #queue: Promise<unknown> = Promise.resolve();

  private constructor(options: StoreOptions, sql: SqlJsStatic) {
    this.#options = options;
    this.#sql = sql;
    this.#lock = new FileLock(sibling(options.path, 'lock'), options.program);
    this.#state = this.#load();
  }

  /**
   * Opens the store at `options.path`, or an empty one in memory if there is none. A damaged or too new store opens
   * for reading; `problem` says why. Throws STORE_CORRUPT where not even that is possible.
   */
  static async open(options: StoreOptions): Promise<Store> {
    const sql = await loadEngine(options.wasm);
    return new Store(options, sql);
  }

  get path(): string {
    return this.#options.path;
  }

  /** True once there is something on disk. */
  get exists(): boolean {
    return this.#state.journal !== undefined || this.#state.image !== '';
  }

  /** Sequence number of the last transaction seen here. */
  get head(): number {
    return this.#state.head;
  }

  /** Why the store can only be read; undefined when it can be written. */
  get problem(): StoreError | undefined {
    return this.#state.problem;
  }

  /** Calls back after each change, own or other, in its order. The returned function ends it. */
  onDidChange(listener: (change: StoreChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  all<T extends Row>(sql: string, values: readonly Value[] = []): T[] {
    return this.#state.database.all<T>(sql, values);
  }

  get<T extends Row>(sql: string, values: readonly Value[] = []): T | undefined {
    return this.#state.database.get<T>(sql, values);
  }

  /** Many rows at once, as arrays in the order of `columns`. */
  table(columns: readonly string[], from: string): Value[][] {
    return this.#state.database.table(columns, from);
  }

  /**
   * Runs `work` on the newest state, with the lock held, and makes its changes durable before resolving. Nothing of it
   * is visible if it throws or cannot be written. Without changes nothing is recorded.
   * Throws STORE_LOCKED, STORE_CORRUPT, SCHEMA_TOO_NEW, PERMISSION_DENIED, and whatever `work` throws.
   */
  commit<T>(actor: string, action: string, work: (transaction: Transaction) => T): Promise<T> {
    return this.#exclusively(() => {
      for (;;) {
        this.#prepareToWrite();
        const done = this.#attempt(actor, action, work);
        if (!done) continue;
        if (done.record) this.#emit({ kind: 'records', records: [done.record], own: true });
        return done.result;
      }
    });
  }

  /** Writes an empty store if there is none yet. */
  initialise(): Promise<void> {
    return this.#exclusively(() => this.#prepareToWrite());
  }

  /** Takes up what other processes committed. One or two `stat` calls when nothing happened. */
  refresh(): void {
    for (const change of this.#catchUp()) this.#emit(change);
  }

  /** Writes `tasks.db` anew and empties the journal, so that any SQLite client sees everything. */
  checkpoint(): Promise<void> {
    return this.#exclusively(() => {
      if (!this.exists) return;
      this.#prepareToWrite();
      this.#writeImage();
    });
  }

  /** Checkpoints if there is something to write and the image is small or the journal long. */
  async checkpointIfDue(): Promise<void> {
    const { journal, image } = this.#state;
    if (!journal || this.problem || journal.head === journal.header.base) return;
    const size = Number(image.split(':')[1] ?? 0);
    if (size <= SMALL_IMAGE || journal.size > Math.max(LARGE_JOURNAL, size / 2)) await this.checkpoint();
  }

  close(): void {
    this.#listeners.clear();
    this.#state.journal?.close();
    this.#state.database.close();
  }

  /** One attempt at a transaction; undefined if another writer came first and it has to be repeated. */
  #attempt<T>(
    actor: string,
    action: string,
    work: (transaction: Transaction) => T,
  ): { result: T; record?: TransactionRecord } | undefined {
    const { database } = this.#state;
    const journal = this.#state.journal as FileJournal;
    const at = this.#options.now();
    database.exec('SAVEPOINT work');
    try {
      const transaction = new Transaction(database, at, actor);
      const result = work(transaction);
      const { changes } = transaction;
      if (changes.length === 0) {
        database.exec('RELEASE work');
        return { result };
      }
      const record = { seq: journal.head + 1, at, actor, action, changes };
      auditRecord(database, record);
      if (!journal.append(record)) {
        database.exec('ROLLBACK TO work; RELEASE work');
        return undefined;
      }
      this.#state.head = record.seq;
      database.exec('RELEASE work');
      return { result, record };
    } catch (error) {
      database.exec('ROLLBACK TO work; RELEASE work');
      throw error;
    }
  }

  /** Under the lock: the newest state, a journal to write to, and no unfinished line at its end. */
  #prepareToWrite(): void {
    for (const change of this.#catchUp()) this.#emit(change);
    const state = this.#state;
    if (state.problem) throw state.problem;
    if (state.image === '' || !state.journal) this.#create();
    else if (this.#imageIsForeign()) {
      this.#reload();
      if (this.#state.problem) throw this.#state.problem;
      // Only the merged image says to everybody which numbers the other program's tasks have.
      this.#writeImage();
    }
    this.#state.journal?.repairTail();
  }

  #create(): void {
    const state = this.#state;
    if (state.image === '') this.#writeImageFile();
    state.journal ??= FileJournal.create(this.#journalPath, {
      store: state.storeId,
      generation: 1,
      base: state.head,
      image: state.image,
    });
  }

  #writeImage(): void {
    this.#writeImageFile();
    this.#state.journal?.restart(this.#state.image);
  }

  #writeImageFile(): void {
    const { database, head } = this.#state;
    const { path } = this.#options;
    database.run("INSERT OR REPLACE INTO meta (key, value) VALUES ('last_seq', ?)", [String(head)]);
    const image = database.export();
    writeDurably(path, image, () => {
      if (existsSync(`${path}-journal`) || (statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0) {
        throw new StoreError('STORE_LOCKED', `Another program is writing to ${path}. Nothing was changed; try again.`);
      }
    });
    this.#state.image = fingerprint(path);
  }

  /** True when another SQLite client wrote the file: neither the image loaded here nor the one that the journal names. */
  #imageIsForeign(): boolean {
    return fingerprint(this.#options.path) !== this.#state.image;
  }

  /** Applies what is new on disk and says what that was. */
  #catchUp(): StoreChange[] {
    const state = this.#state;
    if (state.problem && state.problemSeenIn === this.#diskState()) return [];
    if (!state.journal) {
      if (fingerprint(this.#options.path) === state.image && !existsSync(this.#journalPath)) return [];
      return this.#reload();
    }
    const changes: StoreChange[] = [];
    try {
      for (let news = state.journal.poll(); news.kind !== 'none'; news = state.journal.poll()) {
        if (news.kind === 'replaced') {
          if (news.base > state.head) return [...changes, ...this.#reload()];
          // A checkpoint of what is known here: its image needs no reading.
          if (news.image === fingerprint(this.#options.path)) state.image = news.image;
          continue;
        }
        const records = news.records.filter((record) => record.seq > state.head);
        for (const record of records) applyRecord(state.database, record);
        state.head = state.journal.head;
        if (records.length > 0) changes.push({ kind: 'records', records, own: false });
      }
    } catch (error) {
      // Damage: read anew what can be read, and keep the reason.
      if (!(error instanceof StoreError)) throw error;
      return [...changes, ...this.#reload()];
    }
    if (this.#imageIsForeign() && !existsSync(`${this.#options.path}-journal`)) return [...changes, ...this.#reload()];
    return changes;
  }

  #reload(): StoreChange[] {
    const old = this.#state;
    this.#state = this.#load();
    old.journal?.close();
    old.database.close();
    return [{ kind: 'reloaded' }];
  }

  /** Reads image and journal. Repeats while a checkpoint of another process passes by between the two reads. */
  #load(): State {
    for (let attempt = 1; ; attempt += 1) {
      const state = this.#loadOnce();
      if (state) return state;
      if (attempt === LOAD_ATTEMPTS) {
        throw new StoreError(
          'STORE_CORRUPT',
          `${this.#options.path} and its journal do not belong together. Nothing was changed.`,
        );
      }
    }
  }

  #loadOnce(): State | undefined {
    const { path } = this.#options;
    const image = fingerprint(path);
    const bytes = image === '' ? undefined : readFileSync(path);
    if (fingerprint(path) !== image) return undefined;
    const database = openImage(this.#sql, bytes, path);
    let problem = checkSchema(database, bytes !== undefined, path);
    const storeId = metaValue(database, 'store_id') ?? randomUUID();
    let head = Number(metaValue(database, 'last_seq') ?? 0);
    if (bytes === undefined) database.run("INSERT INTO meta (key, value) VALUES ('store_id', ?)", [storeId]);
    let journal: FileJournal | undefined;
    try {
      journal = FileJournal.open(this.#journalPath);
      if (journal && journal.header.base > head) {
        journal.close();
        database.close();
        return undefined;
      }
      const base = head;
      const news = journal?.poll();
      if (news?.kind === 'replaced') {
        journal?.close();
        database.close();
        return undefined;
      }
      for (const record of news?.kind === 'records' ? news.records : []) {
        if (record.seq > base) applyRecord(database, record);
      }
      head = Math.max(head, journal?.head ?? 0);
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      problem ??= error;
    }
    return { database, journal, head, image, storeId, problem, problemSeenIn: problem ? this.#diskState() : '' };
  }

  #diskState(): string {
    return `${fingerprint(this.#options.path)} ${fingerprint(this.#journalPath)}`;
  }

  get #journalPath(): string {
    return sibling(this.#options.path, 'journal');
  }

  /** Runs `work` alone among the commits of this process and of all others. */
  #exclusively<T>(work: () => T): Promise<T> {
    const run = async () => {
      if (this.problem) this.refresh();
      if (this.problem) throw this.problem;
      try {
        mkdirSync(dirname(this.#options.path), { recursive: true });
        await this.#lock.acquire(this.#options.lockTimeout ?? LOCK_TIMEOUT, this.#options.onWait);
        try {
          return work();
        } finally {
          this.#lock.release();
        }
      } catch (error) {
        throw explainFileError(error, dirname(this.#options.path));
      }
    };
    const result = this.#queue.then(run, run);
    this.#queue = result.catch(() => undefined);
    return result;
  }

  #emit(change: StoreChange): void {
    for (const listener of this.#listeners) {
      try {
        listener(change);
      } catch (error) {
        // The change is durable whatever a listener does with it: its mistake must not look like a failed commit.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}

/** `tasks.db` → `tasks.journal`. */
function sibling(path: string, extension: string): string {
  return `${path.replace(/\.[^./\\]*$/, '')}.${extension}`;
}

function openImage(sql: SqlJsStatic, bytes: Uint8Array | undefined, path: string): Database {
  if (bytes === undefined) {
    const database = new Database(sql);
    database.exec(`${SCHEMA}PRAGMA user_version = ${SCHEMA_VERSION};`);
    return database;
  }
  try {
    const database = new Database(sql, bytes);
    database.get('SELECT count(*) AS n FROM sqlite_master');
    return database;
  } catch (error) {
    throw new StoreError(
      'STORE_CORRUPT',
      `${path} is not a readable SQLite database (${(error as Error).message}). Nothing was changed; restore it from a backup.`,
    );
  }
}

function checkSchema(database: Database, onDisk: boolean, path: string): StoreError | undefined {
  if (!onDisk) return undefined;
  const version = database.get<{ user_version: number }>('PRAGMA user_version')?.user_version ?? 0;
  if (version > SCHEMA_VERSION) {
    return new StoreError(
      'SCHEMA_TOO_NEW',
      `${path} was written by a newer version (schema ${version}, this one knows ${SCHEMA_VERSION}). It is open for reading; update to change it.`,
    );
  }
  if (!database.get("SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'meta'")) {
    throw new StoreError('STORE_CORRUPT', `${path} is a database of another program. Nothing was changed.`);
  }
  return undefined;
}

function metaValue(database: Database, key: string): string | undefined {
  return database.get<{ value: string }>('SELECT value FROM meta WHERE key = ?', [key])?.value;
}
