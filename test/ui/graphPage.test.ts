import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { build } from 'esbuild';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ensureBrowser } from '../../scripts/lib/browser.mjs';
import { root } from '../../scripts/lib/paths.mjs';
import { openBrowser } from '../../scripts/lib/window.mjs';
import { trimMermaid } from '../../scripts/trimMermaid.mjs';
import { cutLabel } from '../../src/core/diagram/label.js';
import { type DiagramEdge, type DiagramNode, STATE_SIGNS, toMermaid } from '../../src/core/diagram/mermaid.js';
import { WORK_STATES } from '../../src/core/model/workState.js';
import { HOSTILE_TITLES } from '../fixtures/hostileTitles.js';
import type { WebviewThemeName } from '../fixtures/themes.js';
import { GraphPage, serveGraphPage, snapshotOf } from './pages/graphPage.js';

let browser: Browser;
let server: Awaited<ReturnType<typeof serveGraphPage>>;
const open: GraphPage[] = [];

beforeAll(async () => {
  server = await serveGraphPage();
  browser = await openBrowser(await ensureBrowser());
});
afterEach(async () => {
  for (const page of open.splice(0)) {
    expect((await page.probe()).violations).toEqual([]);
    await page.close();
  }
});
afterAll(async () => {
  await browser?.close();
  server?.close();
});

async function openPage(options: Parameters<typeof GraphPage.open>[2] = {}): Promise<GraphPage> {
  const page = await GraphPage.open(browser, server.url, options);
  open.push(page);
  return page;
}

const node = (number: number, more: Partial<DiagramNode> = {}): DiagramNode => ({
  id: `t${number}`,
  number,
  title: `Task ${number}`,
  state: 'ready',
  focus: false,
  strong: false,
  ...more,
});
const edge = (from: number, to: number): DiagramEdge => ({ from: `t${from}`, to: `t${to}`, strong: false });

/** T-1 → T-2 → T-4, T-1 → T-3 → T-4; T-2 and T-3 are siblings. */
const diamond = {
  nodes: [node(1, { focus: true, state: 'in_progress' }), node(2), node(3, { state: 'waiting' }), node(4)],
  edges: [edge(1, 2), edge(1, 3), edge(2, 4), edge(3, 4)],
};

/** One task of each state. */
const states = {
  nodes: WORK_STATES.map((state, index) => node(index + 1, { state, assignee: 'mia' })),
  edges: [edge(1, 2)],
};

/** Five ranks of four tasks of every state, so of every shape; each hangs on two of the rank before, some on older ones. */
const layered = (() => {
  const nodes = Array.from({ length: 20 }, (_, i) => {
    const state = WORK_STATES[(i * 5) % WORK_STATES.length] ?? 'ready';
    const title = i % 3 === 0 ? 'Sync the journal before a change is acknowledged' : `Task ${i + 1}`;
    return node(i + 1, { state, title, ...(i % 2 === 0 ? { assignee: 'mia' } : {}) });
  });
  const edges = nodes.slice(4).flatMap(({ number }) => {
    const before = 4 * Math.floor((number - 1) / 4) - 3;
    const older = number > 8 && number % 3 === 0 ? [edge(((number * 7) % (before - 1)) + 1, number)] : [];
    return [edge(before + (number % 4), number), edge(before + ((number * 3 + 1) % 4), number), ...older];
  });
  return { nodes, edges: edges.map((each, i) => ({ ...each, strong: i % 6 === 0 })) };
})();

