import { type Claim, isLive } from '../../core/model/claim.js';
import { OrchestratorError } from '../../core/model/errors.js';
import type { Task } from '../../core/model/task.js';
import { taskName } from '../../core/model/taskId.js';
import { toMinute } from '../../core/model/timeText.js';
import type { Row } from '../../store/record.js';
import type { Transaction } from '../../store/transaction.js';

/** What a task's row holds when nobody has claimed it; the version stays, so that it never falls. */
export const NO_CLAIM: Row = {
  claimed_by: null,
  claimed_at: null,
  claim_expires_at: null,
  claim_branch: null,
  claim_worktree: null,
};

/**
 * Throws LEASE_HELD where the task's work is somebody else's, and where `lease`, the version of the claim under which the
 * actor means to work, is no longer the present one. A lease that ran out and that nobody took since still counts.
 */
export function requireLease(transaction: Pick<Transaction, 'at' | 'actor'>, task: Task, lease?: number): void {
  const { claim } = task;
  if (lease !== undefined && !(claim?.version === lease && claim.by === transaction.actor)) throw lost(task, lease);
  if (isLive(claim, transaction.at) && claim.by !== transaction.actor) throw held(task, claim, transaction.actor);
}

/** The refusal for a task that is claimed. */
export function held(task: Task, claim: Claim, actor: string): OrchestratorError {
  const name = taskName(task.number);
  const until = `since ${clock(claim.at)}, until ${clock(claim.expiresAt)}`;
  return new OrchestratorError(
    'LEASE_HELD',
    claim.by === actor
      ? `${name} is claimed by you already, ${until}. Renew or release that claim.`
      : `${name} is claimed by ${claim.by}, ${until}. Choose another task, or take this one over on purpose.`,
    { task: task.id, claim },
  );
}

function lost(task: Task, lease: number): OrchestratorError {
  const name = taskName(task.number);
  const { claim } = task;
  const now = claim ? `It is ${claim.by}'s since ${clock(claim.at)} (lease ${claim.version}).` : 'Nobody holds it now.';
  return new OrchestratorError(
    'LEASE_HELD',
    `Lease ${lease} on ${name} is no longer yours. ${now} Nothing was changed; claim it again before you go on.`,
    { task: task.id, lease, ...(claim && { claim }) },
  );
}

/** `2026-11-21 07:30 UTC`. */
function clock(time: string): string {
  return time === '' ? 'an unknown time' : `${toMinute(time)} UTC`;
}
