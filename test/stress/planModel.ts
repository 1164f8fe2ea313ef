import type { ErrorCode } from '../../src/core/model/errors.js';
import { nextStatuses, type Status } from '../../src/core/model/status.js';
import type { Operation, Result } from './operations.js';

interface ModelTask {
  readonly id: string;
  number: number;
  title: string;
  status: Status;
  claimedBy: string | null;
  claimVersion: number;
  version: number;
  readonly createdBy: string;
  readonly dependsOn: Set<string>;
  readonly places: readonly string[];
}

interface Trashed {
  readonly task: ModelTask;
  readonly dependants: readonly string[];
}

/** What an operation comes to. One that is done without `changed` found everything as it should be. */
export type Outcome =
  | { readonly kind: 'done'; readonly result: Result; readonly changed: boolean }
  | { readonly kind: 'refused'; readonly code: ErrorCode };

const DONE: Outcome = { kind: 'done', result: null, changed: true };
const UNCHANGED: Outcome = { kind: 'done', result: null, changed: false };
const refused = (code: ErrorCode): Outcome => ({ kind: 'refused', code });
const isClosed = (status: Status) => status === 'completed' || status === 'cancelled';

/** The plan as plain objects: what the store, with its journal, its lock and its processes, has to look like. */
export class PlanModel {
  readonly #tasks = new Map<string, ModelTask>();
  readonly #trash = new Map<string, Trashed>();
  /** Of the last task that was added here. */
  #lastNumber = 0;

