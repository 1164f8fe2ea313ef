import { delimiter } from 'node:path';
import * as vscode from 'vscode';
import { Disposable } from '../lifecycle.js';
import { settings, TM_IN_TERMINAL } from '../manifest.js';
import { writeLaunchers } from './tmLaunchers.js';

/** Puts `tm` on the PATH of the editor's terminals, without any Node being installed, unless the setting says not to. */
export class TerminalPath extends Disposable {
  readonly #context: vscode.ExtensionContext;
  readonly #report: (error: unknown) => void;

  constructor(context: vscode.ExtensionContext, report: (error: unknown) => void) {
    super();
    this.#context = context;
    this.#report = report;
    this.register(
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration(TM_IN_TERMINAL)) void this.apply();
      }),
    );
    void this.apply();
  }

  async apply(): Promise<void> {
    const { environmentVariableCollection: variables, globalStorageUri, extensionUri } = this.#context;
    try {
      if (!settings.tmInTerminal()) {
        variables.delete('PATH');
        return;
      }
      const folder = vscode.Uri.joinPath(globalStorageUri, 'bin').fsPath;
      const script = vscode.Uri.joinPath(extensionUri, 'dist', 'tm.js').fsPath;
      await writeLaunchers(folder, { executable: process.execPath, script });
      if (this.isDisposed) return;
      variables.description = vscode.l10n.t('Adds the command line of Task Orchestrator, `tm`, to the PATH.');
      const prefix = `${folder}${delimiter}`;
      if (variables.get('PATH')?.value !== prefix) variables.prepend('PATH', prefix);
    } catch (error) {
      // A terminal without tm is no reason to disturb anybody; the log says why.
      this.#report(error);
    }
  }
}
