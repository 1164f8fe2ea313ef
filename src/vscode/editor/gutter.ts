import * as vscode from 'vscode';
import { compareUrgency } from '../../core/graph/order.js';
import type { TaskSummary } from '../../core/model/task.js';
import { isClosed, type WorkState } from '../../core/model/workState.js';
import { Disposable } from '../lifecycle.js';
import { settings } from '../manifest.js';
import { stateLook } from '../words.js';
import type { TrackedDocuments } from './documents.js';

/** The icons of `media/gutter`; states that look alike share one. */
const ICONS = {
  ready: ['ready'],
  progress: ['in_progress', 'claimed'],
  waiting: ['waiting', 'scheduled'],
  blocked: ['blocked'],
  decision: ['needs_decision'],
} as const satisfies Record<string, readonly WorkState[]>;

type Icon = keyof typeof ICONS;

/** One quiet icon on each line that open tasks refer to, the most urgent task's, and a mark in the overview ruler. */
export class Gutter extends Disposable {
  readonly #documents: TrackedDocuments;
  readonly #types: ReadonlyMap<Icon, vscode.TextEditorDecorationType>;

  constructor(documents: TrackedDocuments, media: vscode.Uri) {
    super();
    this.#documents = documents;
    this.#types = new Map(
      (Object.keys(ICONS) as Icon[]).map((icon) => [icon, this.register(decorationType(icon, media))]),
    );
    const { window, workspace } = vscode;
    this.register(documents.onDidChange((document) => this.#paintDocument(document)));
    this.register(window.onDidChangeVisibleTextEditors(() => this.#paintAll()));
    this.register(
      workspace.onDidChangeConfiguration(
        (event) => event.affectsConfiguration('taskOrchestrator.gutter') && this.#paintAll(),
      ),
    );
    this.#paintAll();
  }

  #paintAll(): void {
    for (const editor of vscode.window.visibleTextEditors) this.#paint(editor);
  }

  #paintDocument(document: vscode.TextDocument): void {
    for (const editor of vscode.window.visibleTextEditors) if (editor.document === document) this.#paint(editor);
  }

  #paint(editor: vscode.TextEditor): void {
    const lines = settings.gutterIcons(editor.document) ? this.#linesOf(editor.document) : new Map<number, Icon>();
    for (const [icon, type] of this.#types) {
      const ranges = [...lines]
        .filter(([, other]) => other === icon)
        .map(([line]) => new vscode.Range(line, 0, line, 0));
      editor.setDecorations(type, ranges);
    }
  }

  /** The first line (from 0) of each reference of an open task, with its icon. */
  #linesOf(document: vscode.TextDocument): Map<number, Icon> {
    const tracked = this.#documents.get(document);
    const plan = tracked?.folder.plan;
    const urgent = new Map<number, TaskSummary>();
    for (const { stored, line } of tracked?.references ?? []) {
      const task = plan?.plan.graph.get(stored.task)?.task;
      if (!task || isClosed(task.status as WorkState)) continue;
      const other = urgent.get(line - 1);
      if (!other || compareUrgency(task, other) < 0) urgent.set(line - 1, task);
    }
    return new Map([...urgent].flatMap(([line, task]) => iconOf(plan?.plan.stateOf(task.id), line)));
  }
}

function iconOf(state: WorkState | undefined, line: number): [number, Icon][] {
  const icon = (Object.keys(ICONS) as Icon[]).find(
    (name) => state && (ICONS[name] as readonly WorkState[]).includes(state),
  );
  return icon ? [[line, icon]] : [];
}

function decorationType(icon: Icon, media: vscode.Uri): vscode.TextEditorDecorationType {
  const path = (theme: string) => vscode.Uri.joinPath(media, 'gutter', theme, `${icon}.svg`);
  return vscode.window.createTextEditorDecorationType({
    gutterIconSize: 'contain',
    light: { gutterIconPath: path('light') },
    dark: { gutterIconPath: path('dark') },
    overviewRulerColor: new vscode.ThemeColor(stateLook(ICONS[icon][0]).color),
    overviewRulerLane: vscode.OverviewRulerLane.Left,
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
  });
}
