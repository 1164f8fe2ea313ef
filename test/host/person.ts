import * as vscode from 'vscode';

const REPLACED = [
  'showErrorMessage',
  'showInformationMessage',
  'showWarningMessage',
  'showInputBox',
  'showQuickPick',
  'setStatusBarMessage',
  'createStatusBarItem',
] as const;

interface Answers {
  /** The button to press, where a message has it. */
  press?: string;
  /** What to type into a box; without it, Escape. */
  type?: string;
  /** Part of the label of the row to pick; without it, Escape. */
  pick?: string;
}

/** Somebody in front of the window: hears what VS Code would show, and answers what it would ask. */
export class Person {
  /** Messages, the newest last, with their buttons. */
  readonly told: { readonly text: string; readonly buttons: readonly string[] }[] = [];
  readonly statusBar: string[] = [];
  /** Rows of the last list to pick from. */
  offered: readonly string[] = [];
  #answers: Answers = {};
  #items: vscode.StatusBarItem[] = [];
  readonly #originals = new Map<string, unknown>();

  /** Takes the place of the window's own dialogs, until `leave`. */
  sit(): void {
    const window = vscode.window as unknown as Record<string, unknown>;
    for (const name of REPLACED) this.#originals.set(name, window[name]);
    const message = async (text: string, ...rest: unknown[]) => {
      const buttons = rest.filter((part): part is string => typeof part === 'string');
      this.told.push({ text, buttons });
      return buttons.find((button) => button === this.#answers.press);
    };
    const create = vscode.window.createStatusBarItem as (...args: unknown[]) => vscode.StatusBarItem;
    Object.assign(window, {
      showErrorMessage: message,
      showInformationMessage: message,
      showWarningMessage: message,
      showInputBox: async () => this.#answers.type,
      showQuickPick: async (items: readonly vscode.QuickPickItem[]) => {
        this.offered = items.map((item) => [item.label, item.description].filter((part) => part).join(' · '));
        return items.find((item) => this.#answers.pick !== undefined && item.label.includes(this.#answers.pick));
      },
      setStatusBarMessage: (text: string) => {
        this.statusBar.push(text);
        return new vscode.Disposable(() => undefined);
      },
      createStatusBarItem: (...args: unknown[]) => {
        const item = create(...args);
        this.#items.push(item);
        return item;
      },
    });
  }

  leave(): void {
    Object.assign(vscode.window, Object.fromEntries(this.#originals));
  }

  /** Answers so from now on. */
  will(answers: Answers): void {
    this.#answers = answers;
  }

  /** What the newest item of the status bar says, such as an offer to undo. */
  get item(): string | undefined {
    return this.#items.at(-1)?.text;
  }

  /** Clicks that item. */
  async click(): Promise<void> {
    const command = this.#items.at(-1)?.command as vscode.Command;
    await vscode.commands.executeCommand(command.command, ...(command.arguments ?? []));
  }
}
