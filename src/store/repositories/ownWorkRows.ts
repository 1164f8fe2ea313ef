import type { TaskId } from '../../core/model/taskId.js';
import type { RowReader } from '../transaction.js';

/** The tasks that somebody works on: those that they claimed, and those in progress that are theirs. */
export interface OwnWork {
  readonly claimed: readonly TaskId[];
  readonly inProgress: readonly TaskId[];
}

/** In progress is somebody's own what is assigned to them, or what they started and nobody else has. */
export function readOwnWork(store: RowReader, actor: string, now: string): OwnWork {
  const rows = store.all<{ id: TaskId; claimed: number }>(
    `SELECT id, claimed_by IS ?1 AND claim_expires_at > ?2 AS claimed FROM tasks
     WHERE archived_at IS NULL AND status IN ('pending', 'in_progress', 'blocked')
       AND ((claimed_by = ?1 AND claim_expires_at > ?2)
         OR (status = 'in_progress' AND (claimed_by IS NULL OR claim_expires_at <= ?2 OR claimed_by = ?1)
           AND (assignee = ?1 OR (assignee IS NULL AND updated_by = ?1))))
     ORDER BY number`,
    [actor, now],
  );
  return {
    claimed: rows.filter(({ claimed }) => claimed === 1).map(({ id }) => id),
    inProgress: rows.map(({ id }) => id),
  };
}
