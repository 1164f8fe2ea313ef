/** Turns Mermaid's drawing into controls: each node gets its name, its task, its icon and its rings. */

import type { GraphNode, GraphSnapshot } from '../../src/protocol/graph.js';
import { icon, STATE_ICONS } from '../shared/icons.js';
import { layEdges } from './edges.js';

/** Mermaid 12 names a node `<picture>-flowchart-<id>-<n>`, Mermaid 11 without the first part. */
const NODE_ID = /(?:^|-)flowchart-([ts]\d+)-\d+$/;
const EDGE_ID = /^L_([ts]\d+)_([ts]\d+)_\d+$/;

/** The parts of a picture by Mermaid id. */
export interface Parts {
  readonly nodes: ReadonlyMap<string, SVGGElement>;
  readonly edges: readonly { readonly from: string; readonly to: string; readonly element: SVGElement }[];
}

/** Prepares a fresh picture of `snapshot` once; {@link labelNodes} may follow any number of times. */
export function decorate(svg: SVGSVGElement, snapshot: GraphSnapshot): Parts {
  const byId = new Map(snapshot.nodes.map((node) => [node.id, node]));
  const nodes = new Map<string, SVGGElement>();
  for (const element of svg.querySelectorAll<SVGGElement>('g.node')) {
    const id = NODE_ID.exec(element.id)?.[1];
    const node = byId.get(id ?? '');
    if (id === undefined || !node) continue;
    nodes.set(id, element);
    element.dataset.id = id;
    addRing(element);
    splitLines(element, node);
  }
  const edges = [...svg.querySelectorAll<SVGElement>('path[data-id]')].flatMap((element) => {
    const [, from, to] = EDGE_ID.exec(element.dataset.id ?? '') ?? [];
    return from && to ? [{ from, to, element }] : [];
  });
  for (const group of svg.querySelectorAll('.edgePaths, .edgeLabels')) group.setAttribute('aria-hidden', 'true');
  layEdges({ nodes, edges });
  return { nodes, edges };
}

/** Gives the nodes the names and roles of a snapshot, and the svg the banner as its name. */
export function labelNodes(svg: SVGSVGElement, parts: Parts, snapshot: GraphSnapshot): void {
  // The picture is a group of buttons; Mermaid calls it a document, whose content screen readers do not operate.
  svg.setAttribute('role', 'group');
  svg.removeAttribute('aria-labelledby');
  svg.removeAttribute('aria-roledescription');
  svg.setAttribute('aria-label', snapshot.banner);
  svg.setAttribute('aria-describedby', 'help');
  for (const name of ['title', 'desc']) svg.querySelector(`:scope > ${name}`)?.remove();
  for (const node of snapshot.nodes) {
    const element = parts.nodes.get(node.id);
    if (element) labelNode(element, node, node.id === snapshot.focus);
  }
}

function labelNode(element: SVGGElement, node: GraphNode, focus: boolean): void {
  element.dataset.task = node.task;
  element.dataset.state = node.state;
  element.setAttribute('role', 'button');
  element.setAttribute('aria-label', node.label);
  if (focus) element.setAttribute('aria-current', 'true');
  else element.removeAttribute('aria-current');
  const tooltip = element.querySelector(':scope > title') ?? document.createElementNS(element.namespaceURI, 'title');
  tooltip.textContent = node.label;
  element.prepend(tooltip);
  const sign = element.querySelector('.sign');
  if (sign && !node.stub) sign.replaceChildren(icon(STATE_ICONS[node.state]));
}

/** A wide copy of the shape behind it: where it shows, it is a ring in the shape's own form. */
function addRing(element: SVGGElement): void {
  const shape = element.querySelector<SVGElement>(':scope > .label-container');
  if (!shape) return;
  shape.classList.add('shape');
  const ring = shape.cloneNode(true) as SVGElement;
  ring.setAttribute('class', 'ring');
  ring.removeAttribute('style');
  shape.before(ring);
}

/**
 * Puts each line of a label into a block of its own: the first is the sign and the number, the last the assignee if
 * there is one. A block also keeps a title's text direction marks from reaching its neighbours.
 */
function splitLines(element: SVGGElement, node: GraphNode): void {
  const paragraph = element.querySelector('.nodeLabel p');
  if (!paragraph) return;
  const lines: string[] = [''];
  for (const child of paragraph.childNodes) {
    if (child.nodeName.toLowerCase() === 'br') lines.push('');
    else lines[lines.length - 1] += child.textContent ?? '';
  }
  const last = lines.length - 1;
  paragraph.replaceChildren(
    ...lines.map((text, index) => {
      const line = document.createElement('span');
      const who = index === last && node.assignee !== undefined;
      line.className = index === 0 ? 'line key' : who ? 'line who' : 'line';
      line.textContent = text;
      if (index === 0 && !node.stub) addSign(line, text);
      return line;
    }),
  );
}

/** Replaces the text sign in front of `T-14` by a place for the icon. */
function addSign(line: HTMLElement, text: string): void {
  const sign = document.createElement('span');
  sign.className = 'sign';
  line.replaceChildren(sign, text.slice(text.indexOf(' ') + 1));
}
