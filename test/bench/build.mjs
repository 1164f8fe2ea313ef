import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

export const root = join(import.meta.dirname, '../..');
export const wasmPath = join(root, 'node_modules/sql.js/dist/sql-wasm.wasm');

/**
 * Bundles the parts of the product that are measured inside this process; the same bundle is loaded by the processes
 * that the benchmarks start.
 * @param {string} folder
 */
export async function buildLibrary(folder) {
  const path = join(folder, 'library.cjs');
  await build({
    entryPoints: [join(import.meta.dirname, 'library.ts')],
    outfile: path,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    minify: true,
    logLevel: 'warning',
  });
  return path;
}

/**
 * @param {string} path of the bundle
 * @returns {Promise<typeof import('./library.js')>}
 */
export async function loadLibrary(path) {
  return (await import(pathToFileURL(path).href)).default;
}

/**
 * @param {typeof import('./library.js')} library
 * @param {string} path of the store
 */
export function openStore(library, path) {
  const wasm = readFileSync(wasmPath);
  return library.Store.open({
    path,
    engine: () => library.wasmEngine(() => new Uint8Array(wasm)),
    program: 'bench',
    now: () => new Date().toISOString(),
  });
}
