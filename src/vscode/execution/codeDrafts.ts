import * as vscode from 'vscode';
import { Disposable } from '../lifecycle.js';
import { setContext } from '../manifest.js';
import type { TaskAddress } from '../workspace/planFolders.js';

/** An untitled document that was opened to hold code for a task. */
interface Draft {
  readonly document: vscode.TextDocument;
  readonly address: TaskAddress;
}

/** The documents that were begun for tasks, until they are closed. */
export class CodeDrafts extends Disposable {
  readonly #drafts = new Map<vscode.TextDocument, TaskAddress>();

  constructor() {
    super();
    this.register(vscode.window.onDidChangeActiveTextEditor(() => this.#tell()));
    this.register(
      vscode.workspace.onDidCloseTextDocument((document) => {
        this.#drafts.delete(document);
        this.#tell();
      }),
    );
  }

  /** The draft in the active editor. */
  get active(): Draft | undefined {
    const document = vscode.window.activeTextEditor?.document;
    const address = document && this.#drafts.get(document);
    return document && address && { document, address };
  }

  /** Opens an empty document for a task. */
  async begin(address: TaskAddress, language: string): Promise<void> {
    const document = await vscode.workspace.openTextDocument({ language, content: '' });
    this.#drafts.set(document, address);
    await vscode.window.showTextDocument(document);
    this.#tell();
  }

  #tell(): void {
    setContext('codeDraft', this.active !== undefined);
  }
}
