#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { startApp } from './app.js';
import { KeyRing } from './auth.js';
import { loadConfig } from './config.js';
import { linksToCsv } from './csv.js';
import { createLog } from './log.js';
import { ClickCounter } from './stats.js';
import { LinkStore } from './store.js';

const USAGE = `Usage: shortlink <command>

  serve               run the service
  key create LABEL    make an API key and print it, once
  add URL [--slug S] [--expires DATE]
                      make a link on a running service; the key is read from SHORTLINK_KEY
  export              print all links as CSV

Settings are SHORTLINK_* variables; see README.md.
`;

/** @param {string[]} argv */
async function main(argv) {
  const config = loadConfig(process.env);
  const options = /** @type {const} */ ({ slug: { type: 'string' }, expires: { type: 'string' } });
  const { values, positionals } = parseArgs({ args: argv, options, allowPositionals: true });
  const [command, ...rest] = positionals;
  if (command === 'serve') return serve(config);
  if (command === 'key' && rest[0] === 'create' && rest[1]) return createKey(config, rest[1]);
  if (command === 'add' && rest[0]) return add(config, rest[0], values);
  if (command === 'export') return exportCsv(config);
  // TODO: `shortlink import FILE.csv`, for people who come from another shortener.
  process.stderr.write(USAGE);
  return 2;
}

/** @param {import('./config.js').Config} config */
async function serve(config) {
  const log = createLog((line) => process.stdout.write(line), Date.now);
  const app = await startApp(config, log);
  log('info', 'listening', { url: app.url });
  await new Promise((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
  await app.close();
  return 0;
}

/**
 * @param {import('./config.js').Config} config
 * @param {string} label
 */
async function createKey(config, label) {
  const { secret } = await (await KeyRing.open(config.keysFile)).create(label, Date.now());
  process.stdout.write(`${secret}\n`);
  return 0;
}

/**
 * @param {import('./config.js').Config} config
 * @param {string} url
 * @param {{ slug?: string, expires?: string }} options
 */
async function add(config, url, { slug, expires }) {
  const response = await fetch(`${config.baseUrl}/api/links`, {
    method: 'POST',
    headers: { authorization: `Bearer ${process.env.SHORTLINK_KEY ?? ''}`, 'content-type': 'application/json' },
    body: JSON.stringify({ url, slug, expiresAt: expires }),
  });
  const body = /** @type {{ shortUrl: string, error?: { message: string } }} */ (await response.json());
  if (body.error) throw new Error(body.error.message);
  process.stdout.write(`${body.shortUrl}\n`);
  return 0;
}

/** @param {import('./config.js').Config} config */
async function exportCsv(config) {
  const store = await LinkStore.open(config.dataFile, { readOnly: true });
  const clicks = new ClickCounter(store, Date.now);
  process.stdout.write(linksToCsv(store.all(), config.baseUrl, (slug) => clicks.report(slug, 30).total));
  return 0;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`shortlink: ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
