import { median } from '../../metrics/statistics.js';
import type { TaskId } from '../../model/taskId.js';
import type { OpenPlan, OpenTask } from './plan.js';

/** What stands for the hours of tasks of which none are known. */
export interface Substitute {
  readonly hours: number;
  /** The median of the p80 of `known` open tasks, or 1 where there is none. */
  readonly source: 'median' | 'one';
  readonly known: number;
}

/**
 * The open tasks as a network of numbered nodes: arrays of numbers, since every command builds it anew and thousands of
 * objects would take longer than the question. Tasks in a cycle, which only another program can write, are in none of
 * the orders, and never ready.
 */
export class Network {
  readonly tasks: readonly OpenTask[];
  readonly substitute: Substitute;
  /** p80 hours of each node, or the substitute. */
  readonly hours: Float64Array;
  /** Hours of the longest chain that begins with the node: the longest way from its start to an end of the plan. */
  readonly tail: Float64Array;
  /** The longest of them. */
  readonly longest: number;
  /** Open dependencies of each node, and cancelled ones. */
  readonly open: Int32Array;
  readonly cancelled: Int32Array;
  /** Each node after everything that it depends on. */
  readonly order: Int32Array;
  readonly #at = new Map<TaskId, number>();
  /** The dependants of node n are `#dependants[#first[n]]` up to `#first[n + 1]`. */
  readonly #first: Int32Array;
  readonly #dependants: Int32Array;

  constructor({ tasks, edges }: Pick<OpenPlan, 'tasks' | 'edges'>) {
    this.tasks = tasks;
    const size = tasks.length;
    for (const [at, task] of tasks.entries()) this.#at.set(task.id, at);
    this.open = new Int32Array(size);
    this.cancelled = new Int32Array(size);
    this.#first = new Int32Array(size + 1);
    const [from, to] = this.#count(edges);
    this.#dependants = new Int32Array(to.length);
    const next = this.#first.slice();
    for (let edge = 0; edge < from.length; edge += 1) {
      const dependency = from[edge] as number;
      this.#dependants[next[dependency]!++] = to[edge] as number;
    }
    this.substitute = substituteOf(tasks);
    this.hours = Float64Array.from(tasks, (task) =>
      task.status === 'cancelled' ? 0 : (task.hours?.p80 ?? this.substitute.hours),
    );
    this.order = this.#sorted();
    this.tail = new Float64Array(size);
    let longest = 0;
    for (let index = this.order.length - 1; index >= 0; index -= 1) {
      const node = this.order[index] as number;
      let after = 0;
      this.each(node, (dependant) => {
        after = Math.max(after, this.tail[dependant] as number);
      });
      this.tail[node] = after + (this.hours[node] as number);
      longest = Math.max(longest, this.tail[node] as number);
    }
    this.longest = longest;
  }

  indexOf(id: TaskId): number | undefined {
    return this.#at.get(id);
  }

  /** Visits what waits for a node. */
  each(node: number, visit: (dependant: number) => void): void {
    const end = this.#first[node + 1] as number;
    for (let at = this.#first[node] as number; at < end; at += 1) visit(this.#dependants[at] as number);
  }

  /**
   * Calls for each pair of a source and a node that waits for it, directly or through others. The bits of a number carry
   * 32 sources at once along the edges: one pass over the plan for each 32 of them.
   */
  eachWaiting(sources: readonly number[], visit: (source: number, node: number) => void): void {
    const marks = new Int32Array(this.tasks.length);
    for (let first = 0; first < sources.length; first += 32) {
      const block = sources.slice(first, first + 32);
      marks.fill(0);
      for (const [bit, node] of block.entries()) marks[node] = (marks[node] as number) | (1 << bit);
      for (const node of this.order) {
        const carried = marks[node] as number;
        if (carried === 0) continue;
        this.each(node, (dependant) => {
          marks[dependant] = (marks[dependant] as number) | carried;
        });
      }
      for (const node of this.order) {
        for (let rest = marks[node] as number; rest !== 0; rest &= rest - 1) {
          const bit = 31 - Math.clz32(rest & -rest);
          const source = block[bit] as number;
          if (source !== node) visit(first + bit, node);
        }
      }
    }
  }

  /** The edges as numbers, and how many begin and end at each node. */
  #count(edges: OpenPlan['edges']): [from: number[], to: number[]] {
    const from: number[] = [];
    const to: number[] = [];
    for (const [task, dependsOn] of edges) {
      const node = this.#at.get(task);
      const dependency = this.#at.get(dependsOn);
      if (node === undefined || dependency === undefined) continue;
      if (this.tasks[dependency]?.status === 'cancelled') {
        this.cancelled[node]! += 1;
        continue;
      }
      this.open[node]! += 1;
      this.#first[dependency + 1]! += 1;
      from.push(dependency);
      to.push(node);
    }
    for (let node = 0; node < this.tasks.length; node += 1) this.#first[node + 1]! += this.#first[node] as number;
    return [from, to];
  }

  /** Kahn's algorithm. */
  #sorted(): Int32Array {
    const left = this.open.slice();
    const order = new Int32Array(this.tasks.length);
    let length = 0;
    for (let node = 0; node < left.length; node += 1) if (left[node] === 0) order[length++] = node;
    for (let at = 0; at < length; at += 1) {
      this.each(order[at] as number, (dependant) => {
        left[dependant]! -= 1;
        if (left[dependant] === 0) order[length++] = dependant;
      });
    }
    return order.subarray(0, length);
  }
}

function substituteOf(tasks: readonly OpenTask[]): Substitute {
  const known = tasks.flatMap((task) => (task.hours && task.status !== 'cancelled' ? [task.hours.p80] : []));
  return { hours: median(known) ?? 1, source: known.length > 0 ? 'median' : 'one', known: known.length };
}
