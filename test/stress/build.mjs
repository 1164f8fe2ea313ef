import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';

/**
 * Bundles `worker.ts` as a plain Node program, in a folder that other users may read; `remove` ends it.
 * @param {string[]} [others] other modules beside it, by their names here without `.ts`
 */
export async function buildStress(others = []) {
  const folder = await mkdtemp(join(tmpdir(), 'task-orchestrator-stress-'));
  await chmod(folder, 0o755);
  await build({
    entryPoints: ['worker', ...others].map((name) => join(import.meta.dirname, `${name}.ts`)),
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    // sql.js looks for its WebAssembly beside itself.
    define: { __dirname: JSON.stringify(dirname(createRequire(import.meta.url).resolve('sql.js'))), __filename: '""' },
    logLevel: 'warning',
  });
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}
