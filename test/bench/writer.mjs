/**
 * One of many processes that commit at once: opens, says so, waits for the word, and tells how long each commit took.
 *
 *   node writer.mjs ours STORE LIBRARY COUNT
 *   node writer.mjs native FILE COUNT
 */
import { loadLibrary } from './build.mjs';
import { retitleNative, retitleOurs } from './retitle.mjs';

const [whose, path = '', ...rest] = process.argv.slice(2);
const count = Number(rest.at(-1));
const work = whose === 'ours' ? await retitleOurs(await loadLibrary(rest[0] ?? ''), path) : retitleNative(path);
process.once('message', async () => {
  const times = [];
  for (let turn = 0; turn < count; turn += 1) {
    const start = performance.now();
    await work.commit(turn);
    times.push(performance.now() - start);
  }
  process.send?.(times);
  work.close();
});
process.send?.('ready');
