import { InvalidInputError, NotFoundError, OrchestratorError } from '../../core/model/errors.js';
import { type TaskId, taskName } from '../../core/model/taskId.js';
import {
  commitRow,
  countCommits,
  type LinkedCommit,
  readAllCommits,
  readCommits,
  readUnverified,
} from '../../store/repositories/commitRows.js';
import { readNumber, resolveTask } from '../../store/repositories/taskRows.js';
import type { Transaction } from '../../store/transaction.js';
import { parseInput } from '../input.js';
import type { Plan } from '../plan.js';
import {
  type CommitList,
  type CommitView,
  type LinkCommitInput,
  type LinkCommitResult,
  type ListCommitsInput,
  linkCommitInput,
  listCommitsInput,
  type UnlinkCommitInput,
  type UnlinkCommitResult,
  unlinkCommitInput,
  type VerifyCommitsInput,
  type VerifyCommitsResult,
  verifyCommitsInput,
} from './commitInputs.js';
import { commitsOf } from './commitsOf.js';
import { toCommitView } from './commitView.js';
import type { CommitRepository, KnownCommit, Unresolved } from './repository.js';

/** What a hash looks like, in whole or its start; git shortens none below 4 characters. */
const HASH = /^[0-9a-f]{4,64}$/i;
/** A hash that is too short for that is shown as it is. */
const SHORT = 8;

/** The commits that belong to tasks. `repository` is the one that names such as `HEAD` are read in. */
export class Commits {
  readonly #plan: Plan;
  readonly #repository: CommitRepository;

  constructor(plan: Plan, repository: CommitRepository) {
    this.#plan = plan;
    this.#repository = repository;
  }

  /**
   * Links a commit to a task; one that is linked already stays as it is. What git does not know is kept as it was given,
   * not verified. Throws NOT_FOUND and AMBIGUOUS for the task, AMBIGUOUS for the start of several hashes, INVALID_INPUT
   * where git knows no such commit and it does not look like a hash either.
   */
  async link(input: LinkCommitInput): Promise<LinkCommitResult> {
    const given = parseInput(linkCommitInput, input);
    // A task that is not there is found out before git is asked.
    this.#task(given.task_id);
    const { hash, known, unresolved } = await this.#resolve(given.commit_hash);
    return this.#plan.commit('commit.link', (transaction) => {
      const task = resolveTask(transaction, given.task_id);
      const linked = readCommits(transaction, task);
      const commit: LinkedCommit = {
        task,
        hash,
        ...(known ? factsOf(known) : givenFacts(given.commit_message, given.author)),
        verified: known !== undefined,
        source: 'given',
        linkedAt: transaction.at,
        linkedBy: transaction.actor,
      };
      const stored = known ? keepKnown(transaction, linked, commit) : keepUnknown(transaction, linked, commit);
      const view = this.#view(stored, transaction);
      const changed = transaction.changes.length > 0;
      const said = changed ? `is linked to ${describeCommit(view)}` : `was linked to ${describeCommit(view)} already`;
      const doubt = unresolved === undefined ? '' : `, not verified: ${unresolved.reason}`;
      return {
        message: `${view.name} ${said}${doubt}`,
        commit: view,
        changed,
        ...(unresolved && { unresolved: unresolved.reason }),
      };
    });
  }

  /** Takes the link between a commit and a task away. Throws NOT_FOUND where there is none, AMBIGUOUS for several. */
  async unlink(input: UnlinkCommitInput): Promise<UnlinkCommitResult> {
    const given = parseInput(unlinkCommitInput, input);
    const task = this.#task(given.task_id);
    const byStart = (commits: readonly LinkedCommit[], start: string) =>
      commits.filter(({ hash }) => hash.startsWith(start.toLowerCase()));
    const isHash = HASH.test(given.commit_hash);
    let name = given.commit_hash;
    if (!isHash || byStart(readCommits(this.#plan.store, task), name).length === 0) {
      const found = await this.#repository.resolve(name);
      if (typeof found === 'string') name = found;
    }
    return this.#plan.commit('commit.unlink', (transaction) => {
      const [commit, ...others] = byStart(readCommits(transaction, task), name);
      const called = taskName(readNumber(transaction, task) ?? 0);
      if (!commit)
        throw new NotFoundError(
          `${called} has no commit ${given.commit_hash}. “tm commits ${called}” lists those that it has.`,
          { task, commit: given.commit_hash },
        );
      if (others.length > 0) {
        const hashes = [commit, ...others].map(({ hash }) => hash);
        throw new OrchestratorError(
          'AMBIGUOUS',
          `${given.commit_hash} is the start of ${hashes.length} commits of ${called}: ${hashes.join(', ')}. Give more of the hash.`,
          { commits: hashes },
        );
      }
      transaction.delete('git_commits', [task, commit.hash]);
      const view = this.#view(commit, transaction);
      return {
        message: `${called} is no longer linked to ${describeCommit(view)}`,
        commit: view,
        seq: transaction.seq,
      };
    });
  }

  /** Commits of a task, or of all, the newest first. Throws NOT_FOUND, AMBIGUOUS. */
  list(input: ListCommitsInput = {}): CommitList {
    const { task_id, limit } = parseInput(listCommitsInput, input);
    const { store } = this.#plan;
    if (task_id === undefined) {
      const commits = readAllCommits(store, limit).map((commit) => this.#view(commit));
      const total = countCommits(store);
      return { commits, total, truncated: commits.length < total };
    }
    const all = this.of(resolveTask(store, task_id));
    return { commits: all.slice(0, limit), total: all.length, truncated: all.length > limit };
  }

  /** All commits of one task, the newest first. */
  of(task: TaskId): CommitView[] {
    return commitsOf(this.#plan, task);
  }

  /** Asks git again for what it did not know; all that it knows by now is one change. */
  async verify(input: VerifyCommitsInput = {}): Promise<VerifyCommitsResult> {
    const { task_id } = parseInput(verifyCommitsInput, input);
    this.#plan.store.refresh();
    const task = task_id === undefined ? undefined : this.#task(task_id);
    const doubtful = readUnverified(this.#plan.store, task);
    let reason: string | undefined;
    const hashes = new Map<string, string>();
    for (const { hash } of doubtful) {
      const found = hashes.has(hash) ? undefined : await this.#ask(hash);
      // A branch or a tag may have the name of a hash.
      if (typeof found === 'string') hashes.set(hash, found.startsWith(hash) ? found : '');
      else if (found) reason = found.reason;
    }
    const known = await this.#repository.describe([...new Set(hashes.values())].filter((hash) => hash !== ''));
    const factsFor = (commit: LinkedCommit) => known.get(hashes.get(commit.hash) ?? '');
    if (known.size > 0)
      await this.#plan.commit('commit.verify', (transaction) => {
        for (const commit of doubtful) {
          const facts = factsFor(commit);
          const now = readCommits(transaction, commit.task);
          if (!facts || !now.some((one) => one.hash === commit.hash)) continue;
          keepKnown(transaction, now, { ...commit, ...factsOf(facts), hash: facts.hash, verified: true });
        }
      });
    const verified = doubtful.filter(factsFor).flatMap((commit) => {
      const hash = factsFor(commit)?.hash;
      return this.of(commit.task).filter((view) => view.commit_hash === hash);
    });
    const unverified = doubtful.filter((commit) => !factsFor(commit)).map((commit) => this.#view(commit));
    return { verified, unverified, ...(unverified.length > 0 && reason !== undefined && { reason }) };
  }

  /** Also one that another process made a moment ago. */
  #task(name: string): TaskId {
    this.#plan.store.refresh();
    return resolveTask(this.#plan.store, name);
  }

  async #resolve(name: string): Promise<{ hash: string; known?: KnownCommit; unresolved?: Unresolved }> {
    const found = await this.#repository.resolve(name);
    if (typeof found === 'string') {
      const known = (await this.#repository.describe([found])).get(found);
      if (known) return { hash: found, known };
    }
    const unresolved: Unresolved =
      typeof found === 'string' ? { why: 'failed', reason: 'git could not read the commit' } : found;
    if (HASH.test(name)) return { hash: name.toLowerCase(), unresolved };
    throw new InvalidInputError(
      'commit_hash',
      `“${name}” is no commit: ${unresolved.reason}, and it is no hash (4 to 64 of 0–9 and a–f). Nothing was linked.`,
      { commit_hash: name },
    );
  }

  /** An ambiguous one is as unknown as before. */
  async #ask(hash: string): Promise<string | Unresolved> {
    try {
      return await this.#repository.resolve(hash);
    } catch (error) {
      if (error instanceof OrchestratorError) return { why: 'unknown', reason: error.message };
      throw error;
    }
  }

  #view(commit: LinkedCommit, reader: Pick<Transaction, 'get' | 'all' | 'vault'> = this.#plan.store): CommitView {
    return toCommitView(commit, readNumber(reader, commit.task));
  }
}

