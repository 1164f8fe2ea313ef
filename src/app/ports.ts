import type { Cipher } from '../core/sealing/cipher.js';
import type { TaskView } from './tasks/taskView.js';

/** What the use cases need of the world; `platform/` has the adapters. */

/** Files of the workspace, by paths relative to its root with forward slashes. */
export interface WorkspaceFiles {
  /** The file's lines without their ends; undefined if there is no such file or it is not text. */
  readLines(path: string): readonly string[] | undefined;
  exists(path: string): boolean;
}

/** The folder that the store lies in: settings, contexts, notes, templates. Paths are relative to it. */
export interface StoreFolder {
  /** A file's text; undefined if there is none. */
  read(path: string): string | undefined;
  /** Writes a file whole or not at all; makes the folders above it. */
  write(path: string, text: string): void;
  /** Adds to the end of a file, in one piece. */
  append(path: string, text: string): void;
  /** Removes a file, if it is there. */
  remove(path: string): void;
  /** Names of the files in a folder, in order; none if there is no such folder. */
  list(folder: string): readonly string[];
}

export interface Clock {
  /** The present, UTC ISO 8601. */
  now(): string;
}

export interface Ids {
  /** 8 random lower-case hexadecimal characters. */
  next(): string;
}

/** Where in version control the work takes place. */
export interface WorkPlace {
  readonly branch?: string;
  /** Name of a linked worktree; absent in the main one. */
  readonly worktree?: string;
}

/** What is about to happen to a task, or has happened. */
export type TaskEvent =
  | { readonly kind: 'create'; readonly task: TaskDraft }
  | { readonly kind: 'update'; readonly task: TaskView; readonly changes: Readonly<Record<string, unknown>> }
  | { readonly kind: 'complete'; readonly task: TaskView; readonly changes: Readonly<Record<string, unknown>> }
  | { readonly kind: 'delete'; readonly task: TaskView };

/** A task that is not there yet. */
export interface TaskDraft {
  readonly title: string;
  readonly [field: string]: unknown;
}

/** Hooks and plugins: told of each change of a task by whichever surface makes it. */
export interface Automation {
  /** Before anything is written; refuses by throwing. `task` is as it is now. */
  before(event: TaskEvent): Promise<void>;
  /** After the change is durable; what goes wrong there is reported, and the change stays. `task` is as it is then. */
  after(event: TaskEvent): Promise<void>;
}

/** Everything outside that the use cases use. */
export interface World {
  readonly files: WorkspaceFiles;
  readonly folder: StoreFolder;
  readonly clock: Clock;
  readonly ids: Ids;
  /** Who makes the changes: asked for once, when the first one is made. */
  readonly actor: () => string;
  readonly place: () => WorkPlace;
  /** Keys for encrypted stores; absent where there is no way to give one. */
  readonly cipher?: Cipher;
  /** Absent where nothing is to be told. */
  readonly automation?: Automation;
  /** Says something to whoever waits for the outcome, beside it: that a part of what was asked for is left out, and why. */
  readonly tell?: (message: string) => void;
  /** Names this run's changes, so that a repetition of it changes nothing twice. */
  readonly request?: string;
}
