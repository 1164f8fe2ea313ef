import type { TaskId } from '../../core/model/taskId.js';
import { toMinute } from '../../core/model/timeText.js';
import type { Row, Value } from '../../store/record.js';
import {
  type AuditEntry,
  type AuditRow,
  insertedRow,
  lastChange,
  readAuditRows,
  readPlainRow,
} from '../../store/repositories/auditRows.js';
import { reaches } from '../../store/repositories/taskRows.js';
import { TABLES } from '../../store/schema.js';
import type { Transaction } from '../../store/transaction.js';
import { NO_CLAIM } from '../claims/lease.js';
import { changeTask } from '../tasks/changeTask.js';
import { columnName, nameOfTask } from './words.js';

/** Something that keeps a transaction from being undone. */
export interface Conflict {
  readonly seq: number;
  readonly task: TaskId;
  readonly message: string;
}

/** Who holds a task and how often it was changed is no part of the plan: undoing leaves it alone. */
export const LEFT_ALONE: ReadonlySet<string> = new Set([
  ...Object.keys(NO_CLAIM),
  'claim_version',
  'version',
  'updated_at',
  'updated_by',
]);

/** Rows that hang on a task: it cannot go while one of these is there. */
const HANGING = [
  ['dependencies', 'depends_on', 'something depends on it'],
  ['dependencies', 'task_id', 'it depends on something'],
  ['links', 'task_id', 'it is linked'],
  ['links', 'target_id', 'something is linked to it'],
  ['file_refs', 'task_id', 'it has a code reference'],
  ['collaboration_events', 'task_id', 'it has notes'],
  ['git_commits', 'task_id', 'it has commits'],
  ['participants', 'task_id', 'somebody takes part in it'],
  ['tasks', 'parent_id', 'it has subtasks'],
  ['code_executions', 'task_id', 'code was run for it'],
] as const;

/** Takes recorded transactions back within an open one, from the last to the first. */
export class Inverse {
  readonly #transaction: Transaction;
  readonly conflicts: Conflict[] = [];
  /** Edges and parents that are there again: they may close a cycle with what came since. */
  readonly #edges: { seq: number; task: string; other: string; columns: 'dependencies' | 'parents' }[] = [];

  constructor(transaction: Transaction) {
    this.#transaction = transaction;
  }

