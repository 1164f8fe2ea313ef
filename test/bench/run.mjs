/**
 * `npm run bench [-- --sizes 1000,10000 --runs 20 --only store,editor]`: measures what DESIGN.md sets budgets for and
 * prints the table. A run of all parts writes docs/BENCHMARKS.md.
 */
import { existsSync, readdirSync } from 'node:fs';
import { copyFile, cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureBuilt } from '../../scripts/lib/build.mjs';
import { buildLibrary, loadLibrary, openStore, root } from './build.mjs';
import { measureColdStart } from './coldStart.mjs';
import { generate } from './generate.mjs';
import { measureEditor } from './inEditor.mjs';
import { measureStore } from './inProcess.mjs';
import { loadedAtOnce } from './loadedAtOnce.mjs';
import { measureMcp } from './mcp.mjs';
import { nativeProblem } from './native.mjs';
import { measureOutsideChange } from './outsideChange.mjs';
import { measurePrd, prdSection, prdTable } from './prd.mjs';
import { measureRanking, rankingSection, rankingTable } from './ranking.mjs';
import { kilobytes, markdown, table } from './report.mjs';
import { measureProcesses } from './wholeProcess.mjs';
import { measureWriters } from './writers.mjs';

/** The store that 16 processes write to, the one that VS Code shows, and the one that is served over MCP. */
const WRITTEN_AT_ONCE = 10_000;
const SHOWN = 10_000;
const SERVED = 10_000;
const PACKAGED = [
  {
    what: 'dist/extension.js and what it loads at once',
    files: () => loadedAtOnce(join(dist, 'extension.js')),
    budget: '≤ 400 KB',
  },
  { what: 'dist/tm*.js, all parts', files: () => named(/^tm.*\.js$/) },
  { what: 'dist/mcp*.js, all parts', files: () => named(/^mcp.*\.js$/) },
  { what: 'dist/sql-wasm.wasm', files: () => named(/^sql-wasm\.wasm$/) },
];
/** `tm` is in parts. @param {RegExp} pattern */
const named = (pattern) => readdirSync(dist).filter((file) => pattern.test(file));
const PARTS = ['processes', 'store', 'cold', 'writers', 'outside', 'mcp', 'editor', 'package', 'ranking', 'prd'];
const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: '10,1000,10000,100000' },
    runs: { type: 'string', default: '15' },
    only: { type: 'string', default: PARTS.join(',') },
  },
});
const sizes = values.sizes.split(',').map(Number);
const runs = Number(values.runs);
const parts = new Set(values.only.split(','));
if (
  !sizes.every((size) => Number.isInteger(size) && size > 0) ||
  !(runs > 0) ||
  ![...parts].every((part) => PARTS.includes(part))
) {
  throw new Error(`usage: --sizes 1000,10000 --runs 15 --only ${PARTS.join(',')}`);
}
/** Some parts need no store. */
const needsStores = [...parts].some((part) => !['ranking', 'prd', 'package'].includes(part));
const load = loadavg()[0] ?? 0;
const say = (/** @type {string} */ text) => process.stderr.write(`${text}\n`);
if (nativeProblem) say(nativeProblem);

const dist = join(root, 'dist');
await ensureBuilt();
const scratch = await mkdtemp(join(tmpdir(), 'task-orchestrator-bench-'));
/** @type {import('./measure.mjs').Line[]} */
const lines = [];
/** @type {import('./ranking.mjs').RankingLine[]} */
let ranking = [];
/** @type {import('./prd.mjs').PrdLine[]} */
let prds = [];
try {
  const libraryPath = await buildLibrary(scratch);
  const library = await loadLibrary(libraryPath);
  if (parts.has('ranking')) {
    say('ranking of the next task');
    ranking = measureRanking(library);
  }
  if (parts.has('prd')) {
    say('product requirements documents');
    prds = await measurePrd(library);
  }
  // The others are measured on stores, or need nothing.
  for (const size of needsStores ? sizes : []) {
    const folder = join(scratch, String(size));
    const path = join(folder, '.task-orchestrator/tasks.db');
    const nativePath = join(folder, 'native.db');
    say(`${size} tasks: making them`);
    await generate(library, path, size);
    await copyFile(path, nativePath);
    // Large stores take long, and vary less.
    const fewer = size > 10_000 ? Math.max(3, Math.floor(runs / 3)) : runs;
    const given = { libraryPath, path, nativePath, folder, size, runs: fewer };

    /** @param {string} part @param {string} what @param {() => Promise<import('./measure.mjs').Line[]>} measure */
    const take = async (part, what, measure) => {
      if (!parts.has(part)) return;
      say(`${size} tasks: ${what}`);
      lines.push(...(await measure()));
    };
    await take('processes', 'whole processes', async () => {
      const copy = await copyOf(folder);
      return measureProcesses({ tm: join(dist, 'tm.js'), folder: copy, size, runs: fewer, ...(await examples(path)) });
    });
    // Before anything is committed: a journal to replay would be measured too.
    await take('cold', 'fresh processes', () => measureColdStart({ ...given, runs: Math.min(fewer, 5) }));
    await take('store', 'within a process', () => measureStore(library, given));
    await take('outside', 'from one process to another', () => measureOutsideChange(library, given));
    if (size === SERVED) {
      await take('mcp', 'over MCP', async () => {
        const copy = await copyOf(folder);
        return measureMcp({ folder: copy, scratch, size, runs: fewer, say });
      });
    }
    if (size === WRITTEN_AT_ONCE) {
      await take('writers', 'many writers', () => measureWriters({ ...given, runs: Math.min(fewer, 3) }));
    }
    if (size === SHOWN) {
      await take('editor', 'in VS Code', () => measureEditor(library, { ...given, runs: Math.min(runs, 5) }));
    }
    await rm(folder, { recursive: true });
  }

  /** @param {string} path */
  async function examples(path) {
    const store = await openStore(library, path);
    const ready = library.readReady(store, new Date().toISOString())[0]?.id ?? '';
    const waiting = store.get(
      `SELECT task_id AS id FROM dependencies JOIN tasks ON tasks.id = task_id
       WHERE status = 'pending' AND depends_on = ? LIMIT 1`,
      [ready],
    );
    store.close();
    return { ready, waiting: String(waiting?.id ?? ready) };
  }
} finally {
  await rm(scratch, { recursive: true, force: true });
}

for (const { what, files: find, budget } of parts.has('package') && existsSync(dist) ? PACKAGED : []) {
  const files = find();
  const p50 = files.reduce((sum, file) => sum + kilobytes(dist, file), 0);
  if (files.length > 0) lines.push({ what, p50, unit: 'KB', budget });
}
if (lines.length > 0) process.stdout.write(`${table(lines)}\n`);
if (ranking.length > 0) process.stdout.write(`\n${rankingTable(ranking)}\n`);
if (prds.length > 0) process.stdout.write(`\n${prdTable(prds)}\n`);
if (parts.size === PARTS.length) {
  await writeFile(
    join(root, 'docs/BENCHMARKS.md'),
    `${markdown(lines, { runs, load, folder: tmpdir() })}\n${rankingSection(ranking)}\n${prdSection(prds)}`,
  );
}

/**
 * A copy for the commands, which change it.
 * @param {string} folder
 */
async function copyOf(folder) {
  const copy = join(dirname(folder), 'copy');
  await rm(copy, { recursive: true, force: true });
  await cp(folder, copy, { recursive: true });
  return copy;
}
