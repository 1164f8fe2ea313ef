import { mayClaim, mayDelete, mayUpdate, type Ownership, whoMay } from '../../core/access/rights.js';
import { OrchestratorError } from '../../core/model/errors.js';
import { type TaskId, taskName } from '../../core/model/taskId.js';
import type { Row, RowChange } from '../../store/record.js';
import { claimFromRow } from '../../store/repositories/taskRows.js';
import type { Transaction } from '../../store/transaction.js';
import { NO_CLAIM } from '../claims/lease.js';

/** What every change writes beside what it means. */
const BOOKKEEPING = new Set(['version', 'updated_at', 'updated_by']);
const CLAIM = new Set([...Object.keys(NO_CLAIM), 'claim_version']);
/** The editor keeps references where their lines have gone, whoever's task they are of. */
const FOLLOWING = new Set(['reference.follow', 'reference.rename']);

/**
 * Refuses a transaction of somebody who may not do it under the policy `owner`, by the rows that it changed, whichever
 * use case did. What follows from a deletion or from putting a task back is allowed with that.
 * Throws PERMISSION_DENIED, naming who may.
 */
export function requireAccess(transaction: Transaction, action: string): void {
  const check = new AccessCheck(transaction, action);
  for (const change of transaction.changes) check.change(change);
}

class AccessCheck {
  readonly #transaction: Transaction;
  readonly #action: string;
  /** Tasks that were made, put back or removed here: their edges come and go with them. */
  readonly #whole: ReadonlySet<string>;

  constructor(transaction: Transaction, action: string) {
    this.#transaction = transaction;
    this.#action = action;
    const whole = transaction.changes.filter(({ table, before, after }) => table === 'tasks' && !(before && after));
    this.#whole = new Set(whole.map(({ key }) => String(key[0])));
  }

  change(change: RowChange): void {
    const { table, before, after } = change;
    switch (table) {
      case 'tasks':
        this.#task(change);
        break;
      case 'trash':
        if (after === null && before) this.#outOfTrash(before);
        break;
      case 'dependencies':
      case 'links':
        if (!change.key.some((end) => this.#whole.has(String(end)))) this.#require('update', String(change.key[0]));
        break;
      case 'file_refs':
        if (!(before && after && FOLLOWING.has(this.#action))) this.#hanging(change);
        break;
      // Everybody may say something and take part; what somebody else said and where they take part is theirs.
      case 'collaboration_events':
        if (before) this.#hanging(change);
        break;
      // Whoever commits says what for; taking a link away is for those who may change the task.
      case 'git_commits':
        if (after === null && before) this.#unlinked(change);
        break;
      case 'participants':
      case 'time_entries':
        this.#hanging(change);
        break;
      default:
        break;
    }
  }

  #task({ key, before, after }: RowChange): void {
    const id = String(key[0]);
    if (before === null) return;
    if (after === null) {
      this.#require('delete', id);
      return;
    }
    const columns = Object.keys(after).filter((column) => !BOOKKEEPING.has(column));
    const isOrphaned = columns.every((column) => column === 'parent_id') && this.#whole.has(String(before.parent_id));
    const isAdopted = columns.every((column) => column === 'parent_id') && this.#whole.has(String(after.parent_id));
    if (columns.length === 0 || isOrphaned || (isAdopted && before.parent_id === null)) return;
    if (columns.every((column) => column === 'actual_hours') && this.#stoppedOwnClock(id)) return;
    this.#require(columns.every((column) => CLAIM.has(column)) ? 'claim' : 'update', id);
  }

  /** True where the actor's own clock on the task ended here: the task's hours follow, whoever's it has become. */
  #stoppedOwnClock(id: TaskId): boolean {
    return this.#transaction.changes.some(({ table, key, before, after }) => {
      if (table !== 'time_entries' || !before || !after || after.ended_at == null) return false;
      const entry = this.#row(table, key);
      return entry?.task_id === id && entry.agent_id === this.#transaction.actor;
    });
  }

  /** A row that is somebody's own, or goes with its task. */
  #hanging({ table, key, before, after }: RowChange): void {
    const known = { ...this.#row(table, key), ...after, ...before };
    if (known.agent_id === this.#transaction.actor || this.#whole.has(String(known.task_id))) return;
    this.#require('update', String(known.task_id));
  }

  /** A commit that was linked by oneself, goes with its task, or makes place for what git says of it, may go. */
  #unlinked({ key, before }: RowChange): void {
    const [task, hash] = key.map(String);
    const isReplaced = this.#transaction.changes.some(
      (other) =>
        other.table === 'git_commits' &&
        other.after !== null &&
        other.key[0] === task &&
        String(other.key[1]).startsWith(hash ?? ''),
    );
    if (isReplaced || this.#action === 'commit.sync' || this.#whole.has(task ?? '')) return;
    if (before?.linked_by !== this.#transaction.actor) this.#require('update', task ?? '');
  }

  #outOfTrash(row: Row): void {
    const { actor, at } = this.#transaction;
    const { task } = JSON.parse(String(row.rows)) as { task: Row };
    const owner = ownership(task);
    if (row.deleted_by === actor || mayDelete(owner, actor)) return;
    throw denied(this.#transaction, 'delete', { id: String(row.task_id), number: Number(row.number), ...owner }, at);
  }

  #require(what: 'update' | 'delete' | 'claim', id: TaskId): void {
    const row = this.#original(id);
    if (!row) return;
    const task = { id, number: Number(row.number), ...ownership(row) };
    const { actor, at } = this.#transaction;
    const may = what === 'delete' ? mayDelete(task, actor) : (what === 'claim' ? mayClaim : mayUpdate)(task, actor, at);
    if (!may) throw denied(this.#transaction, what, task, at);
  }

  /** The task as it was before the transaction; undefined for one that it made. */
  #original(id: TaskId): Row | undefined {
    const changes = this.#transaction.changes.filter(({ table, key }) => table === 'tasks' && key[0] === id);
    if (changes[0]?.before === null) return undefined;
    const last = this.#row('tasks', [id]) ?? changes.find(({ after }) => after === null)?.before;
    return last && Object.assign({}, last, ...changes.map(({ before }) => before).reverse());
  }

  #row(table: RowChange['table'], key: RowChange['key']): Row | undefined {
    const column = table === 'tasks' ? 'id' : 'uid';
    if (table === 'participants') return { task_id: key[0] ?? null, agent_id: key[1] ?? null };
    return this.#transaction.get(`SELECT * FROM ${table} WHERE ${column} = ?`, [key[0] ?? null]);
  }
}

function ownership(row: Row): Ownership {
  return {
    createdBy: String(row.created_by ?? 'user'),
    assignee: typeof row.assignee === 'string' && row.assignee !== '' ? row.assignee : undefined,
    claim: claimFromRow(row),
  };
}

function denied(
  { actor }: Transaction,
  what: 'update' | 'delete' | 'claim',
  task: Ownership & { readonly id: TaskId; readonly number: number },
  at: string,
): OrchestratorError {
  const who = whoMay(what === 'delete' ? 'delete' : 'update', task, at);
  const verb = { update: 'changed', delete: 'deleted', claim: 'claimed' }[what];
  return new OrchestratorError(
    'PERMISSION_DENIED',
    `${taskName(task.number)} may be ${verb} by ${who.join('; ')}; you are ${actor}. Nothing was changed: the access policy of this project is owner (“tm config --show”).`,
    { task: task.id, actor, may: who },
  );
}
