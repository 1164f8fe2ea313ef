import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, sep } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** The built `tm`. */
    tm: string;
    /** The Nodes that it has to run on: the machine's own and the toolchain's. */
    nodes: string[];
  }
}

const root = join(import.meta.dirname, '../..');

/** Builds `tm` if it is not there; `TM_PROGRAM` names another one to test. */
export function setup(project: TestProject): void {
  const tm = process.env.TM_PROGRAM ?? join(root, 'dist/tm.js');
  if (!existsSync(tm)) execFileSync(process.execPath, ['esbuild.mjs'], { cwd: root, stdio: 'inherit' });
  project.provide('tm', tm);
  const toolchain = join(root, 'node_modules/.bin/node');
  project.provide('nodes', [ownNode(), existsSync(toolchain) ? toolchain : process.execPath]);
}

/** The first `node` on the PATH that npm did not put there. */
function ownNode(): string {
  const folders = (process.env.PATH ?? '').split(process.platform === 'win32' ? ';' : ':');
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  const own = folders.filter((folder) => !folder.includes(`node_modules${sep}`)).map((folder) => join(folder, name));
  return own.find((path) => existsSync(path)) ?? process.execPath;
}
