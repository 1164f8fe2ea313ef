import {
  closeSync,
  constants,
  fdatasyncSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readSync,
  type Stats,
  statSync,
  writeSync,
} from 'node:fs';
import { StoreError } from '../core/model/errors.js';
import { writeDurably } from './files.js';
import { Chain, type Checkpoint, type Journal, type JournalNews } from './journal.js';
import { decodeLine, encodeLine, type JournalEntry, type JournalHeader } from './journalLine.js';
import type { TransactionRecord } from './record.js';
import type { StepListener } from './steps.js';

/** The first line: what the format says, and which image the journal follows. */
export type FileHeader = JournalHeader & Checkpoint;

/** The first line as version 0.1 wrote it, which repeated no records. */
interface FirstFormat {
  readonly format: 1;
  readonly store: string;
  readonly generation: number;
  readonly base: number;
  readonly chain: string;
  readonly image: string;
  readonly from: string;
}

/** Where a record stands in the file. */
interface Place {
  readonly seq: number;
  readonly start: number;
  readonly end: number;
}

/** So many bytes of records are repeated after a checkpoint: readers that miss some checkpoints in a row still follow. */
const TAIL = 16 * 1024;

/** The journal as a file of lines; see `journalLine.ts` for their form. */
export class FileJournal implements Journal {
  readonly #path: string;
  readonly #onStep: StepListener | undefined;
  #file: number;
  #header: FileHeader;
  #chain: Chain;
  /** Up to where the file was read and understood. */
  #offset: number;
  /** Up to where the records are in the image. */
  #covered: number;
  /** The records that hold, in their order. */
  #places: Place[] = [];

  private constructor(path: string, file: number, onStep: StepListener | undefined) {
    this.#path = path;
    this.#onStep = onStep;
    this.#file = file;
    const { header, chain, end } = readHeader(file);
    this.#header = header;
    this.#chain = chain;
    this.#offset = end;
    this.#covered = end;
  }

  /** Opens the journal at `path`; undefined if there is none. Throws STORE_CORRUPT if its first line is damaged. */
  static open(path: string, onStep?: StepListener): FileJournal | undefined {
    const file = openForAppend(path);
    return file === undefined ? undefined : FileJournal.#of(path, file, onStep);
  }

