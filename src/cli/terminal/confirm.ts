import { readSync } from 'node:fs';
import { InvalidInputError } from '../../core/model/errors.js';
import type { Output } from './output.js';

/** So many at once need no question. */
const FEW = 5;

/**
 * Asks a person before many tasks change; nobody is asked in a script. Throws INVALID_INPUT where the answer is no.
 */
export function confirmMany(output: Output, count: number, what: string, yes = false): void {
  if (count <= FEW || yes || !output.terminal || !isTerminal(0)) return;
  output.message(`${what} [y/N] `);
  if (!/^y(es)?$/i.test(readLine())) throw new InvalidInputError('yes', 'Nothing was changed.');
}

/** Node's module for terminals, which brings the network along, takes longer to load than most commands do. */
function isTerminal(file: number): boolean {
  return process.getBuiltinModule('node:tty').isatty(file);
}

function readLine(): string {
  const bytes = Buffer.alloc(256);
  return bytes.toString('utf8', 0, readSync(0, bytes)).trim();
}
