import { BeingWrittenError } from './otherClients.js';

/** How long to wait for others unless told otherwise, ms. */
export const LOCK_TIMEOUT = 10_000;
const PAUSE = 5;

/** Milliseconds on a clock that nobody sets. `performance` tells the same, but takes Node several ms to load. */
export function elapsed(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1e3 + nanoseconds / 1e6;
}

/** Repeats `work` as long as another SQLite client's write is in its way, until the time (ms) is up. */
export async function patiently<T>(timeout = LOCK_TIMEOUT, work: () => T | Promise<T>): Promise<T> {
  const start = elapsed();
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof BeingWrittenError) || elapsed() - start >= timeout) throw error;
    }
    await new Promise((done) => setTimeout(done, PAUSE * (1 + 3 * Math.random())));
  }
}
