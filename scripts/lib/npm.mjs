import { delimiter, join } from 'node:path';
import { root } from './paths.mjs';
import { mustRun } from './processes.mjs';

/**
 * The environment for a nested npm: the machine's own Node, not the one in `node_modules` that npm may be replacing, and
 * nothing of the npm run around this process.
 * @returns {NodeJS.ProcessEnv}
 */
export function machineEnv() {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^npm_(package|lifecycle|config_local_prefix)/.test(name)),
  );
  const own = join(root, 'node_modules');
  env.PATH = (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => !folder.startsWith(own))
    .join(delimiter);
  return env;
}

/**
 * Runs npm in a folder; what it prints is shown only when it fails.
 * @param {readonly string[]} args
 * @param {string} cwd
 * @param {NodeJS.ProcessEnv} [env] added to the environment
 */
export async function npm(args, cwd, env) {
  const command = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  return mustRun(`npm ${args.join(' ')}`, command, args, { cwd, env: { ...machineEnv(), ...env } });
}
