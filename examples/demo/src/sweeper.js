/** @import { Links } from './links.js' */
/** @import { LinkStore } from './store.js' */

/**
 * Deletes the links that have expired.
 * @param {LinkStore} store
 * @param {Links} links
 * @returns {Promise<number>} how many were deleted
 */
export async function sweep(store, links) {
  // TODO: keep expired links for a grace period, so that an owner can extend one that ran out last night.
  let deleted = 0;
  for (const link of store.all()) {
    if (links.isExpired(link) && (await store.delete(link.slug))) deleted++;
  }
  return deleted;
}

/**
 * Runs a job again and again, never two at once, until it is stopped.
 * @param {number} pauseMs between the end of one run and the start of the next
 * @param {() => Promise<unknown>} job
 * @param {(error: unknown) => void} onError
 * @returns {() => Promise<void>} stops, and waits for a run under way
 */
export function every(pauseMs, job, onError) {
  let stopped = false;
  /** @type {NodeJS.Timeout} */
  let timer;
  let running = Promise.resolve();
  const schedule = () => {
    timer = setTimeout(() => {
      running = job().then(() => {}, onError);
      running.then(() => stopped || schedule());
    }, pauseMs);
  };
  schedule();
  return () => {
    stopped = true;
    clearTimeout(timer);
    return running;
  };
}
