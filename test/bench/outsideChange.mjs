import { fork } from 'node:child_process';
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openStore } from './build.mjs';
import { spread } from './measure.mjs';

const CHANGES = 100;

/**
 * How long it takes from the start of a commit until another process has applied it; against a file watcher that sees a
 * plain append.
 * @param {typeof import('./library.js')} library
 * @param {{ libraryPath: string, path: string, folder: string, size: number }} given
 * @returns {Promise<import('./measure.mjs').Line[]>}
 */
export async function measureOutsideChange(library, { libraryPath, path, folder, size }) {
  const file = join(folder, 'watched');
  writeFileSync(file, '');
  const store = await openStore(library, path);
  const id = String(store.get('SELECT id FROM tasks LIMIT 1')?.id);
  const observer = fork(join(import.meta.dirname, 'observer.mjs'), [libraryPath, path, file]);
  /** @type {Map<string | number, number>} */
  const seen = new Map();
  let wake = () => {};
  observer.on('message', (/** @type {{ what: string | number, at: number }} */ { what, at }) => {
    if (!seen.has(what)) seen.set(what, at);
    wake();
  });
  /** @param {string | number} what */
  const seeing = async (what) => {
    while (!seen.has(what)) await new Promise((done) => (wake = () => done(undefined)));
    return seen.get(what) ?? 0;
  };
  await seeing('started');
  const times = { store: /** @type {number[]} */ ([]), floor: /** @type {number[]} */ ([]) };
  for (let run = 0; run < CHANGES; run += 1) {
    const committing = Number(process.hrtime.bigint());
    await store.commit('bench', 'task.update', (transaction) =>
      transaction.update('tasks', [id], { title: `Seen for the ${run}th time at ${Date.now()}` }),
    );
    times.store.push(((await seeing(store.head)) - committing) / 1e6);
    const appending = Number(process.hrtime.bigint());
    appendFileSync(file, '.');
    times.floor.push(((await seeing(`floor ${run + 1}`)) - appending) / 1e6);
    await new Promise((done) => setTimeout(done, 20));
  }
  observer.kill();
  store.close();
  const floor = { what: 'a watcher sees an append', ...spread(times.floor) };
  return [
    {
      what: 'from a commit to its event in another process',
      size,
      ...spread(times.store),
      floor,
      budget: '≤ 250 ms',
      limit: 'the commit itself, then the file watcher; a second at most where the system tells of no changes',
    },
  ];
}
