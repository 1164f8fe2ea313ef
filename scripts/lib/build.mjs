import { existsSync, readdirSync, statSync } from 'node:fs';
import { utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { node24 } from './install.mjs';
import { dist, root } from './paths.mjs';
import { mustRun } from './processes.mjs';
import { say } from './say.mjs';

const inputs = [
  'src',
  'webview',
  'esbuild.mjs',
  'scripts/trimMermaid.mjs',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
];

/** Written after a build; the one with the host tests holds more. */
const stamps = { plain: join(dist, '.built'), tests: join(dist, '.built-tests') };

/**
 * Builds `dist/` unless it is newer than everything it is made of.
 * @param {{ tests?: boolean }} [options] with the tests that run inside the extension host
 */
export async function ensureBuilt({ tests = false } = {}) {
  const stamp = tests ? stamps.tests : stamps.plain;
  const sources = tests ? [...inputs, 'test/host'] : inputs;
  const newest = Math.max(...sources.map((path) => newestChange(join(root, path))));
  const complete = ['extension.js', 'tm.js'].every((name) => existsSync(join(dist, name)));
  if (complete && existsSync(stamp) && statSync(stamp).mtimeMs > newest) return;

  say('Building the extension and tm.');
  const started = new Date();
  await mustRun('The build', node24, ['esbuild.mjs', ...(tests ? ['--tests'] : [])], { cwd: root });
  // The time of the start: a file that was saved while the build ran makes the next one build again.
  for (const path of tests ? Object.values(stamps) : [stamps.plain]) {
    await writeFile(path, '');
    await utimes(path, started, started);
  }
}

/** @param {string} path a file or a folder @returns {number} milliseconds since 1970 */
function newestChange(path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) return 0;
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newestChange(join(path, name))));
}
