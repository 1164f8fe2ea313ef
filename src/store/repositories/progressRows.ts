import type { TaskId } from '../../core/model/taskId.js';
import type { RowReader } from '../transaction.js';

/** What was last said about a task's progress that names a percentage. */
export function readProgress(store: RowReader, task: TaskId): { percent: number; at: string } | undefined {
  const rows = store.all<{ content: string; at: string }>(
    `SELECT content, created_at AS at FROM collaboration_events
     WHERE task_id = ? AND event_type = 'progress' ORDER BY seq DESC`,
    [task],
  );
  for (const { content, at } of rows) {
    const percent = Number(/(\d{1,3}(?:\.\d+)?)\s*%/.exec(content)?.[1] ?? Number.NaN);
    if (percent >= 0 && percent <= 100) return { percent, at };
  }
  return undefined;
}

/** How many subtasks a task has that were not cancelled, and how many of these are completed. */
export function readSubtaskCounts(store: RowReader, task: TaskId): { total: number; done: number } {
  const row = store.get<{ total: number; done: number }>(
    `SELECT count(*) AS total, coalesce(sum(status = 'completed'), 0) AS done FROM tasks
     WHERE parent_id = ? AND status != 'cancelled'`,
    [task],
  );
  return row ?? { total: 0, done: 0 };
}
