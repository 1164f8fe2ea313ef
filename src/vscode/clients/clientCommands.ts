import * as vscode from 'vscode';
import { Disposable } from '../lifecycle.js';
import { CLIENT_SCHEME, type Handlers } from '../manifest.js';
import type { PlanFolders } from '../workspace/planFolders.js';

/** Settings of other agents' clients. What it needs is loaded when somebody asks for it. */
export function clientCommands(
  folders: PlanFolders,
  context: vscode.ExtensionContext,
  own: <T extends vscode.Disposable>(part: T) => T,
): Handlers {
  const previews = own(new ClientPreviews());
  return {
    'taskOrchestrator.mcp.setUpClient': async (client) => {
      const folder = await folders.choose();
      if (folder) await (await import('./setUpClient.js')).setUpClient({ folder, context, previews, client });
    },
  };
}

/** Texts that can only be read: what is in a client's file, and what would be. */
export class ClientPreviews extends Disposable implements vscode.TextDocumentContentProvider {
  readonly #changed = this.register(new vscode.EventEmitter<vscode.Uri>());
  readonly #texts = new Map<string, string>();

  readonly onDidChange = this.#changed.event;

  constructor() {
    super();
    this.register(vscode.workspace.registerTextDocumentContentProvider(CLIENT_SCHEME, this));
  }

  /** Puts a text where it can be opened; `side` keeps two of one file apart, its name says the language. */
  put(side: string, path: string, text: string): vscode.Uri {
    const uri = vscode.Uri.from({ scheme: CLIENT_SCHEME, path: vscode.Uri.file(path).path, query: side });
    this.#texts.set(uri.toString(), text);
    this.#changed.fire(uri);
    return uri;
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.#texts.get(uri.toString()) ?? vscode.l10n.t('This is a preview that has been closed.');
  }
}
