import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { type Place, Varints } from './cells.js';
import { EngineNeeded } from './engineNeeded.js';

/** The first bytes of every SQLite file. */
const MAGIC = 'SQLite format 3\0';
const HEADER = 100;
/** What a file says of itself, by where it says it. */
const AT = { pageSize: 16, writeMode: 18, readMode: 19, reserved: 20, encoding: 56, version: 60 } as const;
/** First byte of a page of a b-tree. */
const KIND = { innerIndex: 2, innerTable: 5, leafIndex: 10, leafTable: 13 } as const;
/** Pages that lie beside each other are read at once up to so many bytes. */
const RUN = 256 * 1024;
/** Deeper than any tree of pages: in a damaged file pages may lead back to themselves. */
const DEEPEST = 40;

/**
 * The pages of a SQLite file, read when they are asked for (the format: https://sqlite.org/fileformat.html). Only of files
 * as this product writes them; EngineNeeded for all else.
 */
export class Pages {
  readonly #file: number;
  readonly #size: number;
  readonly #usable: number;
  readonly #pages = new Map<number, Buffer>();
  readonly #varints = new Varints();
  #rowid = 0;
  /** `user_version`: the version of the schema. */
  readonly version: number;
  /** Bytes of the file. */
  readonly length: number;

  constructor(path: string) {
    this.#file = openSync(path, 'r');
    try {
      const header = Buffer.alloc(HEADER);
      if (readSync(this.#file, header, 0, HEADER, 0) < HEADER || header.toString('latin1', 0, MAGIC.length) !== MAGIC)
        throw new EngineNeeded('not a SQLite file');
      const given = header.readUInt16BE(AT.pageSize);
      this.#size = given === 1 ? 65_536 : given;
      this.#usable = this.#size - (header[AT.reserved] as number);
      this.version = header.readUInt32BE(AT.version);
      const plain = header[AT.writeMode] === 1 && header[AT.readMode] === 1 && header.readUInt32BE(AT.encoding) === 1;
      this.length = fstatSync(this.#file).size;
      if (!plain || this.length % this.#size !== 0) throw new EngineNeeded('another form of the file');
    } catch (error) {
      this.close();
      throw error;
    }
  }

  close(): void {
    closeSync(this.#file);
  }

  /** Visits every entry of the b-tree that begins at page `root`, in its order; `rowid` is 0 in an index. */
  each(root: number, visit: (record: Place, rowid: number) => void): void {
    this.#readAhead(root);
    this.#walk(root, visit);
  }

  /**
   * Visits the entries of an index that `compare` finds equal; it says by a negative number that a record lies before
   * what is looked for, by a positive one that it lies behind it.
   */
  search(root: number, compare: (record: Place) => number, visit: (record: Place) => void): void {
    const page = this.#page(root);
    const inner = kindOf(page, root) === KIND.innerIndex;
    const count = page.readUInt16BE(headerAt(root) + 3);
    // The first entry that is not before what is looked for.
    let from = 0;
    for (let to = count; from < to; ) {
      const middle = (from + to) >> 1;
      if (compare(this.#record(page, root, middle)) < 0) from = middle + 1;
      else to = middle;
    }
    for (let at = from; at <= count; at += 1) {
      if (inner) this.search(this.#child(page, root, at), compare, visit);
      if (at === count) return;
      const record = this.#record(page, root, at);
      if (compare(record) > 0) return;
      visit(record);
    }
  }

  /** The record of a table's row. */
  row(root: number, rowid: number): Place | undefined {
    for (let number = root, depth = 0; ; depth += 1) {
      if (depth > DEEPEST) throw new EngineNeeded('a tree without an end');
      const page = this.#page(number);
      const leaf = kindOf(page, number) === KIND.leafTable;
      let from = 0;
      const count = page.readUInt16BE(headerAt(number) + 3);
      for (let to = count; from < to; ) {
        const middle = (from + to) >> 1;
        if (this.#rowidAt(page, number, middle) < rowid) from = middle + 1;
        else to = middle;
      }
      if (leaf) {
        if (from === count || this.#rowidAt(page, number, from) !== rowid) return undefined;
        return this.#record(page, number, from);
      }
      number = this.#child(page, number, from);
    }
  }

  #walk(number: number, visit: (record: Place, rowid: number) => void): void {
    const page = this.#page(number);
    const kind = kindOf(page, number);
    const count = page.readUInt16BE(headerAt(number) + 3);
    const inner = kind === KIND.innerIndex || kind === KIND.innerTable;
    for (let at = 0; at <= count; at += 1) {
      if (inner) this.#walk(this.#child(page, number, at), visit);
      if (at < count && kind !== KIND.innerTable) visit(this.#record(page, number, at), this.#rowid);
    }
  }

  /** Reads the pages of a whole b-tree, those beside each other at once. */
  #readAhead(root: number): void {
    let level = [root];
    for (let depth = 0; ; depth += 1) {
      if (depth > DEEPEST) throw new EngineNeeded('a tree without an end');
      const first = level[0] as number;
      const kind = kindOf(this.#page(first), first);
      if (kind === KIND.leafIndex || kind === KIND.leafTable) return;
      level = level.flatMap((number) => {
        const page = this.#page(number);
        const count = page.readUInt16BE(headerAt(number) + 3);
        return Array.from({ length: count + 1 }, (_, at) => this.#child(page, number, at));
      });
      this.#readRuns(level.filter((number) => !this.#pages.has(number)).sort((a, b) => a - b));
    }
  }

  #readRuns(numbers: readonly number[]): void {
    const most = RUN / this.#size;
    for (let at = 0; at < numbers.length; ) {
      const first = numbers[at] as number;
      let end = at + 1;
      // A few pages of others in between are read faster than the next call is made.
      while (
        end < numbers.length &&
        (numbers[end] as number) - (numbers[end - 1] as number) <= 4 &&
        (numbers[end] as number) - first < most
      )
        end += 1;
      const pages = (numbers[end - 1] as number) - first + 1;
      const bytes = this.#read(first, pages);
      for (; at < end; at += 1) {
        const start = ((numbers[at] as number) - first) * this.#size;
        this.#pages.set(numbers[at] as number, bytes.subarray(start, start + this.#size));
      }
    }
  }

  #page(number: number): Buffer {
    let page = this.#pages.get(number);
    if (!page) {
      page = this.#read(number, 1);
      this.#pages.set(number, page);
    }
    return page;
  }

  #read(first: number, count: number): Buffer {
    const bytes = Buffer.allocUnsafeSlow(count * this.#size);
    if (readSync(this.#file, bytes, 0, bytes.length, (first - 1) * this.#size) !== bytes.length)
      throw new EngineNeeded('a page is missing');
    return bytes;
  }

  /** Where the entry's bytes begin. */
  #cellAt(page: Buffer, number: number, at: number): number {
    const kind = kindOf(page, number);
    const pointers = headerAt(number) + (kind === KIND.innerIndex || kind === KIND.innerTable ? 12 : 8);
    return page.readUInt16BE(pointers + 2 * at);
  }

  #child(page: Buffer, number: number, at: number): number {
    const count = page.readUInt16BE(headerAt(number) + 3);
    return at === count ? page.readUInt32BE(headerAt(number) + 8) : page.readUInt32BE(this.#cellAt(page, number, at));
  }

  #rowidAt(page: Buffer, number: number, at: number): number {
    const start = this.#cellAt(page, number, at);
    if (kindOf(page, number) === KIND.innerTable) return this.#varints.read(page, start + 4);
    this.#varints.read(page, start);
    return this.#varints.read(page, this.#varints.end);
  }

  /** The record of an entry; leaves its row's number in `#rowid`. */
  #record(page: Buffer, number: number, at: number): Place {
    const kind = kindOf(page, number);
    const start = this.#cellAt(page, number, at) + (kind === KIND.innerIndex ? 4 : 0);
    const length = this.#varints.read(page, start);
    const table = kind === KIND.leafTable;
    this.#rowid = table ? this.#varints.read(page, this.#varints.end) : 0;
    return this.#whole(page, this.#varints.end, length, table);
  }

  /** A record's bytes, which go on in other pages where they are many. */
  #whole(page: Buffer, start: number, length: number, table: boolean): Place {
    const usable = this.#usable;
    const most = table ? usable - 35 : Math.floor(((usable - 12) * 64) / 255) - 23;
    if (length <= most) return { bytes: page, start };
    const least = Math.floor(((usable - 12) * 32) / 255) - 23;
    const local = least + ((length - least) % (usable - 4));
    const here = local <= most ? local : least;
    const parts = [page.subarray(start, start + here)];
    let next = page.readUInt32BE(start + here);
    for (let left = length - here; left > 0; left -= usable - 4) {
      if (next === 0) throw new EngineNeeded('a record has no end');
      const overflow = this.#page(next);
      parts.push(overflow.subarray(4, 4 + Math.min(left, usable - 4)));
      next = overflow.readUInt32BE(0);
    }
    return { bytes: Buffer.concat(parts, length), start: 0 };
  }
}

/** The first page begins with the file's header. */
function headerAt(number: number): number {
  return number === 1 ? HEADER : 0;
}

function kindOf(page: Buffer, number: number): number {
  const kind = page[headerAt(number)] as number;
  if (kind === KIND.leafTable || kind === KIND.leafIndex || kind === KIND.innerTable || kind === KIND.innerIndex)
    return kind;
  throw new EngineNeeded('a page of no b-tree');
}
