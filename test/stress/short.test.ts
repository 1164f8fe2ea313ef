import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, inject, onTestFinished, test } from 'vitest';
import { SCENARIOS, SeededRandom, SHORT } from './scenarios.js';

/** The same choices always; what real processes make of them differs. */
const SEED = 20_261_121;
const root = join(import.meta.dirname, '../..');
const wasmPath = join(root, 'node_modules/sql.js/dist/sql-wasm.wasm');

test.each(SCENARIOS)('$name ($guarantees)', async ({ run }) => {
  const folder = mkdtempSync(join(inject('stress'), 'short-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const summary = await run(
    {
      folder,
      worker: join(inject('stress'), 'worker.mjs'),
      tm: join(root, 'dist/tm.js'),
      wasmPath,
      fixtures: join(root, 'test/fixtures/stores'),
      random: new SeededRandom(SEED),
      say: () => undefined,
    },
    SHORT,
  );
  expect(summary.rounds + summary.notes.length).toBeGreaterThan(0);
});
