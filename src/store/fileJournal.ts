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

/** The first line: what the format says, and which image the journal follows. */
export type FileHeader = JournalHeader & Checkpoint;

/** The journal as a file of lines; see `journalLine.ts` for their form. */
export class FileJournal implements Journal {
  readonly #path: string;
  #file: number;
  #header: FileHeader;
  #chain: Chain;
  /** Up to where the file was read and understood. */
  #offset: number;

  private constructor(path: string, file: number) {
    this.#path = path;
    this.#file = file;
    const { header, chain, end } = readHeader(file);
    this.#header = header;
    this.#chain = chain;
    this.#offset = end;
  }

  /** Opens the journal at `path`; undefined if there is none. Throws STORE_CORRUPT if its first line is damaged. */
  static open(path: string): FileJournal | undefined {
    const file = openForAppend(path);
    return file === undefined ? undefined : FileJournal.#of(path, file);
  }

  static #of(path: string, file: number): FileJournal {
    try {
      return new FileJournal(path, file);
    } catch (error) {
      closeSync(file);
      throw error;
    }
  }

  /** Writes an empty journal for a store; what was there is replaced. */
  static create(path: string, header: { store: string; base: number; image: string }): FileJournal {
    writeHeader(path, { format: 1, generation: 1, chain: '00000000', from: '', ...header });
    return new FileJournal(path, openForAppend(path) as number);
  }

  get head(): number {
    return this.#chain.head;
  }

  get size(): number {
    return this.#offset;
  }

  get header(): FileHeader {
    return this.#header;
  }

  /** True when the file at the journal's path is not the one that is open here, or is gone. */
  get isReplaced(): boolean {
    const there = statOf(this.#path);
    const own = fstatSync(this.#file);
    return there?.ino !== own.ino || there.dev !== own.dev;
  }

  poll(): JournalNews | undefined {
    const replaced = this.isReplaced;
    const records = this.#readOn();
    const next = replaced ? openForAppend(this.#path) : undefined;
    if (next === undefined) return records.length > 0 ? { records } : undefined;
    this.#follow(next);
    const { base, image, from } = this.#header;
    // What was written to the old file after the checkpoint had read it does not count.
    return { records: records.filter((record) => record.seq <= base), checkpoint: { base, image, from } };
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
    this.#offset += bytes.length;
    return true;
  }

  restart(image: string, from: string): void {
    const { head: base, checksum: chain } = this.#chain;
    const { format, store, generation } = this.#header;
    writeHeader(this.#path, { format, store, generation: generation + 1, base, chain, image, from });
    this.#follow(openForAppend(this.#path) as number);
  }

  close(): void {
    closeSync(this.#file);
  }

  /** Goes over to the journal that a checkpoint put in this one's place. */
  #follow(file: number): void {
    const next = FileJournal.#of(this.#path, file);
    closeSync(this.#file);
    this.#file = file;
    this.#header = next.#header;
    this.#chain = next.#chain;
    this.#offset = next.#offset;
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
        if (this.#chain.accept(record.seq, prev, line.checksum)) records.push(record);
        at = line.end;
        this.#offset = start + at;
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
  const bytes = readFrom(file, 0, 4096);
  const line = decodeLine<FileHeader>(bytes, 0);
  if (line?.value.format !== 1) {
    throw new StoreError(
      'STORE_CORRUPT',
      'The journal has no readable first line. Nothing is written until it is repaired.',
    );
  }
  const { value: header, checksum, end } = line;
  return { header, chain: new Chain(header.base, header.base === 0 ? checksum : header.chain), end };
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

function writeHeader(path: string, header: FileHeader): void {
  writeDurably(path, encodeLine(header).bytes);
}

function statOf(path: string): Stats | undefined {
  return statSync(path, { throwIfNoEntry: false });
}
