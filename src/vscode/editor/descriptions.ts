import * as vscode from 'vscode';
import { NotFoundError } from '../../core/model/errors.js';
import type { Task } from '../../core/model/task.js';
import { Disposable } from '../lifecycle.js';
import { DESCRIPTION_SCHEME } from '../manifest.js';
import type { PlanFolders, TaskAddress } from '../workspace/planFolders.js';

/**
 * Descriptions as Markdown files of a scheme of their own, `task-description:/T-14.md?{folder,task}`: opened in the
 * editor with everything that it can do, kept in the store on save.
 */
export class Descriptions extends Disposable implements vscode.FileSystemProvider {
  readonly #folders: PlanFolders;
  readonly #changed = this.register(new vscode.EventEmitter<vscode.FileChangeEvent[]>());
  readonly #open = new Map<string, vscode.Uri>();

  readonly onDidChangeFile = this.#changed.event;

  constructor(folders: PlanFolders) {
    super();
    this.#folders = folders;
    this.register(vscode.workspace.registerFileSystemProvider(DESCRIPTION_SCHEME, this, { isCaseSensitive: true }));
    this.register(
      folders.onDidChange(({ change }) => {
        const touched = [...(change?.tasks ?? [])].flatMap((task) => this.#open.get(task) ?? []);
        if (touched.length > 0)
          this.#changed.fire(touched.map((uri) => ({ type: vscode.FileChangeType.Changed, uri })));
      }),
    );
  }

  /** Opens a task's description for editing. */
  async open({ folder, task }: TaskAddress): Promise<void> {
    const plan = await folder.load();
    const { name } = plan.tasks.get(task);
    const uri = vscode.Uri.from({
      scheme: DESCRIPTION_SCHEME,
      path: `/${name}.md`,
      query: JSON.stringify({ folder: folder.key, task }),
    });
    this.#open.set(task, uri);
    await vscode.window.showTextDocument(uri);
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    return Buffer.from((await this.#read(uri)).description ?? '', 'utf8');
  }

  async writeFile(uri: vscode.Uri, content: Uint8Array): Promise<void> {
    const { folder, task } = this.#addressOf(uri);
    const description = Buffer.from(content).toString('utf8');
    await (await folder.load()).tasks.update({ task, description: description === '' ? null : description });
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const { description = '', createdAt, updatedAt } = await this.#read(uri);
    return {
      type: vscode.FileType.File,
      ctime: Date.parse(createdAt),
      mtime: Date.parse(updatedAt),
      size: Buffer.byteLength(description),
    };
  }

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  readDirectory(): never {
    throw vscode.FileSystemError.NoPermissions();
  }

  createDirectory(): never {
    throw vscode.FileSystemError.NoPermissions();
  }

  delete(): never {
    throw vscode.FileSystemError.NoPermissions();
  }

  rename(): never {
    throw vscode.FileSystemError.NoPermissions();
  }

  async #read(uri: vscode.Uri): Promise<Task> {
    const { folder, task } = this.#addressOf(uri);
    const plan = await folder.load();
    try {
      return plan.tasks.read(task);
    } catch (error) {
      throw error instanceof NotFoundError ? vscode.FileSystemError.FileNotFound(uri) : error;
    }
  }

  #addressOf(uri: vscode.Uri): TaskAddress {
    try {
      const { folder: key, task } = JSON.parse(uri.query) as { folder: string; task: string };
      const folder = this.#folders.byKey(key);
      if (folder && typeof task === 'string') return { folder, task };
    } catch {
      // Not an address of ours: reported below.
    }
    throw vscode.FileSystemError.FileNotFound(uri);
  }
}
