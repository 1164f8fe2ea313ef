import * as vscode from 'vscode';
import type { Orchestrator } from '../../app/orchestrator.js';
import { isClosed, type WorkState } from '../../core/model/workState.js';
import { say } from '../status/say.js';
import type { TreeNode } from '../tree/nodes.js';
import { type TaskTree, taskOf } from '../tree/taskTree.js';
import type { PlanFolders, TaskAddress } from '../workspace/planFolders.js';
import { pickTask } from './pickers.js';

/** Which tasks a command can be about. */
type Admits = (plan: Orchestrator, task: string) => boolean;

/**
 * The task that a command was called for: the row of a context menu, the folder and id in a link, the tree's selection
 * for a key binding (its `args` are `{"selection": true}`), else the one that the person picks.
 */
export class Target {
  readonly #folders: PlanFolders;
  readonly #tree: TaskTree;

  constructor(folders: PlanFolders, tree: TaskTree) {
    this.#folders = folders;
    this.#tree = tree;
  }

  async of(args: readonly unknown[], placeholder: string, admits?: Admits): Promise<TaskAddress | undefined> {
    return this.named(args) ?? (await this.pick(placeholder, admits));
  }

  /** A command on one task: finds it, changes it. `admits` says which tasks are offered where none is named. */
  onTask(
    placeholder: string,
    change: (plan: Orchestrator, address: TaskAddress) => Promise<unknown>,
    admits?: Admits,
  ): (...args: unknown[]) => Promise<void> {
    return async (...args) => {
      const address = await this.of(args, placeholder, admits);
      if (!address) return;
      const plan = await address.folder.load();
      await change(plan, address);
      // A change by keyboard may move the row to another group: the selection goes with it while the task is open.
      const task = plan.plan.graph.get(address.task)?.task;
      if (isSelection(args[0]) && task && !isClosed(task.status as WorkState))
        await this.#tree.reveal(address, { focus: true });
    };
  }

  /** The task that the arguments or the tree's selection name. Throws NOT_FOUND for a folder that is not open. */
  named([first, second]: readonly unknown[]): TaskAddress | undefined {
    if (isNode(first)) return taskOf(first);
    if (typeof first === 'string' && typeof second === 'string') {
      return { folder: this.#folders.require(first), task: second };
    }
    return isSelection(first) ? this.#tree.selected : undefined;
  }

  async pick(placeholder: string, admits?: Admits): Promise<TaskAddress | undefined> {
    const folder = await this.#folders.choose();
    if (!folder) return undefined;
    const plan = await folder.load();
    const selected = this.#tree.selected?.task;
    const tasks = plan.tasks.select('').map((task) => task.id);
    if (tasks.length === 0) {
      void vscode.window.showInformationMessage(vscode.l10n.t('No tasks yet. Create one first.'));
      return undefined;
    }
    const offered = admits ? tasks.filter((task) => admits(plan, task)) : tasks;
    if (offered.length === 0) {
      say(vscode.l10n.t('There is no task that this can be done with now'));
      return undefined;
    }
    const task = await pickTask(plan, offered, placeholder, { active: selected });
    return task === undefined ? undefined : { folder, task };
  }
}

export function isNode(value: unknown): value is TreeNode {
  return typeof value === 'object' && value !== null && 'kind' in value && 'folder' in value;
}

/** True for the arguments of a key binding: the command is meant for the tree's selection, and the tree has the keyboard. */
export function isSelection(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'selection' in value;
}
