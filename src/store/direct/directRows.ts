import { StoreError } from '../../core/model/errors.js';
import { FileJournal } from '../fileJournal.js';
import { sibling } from '../files.js';
import { imageFingerprint } from '../image.js';
import { isBeingWritten } from '../otherClients.js';
import type { Row, RowChange, TransactionRecord, Value } from '../record.js';
import { SCHEMA_VERSION, TABLES, type TableName } from '../schema.js';
import { ENCRYPTION_META } from '../sealing/vault.js';
import { firstValue, recordValues } from './cells.js';
import { constraintColumns, indexColumns, readColumns, type TableColumn } from './definitions.js';
import { EngineNeeded } from './engineNeeded.js';
import { Pages } from './pages.js';

/** Tables that can be read; changes of the others are left alone. */
const READABLE = [
  'tasks',
  'dependencies',
  'file_refs',
  'task_analyses',
  'git_commits',
] as const satisfies readonly TableName[];

export type ReadableTable = (typeof READABLE)[number];

interface Table {
  readonly root: number;
  readonly columns: readonly TableColumn[];
  /** A table without row numbers is itself the index of its key, which its columns begin with. */
  readonly isOwnIndex: boolean;
  /** Roots of the indexes by the columns that they hold. */
  readonly indexes: ReadonlyMap<string, number>;
  /** By the names of their columns. */
  readonly shapes: Map<string, Shape>;
}

/** Rows that the journal has and the image has not yet, by their keys; null for those that are gone. */
type Newer = Map<string, Row | null>;

/**
 * Rows of a store read from its files without SQLite: that takes half as long as starting it. For what a command asks
 * first: tasks, their dependencies and references, by key and index, or all of them. Whatever is out of the ordinary
 * (damage, another program's rows, an older schema) throws EngineNeeded: SQLite decides then.
 */
export class DirectRows {
  readonly #path: string;
  readonly #image: string;
  readonly #pages: Pages;
  readonly #isLarge: (bytes: number) => boolean;
  readonly #tables = new Map<string, Table>();
  readonly #newer = new Map<ReadableTable, Newer>();

