/**
 * What a UI test file starts with: windows of the VS Code server and of the browser that `setup.ts` started.
 *
 * `const vscode = startVsCode();` at the top of a file, then in a test `const workbench = await vscode.open(workspace)`.
 */
import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, afterEach, beforeAll, inject } from 'vitest';
import { windowAddress, writeUserSettings } from '../../scripts/lib/server.mjs';
import { connectBrowser } from '../../scripts/lib/window.mjs';
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

export interface VsCodeOptions {
  /** VS Code as somebody has it who trusts no folder. */
  readonly trust?: boolean;
  /** Workspaces and windows stay until the file's, or the block's, last test instead of their own. */
  readonly keep?: boolean;
}

/** Registers the hooks that give a file's, or a block's, tests their windows, and close them. */
export function startVsCode({ trust = false, keep = false }: VsCodeOptions = {}): VsCode {
  let browser: Browser;
  const { port, dataDir } = inject('vscode');
  const open: Workbench[] = [];
  const workspaces: Workspace[] = [];

  async function close(): Promise<void> {
    for (const workbench of open.splice(0)) await workbench.page.context().close();
    for (const workspace of workspaces.splice(0)) await workspace.remove();
  }

  beforeAll(async () => {
    browser = await connectBrowser(inject('browser'));
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail')
      for (const [at, workbench] of open.entries())
        await workbench.shot(`failures/${task.name.replaceAll(/\W+/g, '-').slice(0, 80)}-${at + 1}`);
    if (!keep) await close();
  });
  afterAll(async () => {
    await close();
    await browser?.close();
  });

  return {
    async workspace(files) {
      const workspace = await makeWorkspace(files);
      workspaces.push(workspace);
      return workspace;
    },
    async open({ dir }, { theme = 'dark', settings = {}, viewport = { width: 1280, height: 800 }, uriScheme } = {}) {
      await writeUserSettings(dataDir, {
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
      await page.goto(windowAddress(port, dir), { waitUntil: 'commit', timeout: 60_000 });
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
