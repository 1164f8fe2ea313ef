import { readFileSync } from 'node:fs';
import { openStore } from './build.mjs';
import { measureCatchingUp, measureCommit } from './commits.mjs';
import { inTurns, spread } from './measure.mjs';

/**
 * Opening a store, asking it what is ready and committing to it, within one process.
 * @param {typeof import('./library.js')} library
 * @param {{ path: string, nativePath: string, folder: string, size: number, runs: number }} given
 * @returns {Promise<import('./measure.mjs').Line[]>}
 */
export async function measureStore(library, given) {
  return [
    ...(await measureOpening(library, given)),
    ...(await measureReading(library, given)),
    ...(await measureCommit(library, given)),
    ...(await measureCatchingUp(library, { ...given, runs: Math.min(given.runs, 5) })),
  ];
}

/**
 * @param {typeof import('./library.js')} library
 * @param {{ path: string, size: number, runs: number }} given
 */
async function measureOpening(library, { path, size, runs }) {
  const times = await inTurns(runs, {
    floor: () => readFileSync(path),
    open: async () => (await openStore(library, path)).close(),
  });
  const budget = { 10000: '≤ 50 ms', 100000: '≤ 300 ms' }[size];
  const floor = { what: 'reading the file', ...spread(times.floor) };
  const limit = 'copying the file into memory';
  return [{ what: 'open the store', size, ...spread(times.open), floor, budget, limit }];
}

/**
 * @param {typeof import('./library.js')} library
 * @param {{ path: string, size: number, runs: number }} given
 */
async function measureReading(library, { path, size, runs }) {
  const store = await openStore(library, path);
  const { tasks, dependencies } = library.readPlan(store);
  const graph = new library.PlanGraph(tasks, dependencies);
  const now = new Date().toISOString();
  let pending = 0;
  const json = JSON.stringify({ tasks, dependencies });
  const build = await inTurns(Math.min(runs, 5), {
    floor: () => JSON.parse(json),
    rows: () => library.readPlan(store),
    graph: () => new library.PlanGraph(tasks, dependencies),
  });
  const times = await inTurns(runs * 10, {
    floor: () => {
      for (const task of tasks) if (task.status === 'pending') pending += 1;
    },
    some: () => graph.ready(now, 20),
    all: () => graph.ready(now),
    count: () => graph.readyCount(now),
  });
  const inStore = await inTurns(Math.min(runs, 10), { sql: () => library.readReady(store, now) });
  store.close();
  if (pending === 0) throw new Error('nothing is pending');
  const parsing = { what: 'parsing it as JSON', ...spread(build.floor) };
  const floor = { what: 'a pass over all tasks', ...spread(times.floor) };
  const atTenThousand = size === 10_000;
  return [
    {
      what: 'read the plan for its graph',
      size,
      ...spread(build.rows),
      floor: parsing,
      limit: 'SQLite writes the rows as one JSON text, JavaScript parses it and makes an object of each row',
    },
    {
      what: 'build the graph',
      size,
      ...spread(build.graph),
      floor: parsing,
      limit: 'a node and two lists of edges for each task, and the state of each from those it depends on',
    },
    { what: 'ready set, top 20', size, ...spread(times.some), floor, ...(atTenThousand && { budget: '≤ 1 ms' }) },
    { what: 'ready set, all', size, ...spread(times.all), floor, ...(atTenThousand && { budget: '≤ 20 ms' }) },
    { what: 'ready set, count', size, ...spread(times.count), floor },
    {
      what: 'ready set, asked of the store',
      size,
      ...spread(inStore.sql),
      floor,
      limit: 'for each pending task SQLite looks at its dependencies, three index look-ups each',
    },
  ];
}
