/** What the use cases need of the world; `platform/` has the adapters. */

/** Files of the workspace, by paths relative to its root with forward slashes. */
export interface WorkspaceFiles {
  /** The file's lines without their ends; undefined if there is no such file or it is not text. */
  readLines(path: string): readonly string[] | undefined;
  exists(path: string): boolean;
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

/** Everything outside that the use cases use. */
export interface World {
  readonly files: WorkspaceFiles;
  readonly clock: Clock;
  readonly ids: Ids;
  /** Who makes the changes: asked for once, when the first one is made. */
  readonly actor: () => string;
  readonly place: () => WorkPlace;
}
