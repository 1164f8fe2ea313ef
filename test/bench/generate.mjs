import { openStore } from './build.mjs';
import { mulberry32 } from './random.mjs';

const BATCH = 2_000;
/** Tasks hang together in groups of this size; a task depends on earlier ones of its group. */
const GROUP = 50;
const PRIORITIES = ['critical', 'high', 'medium', 'medium', 'medium', 'low', 'background'];
const WORDS =
  'link store journal replay user token page index cache query route error retry limit shard batch merge login form test'.split(
    ' ',
  );

/**
 * Fills a new store with `size` tasks of 1 KB with 3 dependencies each (fewer at the start of a group): the same ones each time. The first two fifths
 * are completed, a few of the rest are in progress, blocked or cancelled; every fifth task refers to code.
 * @param {typeof import('./library.js')} library
 * @param {string} path
 * @param {number} size
 */
export async function generate(library, path, size) {
  const store = await openStore(library, path);
  const random = mulberry32(size);
  /** @param {number} limit */
  const below = (limit) => Math.floor(random() * limit);
  /** @type {string[]} */
  const ids = [];
  const known = new Set();
  for (let first = 0; first < size; first += BATCH) {
    // Drawn before: the store may ask for the work of a transaction more than once.
    /** @type {[import('../../src/store/schema.js').TableName, import('../../src/store/record.js').Row][]} */
    const rows = [];
    for (let index = first; index < Math.min(size, first + BATCH); index += 1) {
      const id = newId();
      const at = new Date(Date.UTC(2025, 0, 1) + index * 60_000).toISOString();
      rows.push([
        'tasks',
        {
          id,
          number: index + 1,
          title: sentence(8),
          description: sentence(150).slice(0, 760),
          status: statusOf(index),
          priority: PRIORITIES[below(PRIORITIES.length)] ?? 'medium',
          assignee: `person ${below(9)}`,
          tags: JSON.stringify([WORDS[below(WORDS.length)], `area-${below(12)}`]),
          created_by: 'bench',
          created_at: at,
          updated_at: at,
        },
      ]);
      for (const dependsOn of earlier(index)) {
        rows.push(['dependencies', { task_id: id, depends_on: dependsOn, type: 'completion', created_at: at }]);
      }
      if (index % 5 === 0) {
        const line_start = 1 + below(300);
        rows.push(['file_refs', { uid: id, task_id: id, file_path: `src/${below(400)}.ts`, line_start }]);
      }
      ids.push(id);
    }
    await store.commit('bench', 'task.create', (transaction) => {
      for (const [table, row] of rows) transaction.insert(table, row);
    });
  }
  await store.commit('bench', 'number', (transaction) =>
    transaction.insert('meta', { key: 'last_number', value: String(size) }),
  );
  await store.checkpoint();
  store.close();
  return ids;

  function newId() {
    for (;;) {
      const id = below(2 ** 32)
        .toString(16)
        .padStart(8, '0');
      if (!known.has(id)) {
        known.add(id);
        return id;
      }
    }
  }

  /** @param {number} index */
  function statusOf(index) {
    if (index < size * 0.4) return 'completed';
    const chance = random();
    if (chance < 0.04) return 'in_progress';
    if (chance < 0.06) return 'blocked';
    return chance < 0.07 ? 'cancelled' : 'pending';
  }

  /** @param {number} index */
  function earlier(index) {
    const chosen = new Set();
    const reach = index % GROUP;
    while (chosen.size < Math.min(3, reach)) chosen.add(ids[index - 1 - below(reach)]);
    return chosen;
  }

  /** @param {number} length in words */
  function sentence(length) {
    return Array.from({ length }, () => WORDS[below(WORDS.length)]).join(' ');
  }
}
