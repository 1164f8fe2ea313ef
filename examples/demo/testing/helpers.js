import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startApp } from '../src/app.js';
import { KeyRing } from '../src/auth.js';
import { loadConfig } from '../src/config.js';

/** @import { TestContext } from 'node:test' */

export const T0 = Date.UTC(2026, 0, 15, 12);

/** A clock that only moves when it is told to. */
export class Clock {
  time = T0;
  now = () => this.time;
  /** @param {number} ms */
  advance(ms) {
    this.time += ms;
  }
}

/**
 * A folder that goes with the test.
 * @param {TestContext} t
 */
export async function tempDir(t) {
  const dir = await mkdtemp(join(tmpdir(), 'shortlink-'));
  t.after(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

/**
 * The whole service on a free port, with one API key.
 * @param {TestContext} t
 * @param {Record<string, string>} [env]
 */
export async function startService(t, env = {}) {
  const dir = await tempDir(t);
  const config = loadConfig({
    SHORTLINK_PORT: '0',
    SHORTLINK_DATA: dir,
    SHORTLINK_BASE_URL: 'https://sho.rt/',
    ...env,
  });
  const clock = new Clock();
  const { secret } = await (await KeyRing.open(config.keysFile)).create('ada', clock.now());
  /** @type {Record<string, unknown>[]} */
  const logged = [];
  const app = await startApp(config, (level, event, fields) => logged.push({ level, event, ...fields }), clock.now);
  t.after(() => app.close());
  /**
   * @param {string} method
   * @param {string} path
   * @param {{ body?: unknown, key?: string | null }} [options]
   */
  const call = async (method, path, { body, key = secret } = {}) => {
    /** @type {Record<string, string>} */
    const headers = key === null ? {} : { authorization: `Bearer ${key}` };
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const response = await fetch(app.url + path, {
      method,
      headers,
      redirect: 'manual',
      ...(body === undefined ? {} : { body: text }),
    });
    const raw = await response.text();
    const json = response.headers.get('content-type')?.startsWith('application/json') ? JSON.parse(raw) : undefined;
    return { status: response.status, headers: response.headers, text: raw, json };
  };
  return { config, clock, logged, call };
}
