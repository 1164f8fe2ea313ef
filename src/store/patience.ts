import { BeingWrittenError } from './otherClients.js';

/** How long to wait for others unless told otherwise, ms. */
export const LOCK_TIMEOUT = 10_000;
const PAUSE = 5;

/** Repeats `work` as long as another SQLite client's write is in its way, until the time (ms) is up. */
export async function patiently<T>(timeout = LOCK_TIMEOUT, work: () => T | Promise<T>): Promise<T> {
  const start = performance.now();
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof BeingWrittenError) || performance.now() - start >= timeout) throw error;
    }
    await new Promise((done) => setTimeout(done, PAUSE * (1 + 3 * Math.random())));
  }
}
