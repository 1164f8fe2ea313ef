import type { Row, Value } from '../record.js';

/**
 * SQLite: two builds of it answer the same. sql.js runs everywhere; Node's own starts in a hundredth of the time, where
 * there is one. Doubles and 32-bit integers are bound as what they are, larger integers as doubles; integers beyond 2^53
 * are read as the nearest double.
 */
export interface Engine {
  /** Room for an image's bytes, which `open` may take for its own. */
  allocate(size: number): Uint8Array;
  /** An image's database, or an empty one, in memory. What is no database is refused here or by the first statement. */
  open(image?: Uint8Array): EngineDatabase;
  /**
   * A database file's content, changed in a copy of its own that only this process has. Absent, or undefined, where bytes
   * in memory are to be read instead.
   */
  openCopy?(path: string): EngineDatabase | undefined;
}

/** How an engine is asked for: started at the first use. */
export type EngineLoader = () => Promise<Engine>;

export interface EngineDatabase {
  /** Runs any number of statements, which return nothing. */
  exec(sql: string): void;
  prepare(sql: string): EngineStatement;
  /** The bytes of a SQLite file. Throws within a transaction. */
  export(): Uint8Array;
  close(): void;
}

export interface EngineStatement {
  run(values: readonly Value[]): void;
  /** Of columns with the same name the last one counts. */
  all(values: readonly Value[]): Row[];
}
