import { Disposable } from '../lifecycle.js';

/** Does something once it has been quiet for a while; a stream of requests puts it off no longer than a bound. */
export class Soon extends Disposable {
  readonly #work: () => void;
  readonly #pause: number;
  readonly #longest: number;
  #timer: NodeJS.Timeout | undefined;
  #due = 0;

  /** `pause` and `longest` in ms. */
  constructor(work: () => void, { pause, longest }: { readonly pause: number; readonly longest: number }) {
    super();
    this.#work = work;
    this.#pause = pause;
    this.#longest = longest;
  }

  ask(): void {
    if (this.isDisposed) return;
    const now = Date.now();
    if (this.#timer === undefined) this.#due = now + this.#longest;
    clearTimeout(this.#timer);
    const wait = Math.max(0, Math.min(this.#pause, this.#due - now));
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#work();
    }, wait);
  }

  /** Forgets what was asked for. */
  cancel(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  override dispose(): void {
    this.cancel();
    super.dispose();
  }
}
