/** Lays Mermaid's edges anew: they then leave a node at its right side and enter the next at its left. */

import type { Parts } from './decorate.js';
import { type Outline, type Point, pathData, route } from './route.js';

/** Replaces the paths of all edges that go from left to right; the others stay as Mermaid drew them. */
export function layEdges({ nodes, edges }: Parts): void {
  // The paths' own lengths are those of their group, which all of them share.
  const frame = (edges[0]?.element.parentNode as SVGGraphicsElement | undefined)?.getCTM()?.inverse();
  if (!frame) return;
  const outlines = new Map<string, Outline>();
  for (const [id, element] of nodes) {
    const outline = outlineOf(element, frame);
    if (outline) outlines.set(id, outline);
  }
  const courses = route(
    outlines,
    edges.map(({ from, to, element }) => ({ from, to, points: layoutPoints(element) })),
  );
  courses.forEach((course, index) => {
    if (course) edges[index]?.element.setAttribute('d', pathData(course));
  });
  raiseStrong(edges);
}

/** Lets strong edges lie above the others, which may share their last few pixels and the arrow head. */
export function raiseStrong(edges: Parts['edges']): void {
  for (const { element } of edges) if (element.matches('.edge-thickness-thick')) element.parentNode?.append(element);
}

/** The form of a node's shape, without its line; undefined for one that is not laid out. */
function outlineOf(element: SVGGElement, frame: DOMMatrix): Outline | undefined {
  const shape = element.querySelector<SVGGraphicsElement>(':scope > .shape');
  const matrix = shape?.getCTM();
  if (!shape || !matrix) return undefined;
  const { x, y, width, height } = shape.getBBox();
  if (width === 0) return undefined;
  const corner = new DOMPoint(x, y).matrixTransform(frame.multiply(matrix));
  return { x: corner.x, y: corner.y, width, height, side: sideOf(shape) };
}

/** A group of paths is a stadium; a polygon is a subroutine, or comes to a tip; else the shape is a rectangle. */
function sideOf(shape: SVGGraphicsElement): Outline['side'] {
  if (shape instanceof SVGGElement) return 'arc';
  if (!(shape instanceof SVGPolygonElement)) return 'flat';
  const points = [...shape.points];
  const left = Math.min(...points.map(({ x }) => x));
  return new Set(points.filter(({ x }) => x === left).map(({ y }) => y)).size > 1 ? 'flat' : 'tip';
}

/** Mermaid keeps the layout's points in the path, as JSON in base64. */
function layoutPoints(path: SVGElement): Point[] {
  try {
    const points: unknown = JSON.parse(atob(path.dataset.points ?? ''));
    return Array.isArray(points) ? points.filter(isPoint) : [];
  } catch {
    return [];
  }
}

function isPoint(value: unknown): value is Point {
  const { x, y } = (value ?? {}) as Partial<Record<keyof Point, unknown>>;
  return typeof x === 'number' && typeof y === 'number';
}
