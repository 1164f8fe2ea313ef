import * as vscode from 'vscode';
import { HeldTasks, type LostTask } from '../../app/claims/heldTasks.js';
import { Disposable } from '../lifecycle.js';
import type { PlanFolder } from './planFolder.js';
import type { PlanFolders } from './planFolders.js';

/** Tells the person, once, that a task which they held is now held by somebody else. */
export class ClaimNotices extends Disposable {
  readonly #folders: PlanFolders;
  readonly #held = new WeakMap<PlanFolder, HeldTasks>();

  constructor(folders: PlanFolders) {
    super();
    this.#folders = folders;
    this.register(
      folders.onDidChange(({ folder, change }) => {
        if (folder && change) this.#look(folder, change.tasks);
      }),
    );
  }

  #look(folder: PlanFolder, changed: ReadonlySet<string>): void {
    const plan = folder.plan?.plan;
    if (!plan || !this.#folders.distinct.includes(folder)) return;
    const held = this.#held.get(folder);
    if (!held) this.#held.set(folder, new HeldTasks(plan));
    for (const lost of held?.compare(changed) ?? []) this.#tell(folder, lost);
  }

  #tell(folder: PlanFolder, { task, message }: LostTask): void {
    const show = vscode.l10n.t('Show History');
    void vscode.window
      .showInformationMessage(message, show)
      .then(
        (choice) =>
          choice === show && vscode.commands.executeCommand('taskOrchestrator.history.show', folder.key, task.id),
      );
  }
}
