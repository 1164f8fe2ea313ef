/**
 * What a plugin of Task Orchestrator is: a JavaScript module in the `plugins` folder beside the store, whose default
 * export is a plugin, a class of them, or a function that makes one. `tm plugins types` prints this file.
 */

/** A task as `tm show --json` prints it. Times are UTC ISO 8601. */
export interface PluginTask {
  readonly id: string;
  readonly number: number;
  /** T-<number>. */
  readonly name: string;
  readonly title: string;
  readonly description?: string | undefined;
  /** pending, in_progress, blocked, completed or cancelled; a task that waits for others is blocked. */
  readonly status: string;
  /** The exact situation, such as ready, waiting or needs_decision. */
  readonly state: string;
  /** critical, high, medium, low or background. */
  readonly priority: string;
  readonly type: string;
  readonly assignee?: string | undefined;
  readonly tags: readonly string[];
  readonly parent?: string | undefined;
  readonly due?: string | undefined;
  readonly estimatedHours?: number | undefined;
  readonly dependsOn: readonly string[];
  readonly blockedBy: readonly string[];
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly startedAt?: string | undefined;
  readonly completedAt?: string | undefined;
  readonly completionSummary?: string | undefined;
}

/** How a run of `tm` ended. */
export interface TmResult {
  /** 0 done, 1 refused, 2 usage, 3 not found, 4 conflict, 5 store. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a plugin may do with the plan that it belongs to. Changes are made in the name of whoever runs it. */
export interface Tm {
  /** The workspace's folder. */
  readonly root: string;
  /** The store's folder: a plugin keeps its own files here, but not under `plugins` or `hooks`. */
  readonly folder: string;
  /** In whose name it runs. */
  readonly actor: string;
  /** Runs `tm` with these words, whatever comes of it. */
  run(...words: string[]): Promise<TmResult>;
  /** Runs `tm` with `--json` and gives its answer. Throws with `tm`'s message where it refuses. */
  json(...words: string[]): Promise<unknown>;
  /** A task by its id, its number or T-12. Throws where there is none. */
  get(task: string): Promise<PluginTask>;
  /** The tasks that a filter such as `status:ready tag:api` admits; all of them without one. */
  list(query?: string): Promise<readonly PluginTask[]>;
}

/** Does what a command is for; `args` are the words after its name. What it returns, if it is text, is printed. */
export type PluginCommand = (...args: string[]) => unknown;

export interface Plugin {
  readonly name: string | (() => string);
  readonly version: string | (() => string);
  onTaskCreated?(task: PluginTask): void | Promise<void>;
  /** `oldValues` and `newValues` hold the fields that changed, by their names in the task; null where there is none. */
  onTaskUpdated?(
    taskId: string,
    oldValues: Readonly<Record<string, unknown>>,
    newValues: Readonly<Record<string, unknown>>,
  ): void | Promise<void>;
  onTaskCompleted?(task: PluginTask): void | Promise<void>;
  /** Its own commands of `tm`, by their names. */
  customCommands?(): Readonly<
    Record<string, PluginCommand | { readonly description: string; readonly run: PluginCommand }>
  >;
}
