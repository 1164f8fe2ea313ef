import { inTurns, runNode, spread } from './measure.mjs';

const COMMANDS = {
  'tm ready --limit 20': { budget: true },
  'tm next': { budget: true },
  'tm show (a ready task)': { budget: true },
  'tm show (a waiting task)': {},
  'tm add': { budget: true },
  'tm list --limit 20': {},
  'tm list': {},
  'tm (alone)': {},
  'tm --help': {},
  'tm update': {},
};

const WRITES = "starting SQLite and V8's compiling of its functions at their first call (decision 0005)";
const PLAN = 'every task and dependency is read, and the graph built: the order of a list follows from it';
const LIMITS = {
  'tm add': WRITES,
  'tm update': WRITES,
  'tm (alone)': WRITES,
  'tm ready --limit 20':
    'reading the indexes of all tasks and dependencies, in JavaScript that runs for the first time',
  'tm next': 'reading every open task and every dependency, and JavaScript that runs for the first time',
  'tm list --limit 20': PLAN,
  'tm list': PLAN,
  'tm --help': 'starting Node',
  others: 'loading the parts of tm, commander among them',
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
    'tm next': () => run('next'),
    'tm show (a ready task)': () => run('show', ready),
    'tm show (a waiting task)': () => run('show', waiting),
    'tm add': () => run('add', 'A task that the benchmark adds', '--depends-on', ready),
    'tm list --limit 20': () => run('list', '--limit', '20'),
    'tm list': () => run('list'),
    'tm (alone)': () => run(),
    'tm --help': () => run('--help'),
    'tm update': () => run('update', ready, '--title', `Changed at ${performance.now()}`),
  });
  const floor = { what: 'node -e 0', ...spread(times.floor) };
  return Object.entries(COMMANDS).map(([what, command]) => ({
    what,
    size,
    ...spread(times[/** @type {keyof typeof COMMANDS} */ (what)]),
    floor,
    limit: LIMITS[/** @type {keyof typeof LIMITS} */ (what)] ?? LIMITS.others,
    ...('budget' in command && size === 10_000 && { budget: '≤ 3 × floor' }),
  }));
}
