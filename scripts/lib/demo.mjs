import { existsSync } from 'node:fs';
import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { node24 } from './install.mjs';
import { rigDir, root, tmProgram } from './paths.mjs';
import { mustRun } from './processes.mjs';
import { say } from './say.mjs';

const source = join(root, 'examples/demo');
const copy = join(rigDir, 'demo');

/**
 * A copy of the demo workspace with its plan, to play in without dirtying the checkout.
 * @param {{ fresh?: boolean }} options made anew
 * @returns {Promise<string>} its folder
 */
export async function ensureDemo({ fresh = false }) {
  if (fresh) await rm(copy, { recursive: true, force: true });
  if (!existsSync(copy)) await cp(source, copy, { recursive: true, filter: (path) => !/node_modules$/.test(path) });
  if (!existsSync(join(copy, '.task-orchestrator'))) {
    say('Writing the demo plan with tm.');
    try {
      await mustRun('The demo plan', node24, [join(source, 'plan.mjs'), tmProgram, copy], { cwd: copy });
    } catch (error) {
      await rm(copy, { recursive: true, force: true });
      throw error;
    }
  }
  return copy;
}
