import { taskName } from '../../core/model/taskId.js';
import type { Row, Value } from '../record.js';
import { TABLES, type TableName } from '../schema.js';
import type { RowReader, Transaction } from '../transaction.js';
import { type Cycle, cyclesOf, type Edge } from './cycles.js';
import type { Finding } from './finding.js';

/** Also a database that no store has opened. */
type Rows = Pick<RowReader, 'all' | 'get'>;

/** A fault of rows, and the change that ends it. */
export interface RowFault {
  readonly finding: Finding;
  readonly repair: (transaction: Transaction) => void;
}

/** Rows that no use case writes: edges into nothing, cycles, leases that ran out. `now` is UTC ISO 8601. */
export function rowFaults(reader: Rows, now: string): RowFault[] {
  return [...dangling(reader), ...dependencyCycles(reader), ...parentCycles(reader), ...expiredLeases(reader, now)];
}

interface ForeignKey extends Row {
  readonly table: string;
  readonly from: string;
  readonly to: string | null;
  readonly on_delete: string;
}

/** What the schema's foreign keys forbid; other SQLite clients leave them unchecked unless asked. */
function dangling(reader: Rows): RowFault[] {
  return (Object.keys(TABLES) as TableName[]).flatMap((table) =>
    reader
      .all<ForeignKey>('SELECT "table", "from", "to", on_delete FROM pragma_foreign_key_list(?)', [table])
      .flatMap((foreignKey) => danglingRows(reader, table, foreignKey)),
  );
}

function danglingRows(reader: Rows, table: TableName, foreignKey: ForeignKey): RowFault[] {
  const { from, table: parent, to, on_delete } = foreignKey;
  const keyColumns: readonly string[] = TABLES[table].key;
  const rows = reader.all(
    `SELECT ${[...keyColumns, `${from} AS missing_`].join(', ')} FROM ${table} AS row_
     WHERE ${from} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM ${parent} WHERE ${to ?? 'id'} = row_.${from})`,
  );
  return rows.map((row) => {
    const key = keyColumns.map((column): Value => row[column] ?? null);
    const clear = on_delete === 'SET NULL';
    return {
      finding: {
        code: 'ROW_DANGLING',
        severity: 'warning',
        what: `The row ${key.join(' → ')} of ${table} leads to ${row.missing_} (${from}), which is not in ${parent}.`,
        fix: clear ? `Clear its ${from}.` : 'Remove the row.',
      },
      repair: (transaction) => {
        if (!clear) transaction.delete(table, key);
        else if (table === 'tasks') changeTask(transaction, key, { [from]: null });
        else transaction.update(table, key, { [from]: null });
      },
    };
  });
}

function dependencyCycles(reader: Rows): RowFault[] {
  const edges = reader.all<{ from: string; to: string; age: string }>(
    `SELECT task_id AS "from", depends_on AS "to", coalesce(created_at, '') AS age FROM dependencies ORDER BY id`,
  );
  return cyclesOf(edges).map(({ path, newest }) =>
    cycleFault(reader, { path, newest }, 'depend on one another', (from, to) => ({
      fix: `Remove the newest of these dependencies, ${from} → ${to}.`,
      repair: (transaction) => transaction.delete('dependencies', [newest.from, newest.to]),
    })),
  );
}

function parentCycles(reader: Rows): RowFault[] {
  const edges = reader.all<{ from: string; to: string; age: string }>(
    'SELECT id AS "from", parent_id AS "to", updated_at AS age FROM tasks WHERE parent_id IS NOT NULL ORDER BY number',
  );
  return cyclesOf(edges).map(({ path, newest }) =>
    cycleFault(reader, { path, newest }, 'are each other’s subtasks', (from, to) => ({
      fix: `Take ${from}, the last one changed, out of ${to}.`,
      repair: (transaction) => changeTask(transaction, [newest.from], { parent_id: null }),
    })),
  );
}

function cycleFault(
  reader: Rows,
  { path, newest }: Cycle<Edge>,
  how: string,
  remedy: (from: string, to: string) => { fix: string; repair: RowFault['repair'] },
): RowFault {
  const { fix, repair } = remedy(nameOf(reader, newest.from), nameOf(reader, newest.to));
  const names = abridged(path.map((id) => nameOf(reader, id)));
  return { finding: { code: 'CYCLE', severity: 'warning', what: `Tasks ${how}: ${names}.`, fix }, repair };
}

/** Long cycles by both their ends. */
function abridged(names: readonly string[]): string {
  if (names.length <= 12) return names.join(' → ');
  return `${names.slice(0, 5).join(' → ')} → … → ${names.slice(-3).join(' → ')} (${names.length - 1} tasks)`;
}

function expiredLeases(reader: Rows, now: string): RowFault[] {
  return reader
    .all<{ id: string; holder: string; expired: string }>(
      `SELECT id, claimed_by AS holder, claim_expires_at AS expired FROM tasks
       WHERE claimed_by IS NOT NULL AND claim_expires_at <= ? ORDER BY number`,
      [now],
    )
    .map(({ id, holder, expired }) => ({
      finding: {
        code: 'LEASE_EXPIRED',
        severity: 'note',
        what: `The claim of ${holder} to ${nameOf(reader, id)} ran out at ${expired}.`,
        fix: 'Release it.',
      },
      repair: (transaction) =>
        changeTask(transaction, [id], {
          claimed_by: null,
          claimed_at: null,
          claim_expires_at: null,
          claim_branch: null,
          claim_worktree: null,
        }),
    }));
}

function changeTask(transaction: Transaction, key: readonly Value[], columns: Row): void {
  const version = transaction.get<{ version: number }>('SELECT version FROM tasks WHERE id = ?', key)?.version ?? 0;
  transaction.update('tasks', key, {
    ...columns,
    version: version + 1,
    updated_at: transaction.at,
    updated_by: transaction.actor,
  });
}

function nameOf(reader: Rows, id: string): string {
  const number = reader.get<{ number: number | null }>('SELECT number FROM tasks WHERE id = ?', [id])?.number;
  return number == null ? id : taskName(number);
}
