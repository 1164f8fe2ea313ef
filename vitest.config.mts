import { configDefaults, defineConfig } from 'vitest/config';

const minute = 60_000;

const project = (name: string, options: object = {}) => ({
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    environment: 'node',
    exclude: configDefaults.exclude,
    ...options,
  },
});

// biome-ignore lint/style/noDefaultExport: vitest reads the default export.
export default defineConfig({
  test: {
    projects: [
      project('unit', { testTimeout: minute / 2 }),
      project('store', { globalSetup: 'test/store/setup.ts', testTimeout: 2 * minute, hookTimeout: minute }),
      project('stress', {
        globalSetup: 'test/stress/setup.ts',
        testTimeout: 5 * minute,
        hookTimeout: minute,
        fileParallelism: false,
      }),
      // Their work is done by other processes: two files at a time keep two cores busy.
      project('cli', { globalSetup: 'test/cli/setup.ts', testTimeout: 2 * minute, hookTimeout: minute, maxWorkers: 2 }),
      // One VS Code at a time: two of them starve each other.
      project('ui', {
        globalSetup: 'test/ui/setup.ts',
        testTimeout: 2 * minute,
        hookTimeout: 2 * minute,
        expect: { poll: { timeout: 15_000 } },
        fileParallelism: false,
        maxWorkers: 1,
      }),
    ],
  },
});
