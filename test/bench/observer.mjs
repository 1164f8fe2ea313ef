/**
 * A process that follows a store as a window does, and a plain file; it tells when it saw each change.
 *
 *   node observer.mjs LIBRARY STORE FILE
 */
import { readFileSync, watch } from 'node:fs';
import { loadLibrary, openStore } from './build.mjs';

const [libraryPath = '', storePath = '', file = ''] = process.argv.slice(2);
const library = await loadLibrary(libraryPath);
const store = await openStore(library, storePath);
/** @param {string | number} what */
const saw = (what) => process.send?.({ what, at: Number(process.hrtime.bigint()) });
store.onDidChange((change) => {
  if (change.kind === 'records') for (const { seq } of change.records) saw(seq);
});
library.watchStore(store, (error) => {
  throw error;
});
watch(file, () => saw(`floor ${readFileSync(file).length}`));
saw('started');
