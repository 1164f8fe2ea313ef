/**
 * A fresh process that opens a store, reads the plan from it and builds the graph; it tells how long each took (ms)
 * and how much memory the process held after the garbage was collected (bytes).
 *
 *   node --expose-gc probe.mjs LIBRARY ours|native PATH
 */
import { loadLibrary, openStore } from './build.mjs';

const [libraryPath = '', whose, path = ''] = process.argv.slice(2);
const library = await loadLibrary(libraryPath);

const before = performance.now();
if (whose === 'ours') await startOurs();
const native = whose === 'native' ? await import('./native.mjs') : undefined;
const started = performance.now();
const { reader, first } = native ? openNatives(native) : await openOurs();
first();
const opened = { at: performance.now(), memory: memory() };

const reading = performance.now();
const { tasks, dependencies } = library.readPlan(reader);
const graph = new library.PlanGraph(tasks, dependencies);
const planned = performance.now();
const answer = {
  engine: started - before,
  open: opened.at - started,
  plan: planned - reading,
  opened: opened.memory,
  planned: memory(),
  ready: graph.readyCount(new Date().toISOString()),
};
process.stdout.write(JSON.stringify(answer), () => process.exit());

/** A store that is not there: only the engine is started. */
async function startOurs() {
  (await openStore(library, `${path}.none`)).close();
}

async function openOurs() {
  const store = await openStore(library, path);
  return { reader: store, first: () => store.get('SELECT * FROM tasks LIMIT 1') };
}

/** @param {typeof import('./native.mjs')} native */
function openNatives({ openNative, nativeReader }) {
  const database = openNative(path);
  if (!database.prepare("SELECT 1 FROM sqlite_master WHERE name = 'tasks'").get()) database.exec(library.SCHEMA);
  return { reader: nativeReader(database), first: () => database.prepare('SELECT * FROM tasks LIMIT 1').get() };
}

function memory() {
  global.gc?.();
  return process.memoryUsage().rss;
}
