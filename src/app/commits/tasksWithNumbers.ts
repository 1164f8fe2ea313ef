import type { TaskId } from '../../core/model/taskId.js';
import type { RowReader } from '../../store/transaction.js';

/** The tasks that have these numbers. */
export function tasksWithNumbers(
  reader: RowReader,
  numbers: readonly number[],
): ReadonlyMap<number, { readonly id: TaskId; readonly title: string }> {
  const rows = reader.all<{ id: TaskId; number: number; title: string }>(
    'SELECT id, number, title FROM tasks WHERE number IN (SELECT value FROM json_each(?))',
    [JSON.stringify([...new Set(numbers)])],
  );
  return new Map(rows.map(({ number, ...task }) => [number, task]));
}
