import { parseToken } from '../../core/sealing/token.js';
import type { Value } from '../../store/record.js';
import type { AuditRow } from '../../store/repositories/auditRows.js';
import type { TableName } from '../../store/schema.js';
import type { RowReader } from '../../store/transaction.js';
import type { ChangeView } from './historyInputs.js';
import { columnName, nameOfTask } from './words.js';

const WHAT: Readonly<Record<TableName, ChangeView['what']>> = {
  meta: 'other',
  tasks: 'task',
  dependencies: 'dependency',
  links: 'link',
  file_refs: 'reference',
  notifications: 'other',
  participants: 'other',
  collaboration_events: 'note',
  trash: 'trash',
  notification_reads: 'other',
  agents: 'other',
  time_entries: 'time',
  imported: 'other',
  requests: 'other',
  task_analyses: 'other',
  code_executions: 'other',
  git_commits: 'commit',
};

const KIND = { insert: 'added', update: 'changed', delete: 'removed' } as const;

/** Columns that follow from others or that no person reads. */
const SILENT = new Set([
  'id',
  'uid',
  'version',
  'updated_at',
  'updated_by',
  'created_at',
  'created_by',
  'number',
  'task_id',
  'anchor',
  'claim_version',
  'rows',
  'claimed_at',
  'completed_at',
  'started_at',
  'seq',
]);

/** The rows of a transaction as changes of tasks; several updates of one row, as every change makes them, are one. */
export function toChangeViews(store: RowReader, rows: readonly AuditRow[]): ChangeView[] {
  const merged: AuditRow[] = [];
  for (const row of rows) {
    const same = merged.findIndex(
      (other) => other.kind !== 'delete' && other.table === row.table && String(other.key) === String(row.key),
    );
    const other = merged[same];
    if (!other || row.kind !== 'update') merged.push(row);
    else
      merged[same] = {
        ...other,
        before: other.before && { ...row.before, ...other.before },
        after: { ...other.after, ...row.after },
      };
  }
  return merged
    .map((row) => toChangeView(store, row))
    .filter((view) => view.kind !== 'changed' || view.fields.length > 0);
}

function toChangeView(store: RowReader, row: AuditRow): ChangeView {
  const values = row.after ?? row.before ?? {};
  const title = row.table === 'tasks' && row.kind !== 'update' ? values.title : undefined;
  const other = { dependencies: values.depends_on, links: values.target_id }[row.table as string] ?? row.key[1];
  const isEdge = row.table === 'dependencies' || row.table === 'links';
  return {
    task: row.task,
    name: nameOfTask(store, row.task),
    what: WHAT[row.table],
    kind: KIND[row.kind],
    ...(isEdge && { other: nameOfTask(store, String(other)) }),
    ...(typeof values.file_path === 'string' && { path: values.file_path }),
    ...(row.table === 'git_commits' && { commit: String(row.key[1]) }),
    ...(typeof title === 'string' && { title }),
    fields: row.table === 'trash' || isEdge ? [] : fieldsOf(store, row),
  };
}

function fieldsOf(store: RowReader, { before, after, kind }: AuditRow): ChangeView['fields'] {
  const columns = Object.keys(after ?? before ?? {}).filter((column) => !SILENT.has(column));
  // A private note is for whoever wrote it: the history says that there is one.
  const isPrivate = (after ?? before)?.event_type === 'note';
  const read = (column: string, value: Value | undefined) =>
    typeof value !== 'string' ? (value ?? null) : column === 'parent_id' ? nameOfTask(store, value) : readable(value);
  return columns
    .filter((column) => column !== 'content' || !isPrivate)
    .map((column) => ({
      field: columnName(column),
      before: read(column, before?.[column]),
      after: read(column, after?.[column]),
    }))
    .filter((field) => kind === 'update' || (field.before ?? field.after) !== null);
}

/** Ciphertext says nothing. */
function readable(text: string): string {
  return parseToken(text) ? '(encrypted)' : text;
}
