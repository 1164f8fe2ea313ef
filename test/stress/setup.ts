import type { TestProject } from 'vitest/node';
import { buildStress } from './build.mjs';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where `worker.ts` is bundled. */
    stress: string;
  }
}

/** Bundles the worker, so that it starts as a plain Node program. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { folder, remove } = await buildStress();
  project.provide('stress', folder);
  return remove;
}
