import { fork } from 'node:child_process';
import { join } from 'node:path';
import { quantile, spread } from './measure.mjs';
import { nativeName } from './native.mjs';

const WRITERS = 16;
/** By each of them. */
const COMMITS = 200;

/**
 * Processes that all commit at once, ours and native SQLite's in turns: how many commits a second they get through
 * together, and how long one of them waits at worst.
 * @param {{ libraryPath: string, path: string, nativePath: string, size: number, runs: number }} given
 * @returns {Promise<import('./measure.mjs').Line[]>}
 */
export async function measureWriters({ libraryPath, path, nativePath, size, runs }) {
  /** @type {{ [name: string]: { rates: number[], waits: number[], longest: number[] } }} */
  const all = { ours: { rates: [], waits: [], longest: [] }, native: { rates: [], waits: [], longest: [] } };
  for (let run = 0; run < runs; run += 1) {
    for (const [name, args] of [
      ['ours', ['ours', path, libraryPath]],
      ['native', ['native', nativePath]],
    ]) {
      const { seconds, times } = await writeAtOnce(/** @type {string[]} */ (args));
      const { rates, waits, longest } = /** @type {typeof all.ours} */ (all[String(name)]);
      rates.push((WRITERS * COMMITS) / seconds);
      longest.push(Math.max(...times));
      waits.push(...times);
    }
  }
  return Object.entries(all).flatMap(([name, { rates, waits, longest }]) => {
    const whose = name === 'ours' ? '' : `, ${nativeName}`;
    return [
      {
        what: `${WRITERS} processes commit at once: together${whose}`,
        size,
        p50: quantile(rates, 0.5),
        unit: '/ s',
        limit:
          name === 'ours'
            ? 'one commit at a time, each with its fdatasync, and each process first applies what the others committed before its turn'
            : 'one commit at a time, each with its fdatasync',
      },
      {
        what: `${WRITERS} processes commit at once: one of them${whose}`,
        size,
        ...spread(waits),
        longest: Math.max(...longest),
        limit:
          name === 'ours'
            ? 'waiting for the lock: whoever finds it held tries again after up to 30 ms; after 0.3 s of that, every 1 to 3 ms'
            : 'waiting for the lock: SQLite tries again after pauses of 1 to 100 ms, so some are lucky and others wait long',
      },
    ];
  });
}

/** @param {string[]} args of `writer.mjs` */
async function writeAtOnce(args) {
  const writers = Array.from({ length: WRITERS }, () =>
    fork(join(import.meta.dirname, 'writer.mjs'), [...args, String(COMMITS)]),
  );
  try {
    await Promise.all(writers.map(next));
    const start = performance.now();
    const answers = writers.map(next);
    for (const writer of writers) writer.send('go');
    const times = /** @type {number[][]} */ (await Promise.all(answers));
    return { seconds: (performance.now() - start) / 1_000, times: times.flat() };
  } finally {
    for (const writer of writers) writer.kill();
  }
}

/** @param {import('node:child_process').ChildProcess} writer */
function next(writer) {
  return new Promise((done, failed) => {
    writer.once('message', done);
    writer.once('exit', (code) => failed(new Error(`a writer ended with ${code}`)));
  });
}
