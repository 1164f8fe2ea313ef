import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { GraphPanelState, GraphToHost } from '../../protocol/graph.js';
import { GRAPH_STRINGS, type GraphStrings } from '../../protocol/graphStrings.js';
import { Disposable } from '../lifecycle.js';
import { GRAPH_PANEL, settings } from '../manifest.js';
import type { TaskTree } from '../tree/taskTree.js';
import type { PlanFolder } from '../workspace/planFolder.js';
import type { PlanFolders, TaskAddress } from '../workspace/planFolders.js';
import type { Problems } from '../workspace/problems.js';
import { graphHtml } from './graphHtml.js';
import { type GraphFocus, graphSnapshot } from './graphSnapshot.js';

const MAX_HOPS = 10;
/** Changes are gathered for this long before the picture is made anew (ms). */
const PAUSE = 80;

/** The graph panel: one a window, beside the editor. It shows the tree's selection, or what is ready. */
export class GraphPanel extends Disposable {
  readonly #folders: PlanFolders;
  readonly #tree: TaskTree;
  readonly #problems: Problems;
  readonly #extension: vscode.Uri;
  #panel: vscode.WebviewPanel | undefined;
  #folder: PlanFolder | undefined;
  #focus: GraphFocus = { task: undefined, hops: settings.graphDepth(), showDone: false };
  #ready = false;
  #sent = '';
  #timer: NodeJS.Timeout | undefined;
  /** The task whose node was clicked last, until the tree has selected it. */
  #activated: string | undefined;

  constructor(folders: PlanFolders, tree: TaskTree, problems: Problems, extension: vscode.Uri) {
    super();
    this.#folders = folders;
    this.#tree = tree;
    this.#problems = problems;
    this.#extension = extension;
    this.register(folders.onDidChange(() => this.#sendSoon()));
    this.register(tree.onDidChangeSelection(() => this.#followSelection()));
    this.register(
      vscode.window.registerWebviewPanelSerializer(GRAPH_PANEL, {
        deserializeWebviewPanel: async (panel, state: GraphPanelState | undefined) => {
          panel.webview.options = this.#webviewOptions();
          if (state?.focusTask) this.#focus = { ...this.#focus, task: state.focusTask };
          this.#adopt(panel);
        },
      }),
    );
    this.register(new vscode.Disposable(() => this.#panel?.dispose()));
  }

  /** Opens the panel, around a task if one is given or selected. */
  async show(address: TaskAddress | undefined): Promise<void> {
    const chosen = address ?? this.#tree.selected;
    this.#folder = chosen?.folder ?? this.#folder ?? (await this.#folders.choose());
    await this.#folder?.load();
    this.#setFocus({ task: chosen?.task });
    if (this.#panel) {
      this.#panel.reveal(undefined, true);
      return;
    }
    const panel = vscode.window.createWebviewPanel(
      GRAPH_PANEL,
      vscode.l10n.t('Task graph'),
      { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true },
      { ...this.#webviewOptions(), enableFindWidget: true },
    );
    this.#adopt(panel);
  }

  #webviewOptions(): vscode.WebviewOptions {
    return { enableScripts: true, localResourceRoots: [vscode.Uri.joinPath(this.#extension, 'dist', 'webview')] };
  }

  #adopt(panel: vscode.WebviewPanel): void {
    this.#panel?.dispose();
    this.#panel = panel;
    this.#ready = false;
    this.#sent = '';
    panel.iconPath = {
      light: vscode.Uri.joinPath(this.#extension, 'media', 'graph-light.svg'),
      dark: vscode.Uri.joinPath(this.#extension, 'media', 'graph-dark.svg'),
    };
    panel.onDidDispose(() => {
      if (this.#panel === panel) this.#panel = undefined;
    });
    panel.onDidChangeViewState(() => {
      // A hidden page is thrown away and starts over when it is shown again.
      if (!panel.visible) this.#ready = false;
    });
    panel.webview.onDidReceiveMessage((message: GraphToHost) => this.#receive(message));
    const file = (name: string) =>
      panel.webview.asWebviewUri(vscode.Uri.joinPath(this.#extension, 'dist', 'webview', name)).toString();
    panel.webview.html = graphHtml({
      nonce: randomBytes(16).toString('hex'),
      cspSource: panel.webview.cspSource,
      scriptUri: file('graph.js'),
      styleUri: file('graph.css'),
      strings: translated(),
      language: vscode.env.language,
    });
  }

  #receive(message: GraphToHost): void {
    switch (message.type) {
      case 'ready':
        this.#ready = true;
        this.#sent = '';
        this.#send();
        break;
      case 'activate':
        this.#activated = message.task;
        if (this.#folder) void this.#tree.reveal({ folder: this.#folder, task: message.task });
        break;
      case 'focus':
        this.#setFocus({ task: message.task });
        if (this.#folder) void this.#tree.reveal({ folder: this.#folder, task: message.task });
        break;
      case 'banner':
        this.#obey(message.command);
        break;
      case 'failed':
        this.#problems.log(`graph: ${message.message}`);
        break;
    }
  }

  #obey(command: Extract<GraphToHost, { type: 'banner' }>['command']): void {
    const { hops, showDone } = this.#focus;
    if (command === 'more') this.#setFocus({ hops: Math.min(hops + 1, MAX_HOPS) });
    else if (command === 'less') this.#setFocus({ hops: Math.max(hops - 1, 1) });
    else if (command === 'front') this.#setFocus({ task: undefined });
    else this.#setFocus({ showDone: !showDone });
  }

  #followSelection(): void {
    const { selected } = this.#tree;
    if (!this.#panel || !selected) return;
    this.#folder = selected.folder;
    // The row was selected by a click on its node: the picture stays as it is.
    if (selected.task !== this.#activated) this.#setFocus({ task: selected.task });
    this.#activated = undefined;
  }

  #setFocus(change: Partial<GraphFocus>): void {
    this.#focus = { ...this.#focus, ...change };
    this.#send();
  }

  #sendSoon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#send();
    }, PAUSE);
  }

  #send(): void {
    // A folder's plan is another one when its store turned up at another place.
    if (this.#folder?.isDisposed) this.#folder = this.#folders.byKey(this.#folder.key);
    this.#folder ??= this.#folders.all.find((folder) => folder.plan);
    const plan = this.#folder?.plan;
    if (!this.#panel || !this.#ready || !plan) return;
    const snapshot = graphSnapshot(plan, this.#focus);
    const text = JSON.stringify(snapshot);
    if (text === this.#sent) return;
    this.#sent = text;
    void this.#panel.webview.postMessage(snapshot);
  }
}

/** The page's sentences in the user's language. */
function translated(): GraphStrings {
  return Object.fromEntries(
    Object.entries(GRAPH_STRINGS).map(([key, english]) => [key, vscode.l10n.t(english)]),
  ) as unknown as GraphStrings;
}