  get ids(): string[] {
    return [...this.#tasks.keys()].sort();
  }

  get trashed(): string[] {
    return [...this.#trash.keys()].sort();
  }

  /** Does what the use case should do for `actor`; `id` is what a new task is called. */
  apply(one: Operation, actor: string, id = ''): Outcome {
    switch (one.kind) {
      case 'add':
        return this.#add(one, actor, id);
      case 'restore':
        return this.#restore(one.task);
      case 'read':
        return UNCHANGED;
      default: {
        const task = this.#tasks.get(one.task);
        return task ? this.#change(one, task, actor) : refused('NOT_FOUND');
      }
    }
  }

  /**
   * A row that another SQLite client inserted. The numbers of such rows are known from the store only, and are settled
   * when the store next writes: `numbers` says what they are now.
   */
  insertForeign(id: string, title: string, numbers: ReadonlyMap<string, number>): void {
    const fields = {
      title,
      status: 'pending',
      claimedBy: null,
      claimVersion: 0,
      version: 1,
      createdBy: 'user',
    } as const;
    this.#tasks.set(id, { id, number: 0, ...fields, dependsOn: new Set(), places: [] });
    for (const task of this.#tasks.values()) {
      if (task.createdBy === 'user') task.number = numbers.get(task.id) ?? task.number;
    }
  }

  /** See `describePlan`. */
  describe(): string {
    const tasks = this.ids.map((id) => this.#tasks.get(id)!);
    const rows = tasks.map((task) => [
      task.id,
      task.number,
      task.title,
      task.status,
      task.claimedBy,
      task.claimVersion,
      task.version,
      task.createdBy,
    ]);
    const edges = tasks.flatMap((task) => [...task.dependsOn].sort().map((other) => [task.id, other]));
    const places = tasks.flatMap((task) => [...task.places].sort().map((place) => [task.id, place]));
    return JSON.stringify([rows, edges, places, this.trashed.map((id) => [id])]);
  }

  #add(one: Extract<Operation, { kind: 'add' }>, createdBy: string, id: string): Outcome {
    if (!one.dependsOn.every((other) => this.#tasks.has(other))) return refused('NOT_FOUND');
    const trashed = [...this.#trash.values()].map(({ task }) => task);
    const number = 1 + Math.max(this.#lastNumber, ...[...this.#tasks.values(), ...trashed].map((task) => task.number));
    this.#lastNumber = number;
    const fields = { title: one.title, status: 'pending', claimedBy: null, claimVersion: 0, version: 1 } as const;
    this.#tasks.set(id, { id, number, ...fields, createdBy, dependsOn: new Set(one.dependsOn), places: one.places });
    return { kind: 'done', result: { id, number }, changed: true };
  }

  #change(one: Exclude<Operation, { kind: 'add' | 'restore' | 'read' }>, task: ModelTask, actor: string): Outcome {
    const isOthers = task.claimedBy !== null && task.claimedBy !== actor;
    switch (one.kind) {
      case 'rename':
        if (task.title === one.title) return UNCHANGED;
        task.title = one.title;
        task.version += 1;
        return DONE;
      case 'status':
        if (isOthers) return refused('LEASE_HELD');
        return this.#setStatus(task, one.status);
      case 'depend':
      case 'undepend':
        return this.#setDependency(task, one.dependsOn, one.kind === 'depend');
      case 'claim':
        if (isClosed(task.status)) return refused('INVALID_TRANSITION');
        if (!this.#isFree(task)) return refused('DEPENDENCY_OPEN');
        if (task.claimedBy !== null) return refused('LEASE_HELD');
        task.claimedBy = actor;
        task.claimVersion += 1;
        task.version += 1;
        return { kind: 'done', result: task.claimVersion, changed: true };
      case 'renew':
      case 'release':
        if (task.claimedBy !== actor) return refused('LEASE_HELD');
        task.version += 1;
        if (one.kind === 'renew') return { kind: 'done', result: task.claimVersion, changed: true };
        task.claimedBy = null;
        return DONE;
      case 'delete':
        if (!isOthers) this.#delete(task);
        return isOthers ? refused('LEASE_HELD') : DONE;
    }
  }

  #setStatus(task: ModelTask, status: Status): Outcome {
    if (!nextStatuses(task.status).includes(status)) return refused('INVALID_TRANSITION');
    if ((status === 'in_progress' || status === 'completed') && !this.#isFree(task)) return refused('DEPENDENCY_OPEN');
    task.status = status;
    task.version += 1;
    if (isClosed(status)) task.claimedBy = null;
    return DONE;
  }

  #setDependency(task: ModelTask, dependsOn: string, there: boolean): Outcome {
    const other = this.#tasks.get(dependsOn);
    if (!other) return refused('NOT_FOUND');
    if (!there) return task.dependsOn.delete(dependsOn) ? DONE : refused('NOT_FOUND');
    if (this.#reaches(dependsOn, task.id)) return refused('CYCLE');
    if (task.dependsOn.has(dependsOn)) return UNCHANGED;
    task.dependsOn.add(dependsOn);
    return DONE;
  }

  #delete(task: ModelTask): void {
    this.#tasks.delete(task.id);
    const dependants = [...this.#tasks.values()].filter((other) => other.dependsOn.delete(task.id));
    this.#trash.set(task.id, { task, dependants: dependants.map((other) => other.id) });
  }

  #restore(id: string): Outcome {
    const trashed = this.#trash.get(id);
    if (!trashed) return refused('NOT_FOUND');
    this.#trash.delete(id);
    const { task, dependants } = trashed;
    // What waited for it and what it waits for may have come together meanwhile.
    const waiting = dependants.filter(
      (other) => this.#tasks.has(other) && ![...task.dependsOn].some((one) => this.#reaches(one, other)),
    );
    for (const other of task.dependsOn) if (!this.#tasks.has(other)) task.dependsOn.delete(other);
    this.#tasks.set(id, task);
    for (const other of waiting) this.#tasks.get(other)?.dependsOn.add(id);
    return DONE;
  }

  /** Nothing keeps it from being worked on, or from being reopened as in progress: all that it depends on is completed. */
  #isFree(task: ModelTask): boolean {
    return [...task.dependsOn].every((id) => this.#tasks.get(id)?.status === 'completed');
  }

  #reaches(from: string, to: string): boolean {
    if (!this.#tasks.has(from) || !this.#tasks.has(to)) return false;
    const seen = new Set([from]);
    const stack = [from];
    for (let id = stack.pop(); id !== undefined; id = stack.pop()) {
      if (id === to) return true;
      for (const next of this.#tasks.get(id)?.dependsOn ?? []) {
        if (seen.has(next)) continue;
        seen.add(next);
        stack.push(next);
      }
    }
    return false;
  }
}
