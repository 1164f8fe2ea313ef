import type { Row, Value } from '../record.js';
import type { TableName } from '../schema.js';
import { TABLES } from '../schema.js';
import { unsealChange, unsealColumns } from '../sealing/sealedRows.js';
import { type RowReader, readRow } from '../transaction.js';

/** One changed row of a recorded transaction. An insert has neither `before` nor `after` here: see `insertedRow`. */
export interface AuditRow {
  readonly seq: number;
  readonly task: string;
  readonly table: TableName;
  readonly key: readonly Value[];
  readonly kind: 'insert' | 'update' | 'delete';
  readonly before: Row | null;
  readonly after: Row | null;
}

/** A recorded transaction, without its rows. */
export interface AuditEntry {
  readonly seq: number;
  readonly at: string;
  readonly actor: string;
  readonly action: string;
}

/** What the transactions are looked for by. */
export interface AuditFilter {
  /** After this sequence number. */
  readonly after?: number | undefined;
  /** Up to this one. */
  readonly upTo?: number | undefined;
  /** From this time on, UTC ISO 8601. */
  readonly since?: string | undefined;
  readonly actor?: string | undefined;
  readonly task?: string | undefined;
  /** Pattern of SQL's LIKE. */
  readonly action?: string | undefined;
}

/** The transactions, the newest first; at most `limit`. Rows of another program's audit have no sequence and are left out. */
export function readEntries(store: RowReader, filter: AuditFilter, limit: number): AuditEntry[] {
  const terms: [string, Value | undefined][] = [
    ['seq > ?', filter.after],
    ['seq <= ?', filter.upTo],
    ['changed_at >= ?', filter.since],
    ['changed_by = ?', filter.actor],
    ['action LIKE ?', filter.action],
  ];
  const used = terms.filter(([, value]) => value !== undefined);
  const values = used.map(([, value]) => value as Value);
  const where = ['seq IS NOT NULL', ...used.map(([term]) => term)].join(' AND ');
  const columns = 'seq, changed_at AS at, changed_by AS actor, action';
  const rows =
    filter.task === undefined
      ? // The first row of each, without reading those that are not shown.
        store.all(
          `SELECT ${columns} FROM audit_log AS entry WHERE ${where} AND NOT EXISTS (
             SELECT 1 FROM audit_log AS other
             WHERE other.seq = entry.seq AND other.id < entry.id AND other.action = entry.action)
           ORDER BY seq DESC, id DESC LIMIT ?`,
          [...values, limit],
        )
      : store.all(
          `SELECT ${columns} FROM audit_log WHERE task_id = ? AND ${where}
           GROUP BY seq, action ORDER BY seq DESC, max(id) DESC LIMIT ?`,
          [filter.task, ...values, limit],
        );
  return rows as unknown as AuditEntry[];
}

/** The changed rows of one transaction, in their order. */
export function readAuditRows(store: RowReader, seq: number): AuditRow[] {
  return store.all('SELECT * FROM audit_log WHERE seq = ? ORDER BY id', [seq]).flatMap((row) => auditRow(store, row));
}

/** The changes of one row after a transaction, in their order. */
function laterRows(store: RowReader, { task, table, key, seq }: AuditRow): AuditRow[] {
  return store
    .all('SELECT * FROM audit_log WHERE task_id = ? AND row_table = ? AND row_key = ? AND seq > ? ORDER BY id', [
      task,
      table,
      JSON.stringify(key),
      seq,
    ])
    .flatMap((row) => auditRow(store, row));
}

/** The last transaction that changed a row, or with `column` this one of its columns. */
export function lastChange(store: RowReader, row: AuditRow, column?: string): AuditEntry | undefined {
  const touching = laterRows(store, row).filter(
    (change) => column === undefined || change.kind !== 'update' || column in (change.after ?? {}),
  );
  const seq = touching.at(-1)?.seq;
  return seq === undefined ? undefined : readEntries(store, { after: seq - 1, upTo: seq }, 1)[0];
}

/** A row as it is now, with its texts where they can be read; undefined if it is not there. */
export function readPlainRow(store: RowReader, table: TableName, key: readonly Value[]): Row | undefined {
  const row = readRow(store, table, key);
  return row && store.vault.isOn ? { ...row, ...unsealColumns(store.vault, row) } : row;
}

/** What a row was inserted with: what later changes found in it, and for the rest what is in it now. */
export function insertedRow(store: RowReader, inserted: AuditRow): Row {
  const values: Record<string, Value> = {};
  for (const { kind, before } of laterRows(store, inserted)) {
    for (const [column, value] of Object.entries(before ?? {})) if (!(column in values)) values[column] = value;
    if (kind === 'delete') return values;
  }
  return { ...readPlainRow(store, inserted.table, inserted.key), ...values };
}

function auditRow({ vault }: RowReader, row: Row): AuditRow[] {
  const table = row.row_table as string | null;
  if (table === null || !Object.hasOwn(TABLES, table)) return [];
  const recorded = {
    before: row.old_value == null ? null : (JSON.parse(row.old_value as string) as Row),
    after: row.new_value == null ? null : (JSON.parse(row.new_value as string) as Row),
  };
  const { before, after } = vault.isOn ? unsealChange(vault, recorded.before, recorded.after) : recorded;
  return [
    {
      seq: row.seq as number,
      task: row.task_id as string,
      table: table as TableName,
      key: JSON.parse(row.row_key as string) as Value[],
      kind: before === null ? 'insert' : after === null ? 'delete' : 'update',
      before,
      after,
    },
  ];
}
