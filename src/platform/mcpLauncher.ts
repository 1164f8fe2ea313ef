import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import type { Launcher } from '../app/clients/clientSetup.js';

/**
 * What starts `tm mcp` for programs of this person: `tm` where it is on the PATH, else this Node with the server's file.
 * `scripts` is the folder of `mcp.js`.
 */
export function mcpLauncher(scripts: string, env: NodeJS.ProcessEnv): Launcher {
  const isEditors = process.versions.electron !== undefined;
  // Programs that are no terminal cannot start the scripts that are commands of Windows.
  const found = process.platform === 'win32' ? undefined : onPath('tm', env.PATH);
  if (found !== undefined && !isEditors)
    return { command: 'tm', args: ['mcp'], env: {}, says: `tm, which is on the PATH (${found})` };
  // The PATH of the editor's terminals is not that of other programs.
  if (found !== undefined)
    return { command: found, args: ['mcp'], env: {}, says: `the editor's own tm by its path (${found})` };
  return nodeLauncher(scripts);
}

/** The same from within the editor, whose extension keeps a `tm` of its own in the folder `own`. */
export function editorLauncher(own: string, scripts: string, env: NodeJS.ProcessEnv): Launcher {
  if (process.platform === 'win32') return nodeLauncher(scripts);
  const elsewhere = (env.PATH ?? '').split(delimiter).filter((folder) => resolve(folder) !== resolve(own));
  const found = onPath('tm', elsewhere.join(delimiter));
  if (found !== undefined)
    return { command: 'tm', args: ['mcp'], env: {}, says: `tm, which is on the PATH (${found})` };
  const kept = onPath('tm', own);
  if (kept === undefined) return nodeLauncher(scripts);
  return { command: kept, args: ['mcp'], env: {}, says: `the editor's own tm by its path (${kept})` };
}

/** This program's own Node with the server's file. */
export function nodeLauncher(scripts: string): Launcher {
  const script = join(scripts, 'mcp.js');
  const env: Record<string, string> = process.versions.electron === undefined ? {} : { ELECTRON_RUN_AS_NODE: '1' };
  return {
    command: process.execPath,
    args: [script],
    env,
    says: `this Node with the server's file, since tm is not on the PATH (${process.execPath} ${script})`,
  };
}

/** The first program of this name on a PATH. */
export function onPath(name: string, path = ''): string | undefined {
  return path
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return statSync(file).isFile();
      } catch {
        return false;
      }
    });
}
