/** What shapes, lines and icons mean. */

import type { WorkState } from '../../src/core/model/workState.js';
import type { GraphStrings } from '../../src/protocol/graphStrings.js';
import { h } from '../shared/dom.js';
import { icon, STATE_ICONS } from '../shared/icons.js';

/** A claimed task looks as one in progress does. */
type Entry = Exclude<WorkState, 'claimed'>;

const ORDER: readonly Entry[] = [
  'ready',
  'in_progress',
  'waiting',
  'scheduled',
  'blocked',
  'needs_decision',
  'completed',
  'cancelled',
];

const SVG = 'http://www.w3.org/2000/svg';

/** Shapes in a box of 34 × 18, as Mermaid draws them. */
const SHAPES: Readonly<Record<Entry | 'stub', string>> = {
  ready: 'M10 2H24A7 7 0 0 1 24 16H10A7 7 0 0 1 10 2Z',
  in_progress: 'M3 3H31V15H3Z',
  waiting: 'M9 2H25L32 9L25 16H9L2 9Z',
  scheduled: 'M9 2H25L32 9L25 16H9L2 9Z',
  blocked: 'M2 2H32V16H2ZM6 2V16M28 2V16',
  needs_decision: 'M17 1L31 9L17 17L3 9Z',
  completed: 'M5 2H29A3 3 0 0 1 32 5V13A3 3 0 0 1 29 16H5A3 3 0 0 1 2 13V5A3 3 0 0 1 5 2Z',
  cancelled: 'M5 2H29A3 3 0 0 1 32 5V13A3 3 0 0 1 29 16H5A3 3 0 0 1 2 13V5A3 3 0 0 1 5 2Z',
  stub: 'M5 2H29A3 3 0 0 1 32 5V13A3 3 0 0 1 29 16H5A3 3 0 0 1 2 13V5A3 3 0 0 1 5 2Z',
};

/** The legend's content: one entry a state, then lines and rings. */
export function legendItems(strings: GraphStrings): HTMLElement[] {
  const states = ORDER.map((state) => {
    const text = state === 'in_progress' ? strings.legendWorking : strings[`state_${state}`];
    return h('li', { class: state }, swatch(SHAPES[state]), icon(STATE_ICONS[state]), text);
  });
  return [
    ...states,
    h('li', { class: 'legend-strong' }, swatch('M2 9H32M26 4L32 9L26 14'), strings.legendStrong),
    h('li', { class: 'legend-focus' }, swatch(SHAPES.ready), strings.legendFocus),
    h('li', { class: 'stub' }, swatch(SHAPES.stub), strings.legendStub),
  ];
}

function swatch(path: string): SVGSVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('class', 'swatch');
  svg.setAttribute('viewBox', '0 0 34 18');
  svg.setAttribute('aria-hidden', 'true');
  const shape = document.createElementNS(SVG, 'path');
  shape.setAttribute('d', path);
  svg.append(shape);
  return svg;
}
