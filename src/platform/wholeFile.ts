import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { OrchestratorError } from '../core/model/errors.js';

/**
 * Writes a file piece by piece, whole or not at all: what was there stays until all is written. `write` gets a function
 * that takes pieces. Throws PERMISSION_DENIED naming the file where the system refuses it.
 */
export function writeWholeFile<T>(path: string, write: (piece: (text: string) => void) => T): T {
  const temporary = `${path}.${process.pid}.tmp`;
  let done = false;
  // Somebody presses Ctrl+C: nothing is left behind.
  const leave = () => {
    if (!done) rmSync(temporary, { force: true });
  };
  process.once('exit', leave);
  const stop = () => process.exit(130);
  process.once('SIGINT', stop);
  try {
    mkdirSync(dirname(path), { recursive: true });
    const file = openSync(temporary, 'w');
    let result: T;
    try {
      result = write((text) => {
        const bytes = Buffer.from(text, 'utf8');
        for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
      });
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
    done = true;
    return result;
  } catch (error) {
    if (error instanceof OrchestratorError || !(error as NodeJS.ErrnoException).code) throw error;
    throw new OrchestratorError('PERMISSION_DENIED', `${path}: ${(error as Error).message}`, { path });
  } finally {
    leave();
    process.removeListener('exit', leave);
    process.removeListener('SIGINT', stop);
  }
}
