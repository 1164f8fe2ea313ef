import { drawsFrom, type Part } from '../effort/draws.js';
import { normalQuantile, remaining } from '../effort/lognormal.js';
import { NumberHeap, TimeHeap } from './heaps.js';

/** What is simulated: tasks by their position, those first that are begun first where there is a choice. */
export interface Work {
  /** For each task the work in it; undefined where there is none of its own. */
  readonly parts: readonly (Part | undefined)[];
  /** For each task the positions of those that must be done before. */
  readonly before: readonly (readonly number[])[];
  /** Positions, each after those before it. */
  readonly order: readonly number[];
  /** For each task the hours from now before which it is not begun. */
  readonly notBefore: readonly number[];
  /** For each task the hours from now within which it should be done, if there is such a limit. */
  readonly due: readonly (number | undefined)[];
}

export interface SimulationOptions {
  /** How many tasks are worked on at once. */
  readonly workers: number;
  readonly runs: number;
  readonly seed: number;
}

/**
 * Plays the work through many times (Monte Carlo). In each run every task takes a time drawn from its distribution, and
 * the workers take tasks by list scheduling: whoever is free begins the first ready one. The same draws whatever the
 * number of workers is. Times are hours of work from now.
 */
export class Simulation {
  readonly #work: Work;
  readonly #size: number;
  readonly #workers: number;
  readonly runs: number;
  readonly #draw: () => number;
  /** Compressed lists of what comes after each task, and of what comes before. */
  readonly #after: Lists;
  readonly #before: Lists;
  /** The tasks of one run beside each other: a run writes them all. */
  readonly #finishes: Float32Array;
  readonly #totals: Float64Array;
  readonly #chains: Float64Array;
  readonly #hours: Float64Array;
  readonly #onTime: Int32Array;
  readonly #critical: Int32Array;
  readonly #criticalHours: Float64Array;
  #done = 0;

  /** Tasks with work in them; the distributions lie beside each other, as a run reads them all. */
  readonly #worked: Int32Array;
  readonly #mu: Float64Array;
  readonly #sigma: Float64Array;
  /** Those of them on which hours were spent already. */
  readonly #begun: ReadonlyMap<number, Part>;

  // What a run needs, made once.
  readonly #length: Float64Array;
  readonly #waits: Int32Array;
  /** How many tasks each waits for at first, and those that wait for none. */
  readonly #open: Int32Array;
  readonly #first: readonly number[];
  readonly #early: Float64Array;
  readonly #cause: Int32Array;
  readonly #ready: NumberHeap;
  readonly #running: TimeHeap;
  readonly #later: TimeHeap;

  constructor(work: Work, { workers, runs, seed }: SimulationOptions) {
    const size = work.parts.length;
    this.#work = work;
    this.#size = size;
    this.#workers = workers;
    this.runs = runs;
    this.#draw = drawsFrom(seed);
    this.#before = compress(work.before);
    this.#after = compress(turned(work.before));
    this.#finishes = new Float32Array(size * runs);
    this.#totals = new Float64Array(runs);
    this.#chains = new Float64Array(runs);
    this.#hours = new Float64Array(runs);
    this.#onTime = new Int32Array(size);
    this.#critical = new Int32Array(size);
    this.#criticalHours = new Float64Array(size);
    this.#worked = Int32Array.from([...work.parts.keys()].filter((task) => work.parts[task]));
    this.#mu = Float64Array.from(work.parts, (part) => part?.mu ?? 0);
    this.#sigma = Float64Array.from(work.parts, (part) => part?.sigma ?? 0);
    this.#begun = new Map([...work.parts.entries()].flatMap(([task, part]) => (part?.elapsed ? [[task, part]] : [])));
    this.#length = new Float64Array(size);
    this.#waits = new Int32Array(size);
    this.#open = Int32Array.from(work.before, ({ length }) => length);
    this.#first = [...work.before.keys()].filter((task) => work.before[task]?.length === 0);
    this.#early = new Float64Array(size);
    this.#cause = new Int32Array(size);
    this.#ready = new NumberHeap(size);
    this.#running = new TimeHeap(size);
    this.#later = new TimeHeap(size);
  }

  /** How many runs are done. */
  get done(): number {
    return this.#done;
  }

