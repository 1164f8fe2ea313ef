import { KeyRing } from './auth.js';
import { Links } from './links.js';
import { describe } from './log.js';
import { RateLimiter } from './rateLimit.js';
import { createHttpServer } from './server.js';
import { ClickCounter } from './stats.js';
import { LinkStore } from './store.js';
import { every, sweep } from './sweeper.js';

/** @import { AddressInfo } from 'node:net' */
/** @import { Config } from './config.js' */
/** @import { Log } from './log.js' */

/**
 * Wires the service together and starts it.
 * @param {Config} config
 * @param {Log} log
 * @param {() => number} [now]
 * @returns {Promise<{ url: string, close: () => Promise<void> }>}
 */
export async function startApp(config, log, now = Date.now) {
  const store = await LinkStore.open(config.dataFile);
  const links = new Links(store, now);
  const clicks = new ClickCounter(store, now);
  const keys = await KeyRing.open(config.keysFile);
  const limiter = new RateLimiter(config.ratePerMinute, now);
  const server = createHttpServer({ config, links, keys, limiter, clicks, log });

  await new Promise((resolve, reject) => {
    server.once('error', reject).listen(config.port, config.host, () => resolve(undefined));
  });
  const { port } = /** @type {AddressInfo} */ (server.address());

  const failed = (/** @type {unknown} */ error) => log('error', 'background job failed', { error: describe(error) });
  const stopFlush = every(1000, () => clicks.flush(), failed);
  const stopSweep = every(
    config.sweepSeconds * 1000,
    async () => {
      const deleted = await sweep(store, links);
      if (deleted > 0) log('info', 'expired links deleted', { deleted });
    },
    failed,
  );

  return {
    url: `http://${config.host}:${port}`,
    close: async () => {
      // TODO: drain with a deadline; a client that never finishes its request keeps the process alive.
      await new Promise((resolve) => {
        server.close(resolve);
        server.closeIdleConnections();
      });
      await Promise.all([stopFlush(), stopSweep()]);
      await clicks.flush();
      await store.close();
    },
  };
}
