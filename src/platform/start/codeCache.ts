import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import type { Program } from './program.js';
import { keepsFlags } from './shortLived.js';

/** What V8 compiled of a program, with the uses in whose runs it did. */
export interface CodeCache {
  readonly uses: readonly string[];
  readonly data: Buffer;
}

/** A `Script` of Node's. */
export interface Compiled {
  createCachedData(): Buffer;
}

/** The first line of a cache's file. */
interface Head {
  readonly of: string;
  readonly sum: number;
  readonly uses: readonly string[];
}

/** V8 wants its data to begin at a multiple of this. */
const ALIGNED = 64;
const BLANK = ' ';

/** Undefined where nothing is kept for this source and this V8. */
export function readCodeCache(program: Program): CodeCache | undefined {
  try {
    const bytes = readFileSync(cachePath(program));
    const end = bytes.indexOf('\n') + 1;
    const { of, sum, uses } = JSON.parse(bytes.toString('latin1', 0, end)) as Head;
    const data = bytes.subarray(end);
    // V8 itself compares no more of the source than its length, and nothing of the data: damage would crash it.
    return of === program.name && sum === checksum(data) ? { uses, data } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Keeps what is compiled now, with what was read from the cache, beside the program: who may write there may change the
 * program itself. Where that is nobody's to write, nothing is kept, and `tm` starts as it would without.
 */
export function writeCodeCache(program: Program, script: Compiled, uses: readonly string[]): void {
  // V8 takes back only what was compiled with the flags that it starts with.
  if (process.execArgv.length > 0 || process.env.NODE_OPTIONS || !keepsFlags()) return;
  const path = cachePath(program);
  const own = `${path}.${process.pid}.tmp`;
  let file: number | undefined;
  try {
    const data = script.createCachedData();
    const head = JSON.stringify({ of: program.name, sum: checksum(data), uses } satisfies Head);
    const length = Math.ceil((head.length + 1) / ALIGNED) * ALIGNED;
    file = openSync(own, 'wx');
    writeSync(file, `${head.padEnd(length - 1, BLANK)}\n`);
    writeSync(file, data);
    fsyncSync(file);
    closeSync(file);
    file = undefined;
    renameSync(own, path);
  } catch {
    if (file !== undefined) closeSync(file);
    rmSync(own, { force: true });
  }
}

function cachePath({ path }: Program): string {
  return path.replace(/\.js$/, `.${process.versions.v8}-${process.arch}.cache`);
}

/** Fletcher's, over words of four bytes: Node's own CRC-32 would have to be loaded, which takes longer. */
function checksum(data: Buffer): number {
  const words = new Int32Array(data.buffer, data.byteOffset, data.length >> 2);
  let sum = 0;
  let sums = 0;
  for (let index = 0; index < words.length; index += 1) {
    sum = (sum + (words[index] as number)) | 0;
    sums = (sums + sum) | 0;
  }
  return sum ^ sums ^ data.length;
}
