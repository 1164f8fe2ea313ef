import type { TableName } from './schema.js';

/** What a column can hold. */
export type Value = string | number | null;

/** Some columns of a row, by name. */
export type Row = Readonly<Record<string, Value>>;

/**
 * One row's change. An insert has no `before`, a delete no `after`; an update names only the columns that changed,
 * so that it can be replayed over a row whose other columns another program wrote.
 */
export interface RowChange {
  readonly table: TableName;
  /** The values of the table's key columns, in their order. */
  readonly key: readonly Value[];
  readonly before: Row | null;
  readonly after: Row | null;
}

/** A committed transaction: the one thing from which state, history, undo and events are made. */
export interface TransactionRecord {
  /** From 1, without gaps. */
  readonly seq: number;
  /** UTC ISO 8601. */
  readonly at: string;
  readonly actor: string;
  /** What was done, in the words of the use case: `task.create`, `dependency.add`. */
  readonly action: string;
  readonly changes: readonly RowChange[];
}
