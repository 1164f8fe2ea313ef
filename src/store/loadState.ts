import { closeSync, fstatSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { StoreError } from '../core/model/errors.js';
import type { Database } from './database.js';
import type { Engine, EngineDatabase } from './engine/engine.js';
import { FileJournal } from './fileJournal.js';
import { fingerprint, sibling } from './files.js';
import {
  imageFingerprint,
  metaValue,
  numberTasks,
  openImage,
  requireTaskStore,
  setMetaValue,
  versionProblem,
} from './image.js';
import { migrate, schemaVersion } from './migrations.js';
import type { Conversion } from './oldTool/convert.js';
import { isOldStore, OldStoreError } from './oldTool/oldStore.js';
import { BeingWrittenError, isBeingWritten } from './otherClients.js';
import type { TransactionRecord } from './record.js';
import type { StepListener } from './steps.js';
import { applyRecord } from './transaction.js';

/** Everything that a store consists of in memory. */
export interface State {
  readonly database: Database;
  /** Undefined until the store is written for the first time, and where the journal is missing. */
  journal: FileJournal | undefined;
  /** Sequence number of the last transaction in `database`. */
  head: number;
  /** Fingerprint of the image that `database` was loaded from or last written to. */
  image: string;
  storeId: string;
  /** Version of the schema on disk; in memory it is the present one. */
  readonly version: number;
  /** Why the store can only be read. */
  problem: StoreError | undefined;
  /** What was on disk when a problem, or a journal that does not count, was found: looked into again only after a change. */
  problemSeenIn: string;
}

export interface LoadOptions {
  readonly onStep?: StepListener | undefined;
  /** Leave an older schema as it is, for a backup; otherwise it is brought up to date in memory, for reading. */
  readonly asItIs?: boolean;
  /** Reads what tm 2.x made; without it such a store is refused. */
  readonly convert?: OldStoreReader | undefined;
}

/** Builds the present schema from a database of tm 2.x. */
export type OldStoreReader = (old: Database) => Conversion;

/** Key of `meta` under which an image names a journal that does not count any more: it was to be replaced next. */
export const REPLACED_JOURNAL = 'replaced_journal';

const ATTEMPTS = 20;
/** Between two attempts, ms. */
const PAUSE = 5;
const NEVER = new Int32Array(new SharedArrayBuffer(4));

/** Reads image and journal. Repeats while another process or program writes between the two reads. */
export function loadState(engine: Engine, path: string, options: LoadOptions = {}): State {
  for (let attempt = 1; ; attempt += 1) {
    const state = isBeingWritten(path) ? undefined : load(engine, path, options);
    if (state) return state;
    if (attempt < ATTEMPTS) Atomics.wait(NEVER, 0, 0, PAUSE);
    else throw isBeingWritten(path) ? new BeingWrittenError(path) : notTogether(path);
  }
}

/** What lies on disk, by which a change is noticed. */
export function diskState(path: string): string {
  return `${imageFingerprint(path)} ${fingerprint(sibling(path, 'journal'))}`;
}

/** Undefined where something was written while it was read: the image, or a checkpoint after it. */
function load(engine: Engine, path: string, { onStep, asItIs, convert }: LoadOptions): State | undefined {
  // Before anything is read: what comes meanwhile is news.
  const seen = diskState(path);
  const image = imageFingerprint(path);
  const read = image === '' ? undefined : readWhole(engine, path);
  if ((image !== '' && !read) || imageFingerprint(path) !== image) {
    if (read && !(read instanceof Uint8Array)) read.close();
    return undefined;
  }
  const database = openImage(engine, read, path);
  if (isOldStore(database)) return loadOld(database, path, { image, seen, asItIs, convert });
  requireTaskStore(database, path);
  const version = schemaVersion(database);
  const state: State = {
    database,
    journal: undefined,
    head: Number(metaValue(database, 'last_seq') ?? 0),
    image,
    storeId: metaValue(database, 'store_id') ?? '',
    version,
    problem: versionProblem(version, path),
    problemSeenIn: '',
  };
  try {
    state.journal = FileJournal.open(sibling(path, 'journal'), onStep);
    if (state.journal && state.journal.header.base > state.head) {
      state.journal.close();
      database.close();
      return undefined;
    }
    replay(state, path);
    if (state.problem?.code !== 'SCHEMA_TOO_NEW') numberTasks(database);
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    state.problem = error;
  }
  // Also where the journal is damaged: what is readable is read by the names of the present schema.
  if (!asItIs) migrate(database);
  if (state.problem || !state.journal) state.problemSeenIn = seen;
  state.storeId ||= crypto.randomUUID();
  if (!read) setMetaValue(database, 'store_id', state.storeId);
  return state;
}

interface OldImage extends Pick<LoadOptions, 'asItIs' | 'convert'> {
  readonly image: string;
  readonly seen: string;
}

/** A store of tm 2.x: in the present schema for reading, or as it is. Throws `OldStoreError` where nobody can convert it. */
function loadOld(old: Database, path: string, { image, seen, asItIs, convert }: OldImage): State {
  const problem = new OldStoreError(path);
  if (!convert && !asItIs) {
    old.close();
    throw problem;
  }
  const database = convert ? convert(old).database : old;
  if (convert) old.close();
  return {
    database,
    journal: undefined,
    head: 0,
    image,
    storeId: convert ? (metaValue(database, 'store_id') ?? '') : '',
    version: 0,
    // A journal is of another store: tm 2.x has none.
    problem: fingerprint(sibling(path, 'journal')) === '' ? problem : notTogether(path),
    problemSeenIn: seen,
  };
}

/** Applies what the journal holds beyond the image. Throws STORE_CORRUPT at damage; what stands before it is applied. */
function replay(state: State, path: string): void {
  const { database, journal } = state;
  if (!journal) return;
  const replaced = metaValue(database, REPLACED_JOURNAL);
  setMetaValue(database, REPLACED_JOURNAL, undefined);
  if (replaced === journalName(journal)) {
    journal.close();
    state.journal = undefined;
    return;
  }
  state.storeId ||= journal.header.store;
  const records: TransactionRecord[] = [];
  const damage = readAll(journal, records);
  // The same sequence number, but another history: a file that was put back alone, or came from another branch.
  const chain = metaValue(database, 'last_chain');
  const strange = chain !== undefined && journal.head >= state.head && journal.checksumOf(state.head) !== chain;
  if (journal.header.store !== state.storeId || strange) throw notTogether(path);
  database.together(() => {
    for (const record of records) {
      if (record.seq <= state.head) continue;
      applyRecord(database, record);
      state.head = record.seq;
    }
  });
  if (damage) throw damage;
  if (journal.head < state.head) throw notTogether(path);
}

/** Tells a journal from those before and after it in its store. */
export function journalName({ header }: FileJournal): string {
  return `${header.generation}:${header.base}:${header.image}`;
}

/** Collects the records up to the end or to damage, which is returned. */
function readAll(journal: FileJournal, records: TransactionRecord[]): StoreError | undefined {
  try {
    for (let news = journal.poll(); news; news = journal.poll()) records.push(...news.records);
    return undefined;
  } catch (error) {
    if (error instanceof StoreError) return error;
    throw error;
  }
}

function notTogether(path: string): StoreError {
  return new StoreError(
    'STORE_CORRUPT',
    `${path} and its journal do not belong together. Nothing was changed; “tm doctor” says what can be recovered.`,
  );
}

/** Longer ago than files' clocks are coarse, and nobody is writing now, ms. */
const SETTLED = 1_000;

/**
 * The image as it was at one moment; undefined where another client was changing it. Its pages are written one by one:
 * what reads the same twice, while nobody was at it in between, was whole in between.
 */
function readWhole(engine: Engine, path: string): Uint8Array | EngineDatabase | undefined {
  const isSettled = () => Date.now() - statSync(path).mtimeMs > SETTLED;
  const copy = isSettled() ? engine.openCopy?.(path) : undefined;
  if (copy && isSettled()) return copy;
  copy?.close();
  const bytes = readImage(engine, path);
  if (!bytes || isSettled()) return bytes;
  if (isBeingWritten(path) || !readFileSync(path).equals(bytes)) return undefined;
  return bytes;
}

/** A file's bytes; undefined where it became shorter meanwhile. */
function readImage(engine: Engine, path: string): Uint8Array | undefined {
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    const bytes = engine.allocate(size);
    return readSync(file, bytes, 0, size, 0) === size ? bytes : undefined;
  } finally {
    closeSync(file);
  }
}
