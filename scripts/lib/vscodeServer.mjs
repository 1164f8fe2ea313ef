/** The real VS Code that the tests and `npm start` use: the one that the npm package `code-server` ships. */
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { npm } from './npm.mjs';
import { rigDir } from './paths.mjs';
import { PlainError, say } from './say.mjs';
import { findNodeHeaders, requireCompiler } from './toolchain.mjs';

const version = '4.139.1';
const home = join(rigDir, `code-server-${version}`);
const lib = join(home, 'node_modules/code-server/lib/vscode');

/** Written last, so that an interrupted set-up is seen and done again. */
const marker = join(home, '.complete');

/** Refuses, in one sentence and before anything is downloaded, where VS Code cannot be set up. */
export function requireServerTools() {
  if (existsSync(marker)) return;
  if (process.platform === 'win32') {
    throw new PlainError('VS Code in the browser does not run on Windows: use "npm start -- --desktop", or WSL.');
  }
  requireCompiler();
}

/**
 * Sets VS Code up once (about a minute); later calls only look.
 * @returns {Promise<string>} the folder that holds `out/server-main.js`
 */
export async function ensureVsCodeServer() {
  if (existsSync(marker)) return lib;
  requireServerTools();
  say(`Setting up VS Code (code-server ${version}) in .vscode-test, once; this takes a minute or two.`);
  await rm(home, { recursive: true, force: true });
  await mkdir(home, { recursive: true });
  await writeFile(join(home, 'package.json'), '{ "private": true }\n');

  say('  1/4 downloading it');
  await npm(
    ['install', '--prefix', home, '--ignore-scripts', '--no-audit', '--no-fund', `code-server@${version}`],
    home,
  );
  say('  2/4 its server modules');
  await npm(['install', '--prefix', lib, '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund'], lib);
  say('  3/4 building its native addons');
  const headers = findNodeHeaders();
  await npm(
    ['rebuild', '--prefix', lib, '@vscode/spdlog', '@vscode/native-watchdog'],
    lib,
    headers ? { npm_config_nodedir: headers } : {},
  );
  say('  4/4 its built-in extensions');
  const extensions = join(lib, 'extensions');
  await npm(
    ['install', '--prefix', extensions, '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund'],
    extensions,
  );

  await writeFile(marker, `${version}\n`);
  return lib;
}
