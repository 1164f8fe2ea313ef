import {
  chmodSync,
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ClientFiles } from '../app/clients/clientSetup.js';
import { OrchestratorError } from '../core/model/errors.js';

/** Settings of other programs: in a project's folder, and in the person's home. */
export function clientFiles(root: string, env: NodeJS.ProcessEnv): ClientFiles {
  return {
    home: { platform: process.platform, folder: homedir(), appData: env.APPDATA },
    inProject: (path) => join(root, ...path.split('/')),
    read,
    write,
  };
}

function read(path: string): string | undefined {
  const bytes = told(path, () => {
    try {
      return readFileSync(path);
    } catch (error) {
      if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
      throw error;
    }
  });
  if (bytes === undefined) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new OrchestratorError('CONFLICT', `${path} is no text in UTF-8. Nothing was done.`, { path });
  }
}

function write(path: string, before: string | undefined, text: string | undefined): void {
  // A link stays one: what it leads to is the file.
  const target = read(path) === undefined ? path : told(path, () => realpathSync(path));
  const temporary = `${target}.${process.pid}.tmp`;
  told(path, () => {
    try {
      if (text !== undefined) {
        mkdirSync(dirname(target), { recursive: true });
        const file = openSync(temporary, 'wx');
        try {
          writeFileSync(file, text);
          fsyncSync(file);
        } finally {
          closeSync(file);
        }
        const mode = statSync(target, { throwIfNoEntry: false })?.mode;
        if (mode !== undefined) chmodSync(temporary, mode & 0o7777);
      }
      if (read(path) !== before)
        throw new OrchestratorError('CONFLICT', `${path} was changed at this moment. Nothing was done; try again.`, {
          path,
        });
      if (text !== undefined) renameSync(temporary, target);
      else removeFile(target);
    } finally {
      rmSync(temporary, { force: true });
    }
  });
}

/** Removes a file, and the folder around it if there is nothing else in it. */
function removeFile(path: string): void {
  rmSync(path);
  try {
    rmdirSync(dirname(path));
  } catch {
    // There is something else in it.
  }
}

/** Throws PERMISSION_DENIED naming the file for what the system refuses. */
function told<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof OrchestratorError || !(error as NodeJS.ErrnoException).code) throw error;
    throw new OrchestratorError('PERMISSION_DENIED', `${path}: ${(error as Error).message}`, { path });
  }
}
