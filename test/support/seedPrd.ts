import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The document of seed 002's example. */
export const SEED_PRD = readFileSync(join(import.meta.dirname, '../fixtures/prd/01-seed-example.md'), 'utf8');
