import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { ensureBrowser } from '../../scripts/lib/browser.mjs';
import { installExtension } from '../../scripts/lib/installExtension.mjs';
import { startServer } from '../../scripts/lib/server.mjs';
import { serveBrowser } from '../../scripts/lib/window.mjs';

declare module 'vitest' {
  interface ProvidedContext {
    /** The VS Code server of the UI tests. */
    vscode: { readonly port: number; readonly dataDir: string };
    /** Where playwright finds their Chromium. */
    browser: string;
  }
}

/** Starts one VS Code server and one browser for all UI tests: each file has windows of its own in them. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  // Installed as a user has it: a window for developing an extension ignores the chosen colour theme.
  const extensionsDir = await mkdtemp(join(tmpdir(), 'task-orchestrator-extensions-'));
  await installExtension(extensionsDir);
  // Whether workspaces need trust is a matter of each window's settings. Its extension host ends soon after a window.
  const server = await startServer({ extensionsDir, trust: true, reconnectionGrace: 30 });
  const browser = await serveBrowser(await ensureBrowser());
  project.provide('vscode', { port: server.port, dataDir: server.dataDir });
  project.provide('browser', browser.wsEndpoint());
  return async () => {
    await browser.close();
    await server.stop();
    await rm(extensionsDir, { recursive: true, force: true, maxRetries: 3 });
  };
}
