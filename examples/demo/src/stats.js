/** @import { LinkStore } from './store.js' */

/**
 * Counts clicks in memory and writes them in batches, so that a redirect never waits for the disk. A crash loses at
 * most the clicks since the last flush.
 */
export class ClickCounter {
  /** @type {Map<string, { slug: string, day: string, count: number }>} */
  #pending = new Map();
  #store;
  #now;

  /**
   * @param {LinkStore} store
   * @param {() => number} now milliseconds
   */
  constructor(store, now) {
    this.#store = store;
    this.#now = now;
  }

  /** @param {string} slug */
  hit(slug) {
    // TODO: leave out link previews and crawlers; chat programs count as one click for every message.
    const day = utcDay(this.#now());
    const key = `${day} ${slug}`;
    const entry = this.#pending.get(key) ?? { slug, day, count: 0 };
    entry.count++;
    this.#pending.set(key, entry);
  }

  async flush() {
    // TODO: put a batch back when writing it fails; after a full disk its clicks are gone.
    const batch = [...this.#pending.values()];
    this.#pending.clear();
    await Promise.all(batch.map(({ slug, day, count }) => this.#store.addClicks(slug, day, count)));
  }

  /**
   * @param {string} slug
   * @param {number} days how many days back, today included
   * @returns {{ total: number, byDay: { day: string, count: number }[] }} every day is there, oldest first
   */
  report(slug, days) {
    const stored = this.#store.clicks(slug);
    const byDay = [];
    for (let back = days - 1; back >= 0; back--) {
      const day = utcDay(this.#now() - back * 86_400_000);
      const pending = this.#pending.get(`${day} ${slug}`)?.count ?? 0;
      byDay.push({ day, count: (stored.get(day) ?? 0) + pending });
    }
    return { total: byDay.reduce((sum, { count }) => sum + count, 0), byDay };
  }
}

/** @param {number} time milliseconds since 1970 */
export function utcDay(time) {
  return new Date(time).toISOString().slice(0, 10);
}
