import { linkSync, renameSync, rmSync } from 'node:fs';
import { fingerprint, nonce } from './files.js';
import { beingWritten, isBeingWritten } from './image.js';

/**
 * How long a SQLite client may take from looking whether its file is still the one at the path to making its rollback
 * journal; two system calls, one right after the other (ms).
 */
const PATIENCE = 3;
const NEVER = new Int32Array(new SharedArrayBuffer(4));

/**
 * Puts a new image in the place of one that another SQLite client may be about to write to. Such a client looks whether
 * its file was replaced (then it refuses to write), and makes its rollback journal. One that looked just before the
 * replacement shows by its journal just after: then the old file is put back, and its write is not lost.
 */
export class ImageSwap {
  readonly #path: string;
  readonly #image: string;
  readonly #aside: string;
  #isKept = false;

  /** `image` is the fingerprint of what is replaced; empty where there was nothing. */
  constructor(path: string, image: string) {
    this.#path = path;
    this.#image = image;
    this.#aside = `${path}.${nonce()}.tmp`;
  }

  /** Just before the replacement. Throws STORE_LOCKED where somebody writes, or has written. */
  begin(): void {
    if (isBeingWritten(this.#path) || fingerprint(this.#path) !== this.#image) throw beingWritten(this.#path);
    if (this.#image === '') return;
    try {
      linkSync(this.#path, this.#aside);
      this.#isKept = true;
    } catch {
      // A file system without hard links: the old file cannot be put back.
    }
  }

  /** Just after it. Throws STORE_LOCKED where somebody came in between; then the old file is there again. */
  end(): void {
    if (!this.#isKept) return;
    Atomics.wait(NEVER, 0, 0, PATIENCE);
    if (isBeingWritten(this.#path) || fingerprint(this.#aside) !== this.#image) {
      renameSync(this.#aside, this.#path);
      throw beingWritten(this.#path);
    }
    rmSync(this.#aside, { force: true });
  }
}
