import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { SqlJsStatic } from 'sql.js';
import { StoreError } from '../core/model/errors.js';
import type { Database } from './database.js';
import { FileJournal } from './fileJournal.js';
import { fingerprint, sibling } from './files.js';
import { beingWritten, checkSchema, isBeingWritten, metaValue, numberTasks, openImage } from './image.js';
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
  /** Why the store can only be read. */
  problem: StoreError | undefined;
  /** What was on disk when the problem was found, so that it is looked into again only after a change. */
  problemSeenIn: string;
}

const ATTEMPTS = 20;
/** Between two attempts, ms. */
const PAUSE = 5;
/** Bytes left free behind an image. */
const ROOM = 256 * 1024;
const NEVER = new Int32Array(new SharedArrayBuffer(4));

/** Reads image and journal. Repeats while another process or program writes between the two reads. */
export function loadState(sql: SqlJsStatic, path: string): State {
  for (let attempt = 1; ; attempt += 1) {
    const state = isBeingWritten(path) ? undefined : load(sql, path);
    if (state) return state;
    if (attempt < ATTEMPTS) Atomics.wait(NEVER, 0, 0, PAUSE);
    else throw isBeingWritten(path) ? beingWritten(path) : notTogether(path);
  }
}

/** What lies on disk, by which a change is noticed. */
export function diskState(path: string): string {
  return `${fingerprint(path)} ${fingerprint(sibling(path, 'journal'))}`;
}

/** Undefined where the journal is newer than the image that was read: a checkpoint passed by. */
function load(sql: SqlJsStatic, path: string): State | undefined {
  const image = fingerprint(path);
  const bytes = image === '' ? undefined : readImage(path);
  if (fingerprint(path) !== image) return undefined;
  const database = openImage(sql, bytes, path);
  const problem = bytes && checkSchema(database, path);
  const state: State = {
    database,
    journal: undefined,
    head: Number(metaValue(database, 'last_seq') ?? 0),
    image,
    storeId: metaValue(database, 'store_id') ?? '',
    problem,
    problemSeenIn: '',
  };
  try {
    state.journal = FileJournal.open(sibling(path, 'journal'));
    if (state.journal && state.journal.header.base > state.head) {
      state.journal.close();
      database.close();
      return undefined;
    }
    replay(state, path);
    if (!state.problem) numberTasks(database);
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    state.problem ??= error;
  }
  if (state.problem) state.problemSeenIn = diskState(path);
  state.storeId ||= crypto.randomUUID();
  if (!bytes) database.run("INSERT INTO meta (key, value) VALUES ('store_id', ?)", [state.storeId]);
  return state;
}

/** Applies what the journal holds beyond the image. Throws STORE_CORRUPT at damage; what stands before it is applied. */
function replay(state: State, path: string): void {
  const { database, journal } = state;
  if (!journal) return;
  state.storeId ||= journal.header.store;
  if (journal.header.store !== state.storeId) throw notTogether(path);
  for (let news = journal.poll(); news; news = journal.poll()) {
    const { records } = news;
    database.together(() => {
      for (const record of records) {
        if (record.seq <= state.head) continue;
        applyRecord(database, record);
        state.head = record.seq;
      }
    });
  }
  if (journal.head < state.head) throw notTogether(path);
}

function notTogether(path: string): StoreError {
  return new StoreError(
    'STORE_CORRUPT',
    `${path} and its journal do not belong together. Nothing was changed; restore both from the same backup.`,
  );
}

/** A file's bytes in a buffer with room to grow. */
function readImage(path: string): Buffer {
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    const roomy = Buffer.allocUnsafeSlow(size + ROOM);
    roomy.fill(0, size);
    const bytes = roomy.subarray(0, readSync(file, roomy, 0, size, 0));
    // sql.js takes what `slice` gives for its own: with room behind the image a write to it moves nothing.
    bytes.slice = () => roomy;
    return bytes;
  } finally {
    closeSync(file);
  }
}
