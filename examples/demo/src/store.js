import { mkdir, open, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * @typedef {object} Link
 * @property {string} slug
 * @property {string} url
 * @property {string} owner id of the API key that made it
 * @property {string} createdAt ISO 8601, UTC
 * @property {string | null} expiresAt ISO 8601, UTC
 */

/**
 * One line of the journal.
 * @typedef {{ op: 'put', link: Link }
 *   | { op: 'delete', slug: string }
 *   | { op: 'clicks', slug: string, day: string, count: number }} Change
 */

/**
 * Links in memory, backed by a journal of JSON lines. A change is applied only after its line is in the file, and
 * changes run one after the other, so what readers see is always what a restart would give.
 */
export class LinkStore {
  /** @type {Map<string, Link>} */
  #links = new Map();
  /** @type {Map<string, Map<string, number>>} clicks by slug, then by day */
  #clicks = new Map();
  /** @type {import('node:fs/promises').FileHandle | null} */
  #handle = null;
  #size = 0;
  #records = 0;
  /** @type {Promise<unknown>} */
  #queue = Promise.resolve();

  /**
   * @param {string} file
   * @param {{ readOnly?: boolean }} [options] readOnly neither repairs nor compacts, and every change is refused
   */
  static async open(file, { readOnly = false } = {}) {
    const store = new LinkStore();
    const torn = store.#replay(await readOrEmpty(file));
    if (readOnly) return store;
    // TODO: take a lock file; two servers on one journal would overwrite each other's compaction.
    await mkdir(dirname(file), { recursive: true });
    if (torn || store.#records > 2 * store.#liveRecords() + 1000) await store.#compact(file);
    store.#handle = await open(file, 'a');
    store.#size = (await store.#handle.stat()).size;
    return store;
  }

  /** @param {string} slug */
  get(slug) {
    return this.#links.get(slug);
  }

  /** @returns {Link[]} oldest first */
  all() {
    return [...this.#links.values()];
  }

  /**
   * @param {string} slug
   * @returns {ReadonlyMap<string, number>} clicks by day
   */
  clicks(slug) {
    return this.#clicks.get(slug) ?? new Map();
  }

  /**
   * @param {Link} link
   * @returns {Promise<boolean>} false when the slug is taken
   */
  insert(link) {
    return this.#enqueue(async () => {
      if (this.#links.has(link.slug)) return false;
      await this.#commit({ op: 'put', link });
      return true;
    });
  }

  /**
   * @param {string} slug
   * @returns {Promise<boolean>} false when there was nothing to delete
   */
  delete(slug) {
    return this.#enqueue(async () => {
      if (!this.#links.has(slug)) return false;
      await this.#commit({ op: 'delete', slug });
      return true;
    });
  }

  /**
   * @param {string} slug
   * @param {string} day YYYY-MM-DD, UTC
   * @param {number} count
   */
  addClicks(slug, day, count) {
    return this.#enqueue(async () => {
      if (this.#links.has(slug)) await this.#commit({ op: 'clicks', slug, day, count });
    });
  }

  /** Waits for the changes under way, then closes the file. */
  async close() {
    await this.#queue;
    await this.#handle?.close();
    this.#handle = null;
  }

  /**
   * @template T
   * @param {() => Promise<T>} change
   * @returns {Promise<T>}
   */
  #enqueue(change) {
    const result = this.#queue.then(change);
    this.#queue = result.catch(() => {});
    return result;
  }

  /** @param {Change} change */
  async #commit(change) {
    if (!this.#handle) throw new Error('the link store is closed or read-only');
    const line = Buffer.from(`${JSON.stringify(change)}\n`);
    try {
      // TODO: fdatasync, batched over the queue: a power cut may lose the last seconds.
      await this.#handle.appendFile(line);
    } catch (error) {
      await this.#handle.truncate(this.#size);
      throw error;
    }
    this.#size += line.length;
    this.#apply(change);
  }

  /** @param {Change} change */
  #apply(change) {
    this.#records++;
    if (change.op === 'put') {
      this.#links.set(change.link.slug, change.link);
    } else if (change.op === 'delete') {
      this.#links.delete(change.slug);
      this.#clicks.delete(change.slug);
    } else {
      const days = this.#clicks.get(change.slug) ?? new Map();
      days.set(change.day, (days.get(change.day) ?? 0) + change.count);
      this.#clicks.set(change.slug, days);
    }
  }

  /**
   * @param {string} text the whole journal
   * @returns {boolean} whether the last line is torn, because its writer died in the middle of it
   */
  #replay(text) {
    const lines = text.split('\n');
    const rest = lines.pop();
    for (const [index, line] of lines.entries()) {
      try {
        this.#apply(JSON.parse(line));
      } catch (cause) {
        throw new Error(`the link journal is damaged in line ${index + 1}`, { cause });
      }
    }
    return rest !== '';
  }

  /** @returns {Change[]} the shortest journal with the same meaning */
  #snapshot() {
    /** @type {Change[]} */
    const changes = this.all().map((link) => ({ op: 'put', link }));
    for (const [slug, days] of this.#clicks) {
      for (const [day, count] of days) changes.push({ op: 'clicks', slug, day, count });
    }
    return changes;
  }

  #liveRecords() {
    let clicks = 0;
    for (const days of this.#clicks.values()) clicks += days.size;
    return this.#links.size + clicks;
  }

  /** @param {string} file */
  async #compact(file) {
    // TODO: compact while running too; today a busy server grows its journal until it is restarted.
    const changes = this.#snapshot();
    await writeFile(`${file}.tmp`, changes.map((change) => `${JSON.stringify(change)}\n`).join(''), { flush: true });
    await rename(`${file}.tmp`, file);
    this.#records = changes.length;
  }
}

/** @param {string} file */
async function readOrEmpty(file) {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') return '';
    throw error;
  }
}