  static #of(path: string, file: number, onStep: StepListener | undefined): FileJournal {
    try {
      return new FileJournal(path, file, onStep);
    } catch (error) {
      closeSync(file);
      throw error;
    }
  }

  /** Writes an empty journal for a store; what was there is replaced. `chain` is empty where no history goes before. */
  static create(
    path: string,
    { base, ...header }: { store: string; base: number; chain: string; image: string },
    onStep?: StepListener,
  ): FileJournal {
    const first: FileHeader = { format: 2, generation: 1, base, seq: base, known: [], ...header };
    writeDurably(path, encodeLine(first).bytes, { what: 'journal', onStep });
    return FileJournal.#of(path, openForAppend(path) as number, onStep);
  }

  get head(): number {
    return this.#chain.head;
  }

  get size(): number {
    return this.#offset - this.#covered;
  }

  get header(): FileHeader {
    return this.#header;
  }

  /** Checksum of the record `seq`; undefined where this log does not reach. */
  checksumOf(seq: number): string | undefined {
    return this.#chain.checksumOf(seq);
  }

  /** True when the file at the journal's path is not the one that is open here, or is gone. */
  get isReplaced(): boolean {
    const there = statOf(this.#path);
    const own = fstatSync(this.#file);
    return there?.ino !== own.ino || there.dev !== own.dev;
  }

  poll(): JournalNews | undefined {
    const replaced = this.isReplaced;
    const start = this.head;
    const records = this.#readOn();
    const next = replaced ? openForAppend(this.#path) : undefined;
    if (next === undefined) return records.length > 0 ? { records, continues: true } : undefined;
    const old = this.#chain;
    this.#follow(next);
    const { seq, image, known } = this.#header;
    // What was written to the old file after the checkpoint had read it does not count.
    const counting = records.filter((record) => record.seq <= seq);
    const last = counting.at(-1)?.seq ?? start;
    const newer = this.#readOn().filter((record) => record.seq > last);
    const continues = this.#chain.checksumOf(last) === old.checksumOf(last);
    return { records: [...counting, ...newer], checkpoint: { seq, image, known }, continues };
  }

  repairTail(): void {
    if (fstatSync(this.#file).size > this.#offset) {
      ftruncateSync(this.#file, this.#offset);
      fdatasyncSync(this.#file);
    }
  }

  append(record: TransactionRecord): boolean {
    const entry: JournalEntry = { prev: this.#chain.checksum, record };
    const { bytes, checksum } = encodeLine(entry);
    try {
      let written = 0;
      while (written < bytes.length) written += writeSync(this.#file, bytes, written);
      this.#onStep?.('commit.appended');
      fdatasyncSync(this.#file);
    } catch (error) {
      // Take back what a full disk let through; if even that fails, the next writer finds a torn line and cuts it.
      try {
        ftruncateSync(this.#file, this.#offset);
      } catch {}
      throw error;
    }
    const there = readFrom(this.#file, this.#offset, bytes.length);
    // Elsewhere than expected, or in a file that a checkpoint has replaced: another writer came first.
    if (!there.equals(bytes) || this.isReplaced) return false;
    this.#chain.accept(record.seq, entry.prev, checksum);
    this.#places.push({ seq: record.seq, start: this.#offset, end: this.#offset + bytes.length });
    this.#offset += bytes.length;
    this.#onStep?.('commit.synced');
    return true;
  }

  restart(image: string, known: readonly string[]): void {
    const { store, generation } = this.#header;
    const tail = known.includes(this.#header.image) ? this.#tail() : [];
    const base = (tail[0]?.seq ?? this.head + 1) - 1;
    const chain = this.#chain.checksumOf(base) as string;
    const header: FileHeader = {
      format: 2,
      store,
      generation: generation + 1,
      base,
      chain,
      seq: this.head,
      image,
      known,
    };
    const lines = tail.map(({ start, end }) => readFrom(this.#file, start, end - start));
    const bytes = Buffer.concat([encodeLine(header).bytes, ...lines]);
    writeDurably(this.#path, bytes, { what: 'journal', onStep: this.#onStep });
    this.#follow(openForAppend(this.#path) as number);
    this.#readOn();
  }

  close(): void {
    closeSync(this.#file);
  }

  /** The last records, as many as are worth repeating. */
  #tail(): Place[] {
    const end = this.#places.at(-1)?.end ?? 0;
    return this.#places.filter(({ start }) => end - start <= TAIL);
  }

  /** Goes over to the journal that a checkpoint put in this one's place. */
  #follow(file: number): void {
    const next = FileJournal.#of(this.#path, file, this.#onStep);
    closeSync(this.#file);
    this.#file = file;
    this.#header = next.#header;
    this.#chain = next.#chain;
    this.#offset = next.#offset;
    this.#covered = next.#covered;
    this.#places = [];
  }

  /** The records up to the end or to the first damage; where the damage comes first, it is thrown. */
  #readOn(): TransactionRecord[] {
    const start = this.#offset;
    const bytes = readFrom(this.#file, start);
    const records: TransactionRecord[] = [];
    let at = 0;
    try {
      while (at < bytes.length) {
        const line = decodeLine<JournalEntry>(bytes, at, start);
        if (!line) break;
        const { prev, record } = line.value;
        if (this.#chain.accept(record.seq, prev, line.checksum)) {
          records.push(record);
          this.#places.push({ seq: record.seq, start: start + at, end: start + line.end });
        }
        at = line.end;
        this.#offset = start + at;
        if (record.seq <= this.#header.seq) this.#covered = this.#offset;
      }
    } catch (error) {
      if (records.length === 0) throw error;
    }
    return records;
  }
}

function openForAppend(path: string): number | undefined {
  try {
    return openSync(path, constants.O_RDWR | constants.O_APPEND);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    // A read-only folder can still be read; the write says what is wrong.
    if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM') return openSync(path, constants.O_RDONLY);
    throw error;
  }
}

function readHeader(file: number): { header: FileHeader; chain: Chain; end: number } {
  const line = decodeLine<FileHeader | FirstFormat>(readFrom(file, 0, 8192), 0);
  const format: unknown = line?.value.format;
  if (typeof format === 'number' && format > 2) {
    throw new StoreError(
      'SCHEMA_TOO_NEW',
      `The journal was written by a newer version (form ${format}, this one knows 2). What stands in it is not shown; update.`,
    );
  }
  if (!line || (format !== 1 && format !== 2)) {
    throw new StoreError(
      'STORE_CORRUPT',
      'The journal has no readable first line. Nothing is written until it is repaired: “tm doctor” says how.',
    );
  }
  const header = presentHeader(line.value);
  return { header, chain: new Chain(header.base, header.chain || line.checksum), end: line.end };
}

/** A header of any format in the form of the present one. */
export function presentHeader(header: FileHeader | FirstFormat): FileHeader {
  if (header.format !== 1) return header;
  const { store, generation, base, chain, image, from } = header;
  const known = from === '' ? [] : [from];
  return { format: 2, store, generation, base, chain: base === 0 ? '' : chain, seq: base, image, known };
}

function readFrom(file: number, offset: number, limit = Number.POSITIVE_INFINITY): Buffer {
  const length = Math.min(limit, Math.max(0, fstatSync(file).size - offset));
  const bytes = Buffer.alloc(length);
  let read = 0;
  while (read < length) {
    const count = readSync(file, bytes, read, length - read, offset + read);
    if (count === 0) break;
    read += count;
  }
  return bytes.subarray(0, read);
}

function statOf(path: string): Stats | undefined {
  return statSync(path, { throwIfNoEntry: false });
}
