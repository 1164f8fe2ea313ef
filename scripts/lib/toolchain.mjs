import { existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { machineEnv } from './npm.mjs';
import { PlainError } from './say.mjs';

/** What node-gyp needs: any program of each row, and the Debian package that brings it. */
const needed = [
  { programs: ['make', 'gmake'], debian: 'make' },
  { programs: ['python3', 'python'], debian: 'python3' },
  { programs: [process.env.CXX ?? 'c++', 'g++', 'clang++'], debian: 'g++' },
];

/** Refuses, in one sentence with the package names, where native addons cannot be built. */
export function requireCompiler() {
  const missing = needed.filter(({ programs }) => !programs.some((name) => findProgram(name)));
  if (missing.length === 0) return;
  const names = missing.map(({ debian }) => debian);
  throw new PlainError(
    `VS Code's two native addons are built on this machine, and ${names.join(', ')} is missing: ` +
      `install it first (Debian and Ubuntu: "apt-get install ${names.join(' ')}"; macOS: "xcode-select --install").`,
  );
}

/**
 * Node's C headers beside the machine's Node, where its package brought them: node-gyp then needs no download.
 * @returns {string | undefined} the folder for node-gyp's `nodedir`
 */
export function findNodeHeaders() {
  const node = findProgram('node', machineEnv().PATH);
  const prefix = node && dirname(dirname(node));
  return prefix && existsSync(join(prefix, 'include/node/node_api.h')) ? prefix : undefined;
}

/**
 * The full path of a program, as the shell would find it.
 * @param {string} name
 * @param {string} [path] the folders to look in
 */
export function findProgram(name, path = process.env.PATH ?? '') {
  const suffixes = process.platform === 'win32' ? ['.exe', '.cmd', ''] : [''];
  if (name.includes('/')) return existsSync(name) ? name : undefined;
  return path
    .split(delimiter)
    .flatMap((folder) => suffixes.map((suffix) => join(folder, name + suffix)))
    .find(existsSync);
}
