import { OrchestratorError } from '../../core/model/errors.js';
import type { TaskId } from '../../core/model/taskId.js';
import { isClosed } from '../../core/model/workState.js';
import { type LinkedCommit, readCommits } from '../../store/repositories/commitRows.js';
import { readNumber, readTask } from '../../store/repositories/taskRows.js';
import { parseInput } from '../input.js';
import type { Plan } from '../plan.js';
import { readSettings } from '../settings/settingsFile.js';
import type { Tasks } from '../tasks/tasks.js';
import { type CommitView, type SyncCommitsInput, type SyncCommitsResult, syncCommitsInput } from './commitInputs.js';
import { factsOf, keepKnown } from './commits.js';
import { toCommitView } from './commitView.js';
import { type NamedTask, namedTasks } from './namedTasks.js';
import type { CommitRepository, KnownCommit } from './repository.js';

/** How far the work is, for a line that tells so. */
export interface SyncProgress {
  readonly stage: 'messages' | 'files';
  readonly done: number;
  readonly total?: number;
}

/** A commit that is to be linked. */
interface NewLink extends NamedTask {
  readonly hash: string;
}

/** Links commits to the tasks that they name. */
export class CommitSync {
  readonly #plan: Plan;
  readonly #tasks: Tasks;
  readonly #repository: CommitRepository;

  constructor(plan: Plan, tasks: Tasks, repository: CommitRepository) {
    this.#plan = plan;
    this.#tasks = tasks;
    this.#repository = repository;
  }

  /**
   * Looks through a range of commits and links each to the tasks that it names, as one change; what is linked already
   * stays as it is, and a commit in the place of which an amend or a rebase has put another one goes. Tasks that a new
   * commit fixes are completed afterwards where that is wanted: whichever cannot be is told, and stays linked. Throws
   * INVALID_INPUT for a range that is none, NOT_FOUND without repository or git.
   */
  async sync(input: SyncCommitsInput = {}, onProgress?: (progress: SyncProgress) => void): Promise<SyncCommitsResult> {
    const { range, branch, complete } = parseInput(syncCommitsInput, input);
    const messages = await this.#repository.messages(range, (done) => onProgress?.({ stage: 'messages', done }));
    this.#plan.store.refresh();
    const { byCommit, unknown } = namedTasks(this.#plan.store, messages, branch || undefined);
    const links = [...byCommit].flatMap(([hash, named]) => named.map((one): NewLink => ({ ...one, hash })));
    const fresh = this.#fresh(links);
    const hashes = [...new Set(fresh.map(({ hash }) => hash))];
    const known = await this.#repository.describe(hashes, (done) =>
      onProgress?.({ stage: 'files', done, total: hashes.length }),
    );
    const replaced = await this.#replaced([...new Set(links.map(({ task }) => task))], known);
    const written = fresh.length > 0 || replaced.length > 0 ? await this.#write(fresh, known, replaced) : NOTHING;
    const wanted = complete ?? (await this.#completes());
    const closing = written.linked.filter(({ link }) => link.closes).map(({ link }) => link.task);
    const outcome = wanted ? await this.#complete([...new Set(closing)]) : { completed: [], notCompleted: [] };
    return {
      scanned: messages.length,
      linked: written.linked.map(({ view }) => view),
      replaced: written.replaced,
      ...outcome,
      unknown: [...unknown],
    };
  }

  async #completes(): Promise<boolean> {
    return (await readSettings(this.#plan.world.folder)).git.fixes === 'complete';
  }

  /** Those that are not linked yet, or only as somebody gave them. */
  #fresh(links: readonly NewLink[]): NewLink[] {
    const linked = new Map<TaskId, ReadonlySet<string>>();
    const verifiedOf = (task: TaskId) => {
      const known = linked.get(task) ?? verified(readCommits(this.#plan.store, task));
      linked.set(task, known);
      return known;
    };
    return links.filter(({ task, hash }) => !verifiedOf(task).has(hash));
  }

  /**
   * Of these tasks, commits that were linked by themselves, that nothing leads to any more, and that were written by the
   * same person at the same moment as another one of the task: amending and rebasing keep that.
   */
  async #replaced(tasks: readonly TaskId[], fresh: ReadonlyMap<string, KnownCommit>): Promise<LinkedCommit[]> {
    const linked = tasks.flatMap((task) => readCommits(this.#plan.store, task)).filter(({ verified }) => verified);
    const known = new Map([...(await this.#describeOlder(linked, fresh)), ...fresh]);
    const alike = new Map<string, Set<string>>();
    for (const { hash, author, authoredAt } of known.values()) {
      const others = alike.get(`${authoredAt} ${author}`) ?? new Set();
      alike.set(`${authoredAt} ${author}`, others.add(hash));
    }
    const gone: LinkedCommit[] = [];
    for (const commit of linked) {
      const facts = known.get(commit.hash);
      const twins = facts && alike.get(`${facts.authoredAt} ${facts.author}`);
      if (commit.source === 'given' || !twins || twins.size < 2) continue;
      if (!(await this.#repository.isReachable(commit.hash))) gone.push(commit);
    }
    return gone;
  }

  /** Nothing is asked of git where no task has an older commit. */
  async #describeOlder(linked: readonly LinkedCommit[], fresh: ReadonlyMap<string, KnownCommit>) {
    const hashes = [...new Set(linked.map(({ hash }) => hash))].filter((hash) => !fresh.has(hash));
    if (hashes.length + fresh.size < 2) return new Map<string, KnownCommit>();
    return this.#repository.describe(hashes);
  }

  #write(fresh: readonly NewLink[], known: ReadonlyMap<string, KnownCommit>, replaced: readonly LinkedCommit[]) {
    return this.#plan.commit('commit.sync', (transaction) => {
      const view = (commit: LinkedCommit) => toCommitView(commit, readNumber(transaction, commit.task));
      const linked: { link: NewLink; view: CommitView }[] = [];
      for (const link of fresh) {
        const facts = known.get(link.hash);
        // The task may have been deleted meanwhile.
        if (!facts || readNumber(transaction, link.task) === undefined) continue;
        const before = readCommits(transaction, link.task);
        if (verified(before).has(link.hash)) continue;
        const commit = keepKnown(transaction, before, {
          task: link.task,
          hash: link.hash,
          ...factsOf(facts),
          verified: true,
          source: link.source,
          linkedAt: transaction.at,
          linkedBy: transaction.actor,
        });
        linked.push({ link, view: view(commit) });
      }
      const gone = replaced.filter(({ task, hash }) => verified(readCommits(transaction, task)).has(hash));
      for (const { task, hash } of gone) transaction.delete('git_commits', [task, hash]);
      return { linked, replaced: gone.map(view) };
    });
  }

  async #complete(tasks: readonly TaskId[]): Promise<Pick<SyncCommitsResult, 'completed' | 'notCompleted'>> {
    const completed: string[] = [];
    const notCompleted: { task: string; reason: string }[] = [];
    for (const task of tasks) {
      if (isClosed(readTask(this.#plan.store, task).status)) continue;
      try {
        await this.#tasks.setStatus({ task, status: 'completed' });
        completed.push(task);
      } catch (error) {
        if (!(error instanceof OrchestratorError)) throw error;
        notCompleted.push({ task, reason: error.message });
      }
    }
    return { completed, notCompleted };
  }
}

const NOTHING: { linked: { link: NewLink; view: CommitView }[]; replaced: CommitView[] } = { linked: [], replaced: [] };

function verified(commits: readonly LinkedCommit[]): ReadonlySet<string> {
  return new Set(commits.filter((commit) => commit.verified).map(({ hash }) => hash));
}
