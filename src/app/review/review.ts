import { InvalidInputError, NotFoundError } from '../../core/model/errors.js';
import { plain } from '../../core/model/plainText.js';
import type { RowReader, Transaction } from '../../store/transaction.js';
import { conflictError } from '../history/conflicts.js';
import { nameOfTask } from '../history/words.js';
import { parseInput } from '../input.js';
import type { Plan } from '../plan.js';
import { resolveKnown } from '../trash/trashedTask.js';
import { PendingChanges, type PendingFilter } from './pending.js';
import {
  type AcceptChangesInput,
  type AcceptedView,
  acceptChangesInput,
  type RevertChangesInput,
  type RevertedView,
  type ReviewDiffView,
  type ReviewedTaskView,
  type ReviewInput,
  type ReviewView,
  revertChangesInput,
  reviewInput,
} from './reviewInputs.js';
import { takeBack } from './takeBack.js';
import type { TaskNet } from './taskNet.js';
import { taskTexts } from './taskText.js';

/** Tasks that the answer to accepting names. */
const NAMED = 100;
const ALL = Number.MAX_SAFE_INTEGER;

/** What others changed since a person looked: to see, to accept, or to take back. */
export class Review {
  readonly #plan: Plan;
  readonly #stop: () => void;
  #pending: PendingChanges | undefined;

  constructor(plan: Plan) {
    this.#plan = plan;
    this.#stop = plan.store.onDidChange(({ kind }) => kind === 'reloaded' && this.#pending?.forget());
  }

  /** Who changed what, by actor and task; the person's own changes are no part of it. Throws NOT_FOUND, AMBIGUOUS, INVALID_INPUT. */
  list(input: ReviewInput = {}): ReviewView {
    const { limit, ...given } = parseInput(reviewInput, input);
    const { store } = this.#plan;
    const pending = this.#waiting();
    const found = pending.find(store.head, filterOf(store, given), limit);
    const actors = [...new Set(found.nets.map((net) => net.actor))].sort();
    return {
      person: this.#plan.world.actor(),
      since: pending.marks.floor,
      head: store.head,
      actors: actors.map((actor) => ({ actor, tasks: viewsOf(store, found.nets, actor) })),
      total: found.total,
      truncated: found.truncated,
    };
  }

