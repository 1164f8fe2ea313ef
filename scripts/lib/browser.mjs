import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { node24 } from './install.mjs';
import { root } from './paths.mjs';
import { run } from './processes.mjs';
import { PlainError, say } from './say.mjs';
import { findProgram } from './toolchain.mjs';

const names = ['chromium', 'google-chrome', 'google-chrome-stable', 'chromium-browser'];
const macPaths = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** A Chromium that is on this machine already: `CHROME_PATH`, an installed one, or playwright's own. */
async function findBrowser() {
  const named = process.env.CHROME_PATH;
  if (named) {
    if (!existsSync(named)) throw new PlainError(`CHROME_PATH names ${named}, which does not exist.`);
    return named;
  }
  for (const name of names) {
    const found = findProgram(name);
    if (found) return found;
  }
  const playwright = await import(pathToFileURL(join(root, 'node_modules/playwright-core/index.mjs')).href);
  return [...macPaths, playwright.chromium.executablePath()].find((path) => path && existsSync(path));
}

/**
 * Finds a Chromium, or installs one.
 * @returns {Promise<string>} its path
 */
export async function ensureBrowser() {
  const found = await findBrowser();
  if (found) return found;

  say('No Chromium found: installing one (playwright-core install chromium).');
  const playwright = join(root, 'node_modules/playwright-core/cli.js');
  await run(node24, [playwright, 'install', 'chromium'], { timeout: 300_000 });
  const downloaded = await findBrowser();
  if (downloaded) return downloaded;

  if (process.getuid?.() === 0 && findProgram('apt-get')) {
    say('That download failed: installing the package chromium (apt-get install).');
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    await run('apt-get', ['update'], { env, timeout: 300_000 });
    await run('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], { env, timeout: 600_000 });
    const installed = await findBrowser();
    if (installed) return installed;
  }
  throw new PlainError(
    'The tests need a Chromium: install the package "chromium" (or Google Chrome), or set CHROME_PATH to the program.',
  );
}
