import type { Task } from '../../core/model/task.js';
import type { TaskId } from '../../core/model/taskId.js';
import type { RowReader } from '../transaction.js';
import { readTask } from './taskRows.js';

/** The pending tasks that depend on a completed one and on nothing that is not completed, by number, and whose they are. */
export function readReleased(store: RowReader, id: TaskId): { task: TaskId; assignee?: string }[] {
  return store
    .all<{ id: string; assignee: string | null }>(
      `SELECT task.id, task.assignee FROM dependencies JOIN tasks AS task ON task.id = task_id
       WHERE depends_on = ? AND task.status = 'pending' AND NOT EXISTS (
         SELECT 1 FROM dependencies AS edge JOIN tasks AS other ON other.id = edge.depends_on
         WHERE edge.task_id = task.id AND other.status != 'completed')
       ORDER BY task.number`,
      [id],
    )
    .map(({ id, assignee }) => ({ task: id, ...(assignee !== null && { assignee }) }));
}

/** What depends on a task directly, by number. */
export function readDependants(store: RowReader, id: TaskId): Task[] {
  return store
    .all<{ id: string }>(
      'SELECT tasks.id FROM dependencies JOIN tasks ON tasks.id = task_id WHERE depends_on = ? ORDER BY number',
      [id],
    )
    .map((row) => readTask(store, row.id));
}
