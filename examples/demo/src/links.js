import { AppError, badRequest, notFound } from './errors.js';
import { checkSlug, freeSlug } from './slug.js';

/** @import { Link, LinkStore } from './store.js' */

const MAX_URL_LENGTH = 2048;

/** What a client may ask of links: create, follow, list and delete. */
export class Links {
  #store;
  #now;

  /**
   * @param {LinkStore} store
   * @param {() => number} now milliseconds since 1970
   */
  constructor(store, now) {
    this.#store = store;
    this.#now = now;
  }

  /**
   * @param {{ url?: unknown, slug?: unknown, expiresAt?: unknown }} input as it came over the wire
   * @param {string} owner
   * @returns {Promise<Link>}
   */
  async create(input, owner) {
    const url = checkUrl(input.url);
    const expiresAt = this.#checkExpiry(input.expiresAt);
    const custom = input.slug === undefined ? null : checkSlug(String(input.slug));
    const slug = custom ?? freeSlug((candidate) => this.#store.get(candidate) !== undefined);
    const link = { slug, url, owner, createdAt: new Date(this.#now()).toISOString(), expiresAt };
    // TODO: an expired link holds its slug until the sweeper has been; replace it here instead.
    if (!(await this.#store.insert(link))) throw new AppError(409, 'SLUG_TAKEN', `slug "${slug}" is taken`);
    return link;
  }

  /**
   * The link to follow. An expired one answers like one that never was, even before the sweeper came by.
   * @param {string} slug
   */
  resolve(slug) {
    const link = this.#store.get(slug);
    if (!link || this.isExpired(link)) throw notFound(`link "${slug}"`);
    return link;
  }

  /**
   * @param {string} slug
   * @param {string} owner
   */
  owned(slug, owner) {
    const link = this.#store.get(slug);
    if (!link || link.owner !== owner) throw notFound(`link "${slug}"`);
    return link;
  }

  /**
   * @param {string} owner
   * @returns {Link[]}
   */
  list(owner) {
    // TODO: page with a cursor; an owner with 50,000 links gets them all in one answer.
    return this.#store.all().filter((link) => link.owner === owner);
  }

  /**
   * @param {string} slug
   * @param {string} owner
   */
  async remove(slug, owner) {
    this.owned(slug, owner);
    await this.#store.delete(slug);
  }

  /** @param {Link} link */
  isExpired(link) {
    return link.expiresAt !== null && Date.parse(link.expiresAt) <= this.#now();
  }

  /** @param {unknown} value */
  #checkExpiry(value) {
    if (value === undefined || value === null) return null;
    const time = typeof value === 'string' ? Date.parse(value) : Number.NaN;
    if (Number.isNaN(time)) throw badRequest('expiresAt must be an ISO 8601 date');
    if (time <= this.#now()) throw badRequest('expiresAt is in the past');
    return new Date(time).toISOString();
  }
}

/** @param {unknown} value */
export function checkUrl(value) {
  if (typeof value !== 'string' || !URL.canParse(value)) throw badRequest('url must be an absolute URL');
  if (value.length > MAX_URL_LENGTH) throw badRequest(`url is longer than ${MAX_URL_LENGTH} characters`);
  const url = new URL(value);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw badRequest(`url must be http or https`);
  if (url.username || url.password) throw badRequest('url must not contain a user name or password');
  // TODO: refuse our own host (redirect loops) and hosts on the block list.
  return url.href;
}
