import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Engine } from '../../src/store/engine/engine.js';
import { nodeEngine } from '../../src/store/engine/nodeEngine.js';
import { wasmEngine } from '../../src/store/engine/wasmEngine.js';

/** Where sql.js's WebAssembly is, from a folder of the tests. */
export const WASM = join(import.meta.dirname, '../../node_modules/sql.js/dist/sql-wasm.wasm');

export function wasm(path = WASM): Promise<Engine> {
  return wasmEngine(() => new Uint8Array(readFileSync(path)));
}

/** SQLite as stores ask for it: sql.js, as in a window of VS Code; with TM_SQLITE=node Node's own. */
export async function testEngine(path = WASM): Promise<Engine> {
  if (process.env.TM_SQLITE !== 'node') return wasm(path);
  const engine = nodeEngine();
  if (!engine) throw new Error('TM_SQLITE=node: this Node has no SQLite of its own that can be used.');
  return engine;
}
