import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Engine } from '../store/engine/engine.js';
import { nodeEngine } from '../store/engine/nodeEngine.js';
import { wasmEngine } from '../store/engine/wasmEngine.js';

/** Node's own SQLite where it can be used, else WebAssembly. */
export async function sqlite(): Promise<Engine> {
  const own = process.env.TM_SQLITE === 'wasm' ? undefined : nodeEngine();
  return own ?? wasmEngine(() => new Uint8Array(readFileSync(join(__dirname, 'sql-wasm.wasm'))));
}
