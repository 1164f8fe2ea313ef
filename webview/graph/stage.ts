/** The picture in its window: draws snapshots, the newest wins, and keeps the reader's place from one to the next. */

import type { GraphPanelState, GraphSnapshot } from '../../src/protocol/graph.js';
import { nextFrame } from '../shared/dom.js';
import { currentFont } from '../shared/theme.js';
import { decorate, labelNodes, type Parts } from './decorate.js';
import { raiseStrong } from './edges.js';
import { neighbour } from './navigate.js';
import type { Page } from './page.js';
import { PanZoom } from './panZoom.js';
import { drawPicture } from './picture.js';
import { Roving, type RovingKeys } from './roving.js';
import type { Box } from './viewport.js';

interface Drawn {
  /** Text and font: the same again is no reason to draw. */
  readonly key: string;
  readonly viewKey: string;
  /** Which nodes and edges there are, whatever their state. */
  readonly structure: string;
  readonly svg: SVGSVGElement;
  readonly parts: Parts;
  readonly boxes: ReadonlyMap<string, Box>;
}

export class Stage {
  readonly panZoom: PanZoom;
  readonly roving: Roving;
  private drawn: Drawn | undefined;
  private snapshot: GraphSnapshot | undefined;
  private generation = 0;
  private turn: Promise<unknown> = Promise.resolve();

  /** @param saved what an earlier life of the page left behind; its place is used if the view is still the same. */
  constructor(
    private readonly page: Page,
    keys: Pick<RovingKeys, 'activate' | 'focus' | 'escape'>,
    onChange: () => void,
    private saved: GraphPanelState | undefined,
  ) {
    this.panZoom = new PanZoom(page.stage, page.canvas, onChange);
    this.roving = new Roving(page.stage, {
      ...keys,
      next: (id, direction) => neighbour(id, direction, this.places(), this.snapshot?.edges ?? []),
      moved: (id) => {
        const box = this.drawn?.boxes.get(id);
        if (box) this.panZoom.reveal(box);
        onChange();
      },
    });
    this.roving.current = saved?.current;
    for (const [on, off] of [
      ['pointerover', 'pointerout'],
      ['focusin', 'focusout'],
    ] as const) {
      page.stage.addEventListener(on, (event) => this.highlight(event.target, true));
      page.stage.addEventListener(off, (event) => this.highlight(event.target, false));
    }
  }

  /** True when `snapshot` is already on the screen but for names and roles. */
  isCurrent(snapshot: GraphSnapshot): boolean {
    return this.drawn?.key === drawingKey(snapshot);
  }

  /**
   * Draws a snapshot. Resolves to false when a newer call has overtaken this one, which then owns the screen.
   *
   * @throws what Mermaid throws; the last picture then still stands.
   */
  async draw(snapshot: GraphSnapshot): Promise<boolean> {
    this.generation += 1;
    const generation = this.generation;
    if (!this.isCurrent(snapshot)) {
      const key = drawingKey(snapshot);
      // One at a time: pictures share the element that they are measured in.
      const markup = this.turn.then(async () => {
        await nextFrame();
        if (generation !== this.generation) return undefined;
        return drawPicture(snapshot.mermaid, currentFont(), this.page.measure);
      });
      this.turn = markup.catch(() => undefined);
      const svg = await markup;
      if (svg === undefined || generation !== this.generation) return false;
      this.replace(svg, snapshot, key);
    }
    this.snapshot = snapshot;
    if (this.drawn) labelNodes(this.drawn.svg, this.drawn.parts, snapshot);
    return true;
  }

  /** Takes the picture away; a drawing under way will not appear. */
  clear(): void {
    this.generation += 1;
    this.drawn = undefined;
    this.page.canvas.replaceChildren();
    this.roving.setItems([], undefined);
  }

