/**
 * A program in parts that are loaded when they are needed. esbuild splits ECMAScript modules only; Node loads CommonJS
 * faster: so the parts are made as the one and turned into the other.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { build, context, transform } from 'esbuild';

/** @typedef {import('esbuild').BuildOptions & { plugins: import('esbuild').Plugin[] }} Options */

/**
 * Writes `dist/<name>.js`, which is executable, and its parts `dist/<name>-*.js`.
 * @param {Options} options
 * @param {string} entry
 * @param {string} name
 * @returns {Promise<string[]>} the files that went into it
 */
export async function splitCommonJs(options, entry, name) {
  const { outputFiles, metafile } = await build(split(options, entry, name));
  await writeParts(outputFiles, options, name);
  return Object.values(metafile.outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? [file] : [])),
  );
}

/**
 * The same again after each change of the sources.
 * @param {Options} options
 * @param {string} entry
 * @param {string} name
 */
export async function watchCommonJs(options, entry, name) {
  /** @type {import('esbuild').Plugin} */
  const rewrite = {
    name: 'rewrite',
    setup: ({ onEnd }) => onEnd(({ outputFiles }) => writeParts(outputFiles ?? [], options, name)),
  };
  const settings = split(options, entry, name);
  await (await context({ ...settings, plugins: [...settings.plugins, rewrite] })).watch();
}

/**
 * @param {Options} options
 * @param {string} entry
 * @param {string} name
 */
function split(options, entry, name) {
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
 * @param {Options} options
 * @param {string} name
 */
async function writeParts(files, { minify = false }, name) {
  await mkdir('dist', { recursive: true });
  for (const { path, text } of files) {
    const { code } = await transform(text, {
      format: 'cjs',
      platform: 'node',
      target: 'node20.19',
      minify,
      supported: { 'dynamic-import': false },
      legalComments: 'none',
    });
    const main = basename(path) === `${name}.js`;
    const line = main ? '#!/usr/bin/env node\n' : '';
    await writeFile(join('dist', basename(path)), line + code, { mode: main ? 0o755 : 0o644 });
  }
}
