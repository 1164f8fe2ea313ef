import { isLive } from '../../core/model/claim.js';
import type { Status } from '../../core/model/status.js';
import type { Task } from '../../core/model/task.js';
import { taskName } from '../../core/model/taskId.js';
import { readDependants, readReleased } from '../../store/repositories/dependantRows.js';
import type { Transaction } from '../../store/transaction.js';
import { notify } from '../notifications/notify.js';
import type { Ids } from '../ports.js';

/**
 * What follows from a task's new status, within the transaction that gave it, whichever command that was: whoever waited
 * only for it is told, once; whoever works on what depends on a task that is open again is told too. `before` is the task
 * as it was.
 */
export function followStatus(transaction: Transaction, ids: Ids, before: Task, status: Status): void {
  if (status === before.status) return;
  if (status === 'completed') tellReleased(transaction, ids, before);
  else if (before.status === 'completed') tellBlockedAgain(transaction, ids, before);
}

function tellReleased(transaction: Transaction, ids: Ids, { id }: Task): void {
  for (const { task, assignee } of readReleased(transaction, id)) {
    notify(transaction, ids, {
      task,
      type: 'unblocked',
      message: `Task ${task} unblocked - dependencies completed`,
      ...(assignee !== undefined && { target: assignee }),
    });
  }
}

function tellBlockedAgain(transaction: Transaction, ids: Ids, { id, number }: Task): void {
  for (const dependant of readDependants(transaction, id)) {
    const held = isLive(dependant.claim, transaction.at) ? dependant.claim.by : undefined;
    if (dependant.status !== 'in_progress' && held === undefined) continue;
    const target = held ?? dependant.assignee;
    notify(transaction, ids, {
      task: dependant.id,
      type: 'reblocked',
      message: `Task ${dependant.id} waits again - ${taskName(number)} was reopened`,
      sender: transaction.actor,
      ...(target !== undefined && { target }),
    });
  }
}
