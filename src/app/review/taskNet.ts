import type { TaskId } from '../../core/model/taskId.js';
import type { Row } from '../../store/record.js';
import {
  insertedRow,
  readPlainRow,
  readTaskRows,
  readTransactionRows,
  type TaskAuditRow,
  wasRemovedIn,
} from '../../store/repositories/auditRows.js';
import type { TableName } from '../../store/schema.js';
import type { RowReader } from '../../store/transaction.js';
import type { ChangeView } from '../history/historyInputs.js';
import { toChangeViews } from '../history/transactionView.js';
import { columnName } from '../history/words.js';
import { type RowNet, rowNets } from './rowNet.js';

/** What an actor's changes of a task come to. */
export interface TaskNet {
  readonly task: TaskId;
  readonly actor: string;
  readonly kind: RowNet['kind'];
  /** The last transaction, and when it was. */
  readonly seq: number;
  readonly at: string;
  /** As people speak of them. */
  readonly changes: readonly ChangeView[];
  /** Fields that others changed after it, and who did. */
  readonly again: readonly { readonly field: string; readonly by: string }[];
  /** What has to be taken back for it, in its order. */
  readonly steps: readonly TaskAuditRow[];
}

/** The tables that make up what people planned and said. Others tell what happened, or follow from these. */
const LOOKED_AT: ReadonlySet<TableName> = new Set([
  'tasks',
  'dependencies',
  'links',
  'file_refs',
  'collaboration_events',
  'time_entries',
  'git_commits',
]);

/** Whether a change is what others are compared with. */
export type Accepts = (row: Pick<TaskAuditRow, 'actor' | 'seq' | 'task'>) => boolean;

/** What is left of each actor's changes of a task after a transaction, where that is something to look at. */
export function taskNets(store: RowReader, task: TaskId, after: number, accepts: Accepts): TaskNet[] {
  const all = taskRowNets(store, task, after, accepts);
  const isOwn = (row: TaskAuditRow) => wasAddedByRemover(store, row, after, accepts);
  const isThere = store.get('SELECT 1 FROM tasks WHERE id = ?', [task]) !== undefined;
  return [...new Set(all.map((net) => net.actor))].flatMap((actor) => {
    const own = all.filter((net) => net.actor === actor);
    const kind = own.find((net) => net.table === 'tasks')?.kind ?? 'changed';
    // What another one removed since is his to be looked at.
    if (!isThere && kind !== 'removed') return [];
    const shown = kind === 'removed' ? own.filter((net) => net.table === 'tasks') : own;
    const changes = toChangeViews(
      store,
      shown.flatMap((net) => shownRows(store, net)),
    );
    if (changes.length === 0) return [];
    const steps = own.flatMap((net) => net.steps).sort((a, b) => a.id - b.id);
    const last = steps.at(-1) as TaskAuditRow;
    const again = own.flatMap((net) => [...net.again].map(([column, by]) => ({ field: columnName(column), by })));
    return [
      {
        task,
        actor,
        kind,
        seq: last.seq,
        at: last.at,
        changes,
        again,
        steps: allSteps(store, { task, actor, kind }, steps, isOwn),
      },
    ];
  });
}

/** What is left of each actor's changes of each row of a task. */
export function taskRowNets(
  store: RowReader,
  task: TaskId,
  after: number,
  accepts: Accepts,
): (RowNet & { readonly table: TableName })[] {
  const rows = new Map<string, TaskAuditRow[]>();
  for (const row of readTaskRows(store, task, after)) {
    if (!LOOKED_AT.has(row.table)) continue;
    const name = JSON.stringify([row.table, row.key]);
    rows.set(name, [...(rows.get(name) ?? []), row]);
  }
  return [...rows.values()].flatMap((changes) => {
    const table = changes[0]?.table as TableName;
    return rowNets(changes, accepts).flatMap((net) => {
      const steps = net.steps.flatMap((step) => withoutOthersRemoval(store, step));
      return steps.length > 0 ? [{ ...net, steps, table }] : [];
    });
  });
}

/** An edge, or a parent, that went with the task at its other end belongs to the removal of that one. */
function withoutOthersRemoval(store: RowReader, step: TaskAuditRow): TaskAuditRow[] {
  const { table, kind, key, seq, before, after } = step;
  if ((table === 'dependencies' || table === 'links') && kind === 'delete')
    return wasRemovedIn(store, seq, String(key[1])) && !wasRemovedIn(store, seq, step.task) ? [] : [step];
  if (table !== 'tasks' || kind !== 'update' || typeof before?.parent_id !== 'string' || after?.parent_id !== null)
    return [step];
  if (!wasRemovedIn(store, seq, before.parent_id)) return [step];
  const others = Object.keys(after).filter((column) => column !== 'parent_id');
  const pick = (row: Row) => Object.fromEntries(others.map((column) => [column, row[column] ?? null]));
  return others.length > 0 ? [{ ...step, before: pick(before), after: pick(after) }] : [];
}

/** What a removal took along, edges of others included, comes back with the task; not what its actor had added to it. */
function allSteps(
  store: RowReader,
  { task, actor, kind }: Pick<TaskNet, 'task' | 'actor' | 'kind'>,
  steps: readonly TaskAuditRow[],
  isOwn: (row: TaskAuditRow) => boolean,
): readonly TaskAuditRow[] {
  const removal = steps.findLast((step) => step.table === 'tasks' && step.kind === 'delete');
  if (kind !== 'removed' || !removal) return steps;
  const went = readTransactionRows(store, removal.seq).filter(
    ({ task: of, table, key, before, after }) =>
      of === task ||
      ((table === 'dependencies' || table === 'links') && key[1] === task) ||
      (table === 'tasks' && before?.parent_id === task && after?.parent_id === null),
  );
  const comes = went.filter((row) => row.id === removal.id || row.actor !== actor || !isOwn(row));
  return [...steps.filter((step) => step.seq !== removal.seq), ...comes];
}

/** True where the row, or that the task is its parent, was added by its remover, and nobody has agreed to that. */
function wasAddedByRemover(store: RowReader, row: TaskAuditRow, after: number, accepts: Accepts): boolean {
  if (!LOOKED_AT.has(row.table)) return false;
  const name = JSON.stringify(row.key);
  const earlier = readTaskRows(store, row.task, after).filter(
    (one) => one.id < row.id && one.table === row.table && JSON.stringify(one.key) === name,
  );
  const parent = row.before?.parent_id;
  return rowNets(earlier, accepts).some(
    ({ actor, kind, steps }) =>
      actor === row.actor &&
      (row.kind === 'delete' ? kind === 'added' : steps.some((step) => step.after?.parent_id === parent)),
  );
}

/** A row that was added as it became, one that was removed as it was, and what else was changed. */
function shownRows(store: RowReader, { kind, steps }: RowNet): TaskAuditRow[] {
  if (kind === 'changed') return [...steps];
  if (kind === 'removed') return steps.filter((step) => step.kind === 'delete').slice(-1);
  const [added] = steps.filter((step) => step.kind === 'insert').slice(-1);
  if (!added) return [];
  const later = steps.filter((step) => step.kind === 'update').map((step) => step.after);
  const values: Row = Object.assign({}, insertedRow(store, added), ...later);
  // In the order of the table, however it came about.
  const columns = Object.keys(readPlainRow(store, added.table, added.key) ?? values).filter((name) => name in values);
  return [{ ...added, after: Object.fromEntries(columns.map((name) => [name, values[name] ?? null])) }];
}
