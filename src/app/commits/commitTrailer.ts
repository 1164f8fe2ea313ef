import * as z from 'zod';
import { messageWithoutComments, takesTrailer } from '../../core/commits/trailer.js';
import { taskName } from '../../core/model/taskId.js';
import { readOwnWork } from '../../store/repositories/ownWorkRows.js';
import { readNumber } from '../../store/repositories/taskRows.js';
import { type Output, schema } from '../input.js';
import type { Plan } from '../plan.js';
import { namedTasks } from './namedTasks.js';

/** The message of a commit that is being made; `platform/` has the adapter. */
export interface CommitDraft {
  /** The message as it is so far, with git's comments. Throws NOT_FOUND. */
  read(): string;
  /** What comments begin with: `core.commentChar`. */
  commentPrefix(): Promise<string>;
  /** True in the middle of a merge, a rebase, a cherry-pick or a revert: the messages are those of other commits. */
  isReplay(): Promise<boolean>;
  branch(): string | undefined;
  /** Adds a line such as `Task: T-12` where git has such lines. Throws CONFLICT where git cannot do it. */
  addTrailer(line: string): Promise<void>;
}

export const trailerResult = schema(() =>
  z.object({
    message: z.string(),
    added: z.string().nullable().describe('The line that was added to the message; null: none'),
    from: z.enum(['branch', 'work']).nullable().describe('What named the task: the branch, or what is worked on'),
  }),
);

export type TrailerResult = Output<typeof trailerResult>;

/** Names the task in the message of a commit that is being made, where that is beyond doubt. */
export class CommitTrailer {
  readonly #plan: Plan;
  readonly #draft: CommitDraft;

  constructor(plan: Plan, draft: CommitDraft) {
    this.#plan = plan;
    this.#draft = draft;
  }

  /**
   * Adds `Task: T-12` for the tasks that the branch is named after, else for the one task that the actor has claimed, else
   * the only one that is in progress and the actor's. Nothing is added to a message that names a task, and to those of
   * merges, reverts, fixups and replayed commits.
   */
  async add(): Promise<TrailerResult> {
    const none = (message: string): TrailerResult => ({ message, added: null, from: null });
    const text = messageWithoutComments(this.#draft.read(), await this.#draft.commentPrefix());
    if (!takesTrailer(text)) return none('The message names a task already, or is that of another commit');
    if (await this.#draft.isReplay()) return none('This is a merge, or a commit that is made again');
    this.#plan.store.refresh();
    const { names, from } = this.#tasks();
    if (names.length === 0) return none('Neither the branch nor what you work on says which task this is for');
    const added = `Task: ${names.join(', ')}`;
    await this.#draft.addTrailer(added);
    return { message: `Added “${added}”`, added, from };
  }

  #tasks(): { readonly names: readonly string[]; readonly from: 'branch' | 'work' } {
    const { store, world } = this.#plan;
    const now = this.#plan.now();
    const nameOf = (id: Parameters<typeof readNumber>[1]) => {
      const number = readNumber(store, id);
      return number === undefined ? id : taskName(number);
    };
    const branch = this.#draft.branch();
    const hash = 'draft';
    const ofBranch =
      branch === undefined ? [] : (namedTasks(store, [{ hash, message: '' }], branch).byCommit.get(hash) ?? []);
    if (ofBranch.length > 0) return { names: ofBranch.map(({ task }) => nameOf(task)), from: 'branch' };
    const { claimed, inProgress } = readOwnWork(store, world.actor(), now);
    const work = claimed.length > 0 ? claimed : inProgress;
    // Of several, nobody knows which one it is.
    return { names: work.length === 1 ? work.map(nameOf) : [], from: 'work' };
  }
}
