import { readFileSync } from 'node:fs';
import { dirname, relative, sep } from 'node:path';
import * as vscode from 'vscode';
import type { Doctor } from '../../app/doctor/doctor.js';
import type { SurroundingsProbe } from '../../app/doctor/surroundings.js';
import { Maintenance } from '../../app/maintenance/maintenance.js';
import { Orchestrator } from '../../app/orchestrator.js';
import type { PlanChange } from '../../app/plan.js';
import { StoreError } from '../../core/model/errors.js';
import { type StoreLocation, storeExists } from '../../platform/storeLocation.js';
import { DiskFiles } from '../../platform/workspaceFiles.js';
import { localWorld } from '../../platform/world.js';
import { wasmEngine } from '../../store/engine/wasmEngine.js';
import { Store, type StoreOptions } from '../../store/store.js';
import { watchStore } from '../../store/watch.js';
import { Disposable } from '../lifecycle.js';
import { settings } from '../manifest.js';
import { ContextFiles } from './contextFiles.js';
import { folderAutomation } from './folderAutomation.js';
import { Moments } from './moments.js';
import type { Problems } from './problems.js';
import { StoreWatcher } from './storeWatcher.js';

/** How long after the last change the journal is folded into `tasks.db` (ms). */
const IDLE = 3_000;

/**
 * A workspace folder and its plan. The store is opened when there is one, or when the first task is created; until
 * then nothing of SQLite is loaded and nothing is on disk.
 */
export class PlanFolder extends Disposable {
  readonly #changed = this.register(new vscode.EventEmitter<PlanChange>());
  readonly #problems: Problems;
  readonly #wasm: vscode.Uri;
  readonly location: StoreLocation;
  readonly name: string;
  #opening: Promise<Orchestrator> | undefined;
  #open:
    | {
        readonly store: Store;
        readonly orchestrator: Orchestrator;
        readonly moments: Moments;
        readonly contexts: ContextFiles;
        readonly stop: () => void;
      }
    | undefined;
  /** Why the store could not be opened. */
  #failure: string | undefined;
  #watcher: vscode.Disposable | undefined;
  #idle: NodeJS.Timeout | undefined;

  /** Fires after each change of the plan, whoever made it; and when the store is opened. */
  readonly onDidChange = this.#changed.event;

  constructor(folder: vscode.WorkspaceFolder, location: StoreLocation, wasm: vscode.Uri, problems: Problems) {
    super();
    this.name = folder.name;
    this.location = location;
    this.#wasm = wasm;
    this.#problems = problems;
    if (storeExists(this.location)) void this.#openInBackground();
    else this.#awaitStore();
  }

  /** Stable name of the folder in tree ids and command arguments. */
  get key(): string {
    return this.location.root;
  }

  /** The plan if its store is open. */
  get plan(): Orchestrator | undefined {
    return this.#open?.orchestrator;
  }

  /** Why the store can only be read, or not even that. */
  get problem(): string | undefined {
    return this.#open ? this.#open.store.problem?.message : this.#failure;
  }

  /** Why the store that is open can only be read. */
  get storeProblem(): StoreError | undefined {
    return this.#open?.store.problem;
  }

  /** What is done to the store as a whole, be it open or not. */
  get maintenance(): Maintenance {
    return new Maintenance(this.#storeOptions(), localWorld(this.location).actor);
  }

  /** Looks for damage of the store and repairs it, be it open or not. */
  async doctor(probe?: SurroundingsProbe): Promise<Doctor> {
    const { Doctor } = await import('../../app/doctor/doctor.js');
    return new Doctor(this.#storeOptions(), new DiskFiles(this.location.root), probe);
  }

  /** Takes up at once what was done to the store as a whole. */
  async takeUp(): Promise<void> {
    if (this.#open) this.#open.store.refresh();
    else await this.load();
  }

  /** True while a store that exists is being loaded. */
  get isLoading(): boolean {
    return this.#open === undefined && this.#opening !== undefined;
  }

  /** Opens the store, or an empty plan that becomes a store with its first task. */
  load(): Promise<Orchestrator> {
    this.#opening ??= this.#load().catch((error: unknown) => {
      this.#opening = undefined;
      this.#fail(error);
      throw error;
    });
    return this.#opening;
  }

  /** The path of a file relative to the plan's root; undefined if it lies outside. */
  pathOf(file: vscode.Uri): string | undefined {
    if (file.scheme !== 'file') return undefined;
    const path = relative(this.location.root, file.fsPath);
    return path === '' || path.startsWith('..') || path.includes(':') ? undefined : path.split(sep).join('/');
  }

  uriOf(path: string): vscode.Uri {
    return vscode.Uri.joinPath(vscode.Uri.file(this.location.root), path);
  }

  /** Writes out what the journal holds; for the end of the session. */
  async settle(): Promise<void> {
    clearTimeout(this.#idle);
    await this.#open?.contexts.update();
    await this.#open?.store.checkpointIfDue().catch((error: unknown) => this.#problems.log(error));
  }

  override dispose(): void {
    clearTimeout(this.#idle);
    const open = this.#open;
    this.#open = undefined;
    if (open) {
      open.stop();
      open.moments.dispose();
      open.contexts.dispose();
      open.orchestrator.dispose();
      open.store.close();
    }
    super.dispose();
  }

  async #load(): Promise<Orchestrator> {
    const store = await Store.open(this.#storeOptions());
    const world = localWorld(this.location);
    const automation = folderAutomation(this.location, world, dirname(this.#wasm.fsPath), this.#problems);
    const orchestrator = new Orchestrator(store, { ...world, automation });
    if (this.isDisposed) {
      store.close();
      return orchestrator;
    }
    const stop = watchStore(store, (error) => this.#problems.log(error));
    const moments = new Moments(orchestrator, (tasks) =>
      this.#changed.fire({ structure: true, tasks: new Set(tasks), files: new Set() }),
    );
    const contexts = new ContextFiles(orchestrator.plan, dirname(this.location.path), this.#problems);
    this.#open = { store, orchestrator, moments, contexts, stop };
    orchestrator.plan.onDidChange((change) => {
      this.#settleWhenIdle();
      moments.rearm();
      this.#changed.fire(change);
    });
    this.#changed.fire({ structure: true, tasks: new Set(), files: undefined });
    return orchestrator;
  }

  #storeOptions(): StoreOptions {
    return {
      path: this.location.path,
      engine: () => wasmEngine(() => new Uint8Array(readFileSync(this.#wasm.fsPath))),
      program: 'VS Code',
      now: () => new Date().toISOString(),
      lockTimeout: settings.lockTimeout(),
      onWait: (holder) => this.#problems.waiting(holder),
    };
  }

  async #openInBackground(): Promise<void> {
    try {
      await this.load();
    } catch (error) {
      const isDamaged = error instanceof StoreError && error.code === 'STORE_CORRUPT';
      if (isDamaged) this.#problems.offerCheck(error, this.key);
      else this.#problems.report(error);
    }
  }

  #fail(error: unknown): void {
    if (this.isDisposed) return;
    this.#failure = error instanceof Error ? error.message : String(error);
    this.#awaitStore();
    this.#changed.fire({ structure: true, tasks: new Set(), files: undefined });
  }

  /** Notices a store that another process makes, or repairs. */
  #awaitStore(): void {
    if (this.#watcher) return;
    const watcher = this.register(
      new StoreWatcher(this.location, () => {
        watcher.dispose();
        this.#watcher = undefined;
        void this.#openInBackground();
      }),
    );
    this.#watcher = watcher;
  }

  #settleWhenIdle(): void {
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => void this.settle(), IDLE);
  }
}
