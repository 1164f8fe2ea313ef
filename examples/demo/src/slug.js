import { randomInt } from 'node:crypto';
import { badRequest } from './errors.js';

/** Without 0 O 1 l I, which people confuse when they type a link from paper. */
export const ALPHABET = '23456789abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ';

export const DEFAULT_LENGTH = 6;

/** First path segments that the service needs for itself. */
export const RESERVED = new Set(['api', 'healthz', 'favicon.ico', 'robots.txt']);

/**
 * @param {number} [length] characters; 6 give 56^6 = 3 × 10^10 slugs
 * @param {(max: number) => number} [random] whole number from 0 to max - 1
 */
export function randomSlug(length = DEFAULT_LENGTH, random = randomInt) {
  let slug = '';
  for (let i = 0; i < length; i++) slug += ALPHABET[random(ALPHABET.length)];
  return slug;
}

/**
 * Checks a slug that a person chose.
 * @param {string} slug
 * @returns {string} the same slug
 */
export function checkSlug(slug) {
  if (!/^[A-Za-z0-9_-]{3,40}$/.test(slug)) {
    throw badRequest(`slug must be 3 to 40 letters, digits, "-" or "_", not "${slug.slice(0, 60)}"`);
  }
  if (RESERVED.has(slug.toLowerCase())) throw badRequest(`slug "${slug}" is reserved`);
  // TODO: refuse slugs that only differ from an existing one in look-alike characters (rn/m, l/1).
  return slug;
}

/**
 * A free random slug. Collisions are rare, so a few attempts are plenty; each failed one makes the slug longer.
 * @param {(slug: string) => boolean} taken
 * @param {(max: number) => number} [random]
 */
export function freeSlug(taken, random = randomInt) {
  for (let extra = 0; extra < 5; extra++) {
    const slug = randomSlug(DEFAULT_LENGTH + extra, random);
    if (!taken(slug)) return slug;
  }
  throw new Error('no free slug after 5 attempts: the random source is broken');
}
