import type { TaskId } from '../../core/model/taskId.js';
import { isTouchedMore, readTouched, type TouchedTask } from '../../store/repositories/auditRows.js';
import type { RowReader } from '../../store/transaction.js';
import { Marks } from './marks.js';
import { type TaskNet, taskNets } from './taskNet.js';

/** So many changed rows are looked through, from the last one back. */
const MOST_ROWS = 10_000;

export interface PendingFilter {
  readonly actor?: string | undefined;
  readonly task?: TaskId | undefined;
}

export interface Found {
  readonly nets: readonly TaskNet[];
  /** Those too that were not looked into. */
  readonly total: number;
  readonly truncated: boolean;
}

/**
 * What waits for a person to look at it. Asked again, it reads only what was recorded since, and looks again only into
 * tasks that somebody touched.
 */
export class PendingChanges {
  readonly #store: RowReader;
  readonly #person: string;
  readonly #nets = new Map<TaskId, readonly TaskNet[]>();
  #touched = new Map<string, TouchedTask>();
  #marks: Marks;
  #head = -1;
  #isMore = false;

  constructor(store: RowReader, person: string) {
    this.#store = store;
    this.#person = person;
    this.#marks = Marks.read(store, person);
  }

  /** Up to where the person has looked, as it was read last. */
  get marks(): Marks {
    return this.#marks;
  }

  /** Reads everything anew the next time: the store's content was replaced. */
  forget(): void {
    this.#head = -1;
  }

  /** At most `limit` of them, the last changed first; `head` is the last transaction. */
  find(head: number, { actor, task }: PendingFilter, limit: number): Found {
    this.#update(head);
    const filter = { after: this.#marks.floor, except: this.#person, actor, task };
    const isWhole = actor === undefined && task === undefined;
    const touched = isWhole
      ? [...this.#touched.values()].sort((a, b) => b.seq - a.seq)
      : readTouched(this.#store, filter, limit === Number.MAX_SAFE_INTEGER ? limit : MOST_ROWS);
    const candidates = touched.filter((one) => one.seq > this.#marks.of(one.actor, one.task));
    const nets: TaskNet[] = [];
    let looked = 0;
    for (const one of candidates) {
      if (nets.length >= limit) break;
      looked++;
      const net = this.#netsOf(one.task).find((found) => found.actor === one.actor);
      if (net) nets.push(net);
    }
    const isCut = isWhole ? this.#isMore : touched.length > 0 && isTouchedMore(this.#store, filter, MOST_ROWS);
    return {
      nets,
      total: nets.length + candidates.length - looked,
      truncated: looked < candidates.length || (isCut && limit < Number.MAX_SAFE_INTEGER),
    };
  }

  #netsOf(task: TaskId): readonly TaskNet[] {
    const known = this.#nets.get(task);
    if (known) return known;
    const marks = this.#marks;
    const nets = taskNets(
      this.#store,
      task,
      marks.floor,
      (row) => row.actor === this.#person || row.seq <= marks.of(row.actor, row.task),
    );
    this.#nets.set(task, nets);
    return nets;
  }

  /** What an actor's accepted changes are compared with is another: their tasks are looked into again. */
  #forgetMoved(marks: Marks): void {
    for (const { actor, task } of this.#touched.values())
      if (this.#nets.has(task) && marks.of(actor, task) !== this.#marks.of(actor, task)) this.#nets.delete(task);
  }

  #update(head: number): void {
    const marks = Marks.read(this.#store, this.#person);
    const isSame = marks.print === this.#marks.print;
    if (this.#head >= 0 && head === this.#head && isSame) return;
    const { floor } = marks;
    const isNew =
      this.#head < 0 ||
      head < this.#head ||
      floor !== this.#marks.floor ||
      isTouchedMore(this.#store, { after: this.#head }, MOST_ROWS);
    if (isNew) this.#nets.clear();
    else if (!isSame) this.#forgetMoved(marks);
    this.#marks = marks;
    if (isNew) this.#touched = new Map();
    const filter = isNew ? { after: floor, except: this.#person } : { after: this.#head };
    for (const one of readTouched(this.#store, filter, MOST_ROWS).reverse()) {
      this.#nets.delete(one.task);
      if (one.actor !== this.#person) this.#touched.set(JSON.stringify([one.actor, one.task]), one);
    }
    if (isNew) this.#isMore = isTouchedMore(this.#store, filter, MOST_ROWS);
    this.#head = head;
  }
}
