import type { TaskId } from '../../core/model/taskId.js';
import type { StoredCondition } from '../../core/query/select.js';
import type { Row, Value } from '../../store/record.js';
import { openRow } from '../../store/sealing/sealedRows.js';
import type { RowReader } from '../../store/transaction.js';

/** Answers what a filter asks of fields that the plan in memory does not hold: ids of the tasks that have it. */
export function storedFacts(store: RowReader): (condition: StoredCondition) => ReadonlySet<TaskId> {
  const ids = (sql: string, values: readonly Value[] = []) =>
    new Set(store.all<{ id: TaskId } & Row>(sql, values).map((row) => row.id));
  return (condition) => {
    switch (condition.kind) {
      case 'words': {
        const pattern = `%${condition.words.replace(/[\\%_]/g, '\\$&')}%`;
        const columns = ['description', 'context', 'impact_notes', 'completion_summary'];
        const where = columns.map((column) => `${column} LIKE ?1 ESCAPE '\\'`).join(' OR ');
        const words = condition.words.toLowerCase();
        return new Set([
          ...ids(`SELECT id FROM tasks WHERE ${where}`, [pattern]),
          ...sealedWith(store, (row) =>
            columns.some((column) =>
              String(row[column] ?? '')
                .toLowerCase()
                .includes(words),
            ),
          ),
        ]);
      }
      case 'creator':
        return ids('SELECT id FROM tasks WHERE lower(created_by) = ?', [condition.name.toLowerCase()]);
      case 'custom':
        return ids(
          `SELECT tasks.id FROM tasks, json_each(tasks.custom) AS field
           WHERE json_valid(tasks.custom) AND field.key = ?1
             AND (?2 IS NULL OR lower(CASE field.type WHEN 'true' THEN 'true' WHEN 'false' THEN 'false'
               ELSE CAST(field.value AS TEXT) END) = ?2)`,
          [condition.name, condition.value?.toLowerCase() ?? null],
        );
      case 'files':
        return ids('SELECT DISTINCT task_id AS id FROM file_refs');
      case 'criteria':
        return ids("SELECT id FROM tasks WHERE coalesce(success_criteria, '') NOT IN ('', '[]', 'null')");
      case 'description':
        return new Set([
          ...ids("SELECT id FROM tasks WHERE coalesce(description, '') != ''"),
          ...sealedWith(store, (row) => typeof row.description === 'string'),
        ]);
    }
  };
}

/** SQLite sees ciphertext: encrypted tasks are looked through here, in memory, where the key is there. */
function sealedWith(store: RowReader, fits: (row: Row) => boolean): TaskId[] {
  if (store.vault.state !== 'open') return [];
  return store
    .all('SELECT * FROM tasks WHERE sealed IS NOT NULL')
    .filter((row) => fits(openRow(store.vault, row)))
    .map((row) => row.id as TaskId);
}
