/**
 * What a UI test file starts with: one VS Code server and one browser for the file, a fresh window for each test.
 *
 * `const vscode = startVsCode();` at the top of a file, then in a test `const workbench = await vscode.open(workspace)`.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { ensureBrowser } from '../../scripts/lib/browser.mjs';
import { installExtension } from '../../scripts/lib/installExtension.mjs';
import { type Server, startServer, windowAddress } from '../../scripts/lib/server.mjs';
import { openBrowser } from '../../scripts/lib/window.mjs';
import { makeWorkspace, type Workspace } from '../../scripts/lib/workspace.mjs';
import { type Theme, themes, Workbench } from './pages/workbench.js';

export interface OpenOptions {
  /** Default: dark. */
  readonly theme?: Theme;
  /** The user's settings, on top of those that keep VS Code quiet. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Default: 1280 × 800. */
  readonly viewport?: { readonly width: number; readonly height: number };
  /** Which kind of addresses are the editor's own. The one here has `code-oss`, VS Code itself `vscode`. */
  readonly uriScheme?: 'vscode';
}

export interface VsCode {
  /** Makes a temporary folder with these files (texts by path), removed after the test. */
  workspace(files?: Record<string, string>): Promise<Workspace>;
  /** Opens a workspace in a fresh window, and waits until its workbench and its extension host are there. */
  open(workspace: Pick<Workspace, 'dir'>, options?: OpenOptions): Promise<Workbench>;
}

/** Rows that stick to the top of a tree lie over the one that a test wants to click. */
const steady = { 'workbench.tree.enableStickyScroll': false };

/** Folders are opened without trust, and nobody is asked. */
const restricted = { 'security.workspace.trust.enabled': true, 'security.workspace.trust.startupPrompt': 'never' };

/** Registers the hooks that start VS Code before the file's tests and end it after them. With `trust`, as somebody has it who trusts no folder. */
export function startVsCode({ trust = false } = {}): VsCode {
  let server: Server;
  let browser: Browser;
  let extensionsDir: string;
  const open: Workbench[] = [];
  const workspaces: Workspace[] = [];

  beforeAll(async () => {
    // Installed as a user has it: a window for developing an extension ignores the chosen colour theme.
    extensionsDir = await mkdtemp(join(tmpdir(), 'task-orchestrator-extensions-'));
    await installExtension(extensionsDir);
    server = await startServer({ extensionsDir, trust });
    browser = await openBrowser(await ensureBrowser());
  });
  afterEach(async ({ task }) => {
    for (const workbench of open.splice(0)) {
      if (task.result?.state === 'fail')
        await workbench.shot(`failures/${task.name.replaceAll(/\W+/g, '-').slice(0, 80)}`);
      await workbench.page.context().close();
    }
    for (const workspace of workspaces.splice(0)) await workspace.remove();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    if (extensionsDir) await rm(extensionsDir, { recursive: true, force: true, maxRetries: 3 });
  });

  return {
    async workspace(files) {
      const workspace = await makeWorkspace(files);
      workspaces.push(workspace);
      return workspace;
    },
    async open({ dir }, { theme = 'dark', settings = {}, viewport = { width: 1280, height: 800 }, uriScheme } = {}) {
      await server.writeSettings({
        ...steady,
        ...(trust && restricted),
        'workbench.colorTheme': themes[theme],
        ...settings,
      });
      const context = await browser.newContext({ viewport });
      if (uriScheme) await renameProduct(context, uriScheme);
      const page = await context.newPage();
      const workbench = new Workbench(page, theme);
      open.push(workbench);
      await page.goto(windowAddress(server.port, dir));
      await workbench.waitUntilReady();
      return workbench;
    },
  };
}

/** Changes the one line of the workbench that says under which name the editor is known to the system. */
async function renameProduct(context: BrowserContext, uriScheme: string): Promise<void> {
  await context.route('**/workbench/workbench.js', async (route) => {
    const response = await route.fetch();
    const body = (await response.text()).replaceAll('urlProtocol:"code-oss"', `urlProtocol:"${uriScheme}"`);
    await route.fulfill({ response, body });
  });
}
