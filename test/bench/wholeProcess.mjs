import { inTurns, runNode, spread } from './measure.mjs';

const COMMANDS = {
  'tm ready --limit 20': { budget: true },
  'tm show (a ready task)': { budget: true },
  'tm show (a waiting task)': {},
  'tm add': { budget: true },
  'tm list --limit 20': {},
  'tm update': {},
};

/**
 * Whole processes, from start to end, against `node -e 0`.
 * @param {{ tm: string, folder: string, size: number, runs: number, ready: string, waiting: string }} given
 * @returns {Promise<import('./measure.mjs').Line[]>}
 */
export async function measureProcesses({ tm, folder, size, runs, ready, waiting }) {
  /** @param {string[]} args */
  const run = (...args) => runNode(folder, [tm, ...args]);
  const times = await inTurns(runs, {
    floor: () => runNode(folder, ['-e', '0']),
    'tm ready --limit 20': () => run('ready', '--limit', '20'),
    'tm show (a ready task)': () => run('show', ready),
    'tm show (a waiting task)': () => run('show', waiting),
    'tm add': () => run('add', 'A task that the benchmark adds', '--depends-on', ready),
    'tm list --limit 20': () => run('list', '--limit', '20'),
    'tm update': () => run('update', ready, '--title', `Changed at ${performance.now()}`),
  });
  const floor = { what: 'node -e 0', ...spread(times.floor) };
  return Object.entries(COMMANDS).map(([what, command]) => ({
    what,
    size,
    ...spread(times[/** @type {keyof typeof COMMANDS} */ (what)]),
    floor,
    limit:
      what === 'tm list --limit 20'
        ? 'as the others, and the whole plan is read and its graph built'
        : "loading tm and reading the file; most of all V8, which compiles SQLite's functions at their first call (decision 0005)",
    ...('budget' in command && size === 10_000 && { budget: '≤ 3 × floor' }),
  }));
}
