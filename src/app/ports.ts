import type { Cipher } from '../core/sealing/cipher.js';
import type { Transaction } from '../store/transaction.js';
import type { TaskView } from './tasks/taskView.js';

/** What the use cases need of the world; `platform/` has the adapters. */

/** Files of the workspace, by paths relative to its root with forward slashes. */
export interface WorkspaceFiles {
  /** The file's lines without their ends; undefined if there is no such file or it is not text. */
  readLines(path: string): readonly string[] | undefined;
  exists(path: string): boolean;
  /** False for what a link leads out of the workspace, and for what is not there. */
  isInside(path: string): boolean;
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

/** A file in the project's `hooks` folder. */
export interface HookFile {
  readonly name: string;
  /** Why it is not run, if it is not: `not executable`, `not a file`. */
  readonly fault?: string;
}

/** How one of the project's programs ended. */
export interface ProgramEnd {
  /** Undefined where it was not started, or was killed. */
  readonly code?: number;
  readonly signal?: string;
  readonly timedOut: boolean;
  /** Why it could not be started. */
  readonly problem?: string;
  /** What it wrote on stdout and stderr, up to a limit. */
  readonly output: string;
  /** True when the limit cut the output. */
  readonly truncated: boolean;
  readonly milliseconds: number;
}

/** What a plugin is asked to do. */
export type PluginRequest =
  | { readonly kind: 'describe' }
  | { readonly kind: 'created' | 'completed'; readonly task: TaskView }
  | { readonly kind: 'updated'; readonly id: string; readonly before: object; readonly after: object }
  | { readonly kind: 'command'; readonly name: string; readonly args: readonly string[] };

/** What a plugin says of itself. */
export interface PluginDescription {
  readonly name: string;
  readonly version: string;
  readonly commands: readonly { readonly name: string; readonly description: string }[];
}

export interface PluginEnd extends ProgramEnd {
  /** Absent where it failed. */
  readonly description?: PluginDescription;
}

/** Whether the project's programs may run. */
export interface Trust {
  /** `declined`: the person said no to exactly these files. */
  readonly state: 'trusted' | 'declined' | 'unknown';
  /** Files that are new, changed or gone since they were trusted. */
  readonly changed: readonly string[];
}

/** The programs that a project brings along in its store's folder: hooks and plugins. */
export interface ProjectPrograms {
  /** Entries of the `hooks` folder, in order. */
  hooks(): readonly HookFile[];
  /** Files in the `plugins` folder that are modules, in order. */
  plugins(): readonly string[];
  trust(): Trust;
  /** Records that all of them may run, or may not; returns their files. */
  decide(allowed: boolean): readonly string[];
  runHook(
    name: string,
    run: {
      readonly args: readonly string[];
      readonly input: string;
      readonly env: Readonly<Record<string, string>>;
      /** Milliseconds. */
      readonly limit: number;
    },
  ): Promise<ProgramEnd>;
  callPlugin(
    file: string,
    request: PluginRequest,
    run: { readonly env: Readonly<Record<string, string>>; readonly limit?: number },
  ): Promise<PluginEnd>;
  /** Names of the hooks that this very process was started by, the outermost first. */
  readonly running: readonly string[];
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
  /** Looks at a change in the transaction that makes it, before it is durable; refuses it by throwing. */
  readonly review?: (transaction: Transaction, action: string) => void;
  /** Names this run's changes, so that a repetition of it changes nothing twice. */
  readonly request?: string;
}

/** Who writes text for us: the model of an MCP client or of the editor, or a service that a key or an address is set up for. */
export const MODEL_PROVIDERS = ['client', 'vscode', 'anthropic', 'openai', 'compatible'] as const;
export type ModelProviderName = (typeof MODEL_PROVIDERS)[number];

/** One question to a model. */
export interface ModelRequest {
  readonly system: string;
  /** In turns; the first and the last are the user's. */
  readonly messages: readonly { readonly role: 'user' | 'assistant'; readonly text: string }[];
  /** JSON schema of the answer. */
  readonly schema: Readonly<Record<string, unknown>>;
  /** The model; absent: the provider's default. */
  readonly model?: string | undefined;
  /** Tokens of the answer at most. */
  readonly maxTokens: number;
  /** 0 to 2; absent: the provider's default. */
  readonly temperature?: number | undefined;
  readonly signal: AbortSignal;
  /** Called while the answer comes in, with the number of characters so far. */
  readonly onProgress?: ((characters: number) => void) | undefined;
}

export interface ModelReply {
  readonly text: string;
  /** The model that answered, as the provider names it. */
  readonly model: string;
  /** Tokens as the provider counted them; absent where it did not say. */
  readonly usage?: { readonly inputTokens: number; readonly outputTokens: number };
  /** True where the answer ended at `maxTokens`. */
  readonly isCut: boolean;
  /** What was asked differently than wanted, because the provider refused it. */
  readonly notes: readonly string[];
}

export interface ModelProvider {
  readonly name: ModelProviderName;
  /** As people call it, with the address where that is not the service's own. */
  readonly label: string;
  /** Why it cannot be asked here, and what to do about it; undefined where it can. */
  readonly unavailable?: string | undefined;
  /** The model that is asked unless the request names one, where that is known. */
  readonly model?: string | undefined;
  /** Questions that it is asked for one purpose at most; absent: the purpose's own limit. */
  readonly mostRequests?: number | undefined;
  /**
   * Throws PROVIDER_UNAVAILABLE and TIMEOUT, with the reason but never with a key, and the signal's reason when it is
   * aborted.
   */
  complete(request: ModelRequest): Promise<ModelReply>;
  /**
   * The models that it offers, asked once and for `timeout` ms at most: at no cost, but not without the key. Absent where
   * nothing is on the network. Throws as `complete`.
   */
  models?(signal: AbortSignal, timeout: number): Promise<readonly string[]>;
}

/** Which models can be asked. */
export interface ModelSource {
  /** In the order in which they are tried. */
  providers(): Promise<readonly ModelProvider[]>;
}
