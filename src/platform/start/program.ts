import { readFileSync } from 'node:fs';

/** Packed code, as the build writes it: a comment that names its content, and a function as of a CommonJS module. */
export interface Program {
  readonly path: string;
  readonly source: string;
  /** Changes with the source. */
  readonly name: string;
}

/** Throws where the file is not there. */
export function readProgram(path: string): Program {
  // The build writes ASCII; read so, V8 takes a byte a character.
  const source = readFileSync(path, 'latin1');
  return { path, source, name: source.slice(2, source.indexOf('\n')) };
}
