import { existsSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { node24 } from '../lib/install.mjs';
import { rigDir, root } from '../lib/paths.mjs';
import { run } from '../lib/processes.mjs';
import { judge } from './result.mjs';

/**
 * Runs one of vitest's projects.
 * @param {string} project
 * @param {number} timeout milliseconds
 * @param {NodeJS.ProcessEnv} [env] added to the environment
 * @returns {Promise<import('./result.mjs').Result>}
 */
export async function runVitest(project, timeout, env) {
  const report = join(rigDir, 'reports', `${project}.json`);
  await mkdir(join(rigDir, 'reports'), { recursive: true });
  await rm(report, { force: true });
  const args = ['node_modules/vitest/vitest.mjs', 'run', '--project', project];
  args.push('--reporter', 'default', '--reporter', 'json', `--outputFile.json=${report}`);
  const end = await run(node24, args, { cwd: root, env: { ...process.env, ...env }, show: true, timeout });
  return judge(existsSync(report) ? count(JSON.parse(await readFile(report, 'utf8'))) : { passed: 0, failed: 0 }, end);
}

/**
 * @param {{ numPassedTests: number, numFailedTests: number, testResults: { status: string, assertionResults: { status: string }[] }[] }} report
 */
function count({ numPassedTests, numFailedTests, testResults }) {
  // A file that cannot be loaded, or whose hooks throw, is failed without a failed test.
  const broken = testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  );
  return { passed: numPassedTests, failed: numFailedTests + broken.length };
}