describe('the picture', () => {
  it('renders hostile titles exactly and runs nothing', async () => {
    const graph = await openPage();
    const nodes = HOSTILE_TITLES.map((title, index) =>
      node(index + 1, { title, assignee: title, state: WORK_STATES[index % WORK_STATES.length] ?? 'ready' }),
    );
    await graph.show(snapshotOf({ nodes, edges: [] }));
    const drawn = await graph.page.evaluate(() =>
      [...document.querySelectorAll<SVGElement>('#stage g.node')].map((element) => ({
        id: element.dataset.id,
        lines: [...element.querySelectorAll('.line')].map((line) => line.textContent?.replaceAll('\u2060', '')),
        label: element.getAttribute('aria-label'),
      })),
    );
    const wanted = nodes.map(({ id, number, title, state }) => ({
      id,
      lines: [`T-${number}`, ...cutLabel(title), `@${cutLabel(title)[0]}`],
      label: `T-${number}, ${title}, ${state}`,
    }));
    expect(drawn.toSorted((a, b) => Number(a.id?.slice(1)) - Number(b.id?.slice(1)))).toEqual(wanted);
    const foreign = '#stage :is(script, img, a, iframe, i, em, strong, math, [onclick], [onerror], [href])';
    expect(await graph.page.locator(foreign).count()).toBe(0);
    expect(await graph.page.evaluate(() => 'pwned' in window)).toBe(false);
  });

  it('keeps every label inside its shape, and marks each state by sign and shape', async () => {
    const graph = await openPage();
    await graph.show(snapshotOf(states));
    const overflow = await graph.page.evaluate(() =>
      [...document.querySelectorAll('#stage g.node')].flatMap((element) => {
        const shape = element.querySelector('.shape')?.getBoundingClientRect();
        const text = element.querySelector('.nodeLabel p')?.getBoundingClientRect();
        const inside = shape && text && text.left >= shape.left && text.right <= shape.right && text.top >= shape.top;
        return inside ? [] : [element.id];
      }),
    );
    expect(overflow).toEqual([]);
    expect(await graph.page.locator('#stage g.node .sign svg').count()).toBe(WORK_STATES.length);
    expect(new Set(Object.values(STATE_SIGNS)).size).toBe(WORK_STATES.length - 1);
    expect(await graph.page.locator('body').getAttribute('data-nodes')).toBe(String(WORK_STATES.length));
  });

  it('is the same as an unpatched and whole Mermaid draws', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mermaid-'));
    try {
      const bundle = async (name: string, plugins: ReturnType<typeof trimMermaid>[]): Promise<string> => {
        const outfile = join(folder, `${name}.js`);
        const stdin = { contents: "import mermaid from 'mermaid'; window.mermaid = mermaid;", resolveDir: root };
        await build({ stdin, bundle: true, outfile, plugins, format: 'iife', target: 'chrome120', logLevel: 'error' });
        return readFile(outfile, 'utf8');
      };
      const draw = async (script: string): Promise<string> => {
        const page = await browser.newPage();
        await page.addScriptTag({ content: script });
        const text = toMermaid({
          nodes: [...states.nodes, node(20, { title: 'Größe <b>"x"</b>' })],
          edges: diamond.edges,
        });
        const svg = await page.evaluate(async (source) => {
          const { mermaid } = window as unknown as { mermaid: typeof import('mermaid').default };
          const look = { theme: 'base', look: 'classic', layout: 'dagre', htmlLabels: true, handDrawnSeed: 1 } as const;
          mermaid.initialize({ startOnLoad: false, ...look });
          await mermaid.render('warm-up', source);
          return (await mermaid.render('picture', source)).svg;
        }, text);
        await page.close();
        return svg;
      };
      const trimmed = await draw(await bundle('trimmed', [trimMermaid()]));
      expect(trimmed).toContain('</svg>');
      // Compared as a truth: a difference would print both pictures.
      expect(trimmed === (await draw(await bundle('whole', [])))).toBe(true);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('leads edges from right sides to left sides, behind no node', async () => {
    const graph = await openPage();
    for (const view of [layered, diamond, states]) {
      await graph.show(snapshotOf(view));
      const { count, through, ends } = await graph.edges();
      expect(count).toBe(new Set(view.edges.map(({ from, to }) => `${from}-${to}`)).size);
      expect(through).toEqual([]);
      expect(ends.length).toBe(count);
      // A stadium's side is round: an edge beside its middle begins a little further in.
      expect(ends.filter(({ start, end }) => start > 5 || end > 5)).toEqual([]);
    }
  });

  it('leaves an edge that goes backwards as Mermaid draws it', async () => {
    const graph = await openPage();
    await graph.show(snapshotOf({ nodes: diamond.nodes, edges: [edge(1, 2), edge(2, 3), edge(3, 1)] }));
    const { count, through, ends } = await graph.edges();
    expect([count, ends.length, through]).toEqual([3, 2, []]);
  });

  it('follows a change of state without losing place, keyboard or picture', async () => {
    const graph = await openPage();
    await graph.show(snapshotOf(diamond));
    await graph.page.mouse.move(500, 400);
    await graph.page.mouse.wheel(30, 40);
    await graph.page.locator('#stage [data-id="t3"]').focus();
    const before = await graph.box('t3');
    const nodes = diamond.nodes.map((each) => (each.id === 't3' ? { ...each, state: 'completed' as const } : each));
    await graph.show(snapshotOf({ ...diamond, nodes }));
    const after = await graph.box('t3');
    expect(Math.abs(after.x + after.width / 2 - before.x - before.width / 2)).toBeLessThan(1);
    expect(Math.abs(after.y + after.height / 2 - before.y - before.height / 2)).toBeLessThan(1);
    expect(await graph.focused()).toBe('t3');
  });

  it('does not draw the same again, and colours follow the theme without drawing', async () => {
    const graph = await openPage();
    await graph.show(snapshotOf(diamond));
    const svgId = (): Promise<string | null> => graph.page.locator('.canvas > svg').getAttribute('id');
    const stroke = (): Promise<string> =>
      graph.page.locator('#stage [data-id="t3"] .shape').evaluate((shape) => getComputedStyle(shape).stroke);
    const first = { id: await svgId(), stroke: await stroke() };
    await graph.setTheme('light');
    await graph.show(snapshotOf(diamond, { banner: 'Other words.' }));
    expect(await svgId()).toBe(first.id);
    expect(await stroke()).not.toBe(first.stroke);
    await graph.setTheme('light', { '--vscode-font-size': '18px' });
    await expect.poll(svgId).not.toBe(first.id);
  });

  it('shows the newest snapshot when several come at once', async () => {
    const graph = await openPage();
    const numbers = [11, 12, 13];
    await graph.send(...numbers.map((n) => snapshotOf({ nodes: [node(n)], edges: [] }, { viewKey: `v${n}` })));
    await graph.page.waitForSelector('body[data-state="ready"]');
    const ids = await graph.page
      .locator('#stage g.node')
      .evaluateAll((all) => all.map((each) => each.getAttribute('data-id')));
    expect(ids).toEqual(['t13']);
  });

  it('starts a large view readable and around its focus', async () => {
    const graph = await openPage();
    const nodes = Array.from({ length: 60 }, (_, i) => node(i + 1, { focus: i === 30 }));
    await graph.show(snapshotOf({ nodes, edges: nodes.slice(1).map(({ number }) => edge(number - 1, number)) }));
    const box = await graph.box('t31');
    expect(box.x).toBeGreaterThan(0);
    expect(box.x + box.width).toBeLessThan(1000);
    await graph.page.getByRole('button', { name: 'Fit to window' }).click();
    await expect.poll(async () => (await graph.box('t60')).x).toBeLessThan(1000);
  });
});

describe('pointer', () => {
  it('activates on a click, focuses on a double click, and a drag does neither', async () => {
    const graph = await openPage();
    await graph.show(snapshotOf(diamond));
    await graph.taken();
    await graph.page.locator('#stage [data-id="t2"] .line').last().click();
    expect(await graph.taken()).toEqual([{ type: 'activate', task: '00000002' }]);
    await graph.page.locator('#stage [data-id="t4"] .line').last().dblclick();
    expect(await graph.taken()).toEqual([
      { type: 'activate', task: '00000004' },
      { type: 'focus', task: '00000004' },
    ]);
    const before = await graph.box('t1');
    await graph.page.mouse.move(before.x + 20, before.y + 20);
    await graph.page.mouse.down();
    await graph.page.mouse.move(before.x + 80, before.y + 50, { steps: 4 });
    await graph.page.mouse.up();
    expect(await graph.taken()).toEqual([]);
    expect(Math.round((await graph.box('t1')).x - before.x)).toBe(60);
  });

  it('pans with the plain wheel and zooms with ctrl', async () => {
    const graph = await openPage();
    await graph.show(snapshotOf(diamond));
    const before = await graph.box('t2');
    await graph.page.mouse.move(500, 400);
    await graph.page.mouse.wheel(0, 50);
    await expect.poll(async () => Math.round((await graph.box('t2')).y - before.y)).toBe(-50);
    expect(Math.round((await graph.box('t2')).width)).toBe(Math.round(before.width));
    await graph.page.keyboard.down('Control');
    await graph.page.mouse.wheel(0, -100);
    await graph.page.keyboard.up('Control');
    await expect.poll(async () => (await graph.box('t2')).width).toBeGreaterThan(before.width * 1.1);
  });

  it('expands a stub by focusing the task that it hangs on', async () => {
    const graph = await openPage();
    const stub = node(4, { id: 's1', title: '+12 more', stub: true });
    await graph.show(snapshotOf({ nodes: [node(4), stub], edges: [{ from: 't4', to: 's1', strong: false }] }));
    await graph.taken();
    await graph.page.locator('#stage [data-id="s1"] .line').click();
    expect(await graph.taken()).toEqual([{ type: 'focus', task: '00000004' }]);
    expect(await graph.page.locator('body').getAttribute('data-nodes')).toBe('1');
  });
});

describe('keyboard', () => {
  it('is one tab stop; arrows follow edges, Enter activates, f focuses, Escape goes to the controls', async () => {
    const graph = await openPage();
    await graph.show(snapshotOf(diamond));
    expect(await graph.page.locator('#stage [tabindex="0"]').count()).toBe(1);
    await graph.page.locator('#stage [tabindex="0"]').focus();
    const path: (string | undefined)[] = [await graph.focused()];
    for (const key of ['ArrowRight', 'ArrowUp', 'ArrowDown', 'ArrowRight', 'ArrowRight', 'ArrowLeft', 'Home', 'End']) {
      await graph.page.keyboard.press(key);
      path.push(await graph.focused());
    }
    const [first, , , , , , back] = path;
    expect(first).toBe('t1');
    expect(new Set(path.slice(2, 4))).toEqual(new Set(['t2', 't3']));
    expect(path.slice(4, 6)).toEqual(['t4', 't4']);
    expect(['t2', 't3']).toContain(back);
    expect(path.slice(7)).toEqual(['t1', 't4']);
    await graph.taken();
    for (const key of ['Enter', ' ', 'f']) await graph.page.keyboard.press(key);
    const task = '00000004';
    expect(await graph.taken()).toEqual([
      { type: 'activate', task },
      { type: 'activate', task },
      { type: 'focus', task },
    ]);
    await graph.page.keyboard.press('Escape');
    expect(await graph.focused()).toBe('Zoom out');
  });

  it('brings the node with the keyboard into the window', async () => {
    const graph = await openPage();
    const nodes = Array.from({ length: 40 }, (_, i) => node(i + 1, { focus: i === 0 }));
    await graph.show(snapshotOf({ nodes, edges: nodes.slice(1).map(({ number }) => edge(number - 1, number)) }));
    await graph.page.locator('#stage [tabindex="0"]').focus();
    await graph.page.keyboard.press('End');
    expect(await graph.focused()).toBe('t40');
    await expect.poll(async () => (await graph.box('t40')).x).toBeLessThan(900);
  });
});

describe('list, sentences and state', () => {
  it('offers the same tasks as a list', async () => {
    const graph = await openPage();
    await graph.show(snapshotOf(diamond));
    await graph.page.getByRole('button', { name: 'Show as list' }).click();
    const rows = graph.page.getByRole('listitem');
    expect(await rows.count()).toBe(4);
    expect(await rows.nth(2).textContent()).toBe('T-3 Task 3 Waiting for open dependencies · after T-1 · before T-4');
    await graph.taken();
    await graph.page.locator('.list [tabindex="0"]').focus();
    await graph.page.keyboard.press('ArrowDown');
    await graph.page.keyboard.press('Enter');
    expect(await graph.taken()).toEqual([{ type: 'activate', task: '00000002' }]);
    await graph.page.getByRole('button', { name: 'Show as picture' }).click();
    await graph.page.waitForSelector('#stage g.node');
  });

  it('says why there is nothing, and offers a way out', async () => {
    const graph = await openPage();
    const message = 'Nothing is ready. 3 tasks wait for T-4.';
    await graph.show(snapshotOf({ nodes: [], edges: [] }, { mermaid: '', message }), 'empty');
    expect(await graph.page.getByText(message).isVisible()).toBe(true);
    await graph.taken();
    await graph.page.getByRole('button', { name: 'Show more' }).click();
    expect(await graph.taken()).toEqual([{ type: 'banner', command: 'more' }]);
  });

  it('reports a picture that cannot be drawn, and still shows the list', async () => {
    const graph = await openPage();
    await graph.show(snapshotOf(diamond, { mermaid: 'flowchart LR\n  a[[[' }), 'error');
    expect((await graph.taken()).map((message) => message.type)).toEqual(['ready', 'failed']);
    await graph.page.getByRole('button', { name: 'Try again' }).click();
    expect(await graph.taken()).toEqual([{ type: 'ready' }]);
    await graph.page.locator('.notice').getByRole('button', { name: 'Show as list' }).click();
    expect(await graph.page.getByRole('listitem').count()).toBe(4);
  });

  it('keeps mode and place for the next life of the page', async () => {
    const graph = await openPage();
    await graph.show(snapshotOf(diamond));
    await graph.page.getByRole('button', { name: 'Zoom in' }).click();
    await expect.poll(async () => (await graph.probe()).saved?.view?.scale).toBe(1.25);
    const { saved } = await graph.probe();
    expect(saved).toMatchObject({ viewKey: 'view', focusTask: '00000001', mode: 'picture', current: 't1' });
    const next = await openPage({ state: saved! });
    await next.show(snapshotOf(diamond));
    const [a, b] = [await graph.box('t4'), await next.box('t4')];
    expect([b.x, b.y, b.width].map(Math.round)).toEqual([a.x, a.y, a.width].map(Math.round));
  });

  it('opens the legend on demand', async () => {
    const graph = await openPage();
    await graph.show(snapshotOf(diamond));
    const button = graph.page.getByRole('button', { name: 'Legend' });
    expect(await button.getAttribute('aria-expanded')).toBe('false');
    await button.click();
    expect(await button.getAttribute('aria-expanded')).toBe('true');
    expect(await graph.page.getByText('Needs decision').isVisible()).toBe(true);
    await graph.page.keyboard.press('Escape');
    expect(await graph.page.getByText('Needs decision').isVisible()).toBe(false);
  });
});

describe('accessibility', () => {
  for (const theme of ['dark', 'light', 'hcDark', 'hcLight'] as WebviewThemeName[]) {
    it(`has no serious violation in ${theme}`, async () => {
      const graph = await openPage({ theme });
      await graph.show(snapshotOf({ ...states, nodes: states.nodes.map((each, i) => ({ ...each, focus: i === 0 })) }));
      await graph.page.getByRole('button', { name: 'Legend' }).click();
      const check = async (): Promise<string[]> => {
        const { violations } = await new AxeBuilder({ page: graph.page }).analyze();
        return violations
          .filter(({ impact }) => impact === 'serious' || impact === 'critical')
          .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`));
      };
      expect(await check()).toEqual([]);
      await graph.page.getByRole('button', { name: 'Show as list' }).click();
      expect(await check()).toEqual([]);
    });
  }
});
