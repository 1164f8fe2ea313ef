import * as vscode from 'vscode';
import { taskName } from '../../core/model/taskId.js';
import { Disposable } from '../lifecycle.js';
import type { NextTasks, NextUp } from '../planning/nextTasks.js';
import { shortReasons } from '../planning/reasonWords.js';
import type { PlanFolders, TaskAddress } from '../workspace/planFolders.js';

/** The number of ready tasks in the status bar; a click offers the next ones. */
export class ReadyStatus extends Disposable {
  readonly #folders: PlanFolders;
  readonly #next: NextTasks;
  readonly #item: vscode.StatusBarItem;

  constructor(folders: PlanFolders, next: NextTasks) {
    super();
    this.#folders = folders;
    this.#next = next;
    this.#item = this.register(vscode.window.createStatusBarItem('ready', vscode.StatusBarAlignment.Left, 5));
    this.#item.name = vscode.l10n.t('Ready tasks');
    this.#item.command = 'taskOrchestrator.next.show';
    this.register(folders.onDidChange(() => this.#update()));
    this.register(next.onDidChange(() => this.#update()));
    this.#update();
  }

  /** The best ready task of all folders. */
  async next(): Promise<TaskAddress | undefined> {
    await this.#next.refresh();
    const [best] = this.#next.best;
    return best && { folder: best.folder, task: best.ranked.task.id };
  }

  #update(): void {
    const plans = this.#folders.distinct.flatMap((folder) => folder.plan?.plan ?? []);
    if (plans.every((plan) => plan.graph.size === 0)) {
      this.#item.hide();
      return;
    }
    const count = plans.reduce((sum, plan) => sum + plan.graph.readyCount(plan.now()), 0);
    const [best] = this.#next.best;
    this.#item.text = vscode.l10n.t('$(checklist) {0} ready', count);
    this.#item.tooltip = best
      ? nextWords(best)
      : count > 0
        ? vscode.l10n.t('Next Task')
        : vscode.l10n.t('No task is ready');
    this.#item.accessibilityInformation = { label: vscode.l10n.t('{0} ready tasks. {1}', count, this.#item.tooltip) };
    this.#item.show();
  }
}

function nextWords({ folder, ranked, choice }: NextUp): string {
  const title = folder.plan?.plan.graph.get(ranked.task.id)?.task.title ?? '';
  const reasons = shortReasons(ranked, choice.nameOf).join(' · ');
  return vscode.l10n.t('Next: {0}  {1}. {2}', taskName(ranked.task.number), title, reasons);
}
