import { type Claim, isLive } from '../../core/model/claim.js';
import { NotFoundError, OrchestratorError } from '../../core/model/errors.js';
import type { Task } from '../../core/model/task.js';
import { type TaskId, taskName } from '../../core/model/taskId.js';
import { isClosed } from '../../core/model/workState.js';
import { readReady, readTask, resolveTask } from '../../store/repositories/taskRows.js';
import type { Transaction } from '../../store/transaction.js';
import { parseInput } from '../input.js';
import { notify } from '../notifications/notify.js';
import type { Plan } from '../plan.js';
import { changeTask } from '../tasks/changeTask.js';
import type { Tasks } from '../tasks/tasks.js';
import type { TaskView } from '../tasks/taskView.js';
import {
  type ClaimInput,
  claimInput,
  type ReleaseInput,
  type RenewInput,
  releaseInput,
  renewInput,
} from './claimInputs.js';
import { held, NO_CLAIM, requireLease } from './lease.js';

/** What somebody may do about a task's claim. */
export type ClaimAction = 'claim' | 'take_over' | 'renew' | 'release';

/** Leases on tasks: of all who ask at once exactly one gets it. */
export class Claims {
  readonly #plan: Plan;
  readonly #tasks: Tasks;

  constructor(plan: Plan, tasks: Tasks) {
    this.#plan = plan;
    this.#tasks = tasks;
  }

  /**
   * Claims a task, or the most urgent ready one, or the one that `choose` finds within the transaction. Throws NOT_FOUND where there is none, LEASE_HELD (also to the holder
   * itself) unless it is taken over, DEPENDENCY_OPEN for one that waits, INVALID_TRANSITION for one that is closed.
   */
  async claim(
    input: ClaimInput,
    choose = (transaction: Transaction): TaskId => this.#best(transaction, input.query),
  ): Promise<TaskView> {
    const given = parseInput(claimInput, input);
    const id = await this.#plan.commit(given.takeOver ? 'claim.take_over' : 'claim', (transaction) => {
      const id = given.task === undefined ? choose(transaction) : resolveTask(transaction, given.task);
      const task = readTask(transaction, id);
      this.#tasks.requireStartable(task);
      const { claim } = task;
      if (isLive(claim, transaction.at) && !given.takeOver) throw held(task, claim, transaction.actor);
      if (claim) this.#tell(transaction, task, claim, given.reason);
      changeTask(transaction, id, {
        claimed_by: transaction.actor,
        claimed_at: transaction.at,
        claim_expires_at: later(transaction.at, given.for),
        claim_version: nextVersion(transaction, id),
        ...place(this.#plan),
      });
      return id;
    });
    return this.#tasks.get(id);
  }

  /** Lets a claim of the actor's own last so long from now. Throws LEASE_HELD where it was lost. */
  async renew(input: RenewInput): Promise<TaskView> {
    const given = parseInput(renewInput, input);
    const id = await this.#plan.commit('claim.renew', (transaction) => {
      const task = this.#own(transaction, given);
      changeTask(transaction, task.id, { claim_expires_at: later(transaction.at, given.for), ...place(this.#plan) });
      return task.id;
    });
    return this.#tasks.get(id);
  }

  /** Gives up a claim of the actor's own. Throws LEASE_HELD where it was lost. */
  async release(input: ReleaseInput): Promise<TaskView> {
    const given = parseInput(releaseInput, input);
    const id = await this.#plan.commit('claim.release', (transaction) => {
      const task = this.#own(transaction, given);
      changeTask(transaction, task.id, NO_CLAIM);
      return task.id;
    });
    return this.#tasks.get(id);
  }

  /** What the actor may do about the claim on a task, by the plan as it is known here. */
  legalActions(id: TaskId): readonly ClaimAction[] {
    const { task } = this.#plan.graph.require(id);
    const { claim } = task;
    if (claim && claim.by === this.#plan.world.actor()) return ['renew', 'release'];
    const state = this.#plan.stateOf(id);
    if (isClosed(state) || state === 'waiting' || state === 'needs_decision') return [];
    return isLive(claim, this.#plan.now()) ? ['take_over'] : ['claim'];
  }

  /** The tasks whose claim ran out, or whose time came, after a moment and up to now. */
  passedSince(moment: string): TaskId[] {
    return this.#plan.store
      .all<{ id: TaskId }>(
        `SELECT id FROM tasks WHERE (claimed_by IS NOT NULL AND claim_expires_at > ?1 AND claim_expires_at <= ?2)
         OR (status = 'pending' AND not_before > ?1 AND not_before <= ?2)`,
        [moment, this.#plan.now()],
      )
      .map((row) => row.id);
  }

  /** The first moment from now on at which a claim runs out or a task's time comes: then the plan looks different. */
  nextMoment(): string | undefined {
    const now = this.#plan.now();
    const row = this.#plan.store.get<{ at: string | null }>(
      `SELECT min(at) AS at FROM (
         SELECT min(claim_expires_at) AS at FROM tasks WHERE claimed_by IS NOT NULL AND claim_expires_at > ?1
         UNION ALL SELECT min(not_before) FROM tasks WHERE status = 'pending' AND not_before > ?1)`,
      [now],
    );
    return row?.at ?? undefined;
  }

  #best(transaction: Transaction, query: string | undefined): TaskId {
    const now = transaction.at;
    const admitted = query ? new Set(this.#tasks.select(query).map((task) => task.id)) : undefined;
    const id = readReady(transaction, now).find((candidate) => admitted?.has(candidate.id) ?? true)?.id;
    if (id !== undefined) return id;
    throw new NotFoundError(query ? `No ready task fits “${query}”.` : 'Nothing is ready to be claimed.', { query });
  }

  /** The task, if the actor's claim on it is the present one. */
  #own(transaction: Transaction, given: { task: string; lease?: number | undefined }): Task {
    const task = readTask(transaction, resolveTask(transaction, given.task));
    requireLease(transaction, task, given.lease);
    if (task.claim?.by === transaction.actor) return task;
    const now = task.claim ? `${task.claim.by}'s claim on it ran out` : 'nobody holds it';
    throw new OrchestratorError(
      'LEASE_HELD',
      `${taskName(task.number)} is not claimed by you: ${now}. Claim it first.`,
      { task: task.id },
    );
  }

  /** Leaves word for the one whose claim this ends. */
  #tell(transaction: Transaction, task: Task, claim: Claim, reason: string | undefined): void {
    if (claim.by === transaction.actor) return;
    const live = isLive(claim, transaction.at);
    const what = live ? 'was taken over' : 'ran out and is now held';
    notify(transaction, this.#plan.world.ids, {
      task: task.id,
      type: live ? 'claim_taken_over' : 'claim_expired',
      target: claim.by,
      message: `Your claim on ${taskName(task.number)} ${what} by ${transaction.actor}${reason ? `: ${reason}` : '.'}`,
    });
  }
}

function later(time: string, by: number): string {
  return new Date(Date.parse(time) + by).toISOString();
}

function nextVersion(transaction: Transaction, id: TaskId): number {
  const row = transaction.get<{ version: number }>('SELECT claim_version AS version FROM tasks WHERE id = ?', [id]);
  return (row?.version ?? 0) + 1;
}

function place(plan: Plan) {
  const { branch, worktree } = plan.world.place();
  return { claim_branch: branch ?? null, claim_worktree: worktree ?? null };
}