  private constructor(path: string, image: string, isLarge: (bytes: number) => boolean) {
    this.#path = path;
    this.#image = image;
    this.#isLarge = isLarge;
    this.#pages = new Pages(path);
    try {
      if (this.#pages.version !== SCHEMA_VERSION) throw new EngineNeeded('another schema');
      this.#readDefinitions();
      for (const record of this.#journal()) for (const change of record.changes) this.#apply(change);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** For questions about every task: EngineNeeded where the store is so large that SQLite answers sooner, its start included. */
  requireSmall(): void {
    if (this.#isLarge(this.#pages.length)) throw new EngineNeeded('a large store');
  }

  /** Undefined where SQLite is needed from the start. `isLarge`: from which size of the image on it answers questions about all tasks sooner. */
  static open(path: string, isLarge: (bytes: number) => boolean = () => false): DirectRows | undefined {
    try {
      const image = imageFingerprint(path);
      return image === '' || isBeingWritten(path) ? undefined : new DirectRows(path, image, isLarge);
    } catch (error) {
      if (error instanceof EngineNeeded || error instanceof StoreError || error instanceof RangeError) return undefined;
      // What the operating system refused (the file may not be read, or was replaced just now) the engine explains.
      if ((error as NodeJS.ErrnoException).code !== undefined) return undefined;
      throw error;
    }
  }

  /** Throws EngineNeeded where another program wrote to the file since it was opened: what was read may be half of it. */
  verify(): void {
    if (imageFingerprint(this.#path) !== this.#image || isBeingWritten(this.#path))
      throw new EngineNeeded('written meanwhile');
  }

  close(): void {
    this.#pages.close();
  }

  /** The rows whose column has a value. */
  find(name: ReadableTable, column: string, value: string | number): Row[] {
    return this.#search(name, column, (other) => order(other, value)).filter((row) => row[column] === value);
  }

  /** The rows whose column begins with a text. */
  beginning(name: ReadableTable, column: string, text: string): Row[] {
    const compare = (other: Value) => (typeof other === 'string' && other.startsWith(text) ? 0 : order(other, text));
    const begins = (row: Row) => typeof row[column] === 'string' && row[column].startsWith(text);
    return this.#search(name, column, compare).filter(begins);
  }

  /** Visits all rows, with these columns; the object that is given is used for the next row again. */
  each(name: ReadableTable, columns: readonly string[], visit: (row: Row) => void): void {
    const table = this.#table(name);
    const newer = this.#newerOf(name);
    const shape = shapeOf(table, [...TABLES[name].key, ...columns]);
    const row: Record<string, Value> = {};
    this.#pages.each(table.root, (record, rowid) => {
      fillRow(row, shape, rowid, recordValues(record, shape.wanted));
      if (newer.size === 0 || !newer.has(keyOf(name, row))) visit(row);
    });
    for (const row of newer.values()) if (row) visit(row);
  }

  /**
   * Visits what an index alone knows of all rows, and their numbers for `at`: several times faster than the rows. False
   * while the journal has newer ones.
   */
  eachCovered(name: ReadableTable, columns: readonly string[], visit: (values: readonly Value[]) => void): boolean {
    const root = this.#table(name).indexes.get(columns.join());
    if (root === undefined || this.#newerOf(name).size > 0) return false;
    this.#pages.each(root, (record) => visit(recordValues(record)));
    return true;
  }

  /** The columns of a row of the image by the number that its index gives. */
  at(name: ReadableTable, rowid: number, columns: readonly string[]): Row {
    const table = this.#table(name);
    const record = this.#pages.row(table.root, rowid);
    if (!record) throw new EngineNeeded('an index names no row');
    const shape = shapeOf(table, columns);
    return rowOf(shape, rowid, recordValues(record, shape.wanted));
  }

  #search(name: ReadableTable, column: string, compare: (value: Value) => number): Row[] {
    const newer = this.#newerOf(name);
    const old = this.#searchImage(name, column, compare);
    if (newer.size === 0) return old;
    return [...old.filter((row) => !newer.has(keyOf(name, row))), ...[...newer.values()].filter((row) => row !== null)];
  }

  #searchImage(name: ReadableTable, column: string, compare: (value: Value) => number): Row[] {
    const table = this.#table(name);
    if (table.isOwnIndex && column === TABLES[name].key[0]) return this.#searchKeys(table, compare);
    const index = [...table.indexes].find(([columns]) => columns.split(',')[0] === column)?.[1];
    if (index === undefined) throw new EngineNeeded(`no index of ${column}`);
    const rowids: number[] = [];
    this.#pages.search(
      index,
      (entry) => compare(firstValue(entry)),
      (entry) => rowids.push(recordValues(entry).at(-1) as number),
    );
    const columns = table.columns.map((one) => one.name);
    const rows = rowids.map((rowid) => this.at(name, rowid, columns));
    const numbered = table.columns.find((one) => one.rowid)?.name;
    return numbered === undefined ? rows : rows.sort((a, b) => Number(a[numbered]) - Number(b[numbered]));
  }

  #searchKeys(table: Table, compare: (value: Value) => number): Row[] {
    const shape = shapeOf(
      table,
      table.columns.map((one) => one.name),
    );
    const rows: Row[] = [];
    this.#pages.search(
      table.root,
      (entry) => compare(firstValue(entry)),
      (entry) => rows.push(rowOf(shape, 0, recordValues(entry))),
    );
    return rows;
  }

  #table(name: string): Table {
    const table = this.#tables.get(name);
    if (!table) throw new EngineNeeded(`no table ${name}`);
    return table;
  }

