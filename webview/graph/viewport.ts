/** The arithmetic of pan and zoom: where the picture lies in its window. Lengths in CSS pixels. */

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Box extends Size {
  readonly x: number;
  readonly y: number;
}

/** The picture's top left corner in the window, and its scale. */
export interface View {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

/** Small enough for a chain of 300 tasks. */
const MIN_SCALE = 0.02;
const MAX_SCALE = 3;
/** Below this the text of a node cannot be read. */
const READABLE = 0.75;
/** Free space around a picture that fits. */
const MARGIN = 24;
/** So much of the picture always stays in the window. */
const KEEP = 48;

/** The whole picture in the middle of the window, never larger than life. */
export function fitView(content: Size, window: Size): View {
  const scale = limit(
    Math.min(1, (window.width - 2 * MARGIN) / content.width, (window.height - 2 * MARGIN) / content.height),
    MIN_SCALE,
    1,
  );
  return {
    scale,
    x: (window.width - content.width * scale) / 2,
    y: (window.height - content.height * scale) / 2,
  };
}

/** How a new picture first appears: whole if its text can then be read, else readable and with `anchor` in the middle. */
export function startView(content: Size, window: Size, anchor: Box | undefined): View {
  const whole = fitView(content, window);
  if (whole.scale >= READABLE || window.width === 0) return whole;
  const scale = READABLE;
  const fits = { width: content.width * scale <= window.width, height: content.height * scale <= window.height };
  const centre = anchor
    ? { x: anchor.x + anchor.width / 2, y: anchor.y + anchor.height / 2 }
    : { x: (window.width / 2 - MARGIN) / scale, y: content.height / 2 };
  const view = {
    scale,
    x: fits.width ? (window.width - content.width * scale) / 2 : window.width / 2 - centre.x * scale,
    y: fits.height ? (window.height - content.height * scale) / 2 : window.height / 2 - centre.y * scale,
  };
  return withoutGap(view, content, window);
}

/** Zooms by `factor`; the point of the window at `x`, `y` stays over the same point of the picture. */
export function zoomAt(view: View, factor: number, x: number, y: number): View {
  const scale = limit(view.scale * factor, MIN_SCALE, MAX_SCALE);
  const ratio = scale / view.scale;
  return { scale, x: x - (x - view.x) * ratio, y: y - (y - view.y) * ratio };
}

/** The nearest view that keeps a part of the picture in the window. */
export function clampView(view: View, content: Size, window: Size): View {
  return {
    scale: view.scale,
    x: limit(view.x, KEEP - content.width * view.scale, window.width - KEEP),
    y: limit(view.y, KEEP - content.height * view.scale, window.height - KEEP),
  };
}

/** The nearest view that shows `box` (in the picture's own lengths) whole, with its near surroundings. */
export function revealBox(view: View, box: Box, window: Size): View {
  const shift = (position: number, length: number, room: number): number => {
    const low = position - MARGIN;
    const high = position + length + MARGIN;
    if (low < 0) return -low;
    return high > room ? Math.max(room - high, -low) : 0;
  };
  const { scale } = view;
  return {
    scale,
    x: view.x + shift(view.x + box.x * scale, box.width * scale, window.width),
    y: view.y + shift(view.y + box.y * scale, box.height * scale, window.height),
  };
}

/** Uses the window: no empty space on one side while the picture is cut off on the other. */
function withoutGap(view: View, content: Size, window: Size): View {
  const close = (start: number, length: number, room: number): number =>
    length <= room - 2 * MARGIN ? start : limit(start, room - MARGIN - length, MARGIN);
  return {
    scale: view.scale,
    x: close(view.x, content.width * view.scale, window.width),
    y: close(view.y, content.height * view.scale, window.height),
  };
}

function limit(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}
