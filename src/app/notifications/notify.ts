import type { TaskId } from '../../core/model/taskId.js';
import type { Transaction } from '../../store/transaction.js';
import type { Ids } from '../ports.js';

/** What somebody is told. */
export interface Notice {
  /** What it is about, such as `unblocked` or `claim_taken_over`. */
  readonly type: string;
  readonly message: string;
  readonly task?: TaskId;
  /** Absent: everybody. */
  readonly target?: string;
  /** Absent: nobody in particular. */
  readonly sender?: string;
  readonly priority?: string;
}

/** Leaves word for an agent, or for all of them, with the change that it is about. */
export function notify(transaction: Transaction, ids: Ids, { task, target, sender, ...notice }: Notice): string {
  const id = ids.next() + ids.next();
  transaction.insert('notifications', {
    id,
    ...notice,
    ...(task !== undefined && { task_id: task }),
    ...(target !== undefined && { target_agent: target }),
    ...(sender !== undefined && { sender }),
    created_at: transaction.at,
    acknowledged: 0,
  });
  return id;
}
