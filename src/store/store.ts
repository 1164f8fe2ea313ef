import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { StoreError } from '../core/model/errors.js';
import { checkpoint, createFiles } from './checkpoint.js';
import { DirectRows } from './direct/directRows.js';
import { EngineNeeded } from './direct/engineNeeded.js';
import type { Engine, EngineLoader } from './engine/engine.js';
import type { FileJournal } from './fileJournal.js';
import { explainFileError, sibling } from './files.js';
import { imageFingerprint, metaValue } from './image.js';
import { tell } from './listeners.js';
import { diskState, loadState, type OldStoreReader, type State } from './loadState.js';
import { FileLock } from './lock.js';
import { OldStoreError } from './oldTool/oldStore.js';
import { isBeingWritten } from './otherClients.js';
import { LOCK_TIMEOUT, patiently } from './patience.js';
import type { Row, TransactionRecord, Value } from './record.js';
import { openRow } from './sealing/sealedRows.js';
import { ENCRYPTION_META, Vault } from './sealing/vault.js';
import type { StepListener } from './steps.js';
import { applyRecord, auditRecord, type RowReader, Transaction } from './transaction.js';

export interface StoreOptions {
  /** Path of the SQLite file; the journal and the lock lie beside it. */
  readonly path: string;
  /** Starts SQLite, if it is needed. */
  readonly engine: EngineLoader;
  /** What runs here, for the message that others get while this process holds the lock. */
  readonly program: string;
  /** The present, UTC ISO 8601. */
  readonly now: () => string;
  /** How long a commit waits for other processes, ms. */
  readonly lockTimeout?: number;
  /** Told once when a commit has waited for a second. */
  readonly onWait?: (holder: string) => void;
  /** For tests that end the process while it writes. */
  readonly onStep?: StepListener;
}

interface Exclusive {
  readonly patience?: number | undefined;
  readonly rehearsal?: () => unknown;
}

/** What changed in the store: some transactions, or everything (another program wrote the file). */
export type StoreChange =
  | { readonly kind: 'records'; readonly records: readonly TransactionRecord[]; readonly own: boolean }
  | { readonly kind: 'reloaded' };

/** An image up to this size is written before a short-lived process ends. */
const SMALL_IMAGE = 4 * 1024 * 1024;
/**
 * Every process that opens the store replays the journal: `tm` at 0.3 ms a record (some 500 bytes). A checkpoint writes
 * the image, at some 250 MB a second. Beyond this size, or this part of a large image, replaying costs more than it saves.
 */
const LARGE_JOURNAL = 16 * 1024;
const LARGE_JOURNAL_PART = 1 / 1024;
/** So many times larger, and a commit writes the image itself: nobody was idle long enough to do it. */
const LARGEST_JOURNAL = 64;

/**
 * The task store: SQLite in memory for questions, the journal for truth. Nothing is on disk before the first commit.
 * All reads are synchronous and see the last commit applied here; `refresh` takes up what others committed.
 */
export class Store implements RowReader {
  readonly #options: StoreOptions;
  readonly #engine: Engine | undefined;
  /** The files themselves, where the store was opened without SQLite. */
  readonly rows: DirectRows | undefined;
  readonly #lock: FileLock;
  readonly #listeners = new Set<(change: StoreChange) => void>();
  readonly vault = new Vault();
  #opened: State | undefined;
  /** Reads stores of tm 2.x: loaded for those who open one. */
  readonly #convert: OldStoreReader | undefined;
  /** Commits of this process, one after the other. */
  #queue: Promise<unknown> = Promise.resolve();

  private constructor(
    options: StoreOptions,
    engine: Engine | undefined,
    { rows, convert }: { readonly rows?: DirectRows; readonly convert?: OldStoreReader } = {},
  ) {
    this.#options = options;
    this.#convert = convert;
    this.#engine = engine;
    this.rows = rows;
    this.#lock = new FileLock(sibling(options.path, 'lock'), options.program);
    if (engine) this.#opened = this.#load(engine);
  }

  /**
   * Opens the store at `options.path`, or an empty one in memory if there is none. A damaged or too new store opens
   * for reading; `problem` says why. Throws STORE_CORRUPT where not even that is possible.
   */
  static async open(options: StoreOptions): Promise<Store> {
    const engine = await options.engine();
    try {
      return await patiently(options.lockTimeout, () => new Store(options, engine));
    } catch (error) {
      if (error instanceof OldStoreError) {
        const { convertOldStore } = await import('./oldTool/convert.js');
        return new Store(options, engine, { convert: (old) => convertOldStore(engine, old, options.now(), []) });
      }
      throw explainFileError(error, dirname(options.path), 'read');
    }
  }

