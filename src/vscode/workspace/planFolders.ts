import * as vscode from 'vscode';
import type { PlanChange } from '../../app/plan.js';
import { NotFoundError } from '../../core/model/errors.js';
import { findStore, type StoreLocation, sharedStoreOf, storeExists, storeIn } from '../../platform/storeLocation.js';
import { Disposable } from '../lifecycle.js';
import { settings } from '../manifest.js';
import { PlanFolder } from './planFolder.js';
import type { Problems } from './problems.js';
import { StoreWatcher } from './storeWatcher.js';

/** A task somewhere in the window. */
export interface TaskAddress {
  readonly folder: PlanFolder;
  readonly task: string;
}

/** A change in one of the folders; without `change` the list of folders itself. */
export interface PlanFoldersChange {
  readonly folder?: PlanFolder;
  readonly change?: PlanChange;
}

/** The plans of the window: one a workspace folder, one for folders in the same work tree. */
export class PlanFolders extends Disposable {
  readonly #wasm: vscode.Uri;
  readonly #problems: Problems;
  readonly #changed = this.register(new vscode.EventEmitter<PlanFoldersChange>());
  readonly #folders = new Map<string, PlanFolder>();
  /** Look out for stores at the other place than the one where a folder's would be made. */
  #watchers: StoreWatcher[] = [];

  readonly onDidChange = this.#changed.event;

  constructor(wasm: vscode.Uri, problems: Problems) {
    super();
    this.#wasm = wasm;
    this.#problems = problems;
    this.#update();
    this.register(vscode.workspace.onDidChangeWorkspaceFolders(() => this.#update()));
    this.register(
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration('taskOrchestrator.store.shared')) this.#update();
      }),
    );
  }

  /** In the order of the workspace. */
  get all(): readonly PlanFolder[] {
    return [...this.#folders.values()];
  }

  /** One a store: for what counts tasks, or tells of them once. */
  get distinct(): readonly PlanFolder[] {
    return this.all.filter((folder) => this.twinOf(folder) === undefined);
  }

  /** The folder before this one that has the same plan: another worktree of the repository, which shares the store. */
  twinOf(folder: PlanFolder): PlanFolder | undefined {
    const first = this.all.find((other) => other.location.path === folder.location.path);
    return first === folder ? undefined : first;
  }

  byKey(key: string): PlanFolder | undefined {
    return this.#folders.get(key);
  }

  /** Throws NOT_FOUND, for a link made before the folder was removed from the window. */
  require(key: string): PlanFolder {
    const folder = this.byKey(key);
    if (folder) return folder;
    throw new NotFoundError(vscode.l10n.t('{0} is not open in this window. Add the folder first.', key), {
      folder: key,
    });
  }

  /** The plan that a file belongs to: the innermost one whose root holds it. */
  of(file: vscode.Uri): PlanFolder | undefined {
    return this.all
      .filter((folder) => folder.pathOf(file) !== undefined)
      .sort((a, b) => b.location.root.length - a.location.root.length)[0];
  }

  /** The plan that a new task goes to: the only one, the active editor's, or the one that the person picks. */
  async choose(): Promise<PlanFolder | undefined> {
    const { all } = this;
    if (all.length <= 1) return all[0];
    const active = vscode.window.activeTextEditor?.document.uri;
    const ofEditor = active && this.of(active);
    if (ofEditor) return ofEditor;
    const picked = await vscode.window.showQuickPick(
      all.map((folder) => ({ label: folder.name, description: folder.location.root, folder })),
      { placeHolder: vscode.l10n.t('Folder whose plan it belongs to') },
    );
    return picked?.folder;
  }

  async settle(): Promise<void> {
    await Promise.all(this.all.map((folder) => folder.settle()));
  }

  override dispose(): void {
    for (const watcher of this.#watchers) watcher.dispose();
    for (const folder of this.#folders.values()) folder.dispose();
    super.dispose();
  }

  #update(): void {
    for (const watcher of this.#watchers.splice(0)) watcher.dispose();
    const wanted = new Map<string, PlanFolder>();
    for (const workspaceFolder of vscode.workspace.workspaceFolders ?? []) {
      if (workspaceFolder.uri.scheme !== 'file') continue;
      const location = this.#locate(workspaceFolder);
      if (wanted.has(location.root)) continue;
      const known = this.#folders.get(location.root);
      const keeps = known?.location.path === location.path;
      wanted.set(location.root, keeps ? known : this.#create(workspaceFolder, location));
    }
    for (const [key, folder] of this.#folders) if (wanted.get(key) !== folder) folder.dispose();
    this.#folders.clear();
    for (const [key, folder] of wanted) this.#folders.set(key, folder);
    this.#changed.fire({});
  }

  /** Where a folder's store is, or would be made; the other place is watched until there is one. */
  #locate({ uri }: vscode.WorkspaceFolder): StoreLocation {
    const found = findStore(uri.fsPath);
    if (found) return found;
    const own = storeIn(uri.fsPath);
    const shared = sharedStoreOf(uri.fsPath);
    if (!shared) return own;
    const [chosen, other] = settings.sharedStore(uri) ? [shared, own] : [own, shared];
    this.#watchers.push(new StoreWatcher(other, () => storeExists(other) && this.#update()));
    return chosen;
  }

  #create(workspaceFolder: vscode.WorkspaceFolder, location: StoreLocation): PlanFolder {
    const folder = new PlanFolder(workspaceFolder, location, this.#wasm, this.#problems);
    folder.onDidChange((change) => this.#changed.fire({ folder, change }));
    return folder;
  }
}
