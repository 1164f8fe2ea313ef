import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from './freePort.mjs';
import { node24 } from './install.mjs';
import { endGroup, spawnGroup } from './processes.mjs';
import { PlainError } from './say.mjs';
import { ensureVsCodeServer } from './vscodeServer.mjs';

const guardian = join(dirname(fileURLToPath(import.meta.url)), 'guardian.mjs');

/** Settings that keep VS Code quiet: no chat sidebar, no start page, no tips, nothing that asks the network. */
export const quietSettings = {
  'chat.disableAIFeatures': true,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'window.autoDetectColorScheme': false,
  'workbench.tips.enabled': false,
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
  'extensions.ignoreRecommendations': true,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'git.openRepositoryInParentFolders': 'never',
  'security.workspace.trust.enabled': false,
};

/**
 * A running VS Code server.
 * @typedef {object} Server
 * @property {number} port
 * @property {string} dataDir holds its settings, its logs and the state of its extensions
 * @property {(settings: Record<string, unknown>) => Promise<void>} writeSettings replaces the user's settings
 * @property {() => string} log what it printed so far
 * @property {() => Promise<void>} stop ends it with all its children, and removes a temporary `dataDir`
 * @property {Promise<void>} ended resolves when it ended, asked or not
 */

/**
 * Starts VS Code's server and waits until its page can be opened.
 * @param {object} [options]
 * @param {number} [options.port] taken when it is free; any free one otherwise
 * @param {string} [options.dataDir] kept; a temporary folder otherwise
 * @param {string} [options.extensionsDir] extensions that every window has
 * @param {boolean} [options.testDriver] let a page name extensions and tests by its `payload`
 * @param {boolean} [options.trust] ask for workspace trust, as VS Code does by default
 * @param {number} [options.reconnectionGrace] seconds that the extension host of a window that is gone waits for it; 3 h
 * @param {NodeJS.ProcessEnv} [options.env] added to the environment, which the extension host inherits
 * @param {Record<string, unknown>} [options.settings] on top of {@link quietSettings}
 * @returns {Promise<Server>}
 */
export async function startServer(options = {}) {
  const lib = await ensureVsCodeServer();
  const port = await freePort(options.port);
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'task-orchestrator-server-')));
  const writeSettings = (/** @type {Record<string, unknown>} */ settings) => writeUserSettings(dataDir, settings);
  await writeSettings(options.settings ?? {});

  const args = ['out/server-main.js', '--host', '127.0.0.1', '--port', String(port), '--without-connection-token'];
  args.push('--accept-server-license-terms', '--telemetry-level', 'off', '--server-data-dir', dataDir);
  args.push('--extensions-dir', options.extensionsDir ?? join(dataDir, 'extensions'));
  if (options.testDriver) args.push('--enable-smoke-test-driver');
  if (options.reconnectionGrace) args.push('--reconnection-grace-time', String(options.reconnectionGrace));
  if (!options.trust) args.push('--disable-workspace-trust');
  const child = spawnGroup(node24, [guardian, node24, ...args], {
    cwd: lib,
    env: { ...process.env, ...options.env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });

  let log = '';
  /** @type {Promise<void>} */
  const ended = new Promise((resolve) => {
    child.once('error', () => resolve());
    child.once('exit', () => resolve());
  });
  const ready = new Promise((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
        log += text;
        if (log.includes('Web UI available at')) resolve(true);
      });
    }
  });

  async function stop() {
    child.stdin?.end();
    if (child.pid !== undefined) await endGroup(child.pid);
    if (!options.dataDir) await rm(dataDir, { recursive: true, force: true, maxRetries: 3 });
  }

  const timeout = new Promise((resolve) => setTimeout(resolve, 60_000, false).unref());
  if (!(await Promise.race([ready, ended.then(() => false), timeout]))) {
    await stop();
    throw new PlainError(`${log}\nVS Code's server did not start; its output is above.`);
  }
  return { port, dataDir, writeSettings, log: () => log, stop, ended };
}

/**
 * Replaces the user's settings of a server.
 * @param {string} dataDir
 * @param {Record<string, unknown>} settings on top of {@link quietSettings}
 */
export async function writeUserSettings(dataDir, settings) {
  const folder = join(dataDir, 'data/User');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'settings.json'), JSON.stringify({ ...quietSettings, ...settings }, null, 2));
}

/**
 * The address of a VS Code window.
 * @param {number} port
 * @param {string} path a folder, or a `.code-workspace` file
 * @param {{ extension?: string, tests?: string }} [payload] absolute paths of an extension under development and of a
 *   module whose `run()` the extension host calls; both need the server's `testDriver`
 */
export function windowAddress(port, path, payload = {}) {
  const kind = path.endsWith('.code-workspace') ? 'workspace' : 'folder';
  const remote = `vscode-remote://127.0.0.1:${port}`;
  const entries = [['skipWelcome', 'true']];
  if (payload.extension) entries.push(['extensionDevelopmentPath', remote + payload.extension]);
  if (payload.tests) entries.push(['extensionTestsPath', remote + payload.tests]);
  const query = new URLSearchParams({ [kind]: path });
  if (entries.length > 1) query.set('payload', JSON.stringify(entries));
  return `http://127.0.0.1:${port}/?${query.toString().replaceAll('%2F', '/')}`;
}
