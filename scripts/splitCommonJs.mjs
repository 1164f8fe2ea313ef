/**
 * A program in parts that are loaded when they are needed. esbuild splits ECMAScript modules only; Node loads CommonJS
 * faster: so the parts are made as the one and turned into the other.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { build, context, transform } from 'esbuild';

/** @typedef {import('esbuild').BuildOptions & { plugins: import('esbuild').Plugin[] }} Options */
/**
 * @typedef {object} Program
 * @property {string} name
 * @property {string} entry
 * @property {readonly string[]} [together] modules whose parts go into the main file, with what they import at their start
 */

/**
 * Writes `dist/<name>.js`, which is executable, and its parts `dist/<name>-*.js`.
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
async function writeParts(files, metafile, { minify = false }, { name, together = [] }) {
  await mkdir('dist', { recursive: true });
  const main = `${name}.js`;
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
  if (together.length > 0) packTogether(parts, main, closure(metafile, together));
  for (const [file, code] of parts) {
    const line = file === main ? '#!/usr/bin/env node\n' : '';
    await writeFile(join('dist', file), line + code, { mode: file === main ? 0o755 : 0o644 });
  }
}

/**
 * Puts parts that are always loaded together into the main file, as functions that run when they are first required:
 * opening a file takes longer than reading past some lines. What other parts find in their place leads there.
 * @param {Map<string, string>} parts
 * @param {string} main
 * @param {ReadonlySet<string>} packed
 */
function packTogether(parts, main, packed) {
  const functions = [...packed].map(
    (file) => `${JSON.stringify(`./${file}`)}:function(module,exports,require){${parts.get(file)}\n}`,
  );
  for (const file of packed) parts.set(file, `module.exports=require("./${main}").load("./${file}");`);
  parts.set(
    main,
    `"use strict";const parts={${functions.join(',\n')}},loaded={};` +
      'const load=(name)=>{if(!Object.hasOwn(parts,name))return require(name);' +
      'if(!Object.hasOwn(loaded,name)){const part=loaded[name]={exports:{}};parts[name](part,part.exports,load)}' +
      `return loaded[name].exports};exports.load=load;load("./${main}");\n`,
  );
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
