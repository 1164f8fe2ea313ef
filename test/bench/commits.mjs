import { closeSync, fdatasyncSync, openSync, readFileSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { openStore } from './build.mjs';
import { inTurns, spread } from './measure.mjs';
import { nativeName } from './native.mjs';
import { retitleNative, retitleOurs } from './retitle.mjs';

const COMMITS = 1_000;
/** How many records a process is behind that takes them up. */
const BEHIND = 1_000;

/**
 * One durable commit, ours and native SQLite's, in turns with the least that is durable.
 * @param {typeof import('./library.js')} library
 * @param {{ path: string, nativePath: string, folder: string, size: number }} given
 * @returns {Promise<import('./measure.mjs').Line[]>}
 */
export async function measureCommit(library, { path, nativePath, folder, size }) {
  const ours = await retitleOurs(library, path);
  const native = retitleNative(nativePath);
  const journal = path.replace(/db$/, 'journal');
  const before = statSync(journal).size;
  await ours.commit(0);
  const record = Buffer.alloc(statSync(journal).size - before, 0x2e);
  const file = openSync(join(folder, 'floor'), 'a');
  let turn = 0;
  const times = await inTurns(COMMITS, {
    floor: () => {
      turn += 1;
      writeSync(file, record);
      fdatasyncSync(file);
    },
    ours: () => ours.commit(turn),
    native: () => native.commit(turn),
  });
  closeSync(file);
  ours.close();
  native.close();
  const floor = { what: `append ${record.length} bytes + fdatasync`, ...spread(times.floor) };
  return [
    {
      what: 'durable commit',
      size,
      ...spread(times.ours),
      floor,
      budget: 'p50 ≤ 1 ms, flat (≤ 1.5 ×)',
      limit: 'fdatasync, two fifths of it; then SQLite in WebAssembly, and the lock file (made, read back, removed)',
    },
    {
      what: `durable commit, ${nativeName}`,
      size,
      ...spread(times.native),
      floor,
      limit: 'fdatasync of whole pages in the WAL, and every 1,000 pages the copy of the WAL into the file',
    },
  ];
}

/**
 * A process that is behind takes up what others committed; against reading and parsing the same lines.
 * @param {typeof import('./library.js')} library
 * @param {{ path: string, nativePath: string, size: number, runs: number }} given
 * @returns {Promise<import('./measure.mjs').Line[]>}
 */
export async function measureCatchingUp(library, { path, nativePath, size, runs }) {
  const writer = await retitleOurs(library, path);
  const reader = await openStore(library, path);
  const nativeWriter = retitleNative(nativePath);
  const nativeReader = retitleNative(nativePath);
  const journal = path.replace(/db$/, 'journal');
  const times = { ours: [0], native: [0], floor: [0] };
  for (const list of Object.values(times)) list.pop();
  const timed = (/** @type {number[]} */ list, /** @type {() => unknown} */ work) => {
    const start = performance.now();
    work();
    list.push(performance.now() - start);
  };
  await writer.commit(0);
  for (let run = 0; run < runs; run += 1) {
    // A journal that grows too long is checkpointed by a commit: then the lines would be gone.
    await writer.store.checkpoint();
    reader.refresh();
    const start = statSync(journal).size;
    for (let turn = 0; turn < BEHIND; turn += 1) {
      await writer.commit(run * BEHIND + turn);
      nativeWriter.commit(run * BEHIND + turn);
    }
    timed(times.floor, () => {
      const lines = readFileSync(journal).subarray(start).toString('utf8').trimEnd().split('\n');
      for (const line of lines) JSON.parse(line.slice(line.indexOf('{')));
      if (lines.length !== BEHIND) throw new Error(`${lines.length} lines`);
    });
    timed(times.ours, () => reader.refresh());
    timed(times.native, () => nativeReader.read());
    if (reader.head !== writer.store.head) throw new Error('the reader did not take up everything');
  }
  writer.close();
  reader.close();
  nativeWriter.close();
  nativeReader.close();
  const floor = { what: 'reading and parsing the lines', ...spread(times.floor) };
  const records = BEHIND.toLocaleString('en');
  return [
    {
      what: `catch up with ${records} records`,
      size,
      ...spread(times.ours),
      floor,
      limit:
        'each row is written to SQLite again, with its indexes and its audit row; as many µs a record as ms in all',
    },
    {
      what: `catch up with ${records} commits, ${nativeName}`,
      size,
      ...spread(times.native),
      floor,
      limit: 'nothing to take up: its first read after them looks the pages up in the WAL',
    },
  ];
}
