import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './paths.mjs';

/**
 * Starts a headless Chromium for VS Code's pages.
 * @param {string} executablePath
 * @returns {Promise<import('playwright-core').Browser>}
 */
export async function openBrowser(executablePath) {
  // Loaded late: `npm test` imports this module before it has installed anything.
  const { chromium } = await import(pathToFileURL(join(root, 'node_modules/playwright-core/index.mjs')).href);
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
