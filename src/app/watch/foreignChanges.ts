import type { TaskId } from '../../core/model/taskId.js';
import type { RowReader } from '../../store/transaction.js';

const ROWS = `SELECT id, json_array(title, description, status, priority, assignee, deadline, tags, version, updated_at,
    (SELECT group_concat(depends_on) FROM dependencies WHERE task_id = tasks.id)) AS content FROM tasks`;

type ContentRow = { id: TaskId; content: string };

/**
 * Notices what other SQLite clients did to tasks: they leave no transaction. A store is read anew for other reasons too,
 * so that alone says nothing; what counts is a task that is another one although no transaction touched it.
 */
export class ForeignChanges {
  #known: Map<TaskId, string>;
  readonly #touched = new Set<TaskId>();

  constructor(store: RowReader) {
    this.#known = contents(store);
  }

  /** Tasks of a transaction: that they are others is told of already. */
  touch(tasks: Iterable<TaskId>): void {
    for (const task of tasks) this.#touched.add(task);
  }

  /** Takes up what transactions did, once all of them were told: from here on any other content is somebody else's. */
  settle(store: RowReader): void {
    if (this.#touched.size === 0) return;
    const now = contents(store, [...this.#touched]);
    for (const id of this.#touched) {
      const content = now.get(id);
      if (content === undefined) this.#known.delete(id);
      else this.#known.set(id, content);
    }
    this.#touched.clear();
  }

  /** The tasks that were changed, added or removed without a transaction since the last look, by their ids' order. */
  look(store: RowReader): TaskId[] {
    const now = contents(store);
    const ids = new Set([...this.#known.keys(), ...now.keys()]);
    const changed = [...ids].filter((id) => !this.#touched.has(id) && this.#known.get(id) !== now.get(id));
    this.#known = now;
    this.#touched.clear();
    return changed.sort();
  }
}

function contents(store: RowReader, ids?: readonly TaskId[]): Map<TaskId, string> {
  const rows =
    ids === undefined
      ? store.all<ContentRow>(ROWS)
      : store.all<ContentRow>(`${ROWS} WHERE id IN (SELECT value FROM json_each(?))`, [JSON.stringify(ids)]);
  return new Map(rows.map(({ id, content }) => [id, content]));
}
