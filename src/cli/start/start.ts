import { createRequire, Module } from 'node:module';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { readCodeCache, writeCodeCache } from './codeCache.js';
import { readProgram } from './program.js';

/*
 * What `tm` begins with: its code, which the build packs into one file, runs with what V8 compiled of it in earlier runs
 * (docs/decisions/0015). Half of the time of a small command was compiling.
 */

const program = readProgram(join(__dirname, 'tm-main.js'));
const [command = ''] = process.argv.slice(2);
const cache = readCodeCache(program);
const script = new Script(program.source, { filename: program.path, ...(cache && { cachedData: cache.data }) });
const known = script.cachedDataRejected === false ? (cache?.commands ?? []) : [];
// What the build asks of it, every definition of a command, nobody needs at a start.
if (!known.includes(command) && !command.startsWith('__')) {
  process.once('exit', (code) => {
    if (code === 0) writeCodeCache(program, script, [...known, command]);
  });
}

const main = new Module(program.path, module);
main.filename = program.path;
require.cache[program.path] = main;
script.runInThisContext().call(main.exports, main.exports, createRequire(program.path), main, program.path, __dirname);
main.loaded = true;
