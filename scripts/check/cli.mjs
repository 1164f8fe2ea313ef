import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureBuilt } from '../lib/build.mjs';
import { node24 } from '../lib/install.mjs';
import { root, tmProgram } from '../lib/paths.mjs';
import { mustRun } from '../lib/processes.mjs';

export const cliReference = join(root, 'docs/cli.md');

/** @returns {Promise<string[]>} what is wrong */
export async function checkCliReference() {
  const wanted = await composeCliReference();
  const written = existsSync(cliReference) ? await readFile(cliReference, 'utf8') : '';
  return written === wanted ? [] : ['docs/cli.md is out of date: run "npm run docs"'];
}

/** docs/cli.md as the definitions of the commands have it now. */
export async function composeCliReference() {
  await ensureBuilt();
  return mustRun('tm', node24, [tmProgram, '__reference', 'markdown'], { cwd: root });
}
