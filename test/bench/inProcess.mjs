import { closeSync, fdatasyncSync, openSync, readFileSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { openStore } from './build.mjs';
import { inTurns, spread } from './measure.mjs';

/**
 * Opening a store, asking it what is ready and committing to it, within one process.
 * @param {typeof import('./library.js')} library
 * @param {{ path: string, folder: string, size: number, runs: number }} given
 * @returns {Promise<import('./measure.mjs').Line[]>}
 */
export async function measureStore(library, given) {
  return [
    ...(await measureOpening(library, given)),
    ...(await measureReading(library, given)),
    ...(await measureCommit(library, given)),
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
  return [{ what: 'open the store', size, ...spread(times.open), floor, budget }];
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
    { what: 'read the plan for its graph', size, ...spread(build.rows), floor: parsing },
    { what: 'build the graph', size, ...spread(build.graph), floor: parsing },
    { what: 'ready set, top 20', size, ...spread(times.some), floor, ...(atTenThousand && { budget: '≤ 1 ms' }) },
    { what: 'ready set, all', size, ...spread(times.all), floor, ...(atTenThousand && { budget: '≤ 20 ms' }) },
    { what: 'ready set, count', size, ...spread(times.count), floor },
    { what: 'ready set, asked of the store', size, ...spread(inStore.sql), floor },
  ];
}

/**
 * @param {typeof import('./library.js')} library
 * @param {{ path: string, folder: string, size: number, runs: number }} given
 */
async function measureCommit(library, { path, folder, size, runs }) {
  const store = await openStore(library, path);
  const ids = store.all('SELECT id FROM tasks ORDER BY number DESC LIMIT 1000').map((row) => String(row.id));
  const journal = path.replace(/db$/, 'journal');
  const before = statSync(journal).size;
  let turn = 0;
  const commit = () => {
    turn += 1;
    return store.commit('bench', 'task.update', (transaction) =>
      transaction.update('tasks', [ids[turn % ids.length] ?? ''], { title: `Changed for the ${turn}th time` }),
    );
  };
  await commit();
  const record = Buffer.alloc(statSync(journal).size - before, 0x2e);
  const file = openSync(join(folder, 'floor'), 'a');
  const times = await inTurns(runs * 20, {
    floor: () => {
      writeSync(file, record);
      fdatasyncSync(file);
    },
    commit,
  });
  closeSync(file);
  store.close();
  const floor = { what: `append ${record.length} bytes + fdatasync`, ...spread(times.floor) };
  return [{ what: 'durable commit', size, ...spread(times.commit), floor, budget: 'p50 ≤ 1 ms, flat (≤ 1.5 ×)' }];
}
