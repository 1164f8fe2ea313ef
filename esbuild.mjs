/** Builds `dist/`: the extension, `tm`, the webviews and the tests that run inside the extension host. */
import { copyFile, mkdir, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { build, context } from 'esbuild';
import { trimMermaid } from './scripts/trimMermaid.mjs';

const watch = process.argv.includes('--watch');
const tests = process.argv.includes('--tests');
const minify = !process.argv.includes('--no-minify');

/** @type {import('esbuild').BuildOptions} */
const host = {
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20.19',
  minify,
  sourcemap: minify ? false : 'linked',
  logLevel: 'warning',
  legalComments: 'none',
};

/** @type {import('esbuild').BuildOptions[]} */
const bundles = [
  { ...host, entryPoints: ['src/vscode/extension.ts'], outfile: 'dist/extension.js', external: ['vscode', './sql-wasm.cjs'] },
  { ...host, entryPoints: ['src/cli/main.ts'], outfile: 'dist/tm.js', external: ['./sql-wasm.cjs'], banner: { js: '#!/usr/bin/env node' } },
  {
    bundle: true,
    platform: 'browser',
    format: 'esm',
    splitting: true,
    target: 'chrome120',
    minify,
    logLevel: 'warning',
    legalComments: 'none',
    entryPoints: ['webview/graph/graph.ts'],
    outdir: 'dist/webview',
    plugins: [trimMermaid()],
  },
];

if (tests) {
  bundles.push({
    ...host,
    minify: false,
    entryPoints: ['test/host/index.ts'],
    outdir: 'dist/test/host',
    external: ['vscode', 'mocha'],
  });
}

await rm('dist', { recursive: true, force: true });
await mkdir('dist', { recursive: true });
await copyFile('node_modules/sql.js/dist/sql-wasm.wasm', 'dist/sql-wasm.wasm');
for (const options of bundles) {
  const entry = options.entryPoints[0];
  if (!existsSync(entry)) throw new Error(`esbuild: entry point ${entry} is missing`);
  if (watch) await (await context(options)).watch();
  else await build(options);
}
