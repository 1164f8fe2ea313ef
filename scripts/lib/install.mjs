import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { npm } from './npm.mjs';
import { root } from './paths.mjs';
import { PlainError, say } from './say.mjs';

/** Node 24 from the devDependency `node`: the toolchain's, whatever Node the machine has. */
export const node24 = join(root, 'node_modules/.bin', process.platform === 'win32' ? 'node.cmd' : 'node');

/** Runs `npm ci` when `node_modules` is missing or differs from `package-lock.json`; says so in one line. */
export async function ensureInstalled() {
  const reason = staleReason();
  if (reason) {
    say(`Installing the development dependencies (npm ci): ${reason}.`);
    await npm(['ci', '--no-audit', '--no-fund'], root);
  }
  if (!node24Works()) await npm(['rebuild', 'node'], root);
  if (!node24Works()) throw new PlainError(`${node24} does not run. Delete node_modules and start again.`);
}

/**
 * Why the installed packages are not those of the lock file, or undefined when they are. Versions are compared, not
 * times: a fresh checkout has new files, and npm writes its own record last, so an interrupted install shows too.
 */
function staleReason() {
  const record = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(record)) return 'there is no complete node_modules';
  const wanted = readPackages(join(root, 'package-lock.json'));
  const installed = readPackages(record);
  for (const [path, { version, optional, devOptional }] of Object.entries(wanted)) {
    if (path === '' || ((optional || devOptional) && !installed[path])) continue;
    if (installed[path]?.version !== version) return `${path.replace(/^.*node_modules\//, '')} ${version} is not there`;
  }
  return undefined;
}

/**
 * @param {string} file a lock file
 * @returns {Record<string, { version: string, optional?: boolean, devOptional?: boolean }>}
 */
function readPackages(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages;
}

function node24Works() {
  const { status, stdout } = spawnSync(node24, ['--version'], { encoding: 'utf8' });
  return status === 0 && Number(stdout.slice(1).split('.')[0]) >= 24;
}
