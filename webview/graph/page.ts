/** The page's fixed parts. What they do is wired in `graph.ts`. */

import type { GraphStrings } from '../../src/protocol/graphStrings.js';
import { h } from '../shared/dom.js';
import { type IconName, icon } from '../shared/icons.js';
import { legendItems } from './legend.js';

export interface Page {
  readonly banner: HTMLElement;
  readonly actions: HTMLElement;
  readonly modeButton: HTMLButtonElement;
  readonly legendButton: HTMLButtonElement;
  readonly legend: HTMLElement;
  readonly zoomOut: HTMLButtonElement;
  readonly zoomReset: HTMLButtonElement;
  readonly zoomIn: HTMLButtonElement;
  readonly fit: HTMLButtonElement;
  readonly stage: HTMLElement;
  readonly canvas: HTMLElement;
  readonly list: HTMLElement;
  readonly notice: HTMLElement;
  readonly progress: HTMLElement;
  /** Says to screen readers what has changed. */
  readonly live: HTMLElement;
  /** Laid out but not seen: Mermaid measures text in it. */
  readonly measure: HTMLElement;
}

/** Builds the page into the body. */
export function buildPage(strings: GraphStrings): Page {
  const page: Page = {
    banner: h('p', { class: 'banner', id: 'banner' }),
    actions: h('span', { class: 'actions' }),
    modeButton: labelled('list', strings.showList),
    legendButton: labelled('legend', strings.legend),
    legend: h('section', { id: 'legend', class: 'legend', hidden: true, 'aria-label': strings.legend }),
    zoomOut: iconButton('zoomOut', strings.zoomOut),
    zoomReset: h('button', {
      type: 'button',
      class: 'tool zoom',
      'aria-label': strings.zoomReset,
      title: strings.zoomReset,
    }),
    zoomIn: iconButton('zoomIn', strings.zoomIn),
    fit: iconButton('fit', strings.fit),
    canvas: h('div', { class: 'canvas' }),
    stage: h('div', { class: 'stage', id: 'stage' }),
    list: h('ul', { class: 'list', hidden: true, 'aria-labelledby': 'banner' }),
    notice: h('div', { class: 'notice', role: 'status' }),
    progress: h('div', { class: 'progress', hidden: true }),
    live: h('div', { class: 'unseen', role: 'status' }),
    measure: h('div', { class: 'measure stage', 'aria-hidden': 'true' }),
  };
  page.legendButton.setAttribute('aria-controls', 'legend');
  page.legendButton.setAttribute('aria-expanded', 'false');
  page.legend.append(h('ul', {}, ...legendItems(strings)));
  page.stage.append(page.canvas);
  const zoom = h('span', { class: 'zooms' }, page.zoomOut, page.zoomReset, page.zoomIn, page.fit);
  document.body.append(
    h(
      'header',
      {},
      h('div', { class: 'about' }, page.banner, page.actions),
      h(
        'div',
        { class: 'tools', role: 'toolbar', 'aria-label': strings.toolbar },
        zoom,
        page.legendButton,
        page.modeButton,
      ),
      page.progress,
    ),
    h('main', {}, page.stage, page.list, page.notice, page.legend),
    h('div', { id: 'help', class: 'unseen' }, strings.help),
    page.live,
    page.measure,
  );
  return page;
}

/** Changes a button's icon and words. */
export function setLabel(button: HTMLButtonElement, name: IconName, text: string): void {
  button.replaceChildren(icon(name), h('span', {}, text));
}

function labelled(name: IconName, text: string): HTMLButtonElement {
  const button = h('button', { type: 'button', class: 'tool' });
  setLabel(button, name, text);
  return button;
}

function iconButton(name: IconName, text: string): HTMLButtonElement {
  return h('button', { type: 'button', class: 'tool', 'aria-label': text, title: text }, icon(name));
}
