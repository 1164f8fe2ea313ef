import * as vscode from 'vscode';
import { compareUrgency } from '../../core/graph/order.js';
import { taskName } from '../../core/model/taskId.js';
import { Disposable } from '../lifecycle.js';
import type { PlanFolders, TaskAddress } from '../workspace/planFolders.js';

/** The number of ready tasks in the status bar; a click opens the next one. */
export class ReadyStatus extends Disposable {
  readonly #folders: PlanFolders;
  readonly #item: vscode.StatusBarItem;

  constructor(folders: PlanFolders) {
    super();
    this.#folders = folders;
    this.#item = this.register(vscode.window.createStatusBarItem('ready', vscode.StatusBarAlignment.Left, 5));
    this.#item.name = vscode.l10n.t('Ready tasks');
    this.#item.command = 'taskOrchestrator.task.openNext';
    this.register(folders.onDidChange(() => this.#update()));
    this.#update();
  }

  /** The most urgent ready task of all folders. */
  next(): TaskAddress | undefined {
    return this.#folders.distinct
      .flatMap((folder) => {
        const plan = folder.plan?.plan;
        const task = plan?.graph.ready(plan.now(), 1)[0];
        return task ? [{ folder, task }] : [];
      })
      .sort((a, b) => compareUrgency(a.task, b.task))
      .map(({ folder, task }) => ({ folder, task: task.id }))[0];
  }

  #update(): void {
    const plans = this.#folders.distinct.flatMap((folder) => folder.plan?.plan ?? []);
    if (plans.every((plan) => plan.graph.size === 0)) {
      this.#item.hide();
      return;
    }
    const count = plans.reduce((sum, plan) => sum + plan.graph.readyCount(plan.now()), 0);
    const address = this.next();
    const next = address?.folder.plan?.plan.graph.get(address.task)?.task;
    this.#item.text = vscode.l10n.t('$(checklist) {0} ready', count);
    this.#item.tooltip = next
      ? vscode.l10n.t('Next: {0}  {1}', taskName(next.number), next.title)
      : vscode.l10n.t('No task is ready');
    this.#item.accessibilityInformation = { label: vscode.l10n.t('{0} ready tasks. {1}', count, this.#item.tooltip) };
    this.#item.show();
  }
}
