/** `npm test [-- SUITE…]`: every suite, or the named ones; the last line is `total: N passed, N failed`. */
import { ensureBrowser } from './lib/browser.mjs';
import { ensureBuilt } from './lib/build.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { PlainError, runMain, say } from './lib/say.mjs';
import { ensureVsCodeServer, requireServerTools } from './lib/vscodeServer.mjs';
import { runCheck } from './suites/check.mjs';
import { runHost } from './suites/host.mjs';
import { runVitest } from './suites/vitest.mjs';

const minute = 60_000;

/**
 * In the order they run: what fails fastest first.
 * @type {Record<string, { real: boolean, run: () => Promise<import('./suites/result.mjs').Result> }>}
 */
const suites = {
  check: { real: false, run: runCheck },
  unit: { real: false, run: () => runVitest('unit', 10 * minute) },
  store: { real: false, run: () => runVitest('store', 15 * minute) },
  stress: { real: false, run: () => runVitest('stress', 15 * minute) },
  cli: { real: false, run: () => runVitest('cli', 40 * minute) },
  host: { real: true, run: runHost },
  ui: { real: true, run: async () => runVitest('ui', 30 * minute, { CHROME_PATH: await ensureBrowser() }) },
};

await runMain(async () => {
  const names = process.argv.slice(2);
  const unknown = names.filter((name) => !(name in suites));
  if (unknown.length > 0) {
    throw new PlainError(`There is no suite ${unknown.join(', ')}: use ${Object.keys(suites).join(', ')}.`);
  }
  const chosen = Object.entries(suites).filter(([name]) => names.length === 0 || names.includes(name));

  /** @type {Record<string, import('./suites/result.mjs').Result>} */
  const results = {};
  try {
    const real = chosen.some(([, suite]) => suite.real);
    if (real) requireServerTools();
    await ensureInstalled();
    // Beside the suites that do without it: setting it up is mostly waiting for the network.
    const vscode = real ? ensureVsCodeServer() : Promise.resolve('');
    vscode.catch(() => {});
    await ensureBuilt({ tests: real });
    for (const [name, suite] of chosen) {
      say(`\n── ${name} ──`);
      results[name] = await (suite.real ? vscode.then(() => suite.run()) : suite.run()).catch(crashed);
    }
  } catch (error) {
    results['set-up'] = crashed(error);
  }
  return summarize(results);
});

/** @param {any} error */
function crashed(error) {
  say(error instanceof PlainError ? error.message : error.stack);
  return { passed: 0, failed: 1, note: 'crashed' };
}

/** @param {Record<string, import('./suites/result.mjs').Result>} results */
function summarize(results) {
  say();
  const total = { passed: 0, failed: 0 };
  for (const [name, { passed, failed, note }] of Object.entries(results)) {
    say(`${name.padEnd(7)} ${passed} passed, ${failed} failed${note ? ` (${note})` : ''}`);
    total.passed += passed;
    total.failed += failed;
  }
  say(`total: ${total.passed} passed, ${total.failed} failed`);
  return total.failed > 0 ? 1 : 0;
}
