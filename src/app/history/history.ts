import { NotFoundError, OrchestratorError } from '../../core/model/errors.js';
import type { TaskId } from '../../core/model/taskId.js';
import {
  type AuditEntry,
  type AuditFilter,
  type AuditRow,
  insertedRow,
  readAuditRows,
  readEntries,
  readEntriesAfter,
} from '../../store/repositories/auditRows.js';
import type { RowReader, Transaction } from '../../store/transaction.js';
import { parseInput } from '../input.js';
import type { Plan } from '../plan.js';
import { resolveKnown } from '../trash/trashedTask.js';
import { conflictError, conflictViews } from './conflicts.js';
import {
  type ChangedSinceInput,
  type ChangedSinceView,
  type ConflictView,
  changedSinceInput,
  type LogInput,
  type LogView,
  logInput,
  type TransactionView,
  type UndoInput,
  type UndoView,
  undoInput,
} from './historyInputs.js';
import { Inverse } from './inverse.js';
import { toChangeViews } from './transactionView.js';
import { UndoneTracker, undoAction, undoneBy } from './undone.js';

/** Transactions read at a time. */
const PAGE = 500;
const ALL = Number.MAX_SAFE_INTEGER;

/** What happened to the plan, and taking it back. */
export class History {
  readonly #plan: Plan;

  constructor(plan: Plan) {
    this.#plan = plan;
  }

  /** The recorded transactions, the newest first. Throws NOT_FOUND, AMBIGUOUS, INVALID_INPUT. */
  log(input: LogInput = {}): LogView {
    const given = parseInput(logInput, input);
    const { store } = this.#plan;
    const filter = {
      ...(given.task !== undefined && { task: resolveKnown(store, given.task) }),
      ...(given.actor !== undefined && { actor: given.actor }),
      ...sinceFilter(given.since),
    };
    const entries = readEntries(store, filter, given.limit + 1);
    const shown = entries.slice(0, given.limit);
    const undone = undoneAfter(store, (shown.at(-1)?.seq ?? store.head) - 1);
    return {
      transactions: shown.map((entry) => toView(store, entry, undone.has(entry.seq))),
      head: store.head,
      truncated: entries.length > given.limit,
    };
  }

  /** The transactions after a given one, the oldest first: for whoever follows the plan. */
  following(seq: number, limit: number): TransactionView[] {
    const { store } = this.#plan;
    const undone = undoneAfter(store, seq);
    return readEntriesAfter(store, seq, limit).map((entry) => toView(store, entry, undone.has(entry.seq)));
  }

  /** Which tasks changed after a transaction: for whoever keeps a copy. */
  changedSince(input: ChangedSinceInput): ChangedSinceView {
    const { seq, limit } = parseInput(changedSinceInput, input);
    const { store } = this.#plan;
    const rows = store.all<{ seq: number; task: string; action: string; here: number }>(
      `SELECT max(seq) AS seq, task_id AS task, action, EXISTS (SELECT 1 FROM tasks WHERE id = task_id) AS here
       FROM audit_log WHERE seq > ? GROUP BY task_id ORDER BY max(seq)`,
      [seq],
    );
    const restored = store.get('SELECT 1 FROM audit_log WHERE seq >= ? AND action = ?', [seq, 'store.restore']);
    // Cut between transactions: who asks again gets the rest.
    const last = rows[limit - 1]?.seq ?? store.head;
    const within = rows.filter((row) => row.seq <= last);
    const truncated = within.length < rows.length;
    const shown = within.filter((row) => row.task !== '');
    return {
      head: truncated ? last : store.head,
      changed: shown.filter((row) => row.here === 1).map((row) => row.task),
      deleted: shown.filter((row) => row.here === 0).map((row) => row.task),
      everything: restored !== undefined && seq > 0,
      truncated,
    };
  }

  /**
   * The tasks that changed after a transaction, each once, in the order of their last change; of that very transaction
   * only those behind `task`. `everything`: a backup was put back meanwhile.
   */
  tasksChangedAfter(
    seq: number,
    task: TaskId | '' = '',
  ): { changes: readonly { readonly task: TaskId; readonly seq: number }[]; everything: boolean } {
    const { store } = this.#plan;
    const changes = store.all<{ task: TaskId; seq: number }>(
      `SELECT task_id AS task, max(seq) AS seq FROM audit_log WHERE task_id != '' AND seq >= ?1 GROUP BY task_id
       HAVING max(seq) > ?1 OR (?2 != '' AND task_id > ?2) ORDER BY 2, 1`,
      [seq, task],
    );
    const restored = store.get("SELECT 1 FROM audit_log WHERE seq >= ? AND action = 'store.restore'", [seq]);
    return { changes, everything: restored !== undefined && seq > 0 };
  }

