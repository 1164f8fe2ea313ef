import { join } from 'node:path';
import { runNode, spread } from './measure.mjs';
import { nativeName } from './native.mjs';

/** A process's own size varies by a few megabytes: with fewer tasks that would be measured instead. */
const WORTH_WEIGHING = 10_000;

/**
 * The first opening of a store in a process, and what it then holds in memory: each in fresh processes, ours and
 * native SQLite's in turns.
 * @param {{ libraryPath: string, path: string, nativePath: string, folder: string, size: number, runs: number }} given
 * @returns {Promise<import('./measure.mjs').Line[]>}
 */
export async function measureColdStart({ libraryPath, path, nativePath, folder, size, runs }) {
  /** @typedef {{ engine: number, open: number, plan: number, opened: number, planned: number }} Probe */
  /** @type {{ ours: Probe[], native: Probe[], empty: Probe[], emptyNative: Probe[] }} */
  const probes = { ours: [], native: [], empty: [], emptyNative: [] };
  const probe = (/** @type {string[]} */ ...args) =>
    JSON.parse(runNode(folder, ['--expose-gc', join(import.meta.dirname, 'probe.mjs'), libraryPath, ...args]));
  for (let run = 0; run < runs; run += 1) {
    probes.ours.push(probe('ours', path));
    probes.native.push(probe('native', nativePath));
    probes.empty.push(probe('ours', join(folder, 'none/tasks.db')));
    probes.emptyNative.push(probe('native', join(folder, 'empty.db')));
  }
  const of = (/** @type {Probe[]} */ list, /** @type {keyof Probe} */ name) => spread(list.map((one) => one[name]));
  /** @param {Probe[]} full @param {Probe[]} empty @param {'opened' | 'planned'} when */
  const perTask = (full, empty, when) => ({
    size,
    p50: (of(full, when).p50 - of(empty, when).p50) / size / 1024,
    unit: 'KB',
  });
  return [
    {
      what: 'start SQLite, in a fresh process',
      size,
      ...of(probes.ours, 'engine'),
      floor: { what: `loading ${nativeName}`, ...of(probes.native, 'engine') },
      limit:
        "compiling 670 KB of WebAssembly, and SQLite's functions at their first call; an empty store's tables are made",
    },
    {
      what: 'open the store, in a fresh process',
      size,
      ...of(probes.ours, 'open'),
      floor: { what: `its opening with ${nativeName}`, ...of(probes.native, 'open') },
      budget: { 10000: '≤ 50 ms', 100000: '≤ 300 ms' }[size],
      limit: 'reading the whole file into memory; native SQLite reads the pages that it is asked for',
    },
    ...(size < WORTH_WEIGHING ? [] : memory()),
  ];

  function memory() {
    return [
      {
        what: 'memory for each task, opened',
        ...perTask(probes.ours, probes.empty, 'opened'),
        limit: 'the database itself: 1 KB of text, its indexes, dependencies and audit rows',
      },
      {
        what: 'memory for each task, with its graph',
        ...perTask(probes.ours, probes.empty, 'planned'),
        limit:
          "the tasks' rows as JavaScript objects, without their descriptions; and the text that they were read from",
      },
      {
        what: `memory for each task, with its graph, ${nativeName}`,
        ...perTask(probes.native, probes.emptyNative, 'planned'),
        limit: 'the same objects, and a cache of 2 MB; the database stays in the file, in the system’s page cache',
      },
    ];
  }
}
