import * as z from 'zod';
import {
  areAlike,
  type HookName,
  hookLines,
  isOnlyLines,
  isShellScript,
  isWrapping,
  KEPT_SUFFIX,
  type Launcher,
  linesIn,
  newHook,
  withLines,
  withoutLines,
  wrappingHook,
} from '../../core/commits/hookFile.js';
import { OrchestratorError } from '../../core/model/errors.js';
import { type Output, schema } from '../input.js';

/** A file that git runs, its text one character a byte. */
export interface HookFile {
  readonly text: string;
  readonly isExecutable: boolean;
  readonly isLink: boolean;
}

/** Where git looks for the hook. */
export interface HookPlace {
  readonly path: string;
  /** The working tree holds it: others may get it with the repository. */
  readonly isShared: boolean;
  /** Other repositories run it too. */
  readonly isForeign: boolean;
  /** A program runs the file by a shell, be it executable or not. */
  readonly manager?: 'husky';
}

/** The hooks of a repository; `platform/` has the adapter. */
export interface HookFiles {
  /** Throws NOT_FOUND where there is no repository, or no git. */
  place(hook: HookName): Promise<HookPlace>;
  read(path: string): HookFile | undefined;
  /** Writes a file whole or not at all, executable; makes the folder above it. */
  write(path: string, text: string): void;
  rename(from: string, to: string): void;
  remove(path: string): void;
}

export const hookStatus = schema(() =>
  z.object({
    installed: z.boolean(),
    path: z.string().describe('The file that git runs'),
    chained: z.boolean().describe('True where another hook is kept beside it and run by it'),
    outdated: z.boolean().describe('True where the lines are of another version, or not whole'),
  }),
);

export const hookChange = schema(() =>
  z.object({
    message: z.string(),
    path: z.string(),
    changed: z.boolean(),
    files: z.array(z.string()).describe('What was written, moved or removed'),
    note: z.string().optional(),
  }),
);

export type HookStatus = Output<typeof hookStatus>;
export type HookChange = Output<typeof hookChange>;

const DOES: Readonly<Record<HookName, string>> = {
  'post-commit': 'Installed: each commit is linked to the tasks that it names',
  'prepare-commit-msg': 'Installed: messages of commits name the task that you work on',
};
const INSTEAD: Readonly<Record<HookName, string>> = {
  'post-commit': 'run “tm commits sync HEAD^!” from it, or “tm commits sync” now and then.',
  'prepare-commit-msg': 'run “tm commits trailer "$1"” from it.',
};

/** The lines in a hook of git: in `post-commit` they link each commit, in `prepare-commit-msg` they name the task. */
export class CommitHook {
  readonly #files: HookFiles;
  readonly #program: NonNullable<Launcher['program']>;

  readonly #hook: HookName;

  constructor(files: HookFiles, program: NonNullable<Launcher['program']>, hook: HookName = 'post-commit') {
    this.#hook = hook;
    this.#files = files;
    this.#program = program;
  }

