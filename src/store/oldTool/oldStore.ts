import { StoreError } from '../../core/model/errors.js';
import type { Database } from '../database.js';

/** What this step of the migration does, for the person who is asked. */
export const OLD_STORE_STEP = {
  version: 1,
  description:
    'the store of tm 2.x comes over: tasks, dependencies, notifications, participants, shared contexts, notes, phases, agents and messages',
} as const;

/** The image is one that tm 2.x made; who opens the store loads what can read it, and tries again. */
export class OldStoreError extends StoreError {
  constructor(path: string) {
    super(
      'SCHEMA_TOO_OLD',
      `${path} was made by tm 2.x. It is open for reading; “tm migrate --dry-run” says what would change, “tm migrate --apply” brings everything over, after a backup.`,
      { version: 0 },
    );
  }
}

const TASK_COLUMNS = ['id', 'title', 'description', 'status', 'priority', 'assignee', 'created_at', 'updated_at'];

/** True for a database that tm 2.x made, in any of its versions: its tables, and nothing of this store's own. */
export function isOldStore(database: Database): boolean {
  if (columnsOf(database, 'meta').length > 0) return false;
  const tasks = new Set(columnsOf(database, 'tasks'));
  const dependencies = columnsOf(database, 'dependencies');
  return (
    TASK_COLUMNS.every((column) => tasks.has(column)) &&
    !tasks.has('dependencies') &&
    dependencies.includes('task_id') &&
    dependencies.includes('depends_on')
  );
}

/** Names of a table's columns; none where there is no such table. */
export function columnsOf(database: Database, table: string): string[] {
  return database.all<{ name: string }>(`SELECT name FROM pragma_table_info('${table}')`).map(({ name }) => name);
}
