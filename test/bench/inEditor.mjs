import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBrowser } from '../../scripts/lib/browser.mjs';
import { installExtension } from '../../scripts/lib/installExtension.mjs';
import { startServer, windowAddress } from '../../scripts/lib/server.mjs';
import { openBrowser } from '../../scripts/lib/window.mjs';
import { openStore } from './build.mjs';
import { spread } from './measure.mjs';

/** A task's row, by how its accessible name begins. */
const row = (/** @type {string} */ start) => `[role=treeitem][aria-label^="${start}"]`;

/**
 * What a person waits for in a real VS Code, in a fresh window each run: the tree's first rows, against the first
 * paint of VS Code's own Search view; a title that another process changed; the graph's picture.
 * @param {typeof import('./library.js')} library
 * @param {{ path: string, folder: string, size: number, runs: number }} given
 * @returns {Promise<import('./measure.mjs').Line[]>}
 */
export async function measureEditor(library, { path, folder, size, runs }) {
  const extensionsDir = await mkdtemp(join(tmpdir(), 'task-orchestrator-bench-extensions-'));
  await installExtension(extensionsDir);
  const server = await startServer({ extensionsDir });
  const browser = await openBrowser(await ensureBrowser());
  const store = await openStore(library, path);
  const times = { search: [0], tree: [0], outside: [0], graph: [0] };
  for (const list of Object.values(times)) list.pop();
  try {
    for (let run = 0; run < runs; run += 1) {
      const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
      await page.goto(windowAddress(server.port, folder));
      const tab = (/** @type {RegExp} */ name) => page.locator('.activitybar').getByRole('tab', { name });
      await tab(/^Tasks/).waitFor({ timeout: 60_000 });
      const tasks = page.getByRole('tree', { name: 'Tasks' });
      await page.waitForTimeout(2_000);

      const timed = async (/** @type {number[]} */ list, /** @type {() => Promise<unknown>} */ work) => {
        const start = performance.now();
        await work();
        list.push(performance.now() - start);
      };
      await timed(times.search, async () => {
        await tab(/^Search/).click();
        await page.locator('.search-view .monaco-inputbox').first().waitFor();
      });
      await timed(times.tree, async () => {
        await tab(/^Tasks/).click();
        await tasks.locator(row('T-')).first().waitFor();
      });

      const label = (await tasks.locator(row('T-')).first().getAttribute('aria-label')) ?? '';
      const number = Number(/^T-(\d+)/.exec(label)?.[1]);
      const id = String(store.get('SELECT id FROM tasks WHERE number = ?', [number])?.id);
      const title = `Changed outside in run ${run} at ${Date.now()}`;
      const shown = tasks.locator(row(`T-${number}, ${title}`)).waitFor();
      await timed(times.outside, async () => {
        await store.commit('bench', 'task.update', (transaction) => transaction.update('tasks', [id], { title }));
        await shown;
      });

      // A view's icons are there under the mouse.
      const header = page.locator('.pane-header[aria-label="Tasks Section"]');
      await header.hover();
      await timed(times.graph, async () => {
        await header.getByRole('button', { name: 'Show Dependency Graph' }).click();
        await page
          .frameLocator('iframe.webview.ready')
          .frameLocator('iframe#active-frame')
          .locator('body[data-state="ready"]')
          .waitFor();
      });
      await page.close();
    }
  } finally {
    store.close();
    await browser.close();
    await server.stop();
    await rm(extensionsDir, { recursive: true, force: true });
  }
  const floor = { what: 'the Search view', ...spread(times.search) };
  return [
    {
      what: 'tree in VS Code, first rows',
      size,
      ...spread(times.tree),
      floor,
      budget: '≤ 1 s',
      limit: 'the extension starts, with it SQLite; the plan is read and its graph built; then VS Code draws the rows',
    },
    {
      what: 'a commit outside, and the tree shows it',
      size,
      ...spread(times.outside),
      floor,
      budget: '≤ 250 ms',
      limit:
        'the event takes a few ms (see above); the rest is the tree view, in the extension and in VS Code, and drawing',
    },
    {
      what: 'graph of 120 tasks, panel opened and drawn',
      size,
      ...spread(times.graph),
      floor,
      budget: '≤ 1 s (picture)',
      limit: 'VS Code makes the webview and its frames, Mermaid is loaded and lays the graph out',
    },
  ];
}
