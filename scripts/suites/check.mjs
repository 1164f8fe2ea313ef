import { join } from 'node:path';
import { checkCliReference } from '../check/cli.mjs';
import { checkEditorTools } from '../check/editorTools.mjs';
import { checkEvaluation } from '../check/evaluation.mjs';
import { checkLayers } from '../check/layers.mjs';
import { checkCommands, checkTexts } from '../check/manifest.mjs';
import { checkToolReference } from '../check/mcpTools.mjs';
import { checkNotices } from '../check/notices.mjs';
import { node24 } from '../lib/install.mjs';
import { root } from '../lib/paths.mjs';
import { run } from '../lib/processes.mjs';
import { say } from '../lib/say.mjs';
import { judge } from './result.mjs';

/**
 * Each check returns what is wrong; an empty text is fine.
 * @type {Record<string, () => Promise<string>>}
 */
const checks = {
  'types of src and test': () => program('tsc', '-p', 'tsconfig.json'),
  'types of the UI tests': () => program('tsc', '-p', 'test/ui/tsconfig.json'),
  'types of the webviews': () => program('tsc', '-p', 'webview/tsconfig.json'),
  'types of the scripts': () => program('tsc', '-p', 'scripts/tsconfig.json'),
  'lint and format': () => program('biome', 'check', '--error-on-warnings'),
  'layers: the linter refuses every wrong import': async () =>
    lines(await checkLayers((args, cwd) => execute('biome', args, cwd))),
  'evaluation: no text is run as a program': async () =>
    lines(await checkEvaluation((args, cwd) => execute('biome', args, cwd))),
  'dead code': () => program('knip'),
  'commands are declared and listed': async () => lines(await checkCommands()),
  'texts are declared and used': async () => lines(await checkTexts()),
  'docs/cli.md is current': async () => lines(await checkCliReference()),
  'docs/mcp-tools.md is current': async () => lines(await checkToolReference()),
  "the editor's tools in package.json are current": async () => lines(await checkEditorTools()),
  'third-party notices are current': async () => lines(await checkNotices()),
};

/** @returns {Promise<import('./result.mjs').Result>} */
export async function runCheck() {
  const counts = { passed: 0, failed: 0 };
  for (const [name, check] of Object.entries(checks)) {
    const wrong = await check().catch((error) => String(error.stack));
    if (wrong) counts.failed += 1;
    else counts.passed += 1;
    say(`  ${wrong ? '✗' : '✓'} ${name}`);
    if (wrong) say(wrong.trimEnd().replace(/^/gm, '      '));
  }
  return judge(counts);
}

/**
 * Runs one of the toolchain's programs, under the toolchain's Node.
 * @param {string} name
 * @param {string[]} args
 */
async function program(name, ...args) {
  const { code, output } = await execute(name, args);
  return code === 0 ? '' : output || `${name} exited with ${code}`;
}

/** @param {string} name @param {string[]} args @param {string} [cwd] */
const execute = (name, args, cwd = root) => run(node24, [join(root, 'node_modules/.bin', name), ...args], { cwd });

/** @param {string[]} problems */
const lines = (problems) => problems.join('\n');
