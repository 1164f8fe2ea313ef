import { taskName } from '../../core/model/taskId.js';
import type { RowReader } from '../../store/transaction.js';

/** Columns whose name in the views is another one. */
const COLUMNS: Readonly<Record<string, string>> = {
  status_reason: 'reason',
  deadline: 'due',
  not_before: 'not before',
  estimated_hours: 'estimate',
  actual_hours: 'actual hours',
  parent_id: 'parent',
  success_criteria: 'criteria',
  file_path: 'file',
  line_start: 'line',
  line_end: 'end line',
  depends_on: 'depends on',
  sealed: 'encrypted texts',
};

/** A column as people call it. */
export function columnName(column: string): string {
  return COLUMNS[column] ?? column.replaceAll('_', ' ');
}

/** `T-4`, also for a task in the trash; the id of one that is gone. */
export function nameOfTask(store: RowReader, id: string): string {
  const row = store.get<{ number: number }>(
    'SELECT number FROM tasks WHERE id = ?1 UNION ALL SELECT number FROM trash WHERE task_id = ?1',
    [id],
  );
  return row ? taskName(row.number) : id;
}
