import * as vscode from 'vscode';
import { Disposable } from '../lifecycle.js';
import type { Handlers } from '../manifest.js';
import type { Offer } from '../status/offer.js';
import type { PlanFolder } from '../workspace/planFolder.js';
import type { PlanFolders } from '../workspace/planFolders.js';
import type { PrdPreview } from './prdPreview.js';

/** At most so many documents are offered where none is open. */
const OFFERED = 200;

/** Planning from a product requirements document: what reads it is loaded when it is first asked for. */
export class PrdCommands extends Disposable {
  readonly #folders: PlanFolders;
  readonly #offer: Offer;
  #preview: PrdPreview | undefined;

  constructor(folders: PlanFolders, offer: Offer) {
    super();
    this.#folders = folders;
    this.#offer = offer;
  }

  get handlers(): Handlers {
    return {
      'taskOrchestrator.prd.plan': async (uri) => {
        const file = uri instanceof vscode.Uri ? uri : await this.#chooseFile();
        if (!file) return;
        const folder = this.#folderOf(file);
        if (!folder) {
          void vscode.window.showInformationMessage(
            vscode.l10n.t(
              '{0} is not in a folder of this window. Save it there first: its tasks refer to its lines.',
              file.path.split('/').at(-1) ?? '',
            ),
          );
          return;
        }
        const { PrdPreview } = await import('./prdPreview.js');
        this.#preview ??= this.register(new PrdPreview(this.#offer));
        await this.#preview.open(folder, file);
      },
      'taskOrchestrator.prd.apply': () => this.#preview?.apply(),
      'taskOrchestrator.prd.openDiff': () => this.#preview?.openDiff(),
      'taskOrchestrator.prd.discard': () => this.#preview?.close(),
    };
  }

  #folderOf(file: vscode.Uri): PlanFolder | undefined {
    return file.scheme === 'file' ? this.#folders.of(file) : undefined;
  }

  /** The Markdown file in the editor, else the one that the person picks. */
  async #chooseFile(): Promise<vscode.Uri | undefined> {
    const active = vscode.window.activeTextEditor?.document;
    if (active?.languageId === 'markdown' && this.#folderOf(active.uri)) return active.uri;
    const files = await vscode.workspace.findFiles('**/*.{md,markdown}', '**/node_modules/**', OFFERED);
    const items = files
      .map((uri) => ({ label: vscode.workspace.asRelativePath(uri), uri }))
      .sort((a, b) => (a.label < b.label ? -1 : 1));
    if (items.length === 0) {
      void vscode.window.showInformationMessage(
        vscode.l10n.t('There is no Markdown file in this window. Write what is wanted into one first.'),
      );
      return undefined;
    }
    const picked = await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t('Document to plan from') });
    return picked?.uri;
  }
}
