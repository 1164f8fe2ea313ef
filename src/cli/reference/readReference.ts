import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CommandReference } from './reference.js';

/** Written by the build beside the program: the definitions, for what must not load every command. */
const FILE = 'tm-reference.json';

/** The definitions of all commands: from the build's file, or where there is none from the commands themselves. */
export async function readReference(
  define: () => Promise<readonly CommandReference[]>,
): Promise<readonly CommandReference[]> {
  try {
    return JSON.parse(readFileSync(join(__dirname, FILE), 'utf8')) as readonly CommandReference[];
  } catch {
    return define();
  }
}
