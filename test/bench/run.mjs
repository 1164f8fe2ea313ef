/**
 * `npm run bench [-- --sizes 1000,10000 --runs 20]`: measures what DESIGN.md sets budgets for, prints the table and
 * writes docs/BENCHMARKS.md.
 */
import { existsSync } from 'node:fs';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureBuilt } from '../../scripts/lib/build.mjs';
import { buildLibrary, loadLibrary, openStore, root } from './build.mjs';
import { generate } from './generate.mjs';
import { measureEditor } from './inEditor.mjs';
import { measureStore } from './inProcess.mjs';
import { measureOutsideChange } from './outsideChange.mjs';
import { kilobytes, markdown, table } from './report.mjs';
import { measureProcesses } from './wholeProcess.mjs';

const { values } = parseArgs({
  options: { sizes: { type: 'string', default: '1000,10000,100000' }, runs: { type: 'string', default: '15' } },
});
const sizes = values.sizes.split(',').map(Number);
const runs = Number(values.runs);
if (!sizes.every((size) => Number.isInteger(size) && size > 0) || !(runs > 0)) {
  throw new Error('usage: --sizes 1000,10000 --runs 15');
}
const load = loadavg()[0] ?? 0;
const say = (/** @type {string} */ text) => process.stderr.write(`${text}\n`);

const dist = join(root, 'dist');
await ensureBuilt();
const scratch = await mkdtemp(join(tmpdir(), 'task-orchestrator-bench-'));
/** @type {import('./measure.mjs').Line[]} */
const lines = [];
try {
  const libraryPath = await buildLibrary(scratch);
  const library = await loadLibrary(libraryPath);
  for (const size of sizes) {
    const folder = join(scratch, String(size));
    const path = join(folder, '.task-orchestrator/tasks.db');
    say(`${size} tasks: making them`);
    await generate(library, path, size);
    const { ready, waiting } = await examples(path);
    // Large stores take long, and vary less.
    const fewer = size > 10_000 ? Math.max(3, Math.floor(runs / 3)) : runs;
    say(`${size} tasks: whole processes`);
    lines.push(
      ...(await measureProcesses({
        tm: join(dist, 'tm.js'),
        folder: await copyOf(folder),
        size,
        runs: fewer,
        ready,
        waiting,
      })),
    );
    say(`${size} tasks: within a process`);
    lines.push(...(await measureStore(library, { path, folder, size, runs: fewer })));
    lines.push(...(await measureOutsideChange(library, { libraryPath, path, folder, size, runs })));
    if (size === 10_000) {
      say(`${size} tasks: in VS Code`);
      lines.push(...(await measureEditor(library, { path, folder, size, runs: Math.min(runs, 5) })));
    }
    await rm(folder, { recursive: true });
  }

  /** @param {string} path */
  async function examples(path) {
    const store = await openStore(library, path);
    const [ready = ''] = library.readReady(store, new Date().toISOString());
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

for (const [file, budget] of [
  ['extension.js', '≤ 400 KB'],
  ['tm.js', ''],
  ['sql-wasm.wasm', ''],
]) {
  if (existsSync(join(dist, file ?? '')))
    lines.push({ what: `dist/${file}`, p50: kilobytes(dist, file ?? ''), unit: 'KB', budget });
}
process.stdout.write(`${table(lines)}\n`);
await writeFile(join(root, 'docs/BENCHMARKS.md'), markdown(lines, { runs, load }));

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
