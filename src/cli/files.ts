import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { InvalidInputError } from '../core/model/errors.js';
import type { CliContext } from './context.js';

/** Writes a file that somebody named, from the working folder. Throws INVALID_INPUT where that cannot be done. */
export function writeText({ workingFolder }: CliContext, path: string, text: string): void {
  try {
    writeFileSync(resolve(workingFolder, path), text);
  } catch (error) {
    throw new InvalidInputError('file', `${path} cannot be written: ${(error as Error).message}`);
  }
}
