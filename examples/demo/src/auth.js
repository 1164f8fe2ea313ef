import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AppError } from './errors.js';

/**
 * @typedef {object} ApiKey
 * @property {string} id public name of the key, and owner of the links made with it
 * @property {string} label whose key it is, for people
 * @property {string} hash SHA-256 of the secret, hex
 * @property {string} createdAt
 */

/** API keys. The secret is shown once, on creation; the file holds only its hash. */
export class KeyRing {
  #file;
  /** @type {ApiKey[]} */
  #keys;

  /**
   * @param {string} file
   * @param {ApiKey[]} keys
   */
  constructor(file, keys) {
    this.#file = file;
    this.#keys = keys;
  }

  /** @param {string} file */
  static async open(file) {
    // TODO: reload on SIGHUP, so that a new or revoked key needs no restart.
    try {
      return new KeyRing(file, JSON.parse(await readFile(file, 'utf8')));
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') return new KeyRing(file, []);
      throw error;
    }
  }

  /**
   * @param {string} label
   * @param {number} now
   * @returns {Promise<{ id: string, secret: string }>}
   */
  async create(label, now) {
    const id = randomBytes(4).toString('hex');
    const secret = `sl_${id}_${randomBytes(24).toString('base64url')}`;
    const key = { id, label, hash: sha256(secret).toString('hex'), createdAt: new Date(now).toISOString() };
    const keys = [...this.#keys, key];
    await mkdir(dirname(this.#file), { recursive: true });
    await writeFile(`${this.#file}.tmp`, `${JSON.stringify(keys, null, 2)}\n`, { mode: 0o600 });
    await rename(`${this.#file}.tmp`, this.#file);
    this.#keys = keys;
    return { id, secret };
  }

  /**
   * @param {string | undefined} header value of the Authorization header
   * @returns {ApiKey}
   */
  authenticate(header) {
    const secret = /^Bearer +(\S+)$/i.exec(header ?? '')?.[1];
    const hash = secret === undefined ? null : sha256(secret);
    // TODO: scopes (read, write, export); every key may do everything with its own links.
    const key = hash && this.#keys.find((candidate) => timingSafeEqual(Buffer.from(candidate.hash, 'hex'), hash));
    if (!key) {
      throw new AppError(401, 'UNAUTHENTICATED', 'send a valid key as "Authorization: Bearer sl_…"', {
        'www-authenticate': 'Bearer',
      });
    }
    return key;
  }
}

/** @param {string} text */
function sha256(text) {
  return createHash('sha256').update(text).digest();
}
