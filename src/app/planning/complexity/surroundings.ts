import type { Environment } from '../weightIn.js';

/** What an analysis looks at outside of the store. `platform/` has the adapters. */
export interface Surroundings {
  readonly workspace: WorkspaceSurvey;
  /** Absent where version control is not to be asked. */
  readonly versions?: VersionHistory;
  /** Where `COMPLEXITY_WEIGHTS_*` are looked for. */
  readonly environment: Environment;
}

/** A file of the workspace. */
export interface SurveyedFile {
  /** From the workspace, with forward slashes. */
  readonly path: string;
  readonly bytes: number;
}

/** The files of a workspace, asked for without holding up anybody else. */
export interface WorkspaceSurvey {
  /**
   * Its files below a folder (`.` for all) by path, links and ignored files left out. Throws where `signal` is aborted.
   */
  list(folder: string, limit: number, signal?: AbortSignal): Promise<SurveyedFiles>;
  /** The text of a file; undefined where there is none, it is larger than `limit` bytes, or no text. */
  read(path: string, limit: number): Promise<string | undefined>;
  /** Where a folder that somebody named lies, from the workspace; undefined where it is none inside of it. */
  within(folder: string): Promise<string | undefined>;
}

export interface SurveyedFiles {
  readonly files: readonly SurveyedFile[];
  /** True where there are more than the limit. */
  readonly cut: boolean;
  /** What told which files are ignored. */
  readonly ignored: 'git' | 'names';
}

/** A change of files that was committed. */
export interface Commit {
  /** In full. */
  readonly hash: string;
  readonly message: string;
  /** Lines added and deleted; a binary file has none. */
  readonly files: readonly { readonly path: string; readonly lines: number }[];
}

export interface VersionHistory {
  /**
   * The newest commits, merges left out, at most `limit`; a text says why there are none to be had. `onCommit` is told how
   * many there are so far. Throws where `signal` is aborted.
   */
  commits(limit: number, signal?: AbortSignal, onCommit?: (count: number) => void): Promise<Commits | string>;
}

export interface Commits {
  /** The newest first. */
  readonly commits: readonly Commit[];
  /** True where there are more than the limit. */
  readonly cut: boolean;
}
