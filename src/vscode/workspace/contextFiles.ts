import { join } from 'node:path';
import * as vscode from 'vscode';
import { keepContextFiles } from '../../app/collaboration/keepContextFiles.js';
import type { Plan } from '../../app/plan.js';
import type { StoreChange } from '../../store/store.js';
import { Disposable } from '../lifecycle.js';
import type { Problems } from './problems.js';

/**
 * Keeps the files of shared contexts and notes beside the store in step with what this window changes, and takes over
 * what the person wrote into one as soon as it is saved here. What others wrote into them is left to their own `tm`: it
 * is not the person's.
 */
export class ContextFiles extends Disposable {
  readonly #plan: Plan;
  readonly #problems: Problems;
  /** Own changes since the files were last looked at. */
  #changes: StoreChange[] = [];

  /** `folder` is the one that the store lies in. */
  constructor(plan: Plan, folder: string, problems: Problems) {
    super();
    this.#plan = plan;
    this.#problems = problems;
    const stop = plan.store.onDidChange((change) => {
      if (change.kind === 'records' && change.own) this.#changes.push(change);
    });
    this.register(new vscode.Disposable(stop));
    const folders = ['contexts', 'notes'].map((name) => vscode.Uri.file(join(folder, name)).path);
    this.register(
      vscode.workspace.onDidSaveTextDocument(({ uri }) => {
        if (uri.scheme === 'file' && folders.some((one) => uri.path.startsWith(`${one}/`))) void this.#keep(true);
      }),
    );
  }

  /** Writes the files that are behind. */
  async update(): Promise<void> {
    if (this.#changes.length > 0) await this.#keep(false);
  }

  async #keep(takeOver: boolean): Promise<void> {
    const changes = this.#changes;
    this.#changes = [];
    try {
      const messages = await keepContextFiles(this.#plan, changes, { takeOver });
      if (messages.length > 0) this.#problems.warn(messages.join('\n'));
    } catch (error) {
      // What was changed is in the store; the next change brings the files up to date.
      this.#problems.log(error);
    }
  }
}
