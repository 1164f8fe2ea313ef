import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvalidInputError } from '../core/model/errors.js';
import { setShortLived } from '../platform/start/shortLived.js';
import type { Engine } from '../store/engine/engine.js';
import { nodeEngine } from '../store/engine/nodeEngine.js';
import { wasmEngine } from '../store/engine/wasmEngine.js';

/** From these sizes of an image on, bytes, SQLite reads all tasks sooner than `store/direct`. Measured: docs/decisions/0005. */
const LARGE = { node: 1_000_000, wasm: 10_000_000 };

/** True where SQLite, its start included, answers a question about all tasks of such an image sooner than the image's pages. */
export function isQuicker(bytes: number): boolean {
  return bytes > LARGE.wasm || (bytes > LARGE.node && ownEngine() !== undefined);
}

/** The SQLite of this run: Node's own where it can be used, else WebAssembly; or the one that `TM_SQLITE` names. */
export async function sqlite(): Promise<Engine> {
  return ownEngine() ?? wasmEngine(readWasm);
}

function ownEngine(): Engine | undefined {
  const named = process.env.TM_SQLITE || undefined;
  if (named !== undefined && named !== 'node' && named !== 'wasm')
    throw new InvalidInputError('TM_SQLITE', `TM_SQLITE is ${named}. Set it to node or wasm, or unset it.`);
  const own = named === 'wasm' ? undefined : nodeEngine({ copies: tmpdir() });
  if (!own && named === 'node') {
    const message = `TM_SQLITE is node, and Node ${process.versions.node} has no SQLite that can be used. Unset it.`;
    throw new InvalidInputError('TM_SQLITE', message);
  }
  return own;
}

function readWasm(): Uint8Array<ArrayBuffer> {
  setShortLived();
  return new Uint8Array(readFileSync(join(__dirname, 'sql-wasm.wasm')));
}
