import type { TaskId } from '../../core/model/taskId.js';
import type { Row } from '../../store/record.js';
import type { Transaction } from '../../store/transaction.js';

/** Changes a task's columns and what every change does: version, time, by whom. Nothing if they have these values already. */
export function changeTask(transaction: Transaction, id: TaskId, columns: Row): void {
  const before = transaction.changes.length;
  transaction.update('tasks', [id], columns);
  if (transaction.changes.length === before) return;
  const version = transaction.get<{ version: number }>('SELECT version FROM tasks WHERE id = ?', [id])?.version ?? 0;
  transaction.update('tasks', [id], {
    version: version + 1,
    updated_at: transaction.at,
    updated_by: transaction.actor,
  });
}
