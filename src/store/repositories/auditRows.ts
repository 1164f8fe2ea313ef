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

/** A changed row with the transaction that changed it. */
export interface TaskAuditRow extends AuditRow, AuditEntry {
  /** Counts all changed rows, in their order. */
  readonly id: number;
}

/** A task that somebody changed. */
export interface TouchedTask {
  readonly task: string;
  readonly actor: string;
  /** The last of the transactions. */
  readonly seq: number;
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

/** The transactions after a given one, the oldest first; at most `limit`. */
export function readEntriesAfter(store: RowReader, seq: number, limit: number): AuditEntry[] {
  const rows = store.all(
    `SELECT seq, changed_at AS at, changed_by AS actor, action FROM audit_log WHERE seq > ?
     GROUP BY seq, action ORDER BY seq, min(id) LIMIT ?`,
    [seq, limit],
  );
  return rows as unknown as AuditEntry[];
}

/** The changed rows of one transaction, in their order. */
export function readAuditRows(store: RowReader, seq: number): AuditRow[] {
  return store.all('SELECT * FROM audit_log WHERE seq = ? ORDER BY id', [seq]).flatMap((row) => auditRow(store, row));
}

/** The changed rows of a task after a transaction, in their order. */
export function readTaskRows(store: RowReader, task: string, after: number): TaskAuditRow[] {
  return store
    .all('SELECT * FROM audit_log WHERE task_id = ? AND seq > ? ORDER BY id', [task, after])
    .flatMap((row) => taskAuditRow(store, row));
}

/** The changed rows of a transaction, of whichever task, with who changed them. */
export function readTransactionRows(store: RowReader, seq: number): TaskAuditRow[] {
  return store
    .all('SELECT * FROM audit_log WHERE seq = ? ORDER BY id', [seq])
    .flatMap((row) => taskAuditRow(store, row));
}

/** Which changed rows are looked at for who changed what. */
export interface TouchedFilter {
  /** After this transaction. */
  readonly after: number;
  /** Not what this one did. */
  readonly except?: string | undefined;
  readonly actor?: string | undefined;
  readonly task?: string | undefined;
}

/** Who changed which tasks, the last first, each pair once; of no more than the last `most` changed rows. */
export function readTouched(store: RowReader, filter: TouchedFilter, most: number): TouchedTask[] {
  const { where, values } = touchedWhere(filter);
  return store.all<{ task: string; actor: string; seq: number }>(
    `SELECT task, actor, max(seq) AS seq FROM (
       SELECT task_id AS task, changed_by AS actor, seq FROM audit_log WHERE ${where} ORDER BY seq DESC, id DESC LIMIT ?)
     GROUP BY task, actor ORDER BY 3 DESC, 1, 2`,
    [...values, most],
  );
}

/** True where there are more such rows than `most`. */
export function isTouchedMore(store: RowReader, filter: TouchedFilter, most: number): boolean {
  const { where, values } = touchedWhere(filter);
  return store.get(`SELECT 1 FROM audit_log WHERE ${where} LIMIT 1 OFFSET ?`, [...values, most]) !== undefined;
}

function touchedWhere({ after, except, actor, task }: TouchedFilter): { where: string; values: Value[] } {
  const terms: [string, Value | undefined][] = [
    ['seq > ?', after],
    ['changed_by != ?', except],
    ['changed_by = ?', actor],
    ['task_id = ?', task],
  ];
  const used = terms.filter(([, value]) => value !== undefined);
  const where = [...used.map(([term]) => term), "task_id != ''", 'row_table IS NOT NULL'].join(' AND ');
  return { where, values: used.map(([, value]) => value as Value) };
}

/** True where a transaction removed a task. */
export function wasRemovedIn(store: RowReader, seq: number, task: string): boolean {
  const sql = `SELECT 1 FROM audit_log WHERE seq = ? AND task_id = ? AND row_table = 'tasks'
    AND new_value IS NULL AND old_value IS NOT NULL`;
  return store.get(sql, [seq, task]) !== undefined;
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

function taskAuditRow(store: RowReader, row: Row): TaskAuditRow[] {
  const entry = { actor: String(row.changed_by), at: String(row.changed_at), action: String(row.action) };
  return auditRow(store, row).map((found) => ({ ...found, ...entry, id: row.id as number }));
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
