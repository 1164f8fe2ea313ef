import type { CodeLanguage } from '../../core/execution/language.js';
import type { ProcessEnd, Sandbox } from '../../core/execution/run.js';

/** What executions need of the world; `platform/execution` has the adapter. */

/** What is to be run, and within what. */
export interface RunOrder {
  readonly language: CodeLanguage;
  readonly code: string;
  /** From the workspace, as `within` gave it. */
  readonly folder: string;
  readonly packages: readonly string[];
  /** Names of environment variables that are passed on beside those that always are. */
  readonly environment: readonly string[];
  /** Seconds. */
  readonly timeout: number;
  /** MiB. */
  readonly memory: number;
  readonly network: boolean;
  /** `required`: throws EXECUTION_DISABLED where there is no sandbox; `none`: without one though there may be. */
  readonly sandbox: SandboxChoice;
  /** The bytes of a SQLite file: what SQL is run against. */
  readonly image: () => Uint8Array;
}

export const SANDBOX_CHOICES = ['auto', 'required', 'none'] as const;
export type SandboxChoice = (typeof SANDBOX_CHOICES)[number];

/** What really holds a run back, said before it starts and in its result. */
export interface Confinement {
  readonly sandbox: Sandbox;
  /** Why there is no sandbox; absent where there is one. */
  readonly reason?: string;
  /** `off`: there is no network within. */
  readonly network: 'off' | 'open';
  /** `workspace`: nothing else can be written, and homes are hidden; `memory`: no files at all; `user`: all that its user may. */
  readonly files: 'memory' | 'workspace' | 'user';
  /**
   * What keeps the memory limit: each process by the system, and all together by watching; only the JavaScript heap;
   * nothing.
   */
  readonly memory: 'processes and their sum' | 'heap' | 'nothing';
}

/** How a run ended, and what it said. */
export interface RunEnd extends ProcessEnd {
  /** What it wrote on stdout and on stderr, as text, up to the limit of each. */
  readonly output: string;
  readonly error: string;
  /** True where either was cut. */
  readonly truncated: boolean;
  /** From the start of the code to its end; without the time that packages took. */
  readonly milliseconds: number;
}

export interface RunWatch {
  /** Ends the run, with everything that it started. */
  readonly signal?: AbortSignal | undefined;
  /** Each piece of output as it comes, up to the limit. */
  readonly onOutput?: ((stream: 'stdout' | 'stderr', bytes: Uint8Array) => void) | undefined;
}

/** Code that could be run now. */
export interface PreparedRun {
  readonly confinement: Confinement;
  /** The program and its version that will run it, such as `Python 3.11.7`. */
  readonly runtime: string;
  /** Never throws for what the code does: that is in the answer. */
  run(watch: RunWatch): Promise<RunEnd>;
}

export interface CodeRunner {
  /** Where a folder that somebody named lies, from the workspace and without links; undefined where it is none inside of it. */
  within(folder: string): Promise<string | undefined>;
  /** Throws EXECUTION_DISABLED where no program here can run it, and INVALID_INPUT for code that is none. */
  prepare(order: RunOrder): Promise<PreparedRun>;
}

/** Whether code may be run here at all, and when nobody need be asked. */
export interface ExecutionPermission {
  /** Why no code may be run, and what to do about it; undefined where it may. */
  refusal(): Promise<string | undefined>;
  /** True where a rule says that a plain call in this language is not asked about: without packages, variables or network. */
  isApproved(language: CodeLanguage): boolean;
}