  /** For a short look, without SQLite: see `DirectRows.open`. What `rows` cannot say throws EngineNeeded. */
  static openDirectly(options: StoreOptions, isLarge?: (bytes: number) => boolean): Store | undefined {
    const rows = DirectRows.open(options.path, isLarge);
    return rows && new Store(options, undefined, { rows });
  }

  get #state(): State {
    if (!this.#opened) throw new EngineNeeded('a question that the files alone do not answer');
    return this.#opened;
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

  /** Rows as they are shown: with encrypted texts opened, where the key is there. */
  all<T extends Row>(sql: string, values: readonly Value[] = []): T[] {
    const rows = this.#state.database.all<T>(sql, values);
    return this.vault.isOn ? rows.map((row) => openRow(this.vault, row)) : rows;
  }

  get<T extends Row>(sql: string, values: readonly Value[] = []): T | undefined {
    return this.all<T>(sql, values)[0];
  }

  /** Many rows at once, as arrays in the order of `columns`. */
  table(columns: readonly string[], from: string, values: readonly Value[] = []): Value[][] {
    return this.#state.database.table(columns, from, values);
  }

  /**
   * Runs `work` on the newest state, with the lock held, and makes its changes durable before resolving. Nothing of it
   * is visible if it throws or cannot be written. Without changes nothing is recorded.
   * Throws STORE_LOCKED, STORE_CORRUPT, SCHEMA_TOO_NEW, PERMISSION_DENIED, and whatever `work` throws.
   */
  commit<T>(actor: string, action: string, work: (transaction: Transaction) => T): Promise<T> {
    return this.#exclusively(
      () => {
        for (;;) {
          this.#prepareToWrite();
          const done = this.#attempt(actor, action, work);
          if (!done) continue;
          if (done.record) {
            this.#emit({ kind: 'records', records: [done.record], own: true });
            this.#boundJournal();
          }
          return done.result;
        }
      },
      { rehearsal: () => this.rehearse(actor, work) },
    );
  }

