import type { Database } from '../database.js';
import { metaValue, numberTasks } from '../image.js';
import type { RowChange, TransactionRecord } from '../record.js';
import { TABLES } from '../schema.js';
import { applyChange, auditRecord, readRow } from '../transaction.js';
import type { History } from './history.js';
import type { Origin } from './origin.js';

/** A store put together from an origin and the records of a journal. */
export interface Composition {
  readonly origin: Origin;
  readonly database: Database;
  /** Last sequence in it. */
  readonly head: number;
  /** How many records were applied as they are. */
  readonly applied: number;
  /** Those that had no place in the order, with the sequence that they have now. */
  readonly renewed: readonly {
    readonly record: TransactionRecord;
    readonly seq: number;
    readonly line: number | undefined;
  }[];
  /** Sequences of which nothing is there. */
  readonly missing: readonly number[];
  /** Changes that cannot be made. */
  readonly refused: readonly RefusedChange[];
}

interface RefusedChange {
  readonly record: TransactionRecord;
  readonly change: RowChange;
  readonly why: string;
}

/** Why an update is refused that finds no row. */
export const ROW_GONE = 'the row is not there';

/**
 * Applies a journal's records to an origin: those in order as they are, then those that have lost their place, as new
 * transactions at the end in the name and with the time of the old ones. What the origin holds already is left out.
 */
export function compose(origin: Origin, history: History): Composition {
  const { database } = origin;
  const renewed: { record: TransactionRecord; seq: number; line: number | undefined }[] = [];
  const refused: RefusedChange[] = [];
  const present = new Set<number>();
  let { head } = origin;
  // A number once given to a transaction is not given to another: readers remember how far they have read.
  const apply = (record: TransactionRecord, isLoose: boolean) => {
    head = Math.max(record.seq, head + 1);
    present.add(head);
    refused.push(...applyReadable(database, { ...record, seq: head }, isLoose));
    return head;
  };
  // Another transaction can have taken the sequence of one that is in order here: the files are of two histories.
  const astray = history.chained.filter((record) => record.seq <= origin.head && !holdsSequence(database, record));
  for (const record of history.chained) if (record.seq > origin.head) apply(record, false);
  const applied = present.size;
  for (const { record, line } of [...astray.map((record) => ({ record, line: undefined })), ...history.loose]) {
    if (holds(database, record)) present.add(record.seq);
    else renewed.push({ record, seq: apply(record, true), line });
  }
  // A journal without records starts after those that its image should hold.
  head = Math.max(head, history.head) + history.lostAtEnd;
  const missing: number[] = [];
  for (let seq = origin.head + 1; seq <= head; seq += 1) if (!present.has(seq)) missing.push(seq);
  numberTasks(database);
  return { origin, database, head, applied, renewed, missing, refused };
}

/** False only where the origin has another transaction of that sequence. */
function holdsSequence(database: Database, record: TransactionRecord): boolean {
  const row = database.get('SELECT 1 FROM audit_log WHERE seq = ? LIMIT 1', [record.seq]);
  return row === undefined || holds(database, record);
}

/** True where the audit log has one of the record's changes, under whatever sequence. */
function holds(database: Database, { at, actor, action, changes }: TransactionRecord): boolean {
  return changes.some(({ table, key, before, after }) =>
    database.get(
      `SELECT 1 FROM audit_log WHERE changed_at = ? AND changed_by = ? AND action = ? AND row_table = ? AND row_key = ?
       AND old_value IS ? AND new_value IS ? LIMIT 1`,
      [
        at,
        actor,
        action,
        table,
        JSON.stringify(key),
        before && JSON.stringify(before),
        before && after && JSON.stringify(after),
      ],
    ),
  );
}

/** Makes those changes of a record that can be made, and keeps them in the audit log; the others with the reason. */
function applyReadable(database: Database, record: TransactionRecord, isLoose: boolean): RefusedChange[] {
  const refused: RefusedChange[] = [];
  const changes: RowChange[] = [];
  for (const change of record.changes) {
    try {
      if (!Object.hasOwn(TABLES, change.table)) throw new Error(`there is no table ${change.table}`);
      if (change.before && change.after && !readRow(database, change.table, change.key)) throw new Error(ROW_GONE);
      if (isLoose && isOutdated(database, change)) continue;
      applyChange(database, isLoose ? withFreeNumber(database, change) : change);
      changes.push(change);
    } catch (error) {
      refused.push({ record, change, why: (error as Error).message });
    }
  }
  auditRecord(database, { ...record, changes });
  return refused;
}

/** The highest number ever given to a task only rises. */
function isOutdated(database: Database, { table, key, after }: RowChange): boolean {
  return (
    table === 'meta' &&
    key[0] === 'last_number' &&
    Number(after?.value) <= Number(metaValue(database, 'last_number') ?? 0)
  );
}

/** Two sides of a conflict give the same number to their new tasks: that of the other side gets the next one. */
function withFreeNumber(database: Database, change: RowChange): RowChange {
  const { table, before, after } = change;
  if (table !== 'tasks' || before || after?.number == null) return change;
  if (!database.get('SELECT 1 FROM tasks WHERE number = ? AND id != ?', [after.number, after.id ?? null]))
    return change;
  const { number: _taken, ...rest } = after;
  return { ...change, after: rest };
}
