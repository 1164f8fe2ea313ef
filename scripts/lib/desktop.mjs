import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { rigDir, root } from './paths.mjs';
import { spawnGroup } from './processes.mjs';
import { PlainError, say } from './say.mjs';
import { findProgram } from './toolchain.mjs';

/** @type {Partial<Record<NodeJS.Platform, string>>} */
const openers = { darwin: 'open', win32: 'explorer' };

/**
 * Opens an address in the desktop's browser, where there is a desktop.
 * @param {string} address
 */
export function openInBrowser(address) {
  const opener = openers[process.platform] ?? 'xdg-open';
  if (opener === 'xdg-open' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return;
  if (!findProgram(opener)) return;
  spawn(opener, [address], { stdio: 'ignore', detached: true })
    .on('error', () => {})
    .unref();
}

/**
 * Opens a desktop VS Code with the extension under development and waits until its window is closed.
 * @param {string} folder
 */
export async function runDesktop(folder) {
  const code = findProgram('code') ?? (await downloadCode());
  const args = [`--extensionDevelopmentPath=${root}`, '--new-window', '--wait', '--disable-workspace-trust', folder];
  // A second data folder, so that the window is a process of ours also when VS Code runs already.
  args.push(`--user-data-dir=${join(rigDir, 'desktop-data')}`);
  if (process.getuid?.() === 0) args.push('--no-sandbox');
  say(`Opening ${code}; close its window or press Ctrl-C to end.`);
  const child = spawnGroup(code, args, { stdio: 'inherit' });
  await new Promise((resolve, reject) => child.once('exit', resolve).once('error', reject));
}

async function downloadCode() {
  const module = join(root, 'node_modules/@vscode/test-electron/out/index.js');
  const { downloadAndUnzipVSCode } = await import(pathToFileURL(module).href);
  try {
    return await downloadAndUnzipVSCode({ cachePath: rigDir });
  } catch (error) {
    throw new PlainError(
      `There is no "code" on this machine and VS Code cannot be downloaded (${error.message}): ` +
        'install VS Code, or leave --desktop out to use it in the browser.',
    );
  }
}