  /**
   * Agrees to what is there: moves the mark of all, of an actor, of a task. What comes later waits again. Throws NOT_FOUND
   * where nothing waits under an actor or task that is named.
   */
  async accept(input: AcceptChangesInput = {}): Promise<AcceptedView> {
    const given = parseInput(acceptChangesInput, input);
    return this.#plan.commit('review.accept', (transaction) => {
      const filter = filterOf(transaction, given);
      const head = transaction.seq - 1;
      const upTo = Math.min(given.upTo ?? head, head);
      const pending = new PendingChanges(transaction, transaction.actor);
      const found = pending.find(head, filter, NAMED);
      if (found.nets.length === 0) requireNothingNamed(given);
      const { marks } = pending;
      if (filter.task !== undefined)
        for (const net of found.nets) marks.move(transaction, upTo, net.actor, filter.task);
      else if (filter.actor !== undefined) marks.move(transaction, upTo, filter.actor);
      else marks.move(transaction, upTo);
      // With nothing left to look at, what was recorded until now need not be read again.
      const rest = new PendingChanges(transaction, transaction.actor);
      if (rest.find(head, {}, 1).total === 0) rest.marks.move(transaction, head);
      const accepted = found.nets.map((net) => settled(transaction, net));
      return { upTo, accepted, truncated: found.truncated };
    });
  }

  /**
   * Takes changes back as one transaction, which can be undone: what was created goes to the trash, what was deleted comes
   * back. Throws NOT_FOUND where nothing waits, and CONFLICT, naming every row, where something was changed since; then
   * nothing is changed.
   */
  async revert(input: RevertChangesInput): Promise<RevertedView> {
    const given = parseInput(revertChangesInput, input);
    if (given.actor === undefined && given.task === undefined && !given.all)
      throw new InvalidInputError('actor', 'Say whose changes to take back: an actor, a task, or all.');
    const work = (transaction: Transaction) => {
      const head = transaction.seq - 1;
      const { nets } = new PendingChanges(transaction, transaction.actor).find(head, filterOf(transaction, given), ALL);
      if (nets.length === 0) throw nothing(given);
      const later = nets.filter((net) => net.seq > (given.upTo ?? head));
      const reverted = nets.map((net) => toView(transaction, net));
      const conflicts = [
        ...later.map((net) => ({
          seq: net.seq,
          task: net.task,
          name: nameOfTask(transaction, net.task),
          message: `${nameOfTask(transaction, net.task)} was changed at this moment by ${net.actor}; look again`,
        })),
        ...takeBack(transaction, nets),
      ];
      return { reverted, conflicts };
    };
    if (given.dryRun) {
      this.#plan.store.refresh();
      return this.#plan.rehearse('review.revert', (transaction) => ({ dryRun: true, ...work(transaction) }));
    }
    return this.#plan.commit('review.revert', (transaction) => {
      const { reverted, conflicts } = work(transaction);
      if (conflicts.length > 0) throw conflictError(conflicts, 'This cannot be taken back');
      return { dryRun: false, seq: transaction.seq, reverted, conflicts: [] };
    });
  }

  /** A task without and with what an actor, or each of them, changed. Throws NOT_FOUND where nothing waits. */
  diff({ task, actor }: { readonly task: string; readonly actor?: string | undefined }): ReviewDiffView {
    const { store } = this.#plan;
    const filter = filterOf(store, { task, actor });
    const { nets } = this.#waiting().find(store.head, filter, ALL);
    if (nets.length === 0) throw nothing({ task, actor });
    const id = filter.task ?? task;
    const diffs = nets
      .map((net) => ({ actor: net.actor, ...taskTexts(store, net) }))
      .sort((a, b) => (a.actor < b.actor ? -1 : 1));
    return { task: id, name: nameOfTask(store, id), diffs };
  }

  dispose(): void {
    this.#stop();
  }

  #waiting(): PendingChanges {
    this.#pending ??= new PendingChanges(this.#plan.store, this.#plan.world.actor());
    return this.#pending;
  }
}

interface Named {
  readonly actor?: string | undefined;
  readonly task?: string | undefined;
}

function filterOf(store: RowReader, { actor, task }: Named): PendingFilter {
  return { actor, ...(task !== undefined && { task: resolveKnown(store, task) }) };
}

function requireNothingNamed(given: Named): void {
  if (given.actor !== undefined || given.task !== undefined) throw nothing(given);
}

function nothing({ actor, task }: Named): NotFoundError {
  const of = [...(actor === undefined ? [] : [`of ${actor}`]), ...(task === undefined ? [] : [`in ${task}`])].join(' ');
  return new NotFoundError(
    plain(`There is no change ${of ? `${of} ` : ''}to look at; “tm review” lists what there is.`),
    { actor, task },
  );
}

function viewsOf(store: RowReader, nets: readonly TaskNet[], actor: string): ReviewedTaskView[] {
  const own = nets.filter((net) => net.actor === actor).map((net) => toView(store, net));
  return own.sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
}

function toView(store: RowReader, net: TaskNet): ReviewedTaskView {
  const { kind, seq, at, changes, again } = net;
  return { ...settled(store, net), kind, seq, at, changes: [...changes], again: [...again] };
}

function settled(
  store: RowReader,
  { task, actor }: TaskNet,
): Pick<ReviewedTaskView, 'task' | 'name' | 'title' | 'actor'> {
  return { task, name: nameOfTask(store, task), title: titleOf(store, task), actor };
}

function titleOf(store: RowReader, task: string): string {
  const row = store.get<{ title: string }>(
    'SELECT title FROM tasks WHERE id = ?1 UNION ALL SELECT title FROM trash WHERE task_id = ?1',
    [task],
  );
  return row?.title ?? '';
}
