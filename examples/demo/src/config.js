import { resolve } from 'node:path';

/**
 * @typedef {object} Config
 * @property {string} host address to listen on
 * @property {number} port 0 lets the system choose
 * @property {string} baseUrl what short links start with, without a trailing slash
 * @property {string} dataFile the link journal
 * @property {string} keysFile hashed API keys
 * @property {number} ratePerMinute requests a minute for each client
 * @property {number} sweepSeconds pause between two sweeps for expired links
 * @property {number} maxBodyBytes
 */

/**
 * Reads the configuration from SHORTLINK_* variables.
 * @param {NodeJS.ProcessEnv} env
 * @returns {Config}
 */
export function loadConfig(env) {
  const host = env.SHORTLINK_HOST ?? '127.0.0.1';
  const port = integer(env, 'SHORTLINK_PORT', 8080, 0, 65_535);
  const dataDir = resolve(env.SHORTLINK_DATA ?? 'data');
  return {
    host,
    port,
    baseUrl: baseUrl(env.SHORTLINK_BASE_URL ?? `http://${host}:${port}`),
    dataFile: resolve(dataDir, 'links.jsonl'),
    keysFile: resolve(dataDir, 'keys.json'),
    ratePerMinute: integer(env, 'SHORTLINK_RATE_PER_MINUTE', 60, 1, 1_000_000),
    sweepSeconds: integer(env, 'SHORTLINK_SWEEP_SECONDS', 60, 1, 86_400),
    maxBodyBytes: 16_384,
  };
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @param {string} name
 * @param {number} fallback
 * @param {number} min
 * @param {number} max
 */
function integer(env, name, fallback, min, max) {
  const text = env[name];
  if (text === undefined || text === '') return fallback;
  const value = Number(text);
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new RangeError(`${name} must be a whole number from ${min} to ${max}, not "${text}"`);
  }
  return value;
}

/** @param {string} text */
function baseUrl(text) {
  if (!URL.canParse(text)) throw new TypeError(`SHORTLINK_BASE_URL is not a URL: "${text}"`);
  return text.replace(/\/+$/, '');
}
