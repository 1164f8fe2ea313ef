import type { FileReference } from '../../core/model/fileReference.js';
import type { TaskId } from '../../core/model/taskId.js';
import type { Row } from '../record.js';
import type { RowReader } from '../transaction.js';

const COLUMNS = 'uid, task_id, file_path, line_start, line_end, context, anchor';

/** A task's references in the order in which they were added. */
export function readReferences(store: RowReader, task: TaskId): FileReference[] {
  if (store.rows) return store.rows.find('file_refs', 'task_id', task).map(referenceFromRow);
  return store.all(`SELECT ${COLUMNS} FROM file_refs WHERE task_id = ? ORDER BY id`, [task]).map(referenceFromRow);
}

/** The references of all tasks, by task. */
export function readAllReferences(store: RowReader): ReadonlyMap<TaskId, readonly FileReference[]> {
  const found = new Map<TaskId, FileReference[]>();
  const add = (row: Row) => {
    const reference = referenceFromRow(row);
    const others = found.get(reference.task);
    if (others) others.push(reference);
    else found.set(reference.task, [reference]);
  };
  if (store.rows) store.rows.each('file_refs', COLUMNS.split(', '), add);
  else for (const row of store.all(`SELECT ${COLUMNS} FROM file_refs ORDER BY id`)) add(row);
  return found;
}

/** The references to one file, by line. */
export function readReferencesTo(store: RowReader, path: string): FileReference[] {
  return store
    .all(`SELECT ${COLUMNS} FROM file_refs WHERE file_path = ? ORDER BY line_start, id`, [path])
    .map(referenceFromRow);
}

/** What open tasks refer to in any of these files, by path and line. */
export function readOpenReferencesTo(store: RowReader, paths: readonly string[]): FileReference[] {
  return store
    .all(
      `SELECT ${COLUMNS} FROM file_refs WHERE file_path IN (SELECT value FROM json_each(?))
         AND task_id IN (SELECT id FROM tasks WHERE status NOT IN ('completed', 'cancelled'))
       ORDER BY file_path, line_start, id`,
      [JSON.stringify(paths)],
    )
    .map(referenceFromRow);
}

export function readReference(store: RowReader, id: string): FileReference | undefined {
  const row = store.get(`SELECT ${COLUMNS} FROM file_refs WHERE uid = ?`, [id]);
  return row && referenceFromRow(row);
}

function referenceFromRow(row: Row): FileReference {
  return {
    id: row.uid as string,
    task: row.task_id as string,
    path: row.file_path as string,
    ...(row.line_start != null && { line: row.line_start as number }),
    ...(row.line_end != null && { endLine: row.line_end as number }),
    ...(row.context != null && { context: row.context as string }),
    ...(row.anchor != null && { anchor: row.anchor as string }),
  };
}
