import { createRequire, Module } from 'node:module';
import { dirname, join } from 'node:path';
import { Script } from 'node:vm';
import { readCodeCache, writeCodeCache } from './codeCache.js';
import { readProgram } from './program.js';

/** Gives the exports of a packed part, which runs at its first use. */
export type PartLoader = (name: string) => unknown;

/**
 * Runs code that the build packed into one file, with what V8 compiled of it in earlier runs: half of the time of a small
 * command was compiling (docs/decisions/0015). `use` names what this run is for: the first successful run for each use adds
 * what it compiled; without one nothing is added. Throws what the code throws.
 */
export function startProgram(path: string, use: string | undefined): PartLoader {
  const program = readProgram(path);
  const cache = readCodeCache(program);
  const script = new Script(program.source, { filename: path, ...(cache && { cachedData: cache.data }) });
  const known = script.cachedDataRejected === false ? (cache?.uses ?? []) : [];
  if (use !== undefined && !known.includes(use)) {
    process.once('exit', (code) => {
      if (code === 0) writeCodeCache(program, script, [...known, use]);
    });
  }
  const main = new Module(path, module);
  main.filename = path;
  // Parts that were not packed ask for it by its name.
  require.cache[path] = main;
  script.runInThisContext().call(main.exports, main.exports, createRequire(path), main, path, dirname(path));
  main.loaded = true;
  return (main.exports as { load: PartLoader }).load;
}

/** The packed file beside a program. */
export function packed(name: string): string {
  return join(__dirname, `${name}-main.js`);
}