  /** Throws NOT_FOUND where there is no repository. */
  async status(): Promise<HookStatus> {
    const place = await this.#files.place(this.#hook);
    const file = this.#files.read(place.path);
    const lines = file && linesIn(file.text);
    const installed = lines !== undefined && lines !== 'broken';
    return {
      installed,
      path: place.path,
      chained: installed && isWrapping(file?.text ?? ''),
      outdated:
        lines === 'broken' || (installed && !areAlike(this.#renewed(file?.text ?? '', place), file?.text ?? '')),
    };
  }

  /**
   * Adds the lines; what another program has there keeps its work: a shell's script gets them before its own, anything
   * else is kept beside the hook and run by it. Throws NOT_FOUND without repository, CONFLICT where that cannot be done.
   */
  async install(): Promise<HookChange> {
    const place = await this.#files.place(this.#hook);
    const { path } = place;
    const file = this.#files.read(path);
    const note = place.isShared
      ? 'The file is a part of the working tree: whoever gets it with the repository gets these lines too. They do nothing without tm.'
      : undefined;
    const done = (message: string, files: string[]): HookChange => ({
      message,
      path,
      changed: files.length > 0,
      files,
      ...(note !== undefined && files.length > 0 && { note }),
    });
    if (place.isForeign)
      throw new OrchestratorError(
        'CONFLICT',
        `${path} lies outside of this repository (core.hooksPath): other repositories run it too. Nothing was changed; ${INSTEAD[this.#hook]}`,
        { path },
      );
    if (!file) {
      this.#files.write(path, newHook(this.#hook, this.#launcher(place)));
      return done(DOES[this.#hook], [path]);
    }
    this.#requireWhole(file.text, path);
    if (linesIn(file.text) !== undefined) {
      const renewed = this.#renewed(file.text, place);
      if (renewed === file.text) return done('It is installed already', []);
      this.#files.write(path, renewed);
      return done('Brought up to date', [path]);
    }
    const isRun = file.isExecutable || place.manager === 'husky';
    if (isRun && !file.isLink && (isShellScript(file.text) || place.manager === 'husky')) {
      this.#files.write(path, withLines(file.text, hookLines(this.#hook, this.#launcher(place))));
      return done('Installed: the hook that was there runs as before', [path]);
    }
    const kept = path + KEPT_SUFFIX;
    if (this.#files.read(kept))
      throw new OrchestratorError(
        'CONFLICT',
        `${path} is another program's, and ${kept}, where it would be kept, is there already. Nothing was changed; look at them and remove one.`,
        { path, kept },
      );
    this.#files.rename(path, kept);
    this.#files.write(path, wrappingHook(this.#hook, this.#launcher(place)));
    return done('Installed: the hook that was there is kept beside it and runs as before', [kept, path]);
  }

  /** Takes the lines out; what was there before is there again, byte for byte. Throws as `install`. */
  async remove(): Promise<HookChange> {
    const { path } = await this.#files.place(this.#hook);
    const file = this.#files.read(path);
    const done = (message: string, files: string[]): HookChange => ({
      message,
      path,
      changed: files.length > 0,
      files,
    });
    if (file) this.#requireWhole(file.text, path);
    if (!file || linesIn(file.text) === undefined) return done('It is not installed', []);
    if (isWrapping(file.text)) {
      if (!isOnlyLines(file.text))
        throw new OrchestratorError(
          'CONFLICT',
          `${path} was changed since it was installed. Nothing was changed; ${path}${KEPT_SUFFIX} holds the hook that was there before.`,
          { path },
        );
      this.#files.remove(path);
      const kept = path + KEPT_SUFFIX;
      if (!this.#files.read(kept)) return done('Removed', [path]);
      this.#files.rename(kept, path);
      return done('Removed: the hook that was there before is in its place again', [kept, path]);
    }
    const before = withoutLines(file.text);
    if (before === undefined) this.#files.remove(path);
    else this.#files.write(path, before);
    return done(before === undefined ? 'Removed' : 'Removed: the rest of the hook is as it was', [path]);
  }

  #launcher({ isShared }: HookPlace): Launcher {
    return isShared ? {} : { program: this.#program };
  }

  /** The file with the lines as they would be written today. */
  #renewed(text: string, place: HookPlace): string {
    const launcher = this.#launcher(place);
    if (isWrapping(text)) return isOnlyLines(text) ? wrappingHook(this.#hook, launcher) : text;
    const before = withoutLines(text);
    return before === undefined ? newHook(this.#hook, launcher) : withLines(before, hookLines(this.#hook, launcher));
  }

  #requireWhole(text: string, path: string): void {
    if (linesIn(text) !== 'broken') return;
    throw new OrchestratorError(
      'CONFLICT',
      `The lines of Task Orchestrator in ${path} are not whole any more. Nothing was changed; remove what is left of them by hand.`,
      { path },
    );
  }
}
