import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What starts `tm`. */
interface Program {
  /** The editor's own executable, which is Node where `ELECTRON_RUN_AS_NODE` is set. */
  readonly executable: string;
  /** The built `tm.js`. */
  readonly script: string;
}

/** Writes `tm` for shells and `tm.cmd` for Windows into a folder; each anew only where it is another one. */
export async function writeLaunchers(folder: string, program: Program): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeLauncher(join(folder, 'tm'), shellLauncher(program));
  await writeLauncher(join(folder, 'tm.cmd'), windowsLauncher(program));
}

/** Whole or not at all: another window may run it at this moment. */
async function writeLauncher(path: string, text: string): Promise<void> {
  if ((await readFile(path, 'utf8').catch(() => undefined)) === text) return;
  const temporary = `${path}.${process.pid}.tmp`;
  await writeFile(temporary, text);
  await chmod(temporary, 0o755);
  await rename(temporary, path);
}

function shellLauncher({ executable, script }: Program): string {
  const quoted = (path: string) => `'${path.replaceAll("'", "'\\''")}'`;
  return `#!/bin/sh
# The command line of Task Orchestrator, run by the editor's own Node. Written by the extension.
ELECTRON_RUN_AS_NODE=1 exec ${quoted(executable)} ${quoted(script)} "$@"
`;
}

function windowsLauncher({ executable, script }: Program): string {
  const quoted = (path: string) => `"${path.replaceAll('%', '%%')}"`;
  return [
    '@echo off',
    "rem The command line of Task Orchestrator, run by the editor's own Node. Written by the extension.",
    'setlocal',
    'set ELECTRON_RUN_AS_NODE=1',
    `${quoted(executable)} ${quoted(script)} %*`,
    '',
  ].join('\r\n');
}