  /** Runs `work` on the state as it is known here, for what it says, and takes its changes back. Nothing is written. */
  rehearse<T>(actor: string, work: (transaction: Transaction) => T): T {
    const { database } = this.#state;
    database.exec('SAVEPOINT rehearsal');
    try {
      return work(new Transaction(database, this.vault, { seq: this.#state.head + 1, at: this.#options.now(), actor }));
    } finally {
      database.exec('ROLLBACK TO rehearsal; RELEASE rehearsal');
    }
  }

  /** The present state as the bytes of a SQLite file, encrypted texts as they are kept. */
  image(): Uint8Array {
    return this.#state.database.export();
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
    return this.#checkpoint(this.#options.lockTimeout);
  }

  /**
   * Checkpoints if there is something to write and the image is small or the journal long. Throws STORE_LOCKED at once
   * while another SQLite client writes: the journal has everything.
   */
  async checkpointIfDue(): Promise<void> {
    const { journal } = this.#state;
    if (!journal || this.problem || journal.head === journal.header.seq) return;
    if (this.#imageSize <= SMALL_IMAGE || journal.size > this.#journalLimit) await this.#checkpoint(0);
  }

  close(): void {
    this.#listeners.clear();
    this.rows?.close();
    this.#opened?.journal?.close();
    this.#opened?.database.close();
  }

  async #checkpoint(patience: number | undefined): Promise<void> {
    if (!this.exists) return;
    const work = () => {
      this.#prepareToWrite();
      checkpoint(this.#state, this.#options);
    };
    await this.#exclusively(work, { patience });
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
    database.run('SAVEPOINT work');
    try {
      const transaction = new Transaction(database, this.vault, { seq: journal.head + 1, at, actor });
      const result = work(transaction);
      const { changes } = transaction;
      if (changes.length === 0) {
        database.run('RELEASE work');
        return { result };
      }
      const record = { seq: transaction.seq, at, actor, action, changes };
      auditRecord(database, record);
      this.#options.onStep?.('commit.applied');
      if (!journal.append(record)) {
        database.exec('ROLLBACK TO work; RELEASE work');
        return undefined;
      }
      this.#state.head = record.seq;
      database.run('RELEASE work');
      return { result, record };
    } catch (error) {
      database.exec('ROLLBACK TO work; RELEASE work');
      throw error;
    }
  }

  /** Under the lock: the newest state, a journal to write to, and no unfinished line at its end. */
  #prepareToWrite(): void {
    for (const change of this.#catchUp()) this.#emit(change);
    const { problem, image, journal } = this.#state;
    if (problem) throw problem;
    if (image === '' || !journal) createFiles(this.#state, this.#options);
    // Another program wrote the image: only the merged one tells everybody which numbers its tasks have. Or somebody
    // removed the journal: what it held is in memory.
    else if (image !== journal.header.image || journal.isReplaced) checkpoint(this.#state, this.#options);
    this.#state.journal?.repairTail();
  }

  /** Keeps the journal from growing without an end while nobody is idle. */
  #boundJournal(): void {
    const { journal } = this.#state;
    if (!journal || journal.size <= LARGEST_JOURNAL * this.#journalLimit) return;
    try {
      checkpoint(this.#state, this.#options);
    } catch {
      // The commit is durable; the next one tries again.
    }
  }

  /** From this size of the journal on a checkpoint is due, bytes. */
  get #journalLimit(): number {
    return Math.max(LARGE_JOURNAL, this.#imageSize * LARGE_JOURNAL_PART);
  }

  get #imageSize(): number {
    return Number(this.#state.image.split(':')[1] ?? 0);
  }

  /** True when the file is not the image that was loaded or written here. */
  #imageChanged(): boolean {
    return imageFingerprint(this.#options.path) !== this.#state.image;
  }

  /** Applies what is new on disk and says what that was. */
  #catchUp(): StoreChange[] {
    const state = this.#state;
    if (state.problem || !state.journal)
      return state.problemSeenIn === diskState(this.#options.path) ? [] : this.#reload();
    const changes: StoreChange[] = [];
    try {
      for (let news = state.journal.poll(); news; news = state.journal.poll()) {
        const { checkpoint, continues } = news;
        // A checkpoint of what is known here needs no reading; one into which another program's rows went does.
        const isKnown = !checkpoint || checkpoint.image === state.image || checkpoint.known.includes(state.image);
        if (!continues || !isKnown) return [...changes, ...this.#reload()];
        const records = news.records.filter((record) => record.seq > state.head);
        state.database.together(() => {
          for (const record of records) applyRecord(state.database, record);
        });
        state.head = records.at(-1)?.seq ?? state.head;
        state.image = checkpoint?.image ?? state.image;
        if (records.length > 0) changes.push({ kind: 'records', records, own: false });
      }
    } catch (error) {
      // Damage: read anew what can be read, and keep the reason.
      if (!(error instanceof StoreError)) throw error;
      return [...changes, ...this.#reload()];
    }
    if (this.#imageChanged() && !isBeingWritten(this.#options.path)) return [...changes, ...this.#reload()];
    return changes;
  }

  #load(engine: Engine): State {
    const state = loadState(engine, this.#options.path, { onStep: this.#options.onStep, convert: this.#convert });
    // Only what replaces the whole content changes this, and that is read anew.
    this.vault.configure(metaValue(state.database, ENCRYPTION_META));
    return state;
  }

  #reload(): StoreChange[] {
    const old = this.#state;
    try {
      if (this.#engine) this.#opened = this.#load(this.#engine);
    } catch (error) {
      if (!(error instanceof OldStoreError)) throw error;
      // A migration was taken back while this was open: what was known stays on view, and nothing is written.
      old.problem = error;
      old.problemSeenIn = diskState(this.#options.path);
      return [];
    }
    old.journal?.close();
    old.database.close();
    return [{ kind: 'reloaded' }];
  }

  /**
   * Runs `work` alone among the commits of this process and of all others; `patience` with other SQLite clients in ms.
   * Where there is no store yet, `rehearsal` comes first: what it refuses makes none.
   */
  #exclusively<T>(work: () => T, { patience, rehearsal }: Exclusive = {}): Promise<T> {
    const run = async () => {
      if (this.problem || !this.exists) this.refresh();
      if (this.problem) throw this.problem;
      if (!this.exists) rehearsal?.();
      try {
        mkdirSync(dirname(this.#options.path), { recursive: true });
        return await patiently(patience ?? this.#options.lockTimeout, () => this.#locked(work));
      } catch (error) {
        throw explainFileError(error, dirname(this.#options.path));
      }
    };
    const result = this.#queue.then(run, run);
    this.#queue = result.catch(() => undefined);
    return result;
  }

  async #locked<T>(work: () => T): Promise<T> {
    await this.#lock.acquire(this.#options.lockTimeout ?? LOCK_TIMEOUT, this.#options.onWait);
    try {
      this.#options.onStep?.('commit.locked');
      return work();
    } finally {
      this.#lock.release();
      this.#options.onStep?.('commit.released');
    }
  }

  #emit(change: StoreChange): void {
    tell(this.#listeners, change);
  }
}
