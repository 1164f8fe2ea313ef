import * as vscode from 'vscode';
import { Disposable } from '../lifecycle.js';
import type { PlanFolder } from './planFolder.js';
import type { PlanFolders } from './planFolders.js';
import type { Problems } from './problems.js';

/** Tells the person, once, why a store can only be read, and what can be done about it. */
export class StoreNotices extends Disposable {
  readonly #problems: Problems;
  /** Code of the problem that was told of, by the store's path. */
  readonly #told = new Map<string, string>();

  constructor(folders: PlanFolders, problems: Problems) {
    super();
    this.#problems = problems;
    this.register(
      folders.onDidChange(({ folder }) => {
        if (folder?.plan) this.#look(folder);
      }),
    );
  }

  #look(folder: PlanFolder): void {
    const { path } = folder.location;
    const problem = folder.storeProblem;
    if (this.#told.get(path) === problem?.code) return;
    if (!problem) {
      this.#told.delete(path);
      return;
    }
    this.#told.set(path, problem.code);
    if (problem.code === 'SCHEMA_TOO_OLD') void this.#askToMigrate(folder);
    else if (problem.code === 'SCHEMA_TOO_NEW') void vscode.window.showWarningMessage(problem.message);
    else this.#problems.offerCheck(problem, folder.key);
  }

  async #askToMigrate(folder: PlanFolder): Promise<void> {
    const { t } = vscode.l10n;
    const migrate = t('Migrate');
    const answer = await vscode.window.showInformationMessage(
      t('The task store of {0} is of an older version. Migrating it makes a backup first.', folder.name),
      migrate,
      t('Open Read-Only'),
    );
    if (answer === migrate) await vscode.commands.executeCommand('taskOrchestrator.store.migrate', folder.key);
  }
}
