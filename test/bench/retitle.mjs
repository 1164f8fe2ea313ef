import { openStore } from './build.mjs';
import { openNative } from './native.mjs';

const LAST_IDS = 'SELECT id FROM tasks ORDER BY number DESC LIMIT 1000';
let titles = 0;
/** Another one each time, so that there is something to write. */
function newTitle() {
  titles += 1;
  return `Changed for the ${titles}th time by ${process.pid}`;
}

/**
 * The unit of work of every commit that is measured: a task gets a new title and the audit log a row about it, in one
 * durable transaction.
 * @param {typeof import('./library.js')} library
 * @param {string} path
 */
export async function retitleOurs(library, path) {
  const store = await openStore(library, path);
  const ids = store.all(LAST_IDS).map((row) => String(row.id));
  return {
    store,
    commit: (/** @type {number} */ turn) =>
      store.commit('bench', 'task.update', (transaction) =>
        transaction.update('tasks', [ids[turn % ids.length] ?? ''], { title: newTitle() }),
      ),
    close: () => store.close(),
  };
}

/**
 * The same with native SQLite, on a copy of the same file: same tables, same indexes, same reads before the write.
 * @param {string} path
 */
export function retitleNative(path) {
  const database = openNative(path);
  const ids = database.prepare(LAST_IDS).all();
  const begin = database.prepare('BEGIN IMMEDIATE');
  const end = database.prepare('COMMIT');
  const read = database.prepare('SELECT * FROM tasks WHERE id = ?');
  const update = database.prepare('UPDATE tasks SET title = ? WHERE id = ?');
  const audit = database.prepare(
    `INSERT INTO audit_log (task_id, action, old_value, new_value, changed_by, changed_at, seq, row_table, row_key)
     VALUES (?, 'task.update', ?, ?, 'bench', ?, (SELECT coalesce(max(seq), 0) + 1 FROM audit_log), 'tasks', ?)`,
  );
  return {
    commit: (/** @type {number} */ turn) => {
      const { id } = ids[turn % ids.length];
      const title = newTitle();
      begin.run();
      const before = JSON.stringify({ title: read.get(id).title });
      update.run(title, id);
      audit.run(id, before, JSON.stringify({ title }), new Date().toISOString(), JSON.stringify([id]));
      end.run();
    },
    /** Reads one task: what others committed is there. */
    read: () => read.get(ids[0].id),
    close: () => database.close(),
  };
}
