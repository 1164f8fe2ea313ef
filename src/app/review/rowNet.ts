import { type NetChange, netChanges, type Write } from '../../core/review/netChange.js';
import type { Row, Value } from '../../store/record.js';
import type { TaskAuditRow } from '../../store/repositories/auditRows.js';
import { LEFT_ALONE } from '../history/inverse.js';

/** What an actor's changes of one row come to. */
export interface RowNet {
  readonly actor: string;
  readonly kind: 'added' | 'removed' | 'changed';
  /** The changes that have to be taken back, in their order; what was taken back already is not among them. */
  readonly steps: readonly TaskAuditRow[];
  /** Columns that others changed after it, and who did. */
  readonly again: ReadonlyMap<string, string>;
}

/** What the changes of one row, all of them and in their order, come to for each actor who is not `accepted`. */
export function rowNets(rows: readonly TaskAuditRow[], accepted: (row: TaskAuditRow) => boolean): RowNet[] {
  const presence = netChanges(
    rows
      .filter((row) => row.kind !== 'update')
      .map((row) => ({ ...writeOf(row, accepted), before: row.kind === 'delete', after: row.kind === 'insert' })),
  );
  const columns = new Map<string, Write<Value>[]>();
  for (const row of rows) {
    if (row.kind !== 'update') continue;
    for (const column of Object.keys(row.after ?? {}).filter((name) => !LEFT_ALONE.has(name))) {
      const writes = columns.get(column) ?? [];
      columns.set(column, writes);
      const [before, after] = [row.before?.[column] ?? null, row.after?.[column] ?? null];
      writes.push({ ...writeOf(row, accepted), before, after });
    }
  }
  const changed = [...columns].flatMap(([column, writes]) => netChanges(writes).map((change) => ({ column, change })));
  const actors = new Set([...presence, ...changed.map(({ change }) => change)].map(({ actor }) => actor));
  return [...actors].map((actor) => {
    const own = presence.filter((change) => change.actor === actor);
    const fields = changed.filter(({ change }) => change.actor === actor);
    const last = own.at(-1);
    return {
      actor,
      kind: last === undefined ? 'changed' : last.after ? 'added' : 'removed',
      steps: [...own.flatMap((change) => stepOf(rows, change)), ...fieldSteps(rows, fields)].sort(
        (a, b) => a.id - b.id,
      ),
      again: new Map(fields.flatMap(({ column, change: { again } }) => (again === undefined ? [] : [[column, again]]))),
    };
  });
}

function writeOf(row: TaskAuditRow, accepted: (row: TaskAuditRow) => boolean) {
  return { seq: row.seq, actor: row.actor, accepted: accepted(row) };
}

/** The row that was added or removed. */
function stepOf(rows: readonly TaskAuditRow[], { first, after }: NetChange<boolean>): TaskAuditRow[] {
  const found = rows.find((row) => row.seq === first && row.kind === (after ? 'insert' : 'delete'));
  return found ? [found] : [];
}

/** One update a transaction in which columns got their last values. */
function fieldSteps(
  rows: readonly TaskAuditRow[],
  changes: readonly { readonly column: string; readonly change: NetChange<Value> }[],
): TaskAuditRow[] {
  const seqs = new Set(changes.map(({ change }) => change.seq));
  return [...seqs].flatMap((seq) => {
    const row = rows.findLast((one) => one.seq === seq && one.kind === 'update');
    if (!row) return [];
    const of = changes.filter(({ change }) => change.seq === seq);
    const pick = (side: 'before' | 'after'): Row =>
      Object.fromEntries(of.map(({ column, change }) => [column, change[side]]));
    return [{ ...row, before: pick('before'), after: pick('after') }];
  });
}
