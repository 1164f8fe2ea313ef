import { basename, dirname } from 'node:path';
import * as vscode from 'vscode';
import { type StoreLocation, storeExists } from '../../platform/storeLocation.js';
import { Disposable } from '../lifecycle.js';

/** VS Code begins to watch a while after it is asked to; what is made in between is looked for once (ms). */
const SETTLING = 1_000;

/**
 * Calls back when somebody makes a store at a place, or writes to one that is there. The place may lie outside of the
 * workspace, and its folder need not exist: then the folder above it is watched, and nothing below that.
 */
export class StoreWatcher extends Disposable {
  readonly #location: StoreLocation;
  readonly #onFound: () => void;
  #inside: vscode.Disposable | undefined;
  #settling: NodeJS.Timeout | undefined;

  constructor(location: StoreLocation, onFound: () => void) {
    super();
    this.#location = location;
    this.#onFound = onFound;
    const folder = dirname(location.path);
    const above = this.register(
      vscode.workspace.createFileSystemWatcher(
        new vscode.RelativePattern(vscode.Uri.file(dirname(folder)), basename(folder)),
      ),
    );
    this.register(
      above.onDidCreate(() => {
        this.#watchInside();
        this.#lookOnce();
      }),
    );
    this.register(above.onDidDelete(() => this.#inside?.dispose()));
    this.register(new vscode.Disposable(() => this.#inside?.dispose()));
    this.register(new vscode.Disposable(() => clearTimeout(this.#settling)));
    this.#watchInside();
    if (!storeExists(location)) this.#lookOnce();
  }

  #watchInside(): void {
    this.#inside?.dispose();
    const folder = vscode.Uri.file(dirname(this.#location.path));
    const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(folder, 'tasks.{db,journal}'));
    watcher.onDidCreate(() => this.#found());
    watcher.onDidChange(() => this.#found());
    this.#inside = watcher;
  }

  #lookOnce(): void {
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => storeExists(this.#location) && this.#found(), SETTLING);
  }

  #found(): void {
    if (!this.isDisposed) this.#onFound();
  }
}
