import { spawnSync } from 'node:child_process';

/**
 * One line of the table. Times in ms; `floor` is what the machine needs for the least that could do the job.
 * @typedef {object} Line
 * @property {string} what
 * @property {number} [size] tasks in the store
 * @property {number} p50
 * @property {number} [p95]
 * @property {number} [p99] where it was measured a hundred times or more
 * @property {number} [longest]
 * @property {number} [best]
 * @property {{ what: string, p50: number, best: number }} [floor]
 * @property {string} [budget]
 * @property {string} [unit] ms if absent
 * @property {string} [limit] what keeps it from being less
 */

/**
 * @param {readonly number[]} values
 * @param {number} share 0.5 for the median
 */
export function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** @param {readonly number[]} values */
export function spread(values) {
  return {
    best: Math.min(...values),
    p50: quantile(values, 0.5),
    p95: quantile(values, 0.95),
    ...(values.length >= 100 && { p99: quantile(values, 0.99) }),
  };
}

/**
 * Times several pieces of work in turns, so that whatever else the machine does falls on all of them alike.
 * @template {string} K
 * @param {number} runs
 * @param {Record<K, () => unknown>} works
 * @param {() => unknown} [after] each of them, untimed
 * @returns {Promise<Record<K, number[]>>}
 */
export async function inTurns(runs, works, after) {
  const names = /** @type {K[]} */ (Object.keys(works));
  const times = /** @type {Record<K, number[]>} */ (Object.fromEntries(names.map((name) => [name, []])));
  for (let run = -1; run < runs; run += 1) {
    for (const name of names) {
      const start = performance.now();
      await works[name]();
      const time = performance.now() - start;
      await after?.();
      // The first turn warms the machine's caches.
      if (run >= 0) times[name].push(time);
    }
  }
  return times;
}

/**
 * Runs a Node program with a clean environment to its end and returns what it printed.
 * @param {string} folder
 * @param {string[]} args
 */
export function runNode(folder, args) {
  const env = { PATH: process.env.PATH, HOME: folder, LOGNAME: 'bench', GIT_CONFIG_NOSYSTEM: '1' };
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 1e9,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${status}: ${stderr}`);
  return stdout;
}
