/** The built graph page by itself, in a browser and under its own policy, without VS Code around it. */

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { dist } from '../../../scripts/lib/paths.mjs';
import { type DiagramView, toMermaid } from '../../../src/core/diagram/mermaid.js';
import type { GraphPanelState, GraphSnapshot, GraphToHost } from '../../../src/protocol/graph.js';
import { graphHtml } from '../../../src/vscode/graph/graphHtml.js';
import { WEBVIEW_THEMES, type WebviewTheme, type WebviewThemeName } from '../../fixtures/themes.js';

/** What the page's side of VS Code has seen, kept on `window`. */
interface Probe {
  posted: GraphToHost[];
  saved?: GraphPanelState;
  violations: string[];
}

const TYPES: Readonly<Record<string, string>> = { '.js': 'text/javascript', '.css': 'text/css' };

/** Serves the page and `dist/webview` on a loopback port. */
export async function serveGraphPage(): Promise<{ url: string; close(): void }> {
  const folder = join(dist, 'webview');
  if (!existsSync(join(folder, 'graph.js'))) throw new Error('dist/webview is missing: build first');
  const server = createServer((request, response) => {
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const path = new URL(request.url ?? '/', origin).pathname;
    if (path === '/') {
      const scriptUri = `${origin}/graph.js`;
      const styleUri = `${origin}/graph.css`;
      response.setHeader('content-type', 'text/html');
      response.end(graphHtml({ nonce: 'c2FtcGxl', cspSource: origin, scriptUri, styleUri }));
      return;
    }
    readFile(join(folder, path)).then(
      (data) => response.setHeader('content-type', TYPES[path.slice(path.lastIndexOf('.'))] ?? 'text/plain').end(data),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, close: () => server.close() };
}

/** A snapshot as the extension host sends it. */
export function snapshotOf(view: DiagramView, more: Partial<GraphSnapshot> = {}): GraphSnapshot {
  const focus = view.nodes.find((node) => node.focus)?.id;
  return {
    type: 'snapshot',
    mermaid: toMermaid(view),
    nodes: view.nodes.map(({ id, number, title, state, assignee, stub }) => ({
      id,
      task: String(number).padStart(8, '0'),
      number,
      title,
      state,
      label: `T-${number}, ${title}, ${state}`,
      ...(assignee === undefined ? {} : { assignee }),
      ...(stub ? { stub } : {}),
    })),
    edges: view.edges.map(({ from, to }) => ({ from, to })),
    ...(focus === undefined ? {} : { focus }),
    viewKey: 'view',
    banner: 'Tasks around T-1.',
    actions: [{ command: 'more', title: 'Show more' }],
    ...more,
  };
}

export class GraphPage {
  private constructor(readonly page: Page) {}

  static async open(
    browser: Browser,
    url: string,
    { theme = 'dark', state }: { theme?: WebviewThemeName; state?: GraphPanelState } = {},
  ): Promise<GraphPage> {
    const context = await browser.newContext({ viewport: { width: 1000, height: 700 } });
    const page = await context.newPage();
    await page.addInitScript(installHost, { theme: WEBVIEW_THEMES[theme], state });
    await page.goto(url);
    const graph = new GraphPage(page);
    await page.waitForFunction(() => (window as unknown as Probe).posted.length > 0);
    return graph;
  }

  /** Sends a snapshot and waits until the page says that it is done with it. */
  async show(snapshot: GraphSnapshot, state = 'ready'): Promise<void> {
    await this.send(snapshot);
    await this.page.waitForSelector(`body[data-state="${state}"]`, { timeout: 20_000 });
  }

  /** Sends without waiting. */
  async send(...snapshots: GraphSnapshot[]): Promise<void> {
    await this.page.evaluate((all) => {
      document.body.dataset.state = 'sent';
      for (const each of all) window.postMessage(each, '*');
    }, snapshots);
  }

  async setTheme(theme: WebviewThemeName, more: Record<string, string> = {}): Promise<void> {
    const { kind, variables } = WEBVIEW_THEMES[theme];
    await this.page.evaluate(
      ([body, values]) => {
        for (const [name, value] of Object.entries(values)) document.documentElement.style.setProperty(name, value);
        document.body.className = body;
      },
      [kind, { ...variables, ...more }] as const,
    );
  }

  probe(): Promise<Probe> {
    return this.page.evaluate(() => {
      const { posted, saved, violations } = window as unknown as Probe;
      return { posted, violations, ...(saved ? { saved } : {}) };
    });
  }

  /** Messages since the last call. */
  async taken(): Promise<GraphToHost[]> {
    return this.page.evaluate(() => (window as unknown as Probe).posted.splice(0));
  }

  /** Where a node lies in the window. */
  async box(id: string): Promise<{ x: number; y: number; width: number; height: number }> {
    const box = await this.page.locator(`#stage [data-id="${id}"] .shape`).boundingBox();
    if (!box) throw new Error(`${id} is not on the screen`);
    return box;
  }

  /**
   * How edges run: `through` names each edge and node that is not its end but on its way, more than 2 px deep; `ends`
   * says how far an edge that goes to the right begins and ends from the sides that it should, in the picture's pixels.
   */
  edges(): Promise<{ count: number; through: string[]; ends: { edge: string; start: number; end: number }[] }> {
    return this.page.evaluate(() => {
      const shapes = [...document.querySelectorAll<SVGElement>('#stage g.node')].map((element) => ({
        id: element.dataset.id,
        box: (element.querySelector<SVGGraphicsElement>('.shape') as SVGGraphicsElement).getBoundingClientRect(),
      }));
      const through = new Set<string>();
      const ends: { edge: string; start: number; end: number }[] = [];
      const paths = [...document.querySelectorAll<SVGPathElement>('#stage path[data-id]')];
      for (const path of paths) {
        const [, from, to] = path.dataset.id?.split('_') ?? [];
        const matrix = path.getScreenCTM() as DOMMatrix;
        const length = path.getTotalLength();
        const at = (position: number): DOMPoint =>
          DOMPoint.fromPoint(path.getPointAtLength(position)).matrixTransform(matrix);
        for (let position = 0; position <= length; position += 3) {
          const { x, y } = at(position);
          for (const { id, box } of shapes) {
            const inside = x > box.left + 2 && x < box.right - 2 && y > box.top + 2 && y < box.bottom - 2;
            if (inside && id !== from && id !== to) through.add(`${from}-${to} through ${id}`);
          }
        }
        const [a, b] = [from, to].map((end) => shapes.find(({ id }) => id === end)?.box);
        if (!a || !b || a.right > b.left) continue;
        ends.push({
          edge: `${from}-${to}`,
          start: Math.abs(at(0).x - a.right) / matrix.a,
          end: Math.abs(at(length).x + 4 * matrix.a - b.left) / matrix.a,
        });
      }
      return { count: paths.length, through: [...through], ends };
    });
  }

  /** The Mermaid id of the node or row that has the keyboard, else the control's name. */
  focused(): Promise<string | undefined> {
    return this.page.evaluate(() => {
      const element = document.activeElement as HTMLElement | null;
      return element?.dataset.id ?? element?.getAttribute('aria-label') ?? undefined;
    });
  }

  close(): Promise<void> {
    return this.page.context().close();
  }
}

/** Runs in the page before its scripts: plays VS Code's part. */
function installHost({ theme, state }: { theme: WebviewTheme; state: GraphPanelState | undefined }): void {
  const probe = window as unknown as Probe;
  probe.posted = [];
  probe.violations = [];
  document.addEventListener('securitypolicyviolation', (event) => probe.violations.push(event.violatedDirective));
  let kept = state;
  Object.assign(window, {
    acquireVsCodeApi: () => ({
      postMessage: (message: GraphToHost) => probe.posted.push(message),
      getState: () => kept,
      setState: (next: GraphPanelState) => {
        kept = next;
        probe.saved = next;
      },
    }),
  });
  document.addEventListener('readystatechange', () => {
    if (document.readyState !== 'interactive') return;
    for (const [name, value] of Object.entries(theme.variables))
      document.documentElement.style.setProperty(name, value);
    document.body.classList.add(theme.kind);
  });
}
