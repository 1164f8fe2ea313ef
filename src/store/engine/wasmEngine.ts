import type { Database, SqlJsStatic, Statement } from 'sql.js';
import type { Row, Value } from '../record.js';
import type { Engine, EngineDatabase, EngineStatement } from './engine.js';

/** Bytes left free behind an image. */
const ROOM = 256 * 1024;

let started: Promise<Engine> | undefined;

/** SQLite as WebAssembly, started once a process. `wasm` is the bytes of sql.js's `sql-wasm.wasm`. */
export function wasmEngine(wasm: () => Uint8Array<ArrayBuffer>): Promise<Engine> {
  started ??= import('sql.js')
    .then(({ default: start }) => start({ wasmBinary: wasm().buffer }))
    .then((sql) => new WasmEngine(sql));
  return started;
}

class WasmEngine implements Engine {
  readonly #sql: SqlJsStatic;

  constructor(sql: SqlJsStatic) {
    this.#sql = sql;
  }

  allocate(size: number): Uint8Array {
    const roomy = Buffer.allocUnsafeSlow(size + ROOM);
    roomy.fill(0, size);
    const bytes = roomy.subarray(0, size);
    // sql.js takes what `slice` gives for its own: with room behind the image a write to it moves nothing.
    bytes.slice = () => roomy;
    return bytes;
  }

  open(image?: Uint8Array): EngineDatabase {
    return new WasmDatabase(new this.#sql.Database(image));
  }
}

class WasmDatabase implements EngineDatabase {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  exec(sql: string): void {
    this.#database.exec(sql);
  }

  prepare(sql: string): EngineStatement {
    return new WasmStatement(this.#database.prepare(sql));
  }

  export(): Uint8Array {
    return this.#database.export();
  }

  close(): void {
    this.#database.close();
  }
}

class WasmStatement implements EngineStatement {
  readonly #statement: Statement;

  constructor(statement: Statement) {
    this.#statement = statement;
  }

  run(values: readonly Value[]): void {
    try {
      this.#statement.run([...values]);
    } finally {
      this.#statement.reset();
    }
  }

  all(values: readonly Value[]): Row[] {
    const statement = this.#statement;
    try {
      statement.bind([...values]);
      const rows: Row[] = [];
      while (statement.step()) rows.push(statement.getAsObject() as Row);
      return rows;
    } finally {
      statement.reset();
    }
  }
}
