import * as vscode from 'vscode';
import type { Orchestrator } from '../../app/orchestrator.js';
import { Disposable } from '../lifecycle.js';

/** What `setTimeout` can wait for (ms): beyond it, it would not wait at all. */
const LONGEST = 2 ** 31 - 1;
/** What it waits for at least (ms), also where a time that another program wrote cannot be read. */
const SHORTEST = 20;
/** Changes are gathered for this long before the next moment is looked for (ms). */
const PAUSE = 100;

/** Tells of tasks at the moment at which their claim runs out or their time comes, with one timer for the next of all. */
export class Moments extends Disposable {
  readonly #plan: Orchestrator;
  readonly #onPassed: (tasks: readonly string[]) => void;
  #seenUntil: string;
  /** The moment that is waited for. */
  #awaited: string | undefined;
  #next: NodeJS.Timeout | undefined;
  #rearming: NodeJS.Timeout | undefined;

  constructor(plan: Orchestrator, onPassed: (tasks: readonly string[]) => void) {
    super();
    this.#plan = plan;
    this.#onPassed = onPassed;
    this.#seenUntil = plan.plan.now();
    this.register(new vscode.Disposable(() => clearTimeout(this.#next)));
    this.register(new vscode.Disposable(() => clearTimeout(this.#rearming)));
    this.rearm();
  }

  /** To be called after each change of the plan: the next moment may be another one. */
  rearm(): void {
    this.#rearming ??= setTimeout(() => {
      this.#rearming = undefined;
      this.#look();
    }, PAUSE);
  }

  #look(): void {
    clearTimeout(this.#next);
    const now = this.#plan.plan.now();
    if (this.#awaited !== undefined && this.#awaited <= now) {
      const passed = this.#plan.claims.passedSince(this.#seenUntil);
      if (passed.length > 0) this.#onPassed(passed);
    }
    this.#seenUntil = now;
    this.#awaited = this.#plan.claims.nextMoment();
    if (this.#awaited === undefined) return;
    const wait = Date.parse(this.#awaited) - Date.now();
    this.#next = setTimeout(() => this.#look(), wait <= LONGEST ? Math.max(wait, SHORTEST) : LONGEST);
  }
}
