import * as vscode from 'vscode';
import { Disposable } from '../lifecycle.js';
import type { PlanFolders } from '../workspace/planFolders.js';
import type { Problems } from '../workspace/problems.js';
import { TrackedDocument } from './trackedDocument.js';

/** The open documents that plans refer to, with their references where the lines are now. */
export class TrackedDocuments extends Disposable {
  readonly #folders: PlanFolders;
  readonly #problems: Problems;
  readonly #documents = new Map<string, TrackedDocument>();
  readonly #changed = this.register(new vscode.EventEmitter<vscode.TextDocument>());

  /** Fires when the references to a document have changed or moved. */
  readonly onDidChange = this.#changed.event;

  constructor(folders: PlanFolders, problems: Problems) {
    super();
    this.#folders = folders;
    this.#problems = problems;
    const { workspace } = vscode;
    this.register(workspace.onDidCloseTextDocument((document) => this.#documents.delete(document.uri.toString())));
    this.register(workspace.onDidChangeTextDocument((event) => this.#follow(event)));
    this.register(workspace.onDidSaveTextDocument((document) => void this.#save(document)));
    this.register(workspace.onDidRenameFiles((event) => void this.#rename(event)));
    this.register(folders.onDidChange(({ folder, change }) => this.#relocate(folder?.key, change?.files)));
  }

  /** The references to a document; undefined where no plan covers it. */
  get(document: vscode.TextDocument): TrackedDocument | undefined {
    const key = document.uri.toString();
    const known = this.#documents.get(key);
    if (known) return known;
    const folder = this.#folders.of(document.uri);
    const path = folder?.pathOf(document.uri);
    if (!folder?.plan || path === undefined) return undefined;
    const tracked = new TrackedDocument(document, folder, path);
    this.#documents.set(key, tracked);
    return tracked;
  }

  #follow({ document, contentChanges }: vscode.TextDocumentChangeEvent): void {
    const tracked = this.#documents.get(document.uri.toString());
    if (!tracked || contentChanges.length === 0) return;
    // A clean document that changed was read anew from disk: its anchors know better than a replaced text.
    if (document.isDirty) tracked.follow(contentChanges);
    else tracked.locate();
    this.#changed.fire(document);
  }

  async #save(document: vscode.TextDocument): Promise<void> {
    try {
      await this.#documents.get(document.uri.toString())?.save();
    } catch (error) {
      this.#problems.log(error);
    }
  }

  /** References go along with what is renamed or moved in the Explorer. */
  async #rename({ files }: vscode.FileRenameEvent): Promise<void> {
    for (const { oldUri, newUri } of files) {
      const folder = this.#folders.of(oldUri);
      const from = folder?.pathOf(oldUri);
      const to = folder?.pathOf(newUri);
      if (!folder?.plan || from === undefined || to === undefined) continue;
      try {
        await folder.plan.references.rename(from, to);
      } catch (error) {
        this.#problems.report(error);
      }
    }
  }

  /** After a change of the plan: `files` undefined means any file. */
  #relocate(folder: string | undefined, files: ReadonlySet<string> | undefined): void {
    if (folder === undefined) this.#documents.clear();
    for (const tracked of this.#documents.values()) {
      if (tracked.folder.key === folder && (files === undefined || files.has(tracked.path))) tracked.locate();
    }
    for (const editor of vscode.window.visibleTextEditors) {
      const path = this.get(editor.document)?.path;
      if (path !== undefined && (files === undefined || files.has(path))) this.#changed.fire(editor.document);
    }
  }
}
