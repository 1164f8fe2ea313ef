import type { Launcher } from '../../core/commits/hookFile.js';
import { type Output, schema } from '../input.js';
import { CommitHook, type HookChange, type HookFiles, hookStatus } from './commitHook.js';

export const hooksStatus = schema(() =>
  hookStatus().extend({
    trailer: hookStatus().describe(
      'The same of the hook that names the task in messages, which is there only on request',
    ),
  }),
);

export type HooksStatus = Output<typeof hooksStatus>;

/** Both hooks: the one that links commits, and the one that names the task in their messages, for who asks for it. */
export class CommitHooks {
  readonly #links: CommitHook;
  readonly #names: CommitHook;

  constructor(files: HookFiles, program: NonNullable<Launcher['program']>) {
    this.#links = new CommitHook(files, program, 'post-commit');
    this.#names = new CommitHook(files, program, 'prepare-commit-msg');
  }

  /** Throws NOT_FOUND where there is no repository. */
  async status(): Promise<HooksStatus> {
    return { ...(await this.#links.status()), trailer: await this.#names.status() };
  }

  /** Throws as `CommitHook.install`; where the second cannot be installed, the first one is. */
  async install({ trailer }: { readonly trailer: boolean }): Promise<HookChange> {
    const links = await this.#links.install();
    // One that is there is brought up to date with the other.
    if (!trailer && !(await this.#names.status()).installed) return links;
    return together(links, await this.#names.install());
  }

  /** Takes the lines of both out. Throws as `CommitHook.remove`. */
  async remove(): Promise<HookChange> {
    const { installed, outdated } = await this.#names.status();
    const names = installed || outdated ? await this.#names.remove() : undefined;
    const links = await this.#links.remove();
    return names ? together(links, names) : links;
  }
}

function together(first: HookChange, second: HookChange): HookChange {
  const changes = [first, second].filter(({ changed }) => changed);
  const [told = first] = changes;
  const note = changes.find((change) => change.note !== undefined)?.note;
  return {
    message: [...new Set((changes.length > 0 ? changes : [told]).map(({ message }) => message))].join('; '),
    path: first.path,
    changed: changes.length > 0,
    files: changes.flatMap(({ files }) => files),
    ...(note !== undefined && { note }),
  };
}
