/** Builds `dist/`: the extension, `tm`, the MCP server, the webviews and the tests that run inside the extension host. */
import { execFile } from 'node:child_process';
import { chmod, copyFile, cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { build, context } from 'esbuild';
import manifest from './package.json' with { type: 'json' };
import { lazyChildProcess } from './scripts/lazyChildProcess.mjs';
import { buildZod, lazyZod } from './scripts/lazyZod.mjs';
import { slimMcp } from './scripts/slimMcp.mjs';
import { EXECUTABLE, splitCommonJs, watchCommonJs } from './scripts/splitCommonJs.mjs';
import { trimMermaid } from './scripts/trimMermaid.mjs';

const watch = process.argv.includes('--watch');
const tests = process.argv.includes('--tests');
const minify = !process.argv.includes('--no-minify');

/** @satisfies {import('esbuild').BuildOptions} */
const host = {
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20.19',
  minify,
  sourcemap: minify ? false : 'linked',
  logLevel: 'warning',
  legalComments: 'none',
  define: { VERSION: JSON.stringify(manifest.version) },
};

/** @type {import('esbuild').BuildOptions[]} */
const bundles = [
  // A program of its own, which loads what a project brings along.
  { ...host, entryPoints: ['src/platform/programs/pluginRunner.ts'], outfile: 'dist/pluginRunner.js' },
  { ...host, entryPoints: ['src/store/engine/sqlRunner.ts'], outfile: 'dist/sqlRunner.js' },
  {
    ...host,
    entryPoints: { tm: 'src/cli/start.ts', mcp: 'src/mcp/start.ts' },
    outdir: 'dist',
    banner: { js: EXECUTABLE },
  },
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
    entryPoints: ['test/host/index.ts', 'test/host/*.test.ts'],
    outdir: 'dist/test/host',
    external: ['vscode', 'mocha'],
  });
}

/** The files that went into what ships, for `scripts/notices.mjs`. */
const bundled = new Set();

await rm('dist', { recursive: true, force: true });
await mkdir('dist', { recursive: true });
await copyFile('node_modules/sql.js/dist/sql-wasm.wasm', 'dist/sql-wasm.wasm');
await copyFile('src/platform/programs/plugin.ts', 'dist/plugin.d.ts');
await cp('examples/plugins', 'dist/plugins', { recursive: true });
await cp('templates', 'dist/templates', { recursive: true });
for (const options of bundles) {
  if (watch) await (await context(options)).watch();
  else {
    const { outputs } = (await build({ ...options, metafile: true })).metafile;
    for (const [output, { inputs }] of Object.entries(outputs)) {
      if (output.startsWith('dist/test/')) continue;
      for (const [file, { bytesInOutput }] of Object.entries(inputs)) if (bytesInOutput > 0) bundled.add(file);
    }
  }
}
if (!watch) for (const file of ['dist/tm.js', 'dist/mcp.js']) await chmod(file, 0o755);
for (const program of ['tm', 'extension']) for (const file of await buildZod(host, program)) bundled.add(file);
// Node loads `performance` at its first use, which takes longer than what Emscripten asks it for.
const quickStart = {
  plugins: [lazyChildProcess(), lazyZod('tm')],
  define: { ...host.define, 'performance.now': 'Date.now' },
};
const extension = { name: 'extension', entry: 'src/vscode/extension.ts' };
const tm = {
  name: 'tm',
  entry: 'src/cli/main.ts',
  together: ['src/cli/main.ts', 'src/cli/surfaces/command.ts', 'src/cli/everyday.ts'],
  besides: ['tm-zod.js'],
};
const mcp = { name: 'mcp', entry: 'src/mcp/main.ts', together: ['src/mcp/main.ts'] };
for (const { program, options } of [
  { program: mcp, options: { ...host, plugins: [slimMcp()] } },
  { program: extension, options: { ...host, external: ['vscode'], plugins: [lazyZod('extension')] } },
  { program: tm, options: { ...host, ...quickStart } },
]) {
  if (watch) await watchCommonJs(options, program);
  else for (const file of await splitCommonJs(options, program)) bundled.add(file);
}
// What help, completion and the manual are made from, so that they need not load every command.
if (!watch) {
  const { stdout } = await promisify(execFile)(process.execPath, ['dist/tm.js', '__reference', 'json']);
  await writeFile('dist/tm-reference.json', stdout);
}
if (!watch) await writeFile('dist/bundled.json', JSON.stringify([...bundled].sort(), null, 1));
