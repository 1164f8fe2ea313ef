import * as vscode from 'vscode';
import { taskName } from '../../core/model/taskId.js';
import { Disposable } from '../lifecycle.js';
import { NEXT_UP_VIEW } from '../manifest.js';
import { stateLook } from '../words.js';
import type { PlanFolder } from '../workspace/planFolder.js';
import type { NextTasks, NextUp } from './nextTasks.js';
import { scoreTable, shortReasons } from './reasonWords.js';

/** A row; commands find the task in it as in a row of the tree. */
interface NextUpNode {
  readonly kind: 'next';
  readonly folder: PlanFolder;
  readonly task: string;
  readonly next: NextUp;
}

/** The view *Next up*: at most five ready tasks, best first, each with its reasons. */
export class NextUpView extends Disposable implements vscode.TreeDataProvider<NextUpNode> {
  readonly #next: NextTasks;
  readonly #changed = this.register(new vscode.EventEmitter<void>());
  #shown = '';

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(next: NextTasks) {
    super();
    this.#next = next;
    this.register(vscode.window.createTreeView<NextUpNode>(NEXT_UP_VIEW, { treeDataProvider: this }));
    this.register(next.onDidChange(() => this.#update()));
  }

  getChildren(node?: NextUpNode): NextUpNode[] {
    if (node) return [];
    return this.#next.best.map((next) => ({ kind: 'next', folder: next.folder, task: next.ranked.task.id, next }));
  }

  getTreeItem({ folder, task, next }: NextUpNode): vscode.TreeItem {
    const summary = folder.plan?.plan.graph.get(task)?.task;
    const reasons = shortReasons(next.ranked, next.choice.nameOf);
    const name = summary ? taskName(summary.number) : task;
    const look = stateLook('ready');
    const item = new vscode.TreeItem(`${name}  ${summary?.title ?? ''}`);
    item.id = `${folder.key}/${task}`;
    item.iconPath = new vscode.ThemeIcon(look.icon, new vscode.ThemeColor(look.color));
    item.description = reasons.join(' · ');
    item.contextValue = 'next';
    item.command = {
      command: 'taskOrchestrator.task.reveal',
      title: vscode.l10n.t('Reveal in Tasks'),
      arguments: [folder.key, task],
    };
    item.accessibilityInformation = { label: [name, summary?.title ?? '', ...reasons].join(', ') };
    return item;
  }

  resolveTreeItem(item: vscode.TreeItem, { next }: NextUpNode): vscode.TreeItem {
    item.tooltip = scoreTable(next.ranked, next.choice.nameOf);
    return item;
  }

  /** Tells VS Code only where a row is another one or says something else. */
  #update(): void {
    const rows = this.getChildren().map((node) => {
      const { label, description } = this.getTreeItem(node);
      return [node.task, label, description];
    });
    const shown = JSON.stringify(rows);
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#changed.fire();
  }
}
