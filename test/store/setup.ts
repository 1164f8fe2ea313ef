import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** The bundled `worker.ts`. */
    worker: string;
  }
}

/** Bundles the worker, so that it starts as a plain Node program. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'task-orchestrator-worker-'));
  const worker = join(folder, 'worker.mjs');
  await build({
    entryPoints: [join(import.meta.dirname, 'worker.ts')],
    outfile: worker,
    bundle: true,
    platform: 'node',
    format: 'esm',
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    define: { __dirname: '""', __filename: '""' },
    logLevel: 'warning',
  });
  project.provide('worker', worker);
  return () => rm(folder, { recursive: true, force: true });
}