  /**
   * Takes back the actor's last transaction, or all since a time, or a given one: as one new transaction, which can be
   * undone in turn. Claims stay as they are. Throws NOT_FOUND where there is nothing to undo, and CONFLICT, naming every
   * row, where something was changed since; then nothing is changed.
   */
  async undo(input: UndoInput = {}): Promise<UndoView> {
    const given = parseInput(undoInput, input);
    if (given.dryRun) {
      return this.#plan.rehearse('undo', (transaction) => {
        const chosen = this.#choose(given);
        const undone = chosen.map((entry) => toView(transaction, entry, false));
        return { dryRun: true, undone, conflicts: takeBack(transaction, chosen) };
      });
    }
    // What is undone is in the name of the transaction, so it is chosen first, and again when the lock is held.
    this.#plan.store.refresh();
    const planned = this.#choose(given);
    return this.#plan.commit(undoAction(planned.map((entry) => entry.seq)), (transaction) => {
      const chosen = this.#choose(given.since === undefined ? { seq: planned[0]?.seq } : given);
      if (chosen.length !== planned.length || chosen.some((entry, at) => entry.seq !== planned[at]?.seq)) {
        throw new OrchestratorError('CONFLICT', 'More was changed at this moment. Nothing was undone; try again.');
      }
      const undone = chosen.map((entry) => toView(transaction, entry, false));
      const conflicts = takeBack(transaction, chosen);
      if (conflicts.length > 0) {
        const what =
          chosen.length === 1
            ? 'This cannot be undone'
            : `These ${chosen.length} transactions cannot be undone together`;
        throw conflictError(conflicts, what);
      }
      return { dryRun: false, seq: transaction.seq, undone, conflicts: [] };
    });
  }

  /** True for what `undo` takes by its number: not undone yet, and a change of the plan. */
  canUndo(transaction: TransactionView): boolean {
    return !transaction.undone && isUndoable(transaction);
  }

  /** The transactions to take back, the newest first. */
  #choose({ seq, actor = this.#plan.world.actor(), since }: { seq?: number; actor?: string; since?: string | number }) {
    const { store } = this.#plan;
    const tracker = new UndoneTracker();
    const chosen: AuditEntry[] = [];
    const { after = 0, since: time = '' } = sinceFilter(since);
    for (const entry of entriesFrom(store)) {
      const isUndone = tracker.meet(entry);
      if (seq !== undefined) {
        if (entry.seq > seq) continue;
        if (entry.seq < seq) break;
        requireUndoable(entry, isUndone);
        return [entry];
      }
      if (entry.seq <= after || entry.at < time) break;
      if (isUndone || entry.actor !== actor || undoneBy(entry.action).length > 0 || !isUndoable(entry)) continue;
      chosen.push(entry);
      if (since === undefined) break;
    }
    if (chosen.length > 0) return chosen;
    if (seq !== undefined) throw new NotFoundError(`There is no transaction ${seq}; “tm log” shows them.`, { seq });
    const when = since === undefined ? '' : ` since ${since}`;
    throw new NotFoundError(`There is nothing of ${actor} to undo${when}.`, { actor });
  }
}

/** The transactions that were undone by later ones than `seq`. */
function undoneAfter(store: RowReader, seq: number): ReadonlySet<number> {
  const tracker = new UndoneTracker();
  for (const entry of readEntries(store, { after: seq, action: 'undo %' }, ALL)) tracker.meet(entry);
  return tracker.undone;
}

/** All transactions, the newest first, read as they are asked for. */
function* entriesFrom(store: RowReader): Generator<AuditEntry> {
  let upTo = ALL;
  for (;;) {
    const page = readEntries(store, { upTo }, PAGE);
    yield* page;
    const last = page.at(-1);
    if (page.length < PAGE || !last) return;
    upTo = last.seq - 1;
  }
}

function sinceFilter(since: string | number | undefined): Pick<AuditFilter, 'after' | 'since'> {
  if (since === undefined) return {};
  return typeof since === 'number' ? { after: since - 1 } : { since };
}

/** Claims are leases and not part of the plan; a run has happened; restoring a backup is undone by restoring another. */
function isUndoable({ action }: Pick<AuditEntry, 'action'>): boolean {
  return !/^(claim|store|run)\b/.test(action);
}

function requireUndoable(entry: AuditEntry, isUndone: boolean): void {
  const { seq, action } = entry;
  if (isUndone) throw new OrchestratorError('CONFLICT', `Transaction ${seq} was undone already.`, { seq });
  if (isUndoable(entry)) return;
  throw new OrchestratorError('CONFLICT', `Transaction ${seq} (${action}) is not undone: ${insteadOf(action)}.`, {
    seq,
  });
}

function insteadOf(action: string): string {
  if (action.startsWith('run')) return 'the code was run, and this is the record of it';
  return action.startsWith('claim') ? 'claim or release the task instead' : 'restore another backup instead';
}

function takeBack(transaction: Transaction, entries: readonly AuditEntry[]): ConflictView[] {
  const inverse = new Inverse(transaction);
  for (const entry of entries) inverse.takeBack(entry);
  inverse.finish();
  return conflictViews(transaction, inverse.conflicts);
}

function toView(store: RowReader, { seq, at, actor, action }: AuditEntry, undone: boolean): TransactionView {
  const rows: AuditRow[] = readAuditRows(store, seq).map((row) =>
    row.kind === 'insert' ? { ...row, after: insertedRow(store, row) } : row,
  );
  return { seq, at, actor, action, undone, changes: toChangeViews(store, rows) };
}
