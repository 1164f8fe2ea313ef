import type { TaskId } from '../../core/model/taskId.js';
import type { RowReader, Transaction } from '../../store/transaction.js';

/**
 * Up to where a person has looked, as numbers of transactions: at everything, at what an actor did, at what an actor did
 * to a task. They lie in the store, in `meta`, so that all windows of a person agree; they are no part of the plan, and
 * undoing leaves them alone.
 */
export class Marks {
  readonly #marks: ReadonlyMap<string, number>;
  readonly person: string;
  /** Tells one state of the marks from another. */
  readonly print: string;

  private constructor(person: string, marks: ReadonlyMap<string, number>) {
    this.person = person;
    this.#marks = marks;
    this.print = JSON.stringify([...marks]);
  }

  static read(store: RowReader, person: string): Marks {
    const own = keyOf([person]);
    const below = `${own.slice(0, -1)},`;
    const rows = store.all<{ key: string; value: string }>(
      'SELECT key, value FROM meta WHERE key = ?1 OR (key > ?2 AND key < ?3) ORDER BY key',
      [own, below, `${below}\u{10ffff}`],
    );
    return new Marks(person, new Map(rows.map(({ key, value }) => [key, Number(value)])));
  }

  /** Nothing up to here waits to be looked at. */
  get floor(): number {
    return this.#of([this.person]);
  }

  /** Up to where the person has looked at what an actor did to a task. */
  of(actor: string, task: TaskId): number {
    return Math.max(this.floor, this.#of([this.person, actor]), this.#of([this.person, actor, task]));
  }

  /** Moves the mark of everything, of an actor, or of an actor's changes of a task; never back. */
  move(
    transaction: Transaction,
    upTo: number,
    ...of: readonly [] | readonly [string] | readonly [string, TaskId]
  ): void {
    const key = keyOf([this.person, ...of]);
    if ((this.#marks.get(key) ?? 0) >= upTo) return;
    const value = String(upTo);
    if (this.#marks.has(key)) transaction.update('meta', [key], { value });
    else transaction.insert('meta', { key, value });
    // Narrower marks that say no more.
    const below = `${key.slice(0, -1)},`;
    for (const [other, seq] of this.#marks)
      if (other.startsWith(below) && seq <= upTo) transaction.delete('meta', [other]);
  }

  #of(names: readonly string[]): number {
    return this.#marks.get(keyOf(names)) ?? 0;
  }
}

function keyOf(names: readonly string[]): string {
  return `reviewed ${JSON.stringify(names)}`;
}
