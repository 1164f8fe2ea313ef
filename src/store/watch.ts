import { type FSWatcher, watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { Store } from './store.js';

/** How often to look when the system tells of changes, and when it does not (ms). */
const SAFETY_INTERVAL = 1_000;
const POLLING_INTERVAL = 150;

/**
 * Keeps a store up to date with other processes: at once where the system tells of file changes, otherwise by polling.
 * `onError` gets what a refresh throws. The returned function ends it.
 */
export function watchStore(store: Store, onError: (error: unknown) => void): () => void {
  const base = basename(store.path).replace(/\.[^.]*$/, '');
  let watcher: FSWatcher | undefined;
  let scheduled: NodeJS.Immediate | undefined;
  let timer: NodeJS.Timeout | undefined;
  const look = () => {
    scheduled = undefined;
    try {
      store.refresh();
    } catch (error) {
      onError(error);
    }
  };
  const start = () => {
    try {
      watcher = watch(dirname(store.path), (_event, name) => {
        // Lock files come and go with each commit; only the data says that there is news.
        if (name === null || name === `${base}.journal` || name === basename(store.path))
          scheduled ??= setImmediate(look);
      });
      watcher.on('error', stop);
    } catch {
      watcher = undefined;
    }
  };
  const stop = () => {
    watcher?.close();
    watcher = undefined;
  };
  const tick = () => {
    if (!watcher && store.exists) start();
    look();
    timer = setTimeout(tick, watcher ? SAFETY_INTERVAL : POLLING_INTERVAL).unref();
  };
  tick();
  return () => {
    stop();
    clearTimeout(timer);
    clearImmediate(scheduled);
  };
}
