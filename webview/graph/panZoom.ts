/** Moves the picture: drag and plain wheel pan, ctrl or alt with the wheel and two fingers zoom. */

import { prefersReducedMotion } from '../shared/dom.js';
import { type Box, clampView, fitView, revealBox, type Size, startView, type View, zoomAt } from './viewport.js';

/** Movement in pixels from which a press is a drag and no click. */
const DRAG = 4;
const STEP = 1.25;

interface Point {
  readonly x: number;
  readonly y: number;
}

export class PanZoom {
  view: View = { x: 0, y: 0, scale: 1 };
  /** True once somebody has moved the picture; until then it is fitted again whenever the window changes size. */
  moved = false;
  private content: Size = { width: 0, height: 0 };
  private anchor: Box | undefined;
  private readonly pointers = new Map<number, Point>();
  private dragged = false;

  /** @param onChange called after each change of the view. */
  constructor(
    private readonly stage: HTMLElement,
    private readonly canvas: HTMLElement,
    private readonly onChange: () => void,
  ) {
    stage.addEventListener('wheel', (event) => this.onWheel(event), { passive: false });
    stage.addEventListener('pointerdown', (event) => this.onDown(event));
    stage.addEventListener('pointermove', (event) => this.onMove(event));
    for (const end of ['pointerup', 'pointercancel'] as const) {
      stage.addEventListener(end, (event) => this.onUp(event));
    }
    // A drag ends in a click on whatever lies below it; nobody meant that node.
    stage.addEventListener('click', (event) => this.dragged && event.stopPropagation(), { capture: true });
    // Browsers scroll a focused node into view by themselves, which would shift the window below the picture.
    stage.addEventListener('scroll', () => stage.scrollTo(0, 0));
    new ResizeObserver(() => this.onResize()).observe(stage);
  }

  /** Shows a new picture: whole if that is readable, else around `anchor`. */
  start(content: Size, anchor: Box | undefined): void {
    this.content = content;
    this.anchor = anchor;
    this.moved = false;
    this.apply(startView(content, this.window(), anchor));
  }

  /** Shows a picture that replaces the last one at a place that is already known. */
  keep(content: Size, view: View): void {
    this.content = content;
    this.moved = true;
    this.apply(clampView(view, content, this.window()));
  }

  fit(): void {
    this.glide(fitView(this.content, this.window()));
  }

  /** Zooms about the middle of the window by `steps` of a quarter. */
  zoom(steps: number): void {
    this.zoomBy(STEP ** steps);
  }

  zoomTo(scale: number): void {
    this.zoomBy(scale / this.view.scale);
  }

  /** Brings a part of the picture into the window, as little as needed. */
  reveal(box: Box): void {
    this.glide(revealBox(this.view, box, this.window()));
  }

  private onResize(): void {
    // A stage without a size is hidden, one without a content waits for its first picture.
    if (!this.moved && this.window().width > 0 && this.content.width > 0) this.start(this.content, this.anchor);
  }

  private zoomBy(factor: number): void {
    const { width, height } = this.window();
    this.glide(zoomAt(this.view, factor, width / 2, height / 2));
  }

  private window(): Size {
    return { width: this.stage.clientWidth, height: this.stage.clientHeight };
  }

  private apply(view: View): void {
    this.view = view;
    this.canvas.style.transform = `translate(${view.x}px, ${view.y}px) scale(${view.scale})`;
    this.onChange();
  }

  /** A change that somebody asked for. `smooth` only where one press makes one large step. */
  private move(view: View, smooth: boolean): void {
    this.moved = true;
    this.canvas.classList.toggle('glide', smooth && !prefersReducedMotion());
    this.apply(clampView(view, this.content, this.window()));
  }

  private glide(view: View): void {
    this.move(view, true);
  }

  private onWheel(event: WheelEvent): void {
    event.preventDefault();
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    if (event.ctrlKey || event.altKey || event.metaKey) {
      const at = this.local(event);
      const delta = Math.min(Math.max(event.deltaY * unit, -40), 40);
      this.move(zoomAt(this.view, 2 ** (-delta / 120), at.x, at.y), false);
      return;
    }
    const sideways = event.shiftKey && event.deltaX === 0;
    const dx = (sideways ? event.deltaY : event.deltaX) * unit;
    const dy = (sideways ? 0 : event.deltaY) * unit;
    this.move({ ...this.view, x: this.view.x - dx, y: this.view.y - dy }, false);
  }

  private onDown(event: PointerEvent): void {
    if (event.button > 1) return;
    if (this.pointers.size === 0) this.dragged = false;
    this.pointers.set(event.pointerId, this.local(event));
  }

  private onMove(event: PointerEvent): void {
    const before = this.pointers.get(event.pointerId);
    if (!before) return;
    const now = this.local(event);
    if (!this.dragged && Math.hypot(now.x - before.x, now.y - before.y) < DRAG) return;
    if (!this.dragged) {
      this.dragged = true;
      this.stage.classList.add('dragging');
      this.stage.setPointerCapture(event.pointerId);
    }
    const other = [...this.pointers].find(([id]) => id !== event.pointerId)?.[1];
    this.pointers.set(event.pointerId, now);
    const shifted = other
      ? this.view
      : { ...this.view, x: this.view.x + now.x - before.x, y: this.view.y + now.y - before.y };
    this.move(other ? pinch(this.view, other, before, now) : shifted, false);
  }

  private onUp(event: PointerEvent): void {
    this.pointers.delete(event.pointerId);
    if (this.pointers.size === 0) this.stage.classList.remove('dragging');
  }

  private local(event: MouseEvent): Point {
    const frame = this.stage.getBoundingClientRect();
    return { x: event.clientX - frame.left, y: event.clientY - frame.top };
  }
}

/** Two fingers: one rests at `fixed`, the other goes from `before` to `now`. */
function pinch(view: View, fixed: Point, before: Point, now: Point): View {
  const distance = (point: Point): number => Math.max(Math.hypot(point.x - fixed.x, point.y - fixed.y), 1);
  return zoomAt(view, distance(now) / distance(before), fixed.x, fixed.y);
}
