/**
 * Schemas are made at their first use; most commands of `tm`, and the start of the extension, use none: zod is a part of its
 * own that is loaded by the first schema. Its messages in other languages are left out.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import * as zod from 'zod';

/**
 * @param {string} program whose part it is
 * @returns {import('esbuild').Plugin}
 */
export function lazyZod(program) {
  const part = `./${program}-zod.js`;
  return {
    name: 'lazy-zod',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^zod$/ }, () => ({ path: 'zod', namespace: 'lazy-zod' }));
      onResolve({ filter: /^\.\/\w+-zod\.js$/ }, () => ({ path: part, external: true }));
      onLoad({ filter: /.*/, namespace: 'lazy-zod' }, () => ({
        // esbuild gives an import the prototype of what it imports.
        contents: `module.exports = Object.create(new Proxy({}, {
          get: (_, name) => name === '__esModule' || require('${part}')[name],
        }));`,
      }));
    },
  };
}

/**
 * Writes the part.
 * @param {import('esbuild').BuildOptions} options
 * @param {string} program
 * @returns {Promise<string[]>} the files that went into it
 */
export async function buildZod(options, program) {
  /** @type {import('esbuild').Plugin} */
  const english = {
    name: 'english',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /locales\/index\.js$/ }, () => ({ path: 'locales', namespace: 'english' }));
      onLoad({ filter: /.*/, namespace: 'english' }, () => ({ contents: 'export {};' }));
    },
  };
  const { metafile } = await build({
    ...options,
    stdin: { contents: `export { ${(await usedNames()).join(', ')} } from 'zod';`, resolveDir: '.' },
    outfile: `dist/${program}-zod.js`,
    plugins: [english],
    metafile: true,
  });
  return Object.keys(metafile.inputs);
}

/** What the sources use of zod: the rest of it is not worth being read at each start. */
async function usedNames() {
  const names = new Set();
  for (const file of await readdir('src', { recursive: true })) {
    if (!file.endsWith('.ts')) continue;
    for (const [, name] of (await readFile(join('src', file), 'utf8')).matchAll(/\bz\.(\w+)/g)) names.add(name);
  }
  return [...names].filter((name) => name in zod).sort();
}
