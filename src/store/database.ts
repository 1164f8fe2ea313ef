import type { Database as SqlJsDatabase, SqlJsStatic, Statement } from 'sql.js';
import { StoreError } from '../core/model/errors.js';
import type { Row, Value } from './record.js';

let engine: Promise<SqlJsStatic> | undefined;

/** Loads SQLite (WebAssembly) once a process. `wasm` is the bytes of sql.js's `sql-wasm.wasm`, asked for at the first use only. */
export function loadEngine(wasm: () => Uint8Array<ArrayBuffer>): Promise<SqlJsStatic> {
  engine ??= import('sql.js').then(({ default: start }) => start({ wasmBinary: wasm().buffer }));
  return engine;
}

/** SQLite in memory: rows in and out, prepared statements kept. */
export class Database {
  readonly #sql: SqlJsDatabase;
  #statements = new Map<string, Statement>();

  /** Throws what SQLite says when `image` is not a database. */
  constructor(sql: SqlJsStatic, image?: Uint8Array) {
    this.#sql = new sql.Database(image);
    // Durability is the journal's business: this database lives in memory. Foreign keys are declared for other
    // clients; here every cascade is an explicit change, so that the record holds it. Nobody else has this database
    // open: without EXCLUSIVE each transaction looks for another's writes in sql.js's file system, 50 µs of a commit.
    this.#sql.exec(
      `PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF;
       PRAGMA temp_store = MEMORY; PRAGMA foreign_keys = OFF`,
    );
  }

  /** Runs statements that return nothing. */
  exec(sql: string): void {
    this.#sql.exec(sql);
  }

  run(sql: string, values: readonly Value[] = []): void {
    const statement = this.#prepare(sql);
    try {
      statement.run([...values]);
    } catch (error) {
      throw this.#explain(error);
    } finally {
      statement.reset();
    }
  }

  all<T extends Row>(sql: string, values: readonly Value[] = []): T[] {
    const statement = this.#prepare(sql);
    try {
      statement.bind([...values]);
      const rows: T[] = [];
      while (statement.step()) rows.push(statement.getAsObject() as unknown as T);
      return rows;
    } catch (error) {
      throw this.#explain(error);
    } finally {
      statement.reset();
    }
  }

  get<T extends Row>(sql: string, values: readonly Value[] = []): T | undefined {
    return this.all<T>(sql, values)[0];
  }

  /**
   * All rows of a query as arrays, carried out of SQLite as one JSON text: several times faster for thousands of rows
   * than stepping. `columns` are SQL expressions.
   */
  table(columns: readonly string[], from: string, values: readonly Value[] = []): Value[][] {
    const row = this.get<{ rows: string }>(
      `SELECT json_group_array(json_array(${columns.join(', ')})) AS rows FROM ${from}`,
      values,
    );
    return JSON.parse(row?.rows ?? '[]') as Value[][];
  }

  /** One transaction of SQLite around many statements: fewer writes of pages. What was done before an error stays. */
  together(work: () => void): void {
    this.run('SAVEPOINT together');
    try {
      work();
    } finally {
      this.run('RELEASE together');
    }
  }

  /** The whole database as the bytes of a SQLite file. */
  export(): Uint8Array {
    return this.#sql.export();
  }

  close(): void {
    this.#statements.clear();
    this.#sql.close();
  }

  /** SQLite tells damage from other errors in words alone, so the database is looked through. */
  #explain(error: unknown): unknown {
    if (this.#isSound()) return error;
    return new StoreError(
      'STORE_CORRUPT',
      `The task database is damaged (${(error as Error).message}). Nothing was changed; restore tasks.db from a backup.`,
      { sqlite: (error as Error).message },
    );
  }

  #isSound(): boolean {
    try {
      return this.#sql.exec('PRAGMA quick_check(1)')[0]?.values[0]?.[0] === 'ok';
    } catch {
      return false;
    }
  }

  #prepare(sql: string): Statement {
    let statement = this.#statements.get(sql);
    if (!statement) {
      try {
        statement = this.#sql.prepare(sql);
      } catch (error) {
        throw this.#explain(error);
      }
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}
