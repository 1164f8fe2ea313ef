import type { Database } from './database.js';
import type { DirectRows } from './direct/directRows.js';
import type { Row, RowChange, TransactionRecord, Value } from './record.js';
import { TABLES, type TableName } from './schema.js';
import { sealColumns } from './sealing/sealedRows.js';
import type { Vault } from './sealing/vault.js';

/** Reads of the store's rows, those of an open transaction included. */
export interface RowReader {
  /** The files themselves, where SQLite has not been started: then `all` and `get` throw EngineNeeded. */
  readonly rows?: DirectRows | undefined;
  all<T extends Row>(sql: string, values?: readonly Value[]): T[];
  get<T extends Row>(sql: string, values?: readonly Value[]): T | undefined;
  /** What is needed to read encrypted texts. */
  readonly vault: Vault;
}

/**
 * One unit of work: row changes, seen by the reads between them, recorded in their order. Where the store is encrypted,
 * texts are written as ciphertext, and reads give that: rows can be moved and copied without the key.
 */
export class Transaction implements RowReader {
  readonly #database: Database;
  readonly #changes: RowChange[] = [];
  /** The number under which it is recorded, if it changes anything. */
  readonly seq: number;
  /** When the transaction takes place, UTC ISO 8601. */
  readonly at: string;
  readonly actor: string;

  readonly vault: Vault;

  constructor(database: Database, vault: Vault, { seq, at, actor }: Pick<TransactionRecord, 'seq' | 'at' | 'actor'>) {
    this.#database = database;
    this.vault = vault;
    this.seq = seq;
    this.at = at;
    this.actor = actor;
  }

  get changes(): readonly RowChange[] {
    return this.#changes;
  }

  all<T extends Row>(sql: string, values: readonly Value[] = []): T[] {
    return this.#database.all<T>(sql, values);
  }

  get<T extends Row>(sql: string, values: readonly Value[] = []): T | undefined {
    return this.#database.get<T>(sql, values);
  }

  /** Adds a new row. Columns with a default that differs from run to run (ids, times) must be given. */
  insert(table: TableName, row: Row): void {
    const key = TABLES[table].key.map((column) => row[column] ?? null);
    if (readRow(this, table, key)) throw new Error(`row ${key.join('/')} is in ${table} already`);
    const after = this.vault.isOn ? sealColumns(this.vault, table, row, undefined) : row;
    this.#do({ table, key, before: null, after });
  }

  /** Changes some columns of a row that exists; columns that have that value already are left out of the record. */
  update(table: TableName, key: readonly Value[], given: Row): void {
    const current = readRow(this, table, key);
    if (!current) throw new Error(`no row ${key.join('/')} in ${table}`);
    const columns = this.vault.isOn ? sealColumns(this.vault, table, given, current) : given;
    const changed = Object.keys(columns).filter((column) => (columns[column] ?? null) !== (current[column] ?? null));
    if (changed.length === 0) return;
    this.#do({ table, key, before: pick(current, changed), after: pick(columns, changed) });
  }

  /** Removes a row that exists. */
  delete(table: TableName, key: readonly Value[]): void {
    const current = readRow(this, table, key);
    if (current) this.#do({ table, key, before: present(current), after: null });
  }

  #do(change: RowChange): void {
    applyChange(this.#database, change);
    this.#changes.push(change);
  }
}

/**
 * Makes a change to the database. It tolerates rows that another SQLite client wrote or removed meanwhile: an insert
 * of a row that is there sets its columns, an update or delete of one that is gone does nothing.
 */
export function applyChange(database: Database, { table, key, before, after }: RowChange): void {
  if (after === null) {
    database.run(`DELETE FROM ${table} WHERE ${matchKey(table)}`, key);
    return;
  }
  const columns = Object.keys(after);
  const values = columns.map((column) => after[column] ?? null);
  if (before !== null) {
    const assignments = columns.map((column) => `${column} = ?`).join(', ');
    database.run(`UPDATE ${table} SET ${assignments} WHERE ${matchKey(table)}`, [...values, ...key]);
    return;
  }
  // Another client's new task can have taken the number; ours is recorded, so the other gets the next one.
  if (table === 'tasks' && after.number != null) {
    database.run('UPDATE tasks SET number = NULL WHERE number = ? AND id != ?', [after.number, after.id ?? null]);
  }
  const updates = columns.map((column) => `${column} = excluded.${column}`).join(', ');
  database.run(
    `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})
     ON CONFLICT (${TABLES[table].key.join(', ')}) DO UPDATE SET ${updates}`,
    values,
  );
}

/** Applies a whole record and keeps it in the audit log. */
export function applyRecord(database: Database, record: TransactionRecord): void {
  for (const change of record.changes) {
    const task = taskOf(database, change);
    applyChange(database, change);
    audit(database, record, change, task ?? taskOf(database, change));
  }
}

/** Keeps in the audit log a record whose changes were made already. */
export function auditRecord(database: Database, record: TransactionRecord): void {
  for (const change of record.changes) audit(database, record, change, taskOf(database, change));
}

function audit(database: Database, record: TransactionRecord, change: RowChange, task: Value | undefined): void {
  if (task === undefined) return;
  database.run(
    `INSERT INTO audit_log (task_id, action, old_value, new_value, changed_by, changed_at, seq, row_table, row_key)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      task,
      record.action,
      change.before && JSON.stringify(change.before),
      change.before && change.after && JSON.stringify(change.after),
      record.actor,
      record.at,
      record.seq,
      change.table,
      JSON.stringify(change.key),
    ],
  );
}

/** The task that a changed row belongs to: empty for a row that belongs to none, undefined for the store's own rows. */
function taskOf(database: Database, change: RowChange): Value | undefined {
  const { key, task } = TABLES[change.table] as { key: readonly string[]; task: string | undefined };
  if (task === undefined) return undefined;
  const inKey = key.indexOf(task);
  if (inKey >= 0) return change.key[inKey];
  const given = change.after?.[task] ?? change.before?.[task];
  if (given != null) return given;
  // Whole rows name their task, if they have one; a change names only what is another.
  if (change.before === null || change.after === null) return '';
  const row = database.get(`SELECT ${task} AS task FROM ${change.table} WHERE ${matchKey(change.table)}`, change.key);
  return row && (row.task ?? '');
}

/** A row as it is now; undefined if it is not there. */
export function readRow(store: Pick<RowReader, 'get'>, table: TableName, key: readonly Value[]): Row | undefined {
  return store.get(`SELECT * FROM ${table} WHERE ${matchKey(table)}`, key);
}

/** The condition that names one row, its values in the order of the key. */
function matchKey(table: TableName): string {
  return TABLES[table].key.map((column) => `${column} = ?`).join(' AND ');
}

function pick(row: Row, columns: readonly string[]): Row {
  return Object.fromEntries(columns.map((column) => [column, row[column] ?? null]));
}

/** A row without its NULLs and without the internal integer id, which no other process needs. */
function present(row: Row): Row {
  return Object.fromEntries(
    Object.entries(row).filter(([column, value]) => value !== null && !(column === 'id' && typeof value === 'number')),
  );
}