  takeBack({ seq }: AuditEntry): void {
    this.takeBackRows(readAuditRows(this.#transaction, seq).reverse());
  }

  /** The same for some changed rows, the last first. */
  takeBackRows(rows: readonly AuditRow[]): void {
    for (const row of rows) {
      if (row.kind === 'insert') this.#remove(row);
      else if (row.kind === 'delete') this.#putBack(row);
      else this.#change(row);
    }
  }

  /** Looks for cycles, when everything is taken back. */
  finish(): void {
    for (const { seq, task, other, columns } of this.#edges) {
      if (!reaches(this.#transaction, columns, other, task)) continue;
      const what = columns === 'parents' ? 'would be part of itself' : 'would wait for itself';
      this.#refuse({ seq, task }, `${this.#name(task)} ${what} through ${this.#name(other)}, by what was added since`);
    }
  }

  #change(row: AuditRow): void {
    const current = readPlainRow(this.#transaction, row.table, row.key);
    const columns = Object.keys(row.after ?? {}).filter((column) => row.table !== 'tasks' || !LEFT_ALONE.has(column));
    if (columns.length === 0) return;
    if (!current) {
      this.#refuse(row, `${this.#describe(row)} is gone${this.#since(row)}`);
      return;
    }
    const changed = columns.filter((column) => (current[column] ?? null) !== (row.after?.[column] ?? null));
    for (const column of changed)
      this.#refuse(row, `${this.#describe(row)}: ${columnName(column)} was changed again${this.#since(row, column)}`);
    if (changed.length > 0) return;
    const before = Object.fromEntries(columns.map((column) => [column, row.before?.[column] ?? null]));
    if (row.table !== 'tasks') this.#transaction.update(row.table, row.key, before);
    else {
      changeTask(this.#transaction, row.task, before);
      if (typeof before.parent_id === 'string') this.#addEdge(row, row.task, before.parent_id, 'parents');
    }
  }

  #remove(row: AuditRow): void {
    const current = readPlainRow(this.#transaction, row.table, row.key);
    if (!current) {
      this.#refuse(row, `${this.#describe(row)} is gone already${this.#since(row)}`);
      return;
    }
    const inserted = insertedRow(this.#transaction, row);
    const changed = Object.keys(current).filter(
      (column) =>
        !LEFT_ALONE.has(column) &&
        !isInternal(column, current[column]) &&
        (current[column] ?? null) !== (inserted[column] ?? null),
    );
    if (changed.length > 0) {
      const names = changed.map(columnName).join(', ');
      this.#refuse(row, `${this.#describe(row)}: ${names} was changed since${this.#since(row, changed[0])}`);
    }
    const hanging = row.table === 'tasks' ? this.#hanging(row.task) : [];
    for (const what of hanging) this.#refuse(row, `${this.#describe(row)} cannot go: ${what}`);
    if (changed.length > 0 || hanging.length > 0) return;
    if (row.table === 'tasks') this.#removeNotifications(row.task);
    this.#transaction.delete(row.table, row.key);
  }

  #putBack(row: AuditRow): void {
    if (readPlainRow(this.#transaction, row.table, row.key)) {
      this.#refuse(row, `${this.#describe(row)} is there again${this.#since(row)}`);
      return;
    }
    const before = row.before ?? {};
    const gone = [before.task_id, before.depends_on, before.target_id, before.parent_id]
      .filter((id): id is string => typeof id === 'string' && row.table !== 'trash')
      .filter((id) => !readPlainRow(this.#transaction, 'tasks', [id]) && id !== before.id);
    for (const id of gone) this.#refuse(row, `${this.#describe(row)}: ${this.#name(id)} is gone`);
    if (gone.length > 0) return;
    const { id, ...others } = before;
    const columns = typeof id === 'string' ? { id, ...others } : others;
    this.#transaction.insert(row.table, row.table === 'tasks' ? { ...columns, ...NO_CLAIM } : columns);
    if (row.table === 'dependencies')
      this.#addEdge(row, String(before.task_id), String(before.depends_on), 'dependencies');
  }

  #addEdge({ seq }: AuditRow, task: string, other: string, columns: 'dependencies' | 'parents'): void {
    this.#edges.push({ seq, task, other, columns });
  }

  #hanging(task: TaskId): string[] {
    const found = HANGING.filter(([table, column]) =>
      this.#transaction.get(`SELECT 1 FROM ${table} WHERE ${column} = ? LIMIT 1`, [task]),
    );
    return found.map(([, , what]) => what);
  }

  #removeNotifications(task: TaskId): void {
    const rows = this.#transaction.all<{ id: Value }>('SELECT id FROM notifications WHERE task_id = ?', [task]);
    for (const { id } of rows) this.#transaction.delete('notifications', [id]);
  }

  #refuse({ seq, task }: Pick<AuditRow, 'seq' | 'task'>, message: string): void {
    this.conflicts.push({ seq, task, message });
  }

  /** `, by bob at 2026-11-21 07:30 UTC (transaction 41)`. */
  #since(row: AuditRow, column?: string): string {
    const change = lastChange(this.#transaction, row, column);
    return change ? `, by ${change.actor} at ${toMinute(change.at)} UTC (transaction ${change.seq})` : '';
  }

  #name(task: string): string {
    return nameOfTask(this.#transaction, task);
  }

  /** `T-4`, `T-4 → T-2`, `T-4's reference to src/a.ts`. */
  #describe(row: AuditRow): string {
    const name = this.#name(row.task);
    const values: Row = { ...row.before, ...readPlainRow(this.#transaction, row.table, row.key) };
    switch (row.table) {
      case 'dependencies':
        return `${name} → ${this.#name(String(row.key[1]))}`;
      case 'links':
        return `the link from ${name} to ${this.#name(String(row.key[1]))}`;
      case 'file_refs':
        return `${name}'s reference to ${values.file_path ?? 'a file'}`;
      default:
        return row.table === 'tasks' || row.table === 'trash'
          ? name
          : `${name}: ${TABLES[row.table].task ? row.table : ''}`;
    }
  }
}

/** Numbers that SQLite gives a row; another process gives it others. */
function isInternal(column: string, value: Value | undefined): boolean {
  return (column === 'id' && typeof value === 'number') || column === 'seq';
}