  private replace(markup: string, snapshot: GraphSnapshot, key: string): void {
    const before = this.drawn;
    const structure = structureKey(snapshot);
    const sameStructure = before?.structure === structure;
    const sameView = before?.viewKey === snapshot.viewKey || sameStructure;
    const hadFocus = this.roving.hasFocus();
    // Mermaid has sanitised this markup (securityLevel strict), and the page's policy runs no script in it.
    this.page.canvas.innerHTML = markup;
    const svg = this.page.canvas.querySelector('svg');
    if (!svg) throw new Error('Mermaid drew nothing');
    const { width, height } = svg.viewBox.baseVal;
    svg.setAttribute('width', String(width));
    svg.setAttribute('height', String(height));
    const parts = decorate(svg, snapshot);
    const boxes = measureNodes(this.page.canvas, parts);
    this.drawn = { key, viewKey: snapshot.viewKey, structure, svg, parts, boxes };
    this.place({ width, height }, before, sameView, sameStructure, snapshot);
    if (!sameView && before) this.roving.current = undefined;
    const order = snapshot.nodes.flatMap(({ id }) => {
      const element = parts.nodes.get(id);
      return element ? [{ id, element }] : [];
    });
    this.roving.setItems(order, snapshot.focus);
    if (hadFocus) this.roving.element(this.roving.current)?.focus({ preventScroll: true });
  }

  /** Where the new picture lies: as the old one did if it is the same view, else where it can be read. */
  private place(
    size: { width: number; height: number },
    before: Drawn | undefined,
    sameView: boolean,
    sameStructure: boolean,
    snapshot: GraphSnapshot,
  ): void {
    const saved = this.saved;
    this.saved = undefined;
    const { view, moved } = this.panZoom;
    if (!before && saved?.view && saved.viewKey === snapshot.viewKey) this.panZoom.keep(size, saved.view);
    else if (before && sameView && (moved || sameStructure)) {
      const anchor = [this.roving.current, snapshot.focus, ...before.boxes.keys()].find(
        (id) => id !== undefined && before.boxes.has(id) && this.drawn?.boxes.has(id),
      );
      const from = before.boxes.get(anchor ?? '');
      const to = this.drawn?.boxes.get(anchor ?? '');
      const shift = from && to ? middleShift(from, to) : { x: 0, y: 0 };
      this.panZoom.keep(size, { ...view, x: view.x + shift.x * view.scale, y: view.y + shift.y * view.scale });
      this.panZoom.moved = moved;
    } else this.panZoom.start(size, this.drawn?.boxes.get(snapshot.focus ?? ''));
  }

  private places(): { id: string; x: number; y: number }[] {
    return [...(this.drawn?.boxes ?? [])].map(([id, box]) => ({
      id,
      x: box.x + box.width / 2,
      y: box.y + box.height / 2,
    }));
  }

  /** Marks the edges of the node under the pointer or with the keyboard. */
  private highlight(target: EventTarget | null, on: boolean): void {
    const id = target instanceof Element ? target.closest<SVGElement>('g.node')?.dataset.id : undefined;
    if (id === undefined) return;
    const edges = this.drawn?.parts.edges ?? [];
    for (const { from, to, element } of edges) {
      if (from !== id && to !== id) continue;
      element.classList.toggle('near', on);
      if (on) element.parentNode?.append(element);
    }
    if (!on) raiseStrong(edges);
  }
}

function drawingKey(snapshot: GraphSnapshot): string {
  const font = currentFont();
  return `${font.size} ${font.family}\n${snapshot.mermaid}`;
}

function structureKey(snapshot: GraphSnapshot): string {
  const edges = snapshot.edges.map((edge) => `${edge.from}-${edge.to}`);
  return [...snapshot.nodes.map((node) => node.id), ...edges].sort().join(' ');
}

/** Boxes of the nodes in the picture's own lengths, whatever its scale on the screen. */
function measureNodes(canvas: HTMLElement, parts: Parts): Map<string, Box> {
  const frame = canvas.getBoundingClientRect();
  const scale = frame.width / canvas.offsetWidth || 1;
  return new Map(
    [...parts.nodes].map(([id, element]) => {
      const box = (element.querySelector('.shape') ?? element).getBoundingClientRect();
      const x = (box.left - frame.left) / scale;
      return [id, { x, y: (box.top - frame.top) / scale, width: box.width / scale, height: box.height / scale }];
    }),
  );
}

function middleShift(from: Box, to: Box): { x: number; y: number } {
  return {
    x: from.x + from.width / 2 - to.x - to.width / 2,
    y: from.y + from.height / 2 - to.y - to.height / 2,
  };
}
