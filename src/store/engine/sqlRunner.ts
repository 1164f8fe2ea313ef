/**
 * A program of its own: `sqlRunner.js STORE SCRIPT` runs SQL against a copy of a store in memory and prints each row as
 * one line of JSON. SQLite is WebAssembly here, which has files in memory only: `ATTACH` and `VACUUM INTO` reach no disk.
 */
import { readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { sqlStatements } from '../../core/execution/sqlStatements.js';
import { wasmEngine } from './wasmEngine.js';

async function main([store = '', script = '']: readonly string[]): Promise<number> {
  const wasm = new Uint8Array(readFileSync(join(__dirname, 'sql-wasm.wasm')));
  const engine = await wasmEngine(() => wasm);
  const database = engine.open(new Uint8Array(readFileSync(store)));
  for (const statement of sqlStatements(readFileSync(script, 'utf8'))) {
    try {
      for (const row of database.prepare(statement).all([])) write(1, `${JSON.stringify(row, shown)}\n`);
    } catch (error) {
      const [first = ''] = statement.split('\n');
      write(2, `${error instanceof Error ? error.message : String(error)}\n  in: ${first}\n`);
      return 1;
    }
  }
  return 0;
}

/** Bytes as SQL writes them. */
function shown(_name: string, value: unknown): unknown {
  return value instanceof Uint8Array ? `x'${Buffer.from(value).toString('hex')}'` : value;
}

function write(file: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    write(2, `${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