  /** Does so many runs more, up to all. */
  advance(runs: number): void {
    const end = Math.min(this.runs, this.#done + runs);
    for (; this.#done < end; this.#done += 1) {
      this.#drawLengths(this.#done);
      this.#totals[this.#done] = this.#schedule(this.#done);
      this.#chains[this.#done] = this.#followLongestChain();
    }
  }

  /** When everything was done, run by run. */
  get totals(): Float64Array {
    return this.#totals.subarray(0, this.#done);
  }

  /** The length of the longest chain of dependencies, run by run: how long it takes with any number of workers. */
  get chains(): Float64Array {
    return this.#chains.subarray(0, this.#done);
  }

  /** All the work that was to be done, run by run. */
  get hours(): Float64Array {
    return this.#hours.subarray(0, this.#done);
  }

  /** When a task was done, by size. */
  finishes(task: number): Float32Array {
    const finishes = new Float32Array(this.#done);
    for (let run = 0; run < this.#done; run += 1) finishes[run] = this.#finishes[run * this.#size + task] as number;
    return finishes.sort();
  }

  /** The share of the runs in which it was done in time. */
  onTime(task: number): number {
    return (this.#onTime[task] ?? 0) / this.#done;
  }

  /** The share of the runs in which it was on the longest chain: its criticality index. */
  criticality(task: number): number {
    return (this.#critical[task] ?? 0) / this.#done;
  }

  /** The hours that it adds to the longest chain, on average over all runs. */
  criticalHours(task: number): number {
    return (this.#criticalHours[task] ?? 0) / this.#done;
  }

  #drawLengths(run: number): void {
    const [length, mu, sigma, draw] = [this.#length, this.#mu, this.#sigma, this.#draw];
    let sum = 0;
    for (const task of this.#worked) {
      const u = draw();
      const begun = this.#begun.get(task);
      const hours = begun
        ? remaining(begun, begun.elapsed, u)
        : Math.exp((mu[task] as number) + (sigma[task] as number) * normalQuantile(u));
      length[task] = hours;
      sum += hours;
    }
    this.#hours[run] = sum;
  }

  /** List scheduling; returns when everything is done. */
  #schedule(run: number): number {
    const { due } = this.#work;
    const [ready, running, later] = [this.#ready, this.#running, this.#later];
    const [length, waits, onTime] = [this.#length, this.#waits, this.#onTime];
    const finishes = this.#finishes.subarray(run * this.#size, (run + 1) * this.#size);
    const { starts, items } = this.#after;
    waits.set(this.#open);
    for (const task of this.#first) this.#release(task, 0);
    let free = this.#workers;
    let now = 0;
    for (;;) {
      while (later.time <= now) ready.push(later.pop());
      while (running.time <= now) {
        const task = running.pop();
        if ((length[task] as number) > 0) free += 1;
        finishes[task] = now;
        const limit = due[task];
        if (limit !== undefined && now <= limit) onTime[task] = (onTime[task] as number) + 1;
        const last = starts[task + 1] as number;
        for (let at = starts[task] as number; at < last; at += 1) {
          const other = items[at] as number;
          const left = (waits[other] as number) - 1;
          waits[other] = left;
          if (left === 0) this.#release(other, now);
        }
      }
      for (; free > 0 && !ready.isEmpty; free -= 1) {
        const task = ready.pop();
        running.push(now + (length[task] as number), task);
      }
      const next = Math.min(running.time, later.time);
      if (next === Number.POSITIVE_INFINITY) return now;
      now = next;
    }
  }

  /** Takes a task that waits for nothing more: what is no work is done at once, even while nobody is free. */
  #release(task: number, now: number): void {
    const from = Math.max(now, this.#work.notBefore[task] ?? 0);
    if (this.#length[task] === 0) this.#running.push(from, task);
    else if (from > now) this.#later.push(from, task);
    else this.#ready.push(task);
  }

  /** The critical path method with the times of this run; returns the length of the chain and counts who is on it. */
  #followLongestChain(): number {
    const { notBefore, order } = this.#work;
    const { starts, items } = this.#before;
    const [early, cause] = [this.#early, this.#cause];
    let last = -1;
    for (const task of order) {
      let start = notBefore[task] ?? 0;
      let from = -1;
      const end = starts[task + 1] as number;
      for (let at = starts[task] as number; at < end; at += 1) {
        const other = items[at] as number;
        const finish = early[other] as number;
        if (finish > start || (finish === start && from === -1 && finish > 0)) {
          start = finish;
          from = other;
        }
      }
      early[task] = start + (this.#length[task] as number);
      cause[task] = from;
      if (last === -1 || (early[task] as number) > (early[last] as number)) last = task;
    }
    for (let task = last; task !== -1; task = cause[task] as number) {
      this.#critical[task] = (this.#critical[task] as number) + 1;
      this.#criticalHours[task] = (this.#criticalHours[task] as number) + (this.#length[task] as number);
    }
    return last === -1 ? 0 : (early[last] as number);
  }
}

/** Lists one after the other: those of `at` are the items from `starts[at]` to before `starts[at + 1]`. */
interface Lists {
  readonly starts: Int32Array;
  readonly items: Int32Array;
}

function compress(lists: readonly (readonly number[])[]): Lists {
  const starts = new Int32Array(lists.length + 1);
  for (const [at, list] of lists.entries()) starts[at + 1] = (starts[at] as number) + list.length;
  const items = new Int32Array(starts[lists.length] as number);
  for (const [at, list] of lists.entries()) items.set(list, starts[at]);
  return { starts, items };
}

function turned(before: readonly (readonly number[])[]): number[][] {
  const after: number[][] = before.map(() => []);
  for (const [task, list] of before.entries()) for (const other of list) after[other]?.push(task);
  return after;
}
