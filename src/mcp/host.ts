import { OrchestratorError } from '../core/model/errors.js';
import { locateStore } from '../platform/storeLocation.js';
import { log } from './log.js';
import { ServedPlan, type ServeOptions } from './servedPlan.js';

/** Looks for the project's store until there is one: a server that somebody's editor starts may come before `tm init`. */
export class Host {
  readonly #folder: string;
  readonly #options: ServeOptions;
  readonly #opened = new Set<(plan: ServedPlan, late: boolean) => void>();
  /** True once somebody found no plan. */
  #wasMissed = false;
  #plan: Promise<ServedPlan> | undefined;

  constructor(folder: string, options: ServeOptions) {
    this.#folder = folder;
    this.#options = options;
  }

  /** Opens the store before somebody asks for it; what is wrong is said on standard error. */
  warm(): void {
    this.plan().catch((error: unknown) => log(error instanceof Error ? error.message : String(error)));
  }

  /** The plan. Throws NOT_FOUND, which says how to make a store, and what keeps a store from being opened. */
  plan(): Promise<ServedPlan> {
    if (this.#plan) return this.#plan;
    const opening = this.#open();
    this.#plan = opening;
    opening.catch(() => {
      this.#plan = undefined;
      this.#wasMissed = true;
    });
    return opening;
  }

  /** Calls back with the plan, now or once there is one; `late`: somebody may have been told that there is none. */
  onceOpened(listener: (plan: ServedPlan, late: boolean) => void): () => void {
    this.#opened.add(listener);
    void this.#plan?.then(
      (plan) => this.#opened.has(listener) && this.#tell(plan),
      () => undefined,
    );
    return () => this.#opened.delete(listener);
  }

  async close(): Promise<void> {
    const plan = await this.#plan?.catch(() => undefined);
    await plan?.close();
  }

  async #open(): Promise<ServedPlan> {
    try {
      const plan = await ServedPlan.open(locateStore(this.#folder), this.#options);
      this.#tell(plan);
      return plan;
    } catch (error) {
      throw error instanceof OrchestratorError ? error : new Error('The store cannot be opened.', { cause: error });
    }
  }

  #tell(plan: ServedPlan): void {
    for (const listener of this.#opened) {
      this.#opened.delete(listener);
      listener(plan, this.#wasMissed);
    }
  }
}
