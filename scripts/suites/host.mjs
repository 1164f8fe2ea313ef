/** The tests that run inside the extension host of a real VS Code, once for each kind of workspace. */
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { configurations } from '../../test/host/configurations.mjs';
import { ensureBrowser } from '../lib/browser.mjs';
import { dist, rigDir, root } from '../lib/paths.mjs';
import { say } from '../lib/say.mjs';
import { startServer, windowAddress } from '../lib/server.mjs';
import { openBrowser } from '../lib/window.mjs';
import { judge } from './result.mjs';

/** Milliseconds for one configuration, VS Code's start included. */
const timeout = 300_000;

/**
 * @param {string} [only] the name of one configuration
 * @returns {Promise<import('./result.mjs').Result>}
 */
export async function runHost(only) {
  const browser = await openBrowser(await ensureBrowser());
  const total = { passed: 0, failed: 0 };
  try {
    for (const configuration of configurations.filter(({ name }) => !only || name === only)) {
      say(`\n  ${configuration.name}`);
      const { passed, failed, note } = await runConfiguration(browser, configuration);
      if (note) say(`    ${note}`);
      total.passed += passed;
      total.failed += failed;
    }
  } finally {
    await browser.close();
  }
  return judge(total);
}

/**
 * @param {import('playwright-core').Browser} browser
 * @param {import('../../test/host/configurations.mjs').Configuration} configuration
 */
async function runConfiguration(browser, { name, tests, setUp }) {
  const report = join(rigDir, 'reports', `host-${name.replaceAll(' ', '-')}.json`);
  await mkdir(join(rigDir, 'reports'), { recursive: true });
  await rm(report, { force: true });
  const { open, settings, env, remove } = await setUp();
  const server = await startServer({
    testDriver: true,
    settings,
    env: { ...env, TASK_HOST_TESTS: tests.join(','), TASK_HOST_REPORT: report },
  });
  const page = await browser.newPage();
  try {
    /** @type {string[]} */
    const errors = [];
    page.on('pageerror', (error) => errors.push(String(error)));
    const payload = { extension: root, tests: join(dist, 'test/host/index.js') };
    await page.goto(windowAddress(server.port, open, payload));
    const deadline = Date.now() + timeout;
    while (!existsSync(report) && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 100));
    if (!existsSync(report)) {
      await page.screenshot({ path: join(rigDir, 'reports', 'host-failure.png') });
      say(`${server.log()}\n${errors.join('\n')}`);
      return judge({ passed: 0, failed: 0 }, { timedOut: true });
    }
    return judge(show(JSON.parse(await readFile(report, 'utf8'))));
  } finally {
    await page.close();
    await server.stop();
    await remove();
  }
}

/**
 * Prints a report of `test/host/index.ts`.
 * @param {{ crash?: string, tests: { title: string, failure?: string }[] }} report
 */
function show({ crash, tests }) {
  for (const { title, failure } of tests) {
    say(`    ${failure ? '✗' : '✓'} ${title}`);
    if (failure) say(failure.replace(/^/gm, '        '));
  }
  if (crash) say(`    the run crashed: ${crash}`);
  const failed = tests.filter(({ failure }) => failure).length;
  return { passed: tests.length - failed, failed: failed + (crash ? 1 : 0) };
}
