import { readFileSync } from 'node:fs';
import { InvalidInputError } from '../core/model/errors.js';

let used = false;

/** Everything on standard input, for one `-` on the command line. Throws INVALID_INPUT for a second one. */
export function readStandardInput(): string {
  if (used) throw new InvalidInputError('-', 'Standard input can be read once: give one - only.');
  used = true;
  return readFileSync(0, 'utf8').replace(/^\uFEFF/, '');
}

/** Its lines without space around them; empty ones are left out. Throws INVALID_INPUT where there are none. */
export function readLines(): string[] {
  const lines = readStandardInput()
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  if (lines.length === 0) throw new InvalidInputError('-', 'There is nothing on standard input.');
  return lines;
}
