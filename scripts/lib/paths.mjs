import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's folder. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** Downloads and working copies of the rig; git-ignored and reused. */
export const rigDir = join(root, '.vscode-test');

/** The build's output. */
export const dist = join(root, 'dist');

/** The `tm` program. */
export const tmProgram = join(dist, 'tm.js');

/** Screenshots that the UI tests take; git-ignored. */
export const shotsDir = join(root, 'test/ui/shots');
