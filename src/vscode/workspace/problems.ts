import * as vscode from 'vscode';
import { OrchestratorError } from '../../core/model/errors.js';
import { Disposable } from '../lifecycle.js';
import type { CommandId } from '../manifest.js';

/** Where things that go wrong are said and kept. */
export class Problems extends Disposable {
  readonly #channel = this.register(vscode.window.createOutputChannel('Task Orchestrator', { log: true }));

  /** Tells the person, in the words of the error. */
  report(error: unknown): void {
    if (error instanceof OrchestratorError) {
      this.#channel.warn(`${error.code}: ${error.message}`);
      void vscode.window.showErrorMessage(error.message);
      return;
    }
    this.log(error);
    const showLog = vscode.l10n.t('Show Log');
    const message = error instanceof Error ? error.message : String(error);
    void vscode.window
      .showErrorMessage(vscode.l10n.t('Task Orchestrator: {0}', message), showLog)
      .then((choice) => choice === showLog && this.show());
  }

  /** Tells a refusal, with a button that runs a command of ours. */
  offer(error: unknown, title: string, command: CommandId, ...args: readonly unknown[]): void {
    const message = error instanceof Error ? error.message : String(error);
    this.#channel.warn(message);
    void vscode.window
      .showErrorMessage(message, title)
      .then((choice) => choice === title && vscode.commands.executeCommand(command, ...args));
  }

  /** Tells what went wrong beside what was done, with what can be done about it. */
  warn(message: string, choices: Readonly<Record<string, () => void>> = {}): void {
    this.#channel.warn(message);
    void vscode.window.showWarningMessage(message, ...Object.keys(choices)).then((choice) => {
      if (choice !== undefined) choices[choice]?.();
    });
  }

  /** Tells that a folder's store is damaged, with a look at what can be recovered. */
  offerCheck(error: unknown, folder: string): void {
    this.offer(error, vscode.l10n.t('Check Task Store'), 'taskOrchestrator.store.check', folder);
  }

  /** Keeps it for whoever looks into the log. */
  log(error: unknown): void {
    this.#channel.error(error instanceof Error ? error : String(error));
  }

  /** Puts lines of a report into the log. */
  tell(lines: readonly string[]): void {
    for (const line of lines) this.#channel.info(line);
  }

  /** Says in the status bar that a change waits for another process. */
  waiting(holder: string): void {
    const text = vscode.l10n.t('$(sync~spin) Waiting for {0} to finish writing…', holder);
    vscode.window.setStatusBarMessage(text, 4_000);
  }

  show(): void {
    this.#channel.show();
  }
}
