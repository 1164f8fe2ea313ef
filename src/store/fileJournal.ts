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
import { Chain, type Journal, type JournalNews } from './journal.js';
import { decodeLine, encodeLine, type JournalEntry, type JournalHeader } from './journalLine.js';
import type { TransactionRecord } from './record.js';

/** Header fields that a checkpoint adds: a description of the image that it wrote. */
interface FileHeader extends JournalHeader {
  readonly image: string;
}

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
    const { header, end, checksum } = readHeader(file);
    this.#header = header;
    this.#chain = new Chain(header.base, header.base === 0 ? checksum : header.chain);
    this.#offset = end;
  }

  /** Opens the journal at `path`; undefined if there is none. Throws STORE_CORRUPT if its first line is damaged. */
  static open(path: string): FileJournal | undefined {
    const file = openForAppend(path);
    if (file === undefined) return undefined;
    try {
      return new FileJournal(path, file);
    } catch (error) {
      closeSync(file);
      throw error;
    }
  }

  /** Writes an empty journal for a store; what was there is replaced. */
  static create(path: string, header: { store: string; generation: number; base: number; image: string }): FileJournal {
    writeHeader(path, { format: 1, chain: '00000000', ...header });
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

  poll(): JournalNews {
    const stat = statOf(this.#path);
    const own = fstatSync(this.#file);
    if (!stat) return { kind: 'none' };
    if (stat.ino !== own.ino || stat.dev !== own.dev) {
      const next = openForAppend(this.#path);
      if (next === undefined) return { kind: 'none' };
      return this.#follow(next);
    }
    if (own.size === this.#offset) return { kind: 'none' };
    const records = this.#readOn();
    return records.length === 0 ? { kind: 'none' } : { kind: 'records', records };
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
    const there = Buffer.alloc(bytes.length);
    readSync(this.#file, there, 0, there.length, this.#offset);
    const path = statOf(this.#path);
    const own = fstatSync(this.#file);
    // Elsewhere than expected, or in a file that a checkpoint has replaced: another writer came first.
    if (!there.equals(bytes) || path?.ino !== own.ino || path.dev !== own.dev) return false;
    this.#chain.accept(record.seq, entry.prev, checksum);
    this.#offset += bytes.length;
    return true;
  }

  restart(image: string): void {
    const { format, store, generation } = this.#header;
    const header = { format, store, generation: generation + 1, base: this.head, chain: this.#chain.checksum, image };
    writeHeader(this.#path, header);
    this.#follow(openForAppend(this.#path) as number);
  }

  close(): void {
    closeSync(this.#file);
  }

  /** Goes over to the journal that a checkpoint put in this one's place. */
  #follow(file: number): JournalNews {
    const { header, end, checksum } = readHeader(file);
    closeSync(this.#file);
    this.#file = file;
    this.#header = header;
    this.#chain = new Chain(header.base, header.base === 0 ? checksum : header.chain);
    this.#offset = end;
    return { kind: 'replaced', base: header.base, image: header.image };
  }

  #readOn(): TransactionRecord[] {
    const bytes = readFrom(this.#file, this.#offset);
    const records: TransactionRecord[] = [];
    let at = 0;
    while (at < bytes.length) {
      const line = decodeLine<JournalEntry>(bytes, at);
      if (!line) break;
      const { prev, record } = line.value;
      if (this.#chain.accept(record.seq, prev, line.checksum)) records.push(record);
      this.#offset += line.end - at;
      at = line.end;
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

function readHeader(file: number): { header: FileHeader; end: number; checksum: string } {
  const bytes = readFrom(file, 0, 4096);
  const line = decodeLine<FileHeader>(bytes, 0);
  if (line?.value.format !== 1) {
    throw new StoreError(
      'STORE_CORRUPT',
      'The journal has no readable first line. Nothing is written until it is repaired.',
    );
  }
  return { header: line.value, end: line.end, checksum: line.checksum };
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
