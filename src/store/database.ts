import { StoreError } from '../core/model/errors.js';
import type { Engine, EngineDatabase, EngineStatement } from './engine/engine.js';
import type { Row, Value } from './record.js';

/** SQLite in memory: rows in and out, prepared statements kept. */
export class Database {
  readonly #sql: EngineDatabase;
  readonly #statements = new Map<string, EngineStatement>();
  #check: EngineStatement | undefined;

  /** Throws what SQLite says when `image` is not a database. An image that is open already is taken as it is. */
  constructor(engine: Engine, image?: Uint8Array | EngineDatabase) {
    this.#sql = image === undefined || image instanceof Uint8Array ? engine.open(image) : image;
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
      statement.run(values);
    } catch (error) {
      throw this.#explain(error);
    }
  }

  all<T extends Row>(sql: string, values: readonly Value[] = []): T[] {
    const statement = this.#prepare(sql);
    try {
      return statement.all(values) as T[];
    } catch (error) {
      throw this.#explain(error);
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
      this.#check ??= this.#sql.prepare('PRAGMA quick_check(1)');
      return this.#check.all([])[0]?.quick_check === 'ok';
    } catch {
      return false;
    }
  }

  #prepare(sql: string): EngineStatement {
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
