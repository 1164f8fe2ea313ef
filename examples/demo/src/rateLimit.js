/** A token bucket for each client: bursts up to `perMinute`, refilled evenly. */
export class RateLimiter {
  /** @type {Map<string, { tokens: number, at: number }>} */
  #buckets = new Map();
  #perMinute;
  #now;

  /**
   * @param {number} perMinute
   * @param {() => number} now milliseconds
   */
  constructor(perMinute, now) {
    this.#perMinute = perMinute;
    this.#now = now;
  }

  /**
   * Takes one token.
   * @param {string} client
   * @returns {number} 0 when allowed, else the seconds to wait
   */
  take(client) {
    const now = this.#now();
    const perMs = this.#perMinute / 60_000;
    const bucket = this.#buckets.get(client) ?? { tokens: this.#perMinute, at: now };
    const tokens = Math.min(this.#perMinute, bucket.tokens + (now - bucket.at) * perMs);
    // TODO: forget full buckets; a scan from many addresses grows this map for ever.
    if (tokens < 1) {
      this.#buckets.set(client, { tokens, at: now });
      return Math.ceil((1 - tokens) / perMs / 1000);
    }
    this.#buckets.set(client, { tokens: tokens - 1, at: now });
    return 0;
  }
}