/** `a1b2c3d4 “Mend the login”`. */
export function describeCommit({ commit_hash, commit_message }: CommitView): string {
  const hash = commit_hash.slice(0, SHORT);
  return commit_message === undefined ? hash : `${hash} “${commit_message}”`;
}

/** What is kept of what git says. */
export function factsOf(known: KnownCommit) {
  const { author, committedAt, filesChanged, insertions, deletions } = known;
  return { subject: firstLine(known.message), author, committedAt, filesChanged, insertions, deletions };
}

/**
 * Keeps a commit that git knows: in the place of what was linked under a part of its hash while git did not know it. The
 * link stays as old as it was.
 */
export function keepKnown(
  transaction: Transaction,
  linked: readonly LinkedCommit[],
  commit: LinkedCommit,
): LinkedCommit {
  const same = linked.find(({ hash }) => hash === commit.hash);
  const shadows = linked.filter((one) => !one.verified && one !== same && commit.hash.startsWith(one.hash));
  const before = same ?? shadows[0];
  const kept = before
    ? { ...commit, source: before.source, linkedAt: before.linkedAt, linkedBy: before.linkedBy }
    : commit;
  for (const { hash } of shadows) transaction.delete('git_commits', [commit.task, hash]);
  if (!same) transaction.insert('git_commits', commitRow(kept));
  else if (!same.verified) transaction.update('git_commits', [commit.task, commit.hash], commitRow(kept));
  return same?.verified ? same : kept;
}

function keepUnknown(transaction: Transaction, linked: readonly LinkedCommit[], commit: LinkedCommit): LinkedCommit {
  const same = linked.find(({ hash }) => hash.startsWith(commit.hash));
  if (same) return same;
  transaction.insert('git_commits', commitRow(commit));
  return commit;
}

function givenFacts(message: string | undefined, author: string | undefined) {
  const subject = message === undefined ? '' : firstLine(message);
  return { ...(subject !== '' && { subject }), ...(author && { author }) };
}

function firstLine(message: string): string {
  return (message.trim().split(/\r?\n/, 1)[0] ?? '').slice(0, 500);
}
