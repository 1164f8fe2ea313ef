import * as vscode from 'vscode';
import { Disposable } from '../lifecycle.js';
import type { CommandId } from '../manifest.js';
import { hush } from './say.js';

/** How long it stands in the status bar (ms). */
const SHOWN = 10_000;

/** What happened, and a click that takes it back: `T-4 deleted · Undo`. A newer one takes the older one's place. */
export class Offer extends Disposable {
  #item: vscode.StatusBarItem | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor() {
    super();
    this.register(new vscode.Disposable(() => this.#end()));
  }

  undo(text: string, command: CommandId, ...args: readonly unknown[]): void {
    this.#show('discard', text, vscode.l10n.t('Undo'), command, args);
  }

  redo(text: string, command: CommandId, ...args: readonly unknown[]): void {
    this.#show('redo', text, vscode.l10n.t('Redo'), command, args);
  }

  #show(icon: string, text: string, title: string, command: CommandId, args: readonly unknown[]): void {
    this.#end();
    hush();
    const item = vscode.window.createStatusBarItem('undo', vscode.StatusBarAlignment.Left, 4);
    item.name = vscode.l10n.t('Undo');
    item.text = `$(${icon}) ${text} · ${title}`;
    item.command = { command, title, arguments: [...args] };
    item.show();
    this.#item = item;
    this.#timer = setTimeout(() => this.#end(), SHOWN);
  }

  #end(): void {
    clearTimeout(this.#timer);
    this.#item?.dispose();
    this.#item = undefined;
  }
}
