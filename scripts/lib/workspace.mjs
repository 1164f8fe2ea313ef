import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { node24 } from './install.mjs';
import { tmProgram } from './paths.mjs';
import { run } from './processes.mjs';

/**
 * A temporary folder that a test opens in VS Code.
 * @typedef {object} Workspace
 * @property {string} dir its absolute path
 * @property {(...args: string[]) => Promise<string>} tm runs `tm` in it and returns its trimmed stdout; rejects when refused
 * @property {(agent: string, ...args: string[]) => Promise<string>} tmAs the same, in the name of an agent
 * @property {(path: string, text: string) => Promise<void>} write writes a file, by its path in the workspace
 * @property {() => Promise<void>} remove
 */

/**
 * Makes a temporary workspace.
 * @param {Record<string, string>} [files] texts by path
 * @returns {Promise<Workspace>}
 */
export async function makeWorkspace(files = {}) {
  const dir = await realpath(await mkdtemp(join(tmpdir(), 'task-orchestrator-')));
  const write = async (/** @type {string} */ path, /** @type {string} */ text) => {
    await mkdir(dirname(join(dir, path)), { recursive: true });
    await writeFile(join(dir, path), text);
  };
  for (const [path, text] of Object.entries(files)) await write(path, text);
  return {
    dir,
    write,
    tm: (...args) => runTm(dir, args),
    tmAs: (agent, ...args) => runTm(dir, args, { ...process.env, TM_AGENT_ID: agent }),
    remove: () => rm(dir, { recursive: true, force: true, maxRetries: 3 }),
  };
}

/**
 * Runs `tm` in a folder.
 * @param {string} cwd
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<string>} its stdout, trimmed
 */
export async function runTm(cwd, args, env) {
  const { code, output, stdout } = await run(node24, [tmProgram, ...args], { cwd, env });
  if (code !== 0) throw new Error(`tm ${args.join(' ')} exited with ${code}: ${output}`);
  return stdout.trim();
}
