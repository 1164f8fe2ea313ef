import type { TaskId } from '../../core/model/taskId.js';
import { hoursBetween, roundedHours } from '../../core/time/hours.js';
import { readTimeEntries, type TimeEntry, type TimeFilter } from '../../store/repositories/timeRows.js';
import type { RowReader, Transaction } from '../../store/transaction.js';
import { changeTask } from '../tasks/changeTask.js';

/** Hours of the finished entries of a task; undefined where there are none. */
export function trackedHours(store: RowReader, task: TaskId): number | undefined {
  const finished = readTimeEntries(store, { task, running: false });
  if (finished.length === 0) return undefined;
  return roundedHours(
    finished.reduce((sum, { startedAt, endedAt = startedAt }) => sum + hoursBetween(startedAt, endedAt), 0),
  );
}

/** Ends the running entries that the filter admits and brings their tasks' actual hours up to date. Returns them as they ended. */
export function stopClocks(transaction: Transaction, filter: TimeFilter, note?: string): TimeEntry[] {
  const running = readTimeEntries(transaction, { ...filter, running: true });
  for (const entry of running) {
    changeEntries(transaction, entry.task, () => {
      transaction.update('time_entries', [entry.id], { ended_at: transaction.at, ...(note !== undefined && { note }) });
    });
  }
  return running.map((entry) => ({ ...entry, endedAt: transaction.at, ...(note !== undefined && { note }) }));
}

/**
 * Changes a task's entries. Its actual hours follow their sum as long as they were that sum, or nothing, before: hours
 * that somebody set by hand stay.
 */
export function changeEntries(transaction: Transaction, task: TaskId, change: () => void): void {
  const before = trackedHours(transaction, task);
  const row = transaction.get<{ actual: number | null }>('SELECT actual_hours AS actual FROM tasks WHERE id = ?', [
    task,
  ]);
  change();
  if (!row || !isTracked(row.actual ?? undefined, before)) return;
  changeTask(transaction, task, { actual_hours: trackedHours(transaction, task) ?? null });
}

/** True where actual hours are the sum of the entries, and not set by hand. */
export function isTracked(actual: number | undefined, tracked: number | undefined): boolean {
  return actual === undefined || (tracked !== undefined && Math.abs(actual - tracked) < 1e-4);
}
