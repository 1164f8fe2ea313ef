import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './paths.mjs';

const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

// Loaded late: `npm test` imports this module before it has installed anything.
const playwright = () => import(pathToFileURL(join(root, 'node_modules/playwright-core/index.mjs')).href);

/**
 * Starts a headless Chromium for VS Code's pages.
 * @param {string} executablePath
 * @returns {Promise<import('playwright-core').Browser>}
 */
export async function openBrowser(executablePath) {
  const { chromium } = await playwright();
  return chromium.launch({ executablePath, args });
}

/**
 * The same for other processes, which reach it by {@link connectBrowser}.
 * @param {string} executablePath
 * @returns {Promise<import('playwright-core').BrowserServer>}
 */
export async function serveBrowser(executablePath) {
  const { chromium } = await playwright();
  return chromium.launchServer({ executablePath, args, host: '127.0.0.1' });
}

/**
 * @param {string} address of a browser that is served
 * @returns {Promise<import('playwright-core').Browser>}
 */
export async function connectBrowser(address) {
  const { chromium } = await playwright();
  return chromium.connect(address);
}
