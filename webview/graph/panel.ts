/** The page's behaviour: shows the newest snapshot as picture, list or sentence, and tells the host what is asked for. */

import type { GraphPanelState, GraphSnapshot, GraphToHost, HostToGraph } from '../../src/protocol/graph.js';
import type { GraphStrings } from '../../src/protocol/graphStrings.js';
import { h } from '../shared/dom.js';
import type { Host } from '../shared/host.js';
import { format } from '../shared/strings.js';
import { onTaskClick } from './clicks.js';
import { fillList } from './list.js';
import { type Page, setLabel } from './page.js';
import { Roving } from './roving.js';
import { Stage } from './stage.js';

type PageState = 'loading' | 'ready' | 'empty' | 'error';

/** Milliseconds after the last movement before it is written down. */
const SAVE_DELAY = 200;

export class Panel {
  private readonly stage: Stage;
  private readonly rows: Roving;
  private snapshot: GraphSnapshot | undefined;
  private mode: GraphPanelState['mode'];
  private saveTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly page: Page,
    private readonly strings: GraphStrings,
    private readonly host: Host<GraphToHost, HostToGraph, GraphPanelState>,
  ) {
    const saved = host.getState();
    this.mode = saved?.mode ?? 'picture';
    const keys = {
      activate: (id: string) => this.activate(id),
      focus: (id: string) => this.focus(id),
      escape: () => (this.mode === 'list' ? page.modeButton : page.zoomOut).focus(),
    };
    this.stage = new Stage(page, keys, () => this.onView(), saved);
    this.rows = new Roving(page.list, {
      ...keys,
      next: (id, direction) => this.rowBeside(id, direction),
      moved: (id) => this.rows.element(id)?.scrollIntoView({ block: 'nearest' }),
    });
    for (const root of [page.stage, page.list]) onTaskClick(root, keys);
    this.wireTools();
    this.applyMode();
  }

  /** Shows a snapshot; an older one that is still being drawn is dropped. */
  show(snapshot: GraphSnapshot): void {
    if (snapshot.banner !== this.snapshot?.banner) this.page.live.textContent = snapshot.banner;
    this.snapshot = snapshot;
    this.page.banner.textContent = snapshot.banner;
    void this.refresh();
  }

  /** Shows the last snapshot again, after a change of mode or theme. */
  async refresh(): Promise<void> {
    const { snapshot, page } = this;
    if (!snapshot) return;
    const empty = snapshot.mermaid === '' || snapshot.nodes.length === 0;
    page.actions.replaceChildren(...(empty ? [] : this.actionButtons(snapshot)));
    if (empty) {
      this.stage.clear();
      this.say('empty', snapshot.message ?? this.strings.empty, this.actionButtons(snapshot));
      return;
    }
    if (this.mode === 'list') {
      this.stage.clear();
      const rows = fillList(page.list, snapshot, this.strings);
      const hadFocus = this.rows.current !== undefined && page.list.contains(document.activeElement);
      this.rows.setItems(
        [...rows].map(([id, element]) => ({ id, element })),
        snapshot.focus,
      );
      if (hadFocus) this.rows.element(this.rows.current)?.focus();
      this.setState('ready', snapshot);
      return;
    }
    if (!this.stage.isCurrent(snapshot)) this.setState('loading', snapshot);
    try {
      if (await this.stage.draw(snapshot)) this.setState('ready', snapshot);
    } catch (error) {
      this.fail(error instanceof Error ? error.message : String(error));
    }
  }

  private fail(message: string): void {
    this.stage.clear();
    const retry = this.button(this.strings.retry, () => this.host.post({ type: 'ready' }));
    const list = this.button(this.strings.showList, () => this.setMode('list'));
    this.say('error', format(this.strings.failed, message), [retry, list]);
    this.host.post({ type: 'failed', message });
  }

  private say(state: PageState, sentence: string, buttons: readonly HTMLElement[]): void {
    this.page.notice.replaceChildren(h('p', {}, sentence), h('div', { class: 'ways' }, ...buttons));
    this.setState(state, undefined);
  }

  private setState(state: PageState, snapshot: GraphSnapshot | undefined): void {
    const { page } = this;
    const shown = state === 'ready' || state === 'loading';
    if (shown) page.notice.replaceChildren();
    page.notice.hidden = shown;
    page.stage.hidden = !shown || this.mode === 'list';
    page.list.hidden = !shown || this.mode === 'picture';
    page.progress.hidden = state !== 'loading';
    page.stage.setAttribute('aria-busy', String(state === 'loading'));
    document.body.dataset.nodes = String(snapshot?.nodes.filter((node) => !node.stub).length ?? 0);
    document.body.dataset.state = state;
    if (state === 'ready') this.save();
  }

  private setMode(mode: GraphPanelState['mode']): void {
    this.mode = mode;
    this.applyMode();
    void this.refresh();
  }

  private applyMode(): void {
    const list = this.mode === 'list';
    document.body.dataset.mode = this.mode;
    setLabel(this.page.modeButton, list ? 'picture' : 'list', list ? this.strings.showPicture : this.strings.showList);
  }

  private wireTools(): void {
    const { page } = this;
    const { panZoom } = this.stage;
    page.zoomIn.addEventListener('click', () => panZoom.zoom(1));
    page.zoomOut.addEventListener('click', () => panZoom.zoom(-1));
    page.zoomReset.addEventListener('click', () => panZoom.zoomTo(1));
    page.fit.addEventListener('click', () => panZoom.fit());
    page.modeButton.addEventListener('click', () => this.setMode(this.mode === 'list' ? 'picture' : 'list'));
    page.legendButton.addEventListener('click', () => this.toggleLegend(page.legendButton.ariaExpanded !== 'true'));
    document.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && page.legendButton.ariaExpanded === 'true') this.toggleLegend(false);
    });
    page.stage.addEventListener('keydown', (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === '+' || event.key === '=') panZoom.zoom(1);
      else if (event.key === '-') panZoom.zoom(-1);
      else if (event.key === '0') panZoom.fit();
    });
  }

  private toggleLegend(open: boolean): void {
    this.page.legend.hidden = !open;
    this.page.legendButton.setAttribute('aria-expanded', String(open));
  }

  private activate(id: string): void {
    const node = this.snapshot?.nodes.find((candidate) => candidate.id === id);
    if (node) this.host.post({ type: node.stub ? 'focus' : 'activate', task: node.task });
  }

  private focus(id: string): void {
    const node = this.snapshot?.nodes.find((candidate) => candidate.id === id);
    if (node) this.host.post({ type: 'focus', task: node.task });
  }

  private rowBeside(id: string, direction: 'left' | 'right' | 'up' | 'down'): string | undefined {
    const ids = this.snapshot?.nodes.map((node) => node.id) ?? [];
    if (direction === 'left' || direction === 'right') return undefined;
    return ids[ids.indexOf(id) + (direction === 'up' ? -1 : 1)];
  }

  private actionButtons(snapshot: GraphSnapshot): HTMLElement[] {
    return snapshot.actions.map(({ command, title }) =>
      this.button(title, () => this.host.post({ type: 'banner', command })),
    );
  }

  private button(text: string, run: () => void): HTMLElement {
    const button = h('button', { type: 'button', class: 'action' }, text);
    button.addEventListener('click', run);
    return button;
  }

  private onView(): void {
    this.page.zoomReset.textContent = `${Math.round(this.stage.panZoom.view.scale * 100)} %`;
    clearTimeout(this.saveTimer);
    this.saveTimer = setTimeout(() => this.save(), SAVE_DELAY);
  }

  private save(): void {
    const { snapshot, stage } = this;
    if (!snapshot) return;
    const focusTask = snapshot.nodes.find((node) => node.id === snapshot.focus)?.task;
    const current = (this.mode === 'list' ? this.rows : stage.roving).current;
    this.host.setState({
      viewKey: snapshot.viewKey,
      mode: this.mode,
      ...(focusTask === undefined ? {} : { focusTask }),
      ...(current === undefined ? {} : { current }),
      ...(stage.panZoom.moved ? { view: stage.panZoom.view } : {}),
    });
  }
}