  #readDefinitions(): void {
    const master: { kind: Value; name: string; of: string; root: number; sql: string }[] = [];
    this.#pages.each(1, (record) => {
      const [kind = null, name, of, root, sql] = recordValues(record);
      master.push({ kind, name: String(name), of: String(of), root: Number(root), sql: String(sql ?? '') });
    });
    for (const { name, root, sql } of master.filter((one) => one.kind === 'table')) {
      if (name !== 'meta' && !READABLE.some((one) => one === name)) continue;
      const indexes = master
        .filter((one) => one.kind === 'index' && one.of === name)
        .map((index): [string, number] => {
          const number = /^sqlite_autoindex_.*_(\d+)$/.exec(index.name)?.[1];
          const columns = number ? constraintColumns(sql, Number(number)) : indexColumns(index.sql);
          return [columns.join(), index.root];
        });
      this.#tables.set(name, {
        root,
        columns: readColumns(sql),
        isOwnIndex: /\bWITHOUT ROWID\s*$/i.test(sql),
        indexes: new Map(indexes),
        shapes: new Map(),
      });
    }
  }

  /** The records that are not in the image, where image and journal are as this product left them. */
  #journal(): readonly TransactionRecord[] {
    const meta = new Map<Value, Value>();
    this.#pages.each(this.#table('meta').root, (record) => {
      const [key = null, value = null] = recordValues(record);
      meta.set(key, value);
    });
    const journal = FileJournal.open(sibling(this.#path, 'journal'));
    if (!journal) throw new EngineNeeded('no journal');
    try {
      const records: TransactionRecord[] = [];
      for (let news = journal.poll(); news; news = journal.poll()) records.push(...news.records);
      const head = Number(meta.get('last_seq') ?? 0);
      const { store, base, image } = journal.header;
      const chain = meta.get('last_chain');
      const together =
        store === meta.get('store_id') &&
        image === this.#image &&
        base <= head &&
        journal.head >= head &&
        !meta.has('replaced_journal') &&
        // What is sealed is opened where the keys are.
        !meta.has(ENCRYPTION_META) &&
        (chain === undefined || journal.checksumOf(head) === chain);
      if (!together) throw new EngineNeeded('image and journal differ');
      return records.filter((record) => record.seq > head);
    } finally {
      journal.close();
    }
  }

  #apply({ table: name, key, before, after }: RowChange): void {
    const table = READABLE.find((one) => one === name);
    if (!table) return;
    const newer = this.#newerOf(table);
    const id = JSON.stringify(key);
    const columns: readonly string[] = TABLES[table].key;
    const named = Object.fromEntries(columns.map((column, at) => [column, key[at] as Value]));
    if (after === null) newer.set(id, null);
    else if (before === null) {
      const standard = this.#table(table).columns.map((column): [string, Value] => [column.name, column.standard]);
      newer.set(id, { ...Object.fromEntries(standard), ...named, ...after });
    } else {
      const first = columns[0] as string;
      const old = newer.get(id) ?? this.find(table, first, key[0] as string).find((row) => keyOf(table, row) === id);
      if (!old) throw new EngineNeeded('a change of no row');
      newer.set(id, { ...old, ...after });
    }
  }

  #newerOf(name: ReadableTable): Newer {
    let newer = this.#newer.get(name);
    if (!newer) {
      newer = new Map();
      this.#newer.set(name, newer);
    }
    return newer;
  }
}

/** Which values of a record make a row, and under which names. */
interface Shape {
  readonly columns: readonly { readonly name: string; readonly at: number; readonly column: TableColumn }[];
  readonly wanted: readonly boolean[];
}

function shapeOf({ columns, shapes }: Table, names: readonly string[]): Shape {
  const name = names.join();
  const known = shapes.get(name);
  if (known) return known;
  const chosen = columns.flatMap((column, at) =>
    names.includes(column.name) ? [{ name: column.name, at, column }] : [],
  );
  const last = Math.max(...chosen.map(({ at }) => at));
  const wanted = columns.slice(0, last + 1).map(({ name }) => names.includes(name));
  const shape = { columns: chosen, wanted };
  shapes.set(name, shape);
  return shape;
}

function rowOf(shape: Shape, rowid: number, values: readonly Value[]): Row {
  return fillRow({}, shape, rowid, values);
}

function fillRow(row: Record<string, Value>, { columns }: Shape, rowid: number, values: readonly Value[]): Row {
  for (const { name, at, column } of columns)
    row[name] = column.rowid ? rowid : at < values.length ? (values[at] as Value) : column.standard;
  return row;
}

function keyOf(name: ReadableTable, row: Row): string {
  const columns: readonly string[] = TABLES[name].key;
  return JSON.stringify(columns.map((column) => row[column]));
}

/** SQLite's order of what an index holds: nothing, numbers, texts (of ASCII, as ids are). */
function order(value: Value, other: string | number): number {
  if (value === null) return -1;
  if (typeof value !== typeof other) return typeof value === 'number' ? -1 : 1;
  return value === other ? 0 : value < other ? -1 : 1;
}
