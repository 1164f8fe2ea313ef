/**
 * A program in parts that are loaded when they are needed. esbuild splits ECMAScript modules only; Node loads CommonJS
 * faster: so the parts are made as the one and turned into the other.
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { build, context, transform } from 'esbuild';

/** First line of a file that is run by its name. */
export const EXECUTABLE = '#!/usr/bin/env node';

/** @typedef {import('esbuild').BuildOptions & { plugins: import('esbuild').Plugin[] }} Options */
/**
 * @typedef {object} Program
 * @property {string} name
 * @property {string} entry
 * @property {readonly string[]} [together] modules whose parts go into `dist/<name>-main.js`, with what they import at their start;
 *   `dist/<name>.js`, which starts that, is built elsewhere
 * @property {readonly string[]} [besides] files in `dist` that go there too
 */

/**
 * Writes `dist/<name>.js` and its parts `dist/<name>-*.js`.
 * @param {Options} options
 * @param {Program} program
 * @returns {Promise<string[]>} the files that went into it
 */
export async function splitCommonJs(options, program) {
  const { outputFiles, metafile } = await build(split(options, program));
  await writeParts(outputFiles, metafile, options, program);
  return Object.values(metafile.outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? [file] : [])),
  );
}

/**
 * The same again after each change of the sources.
 * @param {Options} options
 * @param {Program} program
 */
export async function watchCommonJs(options, program) {
  /** @type {import('esbuild').Plugin} */
  const rewrite = {
    name: 'rewrite',
    setup: ({ onEnd }) =>
      onEnd(async ({ outputFiles, metafile }) => {
        if (outputFiles && metafile) await writeParts(outputFiles, metafile, options, program);
      }),
  };
  const settings = split(options, program);
  await (await context({ ...settings, plugins: [...settings.plugins, rewrite] })).watch();
}

/**
 * @param {Options} options
 * @param {Program} program
 */
function split(options, { entry, name }) {
  return {
    ...options,
    entryPoints: { [name]: entry },
    outdir: 'dist',
    chunkNames: `${name}-[name]-[hash]`,
    format: /** @type {const} */ ('esm'),
    splitting: true,
    metafile: /** @type {const} */ (true),
    write: /** @type {const} */ (false),
    sourcemap: false,
  };
}

/**
 * @param {readonly import('esbuild').OutputFile[]} files
 * @param {import('esbuild').Metafile} metafile
 * @param {Options} options
 * @param {Program} program
 */
async function writeParts(files, metafile, { minify = false }, { name, together = [], besides = [] }) {
  await mkdir('dist', { recursive: true });
  /** @type {Map<string, string>} */
  const parts = new Map();
  for (const { path, text } of files) {
    const { code } = await transform(text, {
      format: 'cjs',
      platform: 'node',
      target: 'node20.19',
      minify,
      supported: { 'dynamic-import': false },
      legalComments: 'none',
    });
    parts.set(basename(path), code);
  }
  for (const file of besides) parts.set(file, await readFile(join('dist', file), 'utf8'));
  if (together.length > 0) packTogether(parts, name, new Set([...closure(metafile, together), ...besides]));
  for (const [file, code] of parts) {
    const isMain = file === `${name}.js`;
    await writeFile(join('dist', file), isMain ? `${EXECUTABLE}\n${code}` : code, { mode: isMain ? 0o755 : 0o644 });
  }
}

/**
 * Puts parts that are always loaded together into one file, as functions that run when they are first required: opening a
 * file takes longer than reading past some lines. What other parts find in their place leads there. The file is one
 * function as of a CommonJS module, after a comment that names its content: `src/platform/start` runs it.
 * @param {Map<string, string>} parts
 * @param {string} name
 * @param {ReadonlySet<string>} packed
 */
function packTogether(parts, name, packed) {
  const functions = [...packed].map(
    (file) => `${JSON.stringify(`./${file}`)}:function(module,exports,require){${parts.get(file)}\n}`,
  );
  const main = `${name}-main.js`;
  for (const file of packed) parts.set(file, `module.exports=require("./${main}").load("./${file}");`);
  parts.delete(`${name}.js`);
  const code =
    '(function(exports,require,module,__filename,__dirname){' +
    `"use strict";const parts={${functions.join(',\n')}},loaded={};` +
    'const load=(name)=>{if(!Object.hasOwn(parts,name))return require(name);' +
    'if(!Object.hasOwn(loaded,name)){const part=loaded[name]={exports:{}};parts[name](part,part.exports,load)}' +
    'return loaded[name].exports};exports.load=load;\n})';
  parts.set(main, `//${createHash('sha256').update(code).digest('hex').slice(0, 16)}\n${code}\n`);
}

/**
 * The outputs that some sources end up in, with everything that these import at their start.
 * @param {import('esbuild').Metafile} metafile
 * @param {readonly string[]} sources
 */
function closure({ outputs }, sources) {
  const open = Object.keys(outputs).filter((path) => sources.includes(outputs[path]?.entryPoint ?? ''));
  if (open.length !== sources.length) throw new Error(`Not every part to be packed was found: ${sources.join(', ')}`);
  const seen = new Set(open);
  for (let path = open.pop(); path; path = open.pop()) {
    for (const { path: other, kind, external } of outputs[path]?.imports ?? []) {
      if (kind !== 'import-statement' || external || seen.has(other)) continue;
      seen.add(other);
      open.push(other);
    }
  }
  return new Set([...seen].map((path) => basename(path)));
}
