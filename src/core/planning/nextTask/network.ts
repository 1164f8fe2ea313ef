import { median } from '../../metrics/statistics.js';
import type { TaskId } from '../../model/taskId.js';
import type { OpenPlan, OpenTask } from './plan.js';

/** What stands for the hours of tasks of which none are known. */
export interface Substitute {
  readonly hours: number;
  /** The median of the p80 of `known` open tasks with work in them, or 1 where there is none. */
  readonly source: 'median' | 'one';
  readonly known: number;
  /** How many of the open tasks it stands for. */
  readonly unknown: number;
}

/**
 * The open tasks as a network of numbered nodes: arrays of numbers and plain loops, since every command builds it anew,
 * and code that runs for the first time is slow. A task waits for what it depends on, and for its own subtasks. Tasks in a
 * cycle, which only another program can write, are not in `order`, and never ready.
 */
export class Network {
  readonly tasks: readonly OpenTask[];
  readonly substitute: Substitute;
  /** p80 hours of each node, or the substitute; 0 for one whose subtasks are open: theirs count. */
  readonly hours: Float64Array;
  /** Hours of the longest chain that begins with the node: the longest way from its start to an end of the plan. */
  readonly tail: Float64Array;
  /** The longest of them. */
  readonly longest: number;
  /** Open dependencies and subtasks of each node, and cancelled dependencies. */
  readonly open: Int32Array;
  readonly cancelled: Int32Array;
  /** Each node after everything that it depends on. */
  readonly order: Int32Array;
  /** The dependants of node n are `dependants[first[n]]` up to, and without, `dependants[first[n + 1]]`. */
  readonly first: Int32Array;
  readonly dependants: Int32Array;

  constructor({ tasks, edges }: Pick<OpenPlan, 'tasks' | 'edges'>) {
    this.tasks = tasks;
    const size = tasks.length;
    this.open = new Int32Array(size);
    this.cancelled = new Int32Array(size);
    this.first = new Int32Array(size + 1);
    const parts = partsOf(tasks);
    this.dependants = this.#connect(edges, parts);
    this.order = this.#sorted();
    // A subtask that waits for what it is a part of does not hold that up.
    const held = this.order.length < size ? this.#withoutCircles(parts) : parts;
    if (held.length < parts.length) {
      this.dependants = this.#connect(edges, held);
      this.order = this.#sorted();
    }
    const costs = costsOf(tasks, parts);
    this.substitute = costs.substitute;
    this.hours = costs.hours;
    this.tail = new Float64Array(size);
    this.longest = this.#measure();
  }

  /**
   * Calls for each pair of a source and a node that waits for it, directly or through others. The bits of a number carry
   * 32 sources at once along the edges: one pass over the plan for each 32 of them.
   */
  eachWaiting(sources: readonly number[], visit: (source: number, node: number) => void): void {
    const { order, first, dependants } = this;
    const marks = new Int32Array(this.tasks.length);
    for (let begin = 0; begin < sources.length; begin += 32) {
      const block = sources.slice(begin, begin + 32);
      marks.fill(0);
      for (let bit = 0; bit < block.length; bit += 1) marks[block[bit] as number]! |= 1 << bit;
      for (let index = 0; index < order.length; index += 1) {
        const node = order[index] as number;
        const carried = marks[node] as number;
        if (carried === 0) continue;
        const end = first[node + 1] as number;
        for (let at = first[node] as number; at < end; at += 1) marks[dependants[at] as number]! |= carried;
        for (let rest = carried; rest !== 0; rest &= rest - 1) {
          const bit = 31 - Math.clz32(rest & -rest);
          if (block[bit] !== node) visit(begin + bit, node);
        }
      }
    }
  }

  /** Counts the edges of each node and lays them out one after another; both lists are pairs of who waits, and for what. */
  #connect(edges: OpenPlan['edges'], parts: readonly number[]): Int32Array {
    const { tasks, first, open, cancelled } = this;
    const size = tasks.length;
    open.fill(0);
    cancelled.fill(0);
    first.fill(0);
    const gone = new Uint8Array(size);
    for (let node = 0; node < size; node += 1) if ((tasks[node] as OpenTask).status === 'cancelled') gone[node] = 1;
    for (const pairs of [edges, parts])
      for (let at = 0; at < pairs.length; at += 2) {
        const node = pairs[at] as number;
        const other = pairs[at + 1] as number;
        if (gone[other] === 1) cancelled[node]! += 1;
        else {
          open[node]! += 1;
          first[other + 1]! += 1;
        }
      }
    for (let node = 0; node < size; node += 1) first[node + 1]! += first[node] as number;
    const next = first.slice();
    const dependants = new Int32Array(first[size] as number);
    for (const pairs of [edges, parts])
      for (let at = 0; at < pairs.length; at += 2) {
        const other = pairs[at + 1] as number;
        if (gone[other] === 1) continue;
        dependants[next[other] as number] = pairs[at] as number;
        next[other]! += 1;
      }
    return dependants;
  }

  /** The pairs of a whole and a part of it, without those where the part waits for the whole. */
  #withoutCircles(parts: readonly number[]): number[] {
    const kept: number[] = [];
    for (let at = 0; at < parts.length; at += 2) {
      const [whole, part] = [parts[at] as number, parts[at + 1] as number];
      if (!this.#leads(whole, part)) kept.push(whole, part);
    }
    return kept;
  }

  /** True where a node waits for another, directly or through others. */
  #leads(from: number, to: number): boolean {
    const seen = new Set([from]);
    for (const node of seen) {
      const end = this.first[node + 1] as number;
      for (let at = this.first[node] as number; at < end; at += 1) seen.add(this.dependants[at] as number);
      if (seen.has(to)) return true;
    }
    return false;
  }

  /** Kahn's algorithm. */
  #sorted(): Int32Array {
    const { first, dependants } = this;
    const left = this.open.slice();
    const order = new Int32Array(this.tasks.length);
    let length = 0;
    for (let node = 0; node < left.length; node += 1) {
      if (left[node] !== 0) continue;
      order[length] = node;
      length += 1;
    }
    for (let index = 0; index < length; index += 1) {
      const node = order[index] as number;
      const end = first[node + 1] as number;
      for (let at = first[node] as number; at < end; at += 1) {
        const dependant = dependants[at] as number;
        left[dependant]! -= 1;
        if (left[dependant] !== 0) continue;
        order[length] = dependant;
        length += 1;
      }
    }
    return order.subarray(0, length);
  }

  /** Fills `tail`, from the ends of the plan backwards; returns the longest. */
  #measure(): number {
    const { order, first, dependants, tail, hours } = this;
    let longest = 0;
    for (let index = order.length - 1; index >= 0; index -= 1) {
      const node = order[index] as number;
      let after = 0;
      const end = first[node + 1] as number;
      for (let at = first[node] as number; at < end; at += 1) {
        const length = tail[dependants[at] as number] as number;
        if (length > after) after = length;
      }
      const length = after + (hours[node] as number);
      tail[node] = length;
      if (length > longest) longest = length;
    }
    return longest;
  }
}

/** Pairs of a task and a part of it that is still to be done. */
function partsOf(tasks: readonly OpenTask[]): number[] {
  const parts: number[] = [];
  let nodes: Map<TaskId, number> | undefined;
  for (let node = 0; node < tasks.length; node += 1) {
    const { parent, status, archived } = tasks[node] as OpenTask;
    if (parent === undefined || status === 'cancelled' || archived) continue;
    nodes ??= new Map(tasks.map(({ id }, at) => [id, at]));
    const whole = nodes.get(parent);
    if (whole !== undefined && whole !== node) parts.push(whole, node);
  }
  return parts;
}

/** The p80 hours of each task, and what stands for those that are not known. */
function costsOf(
  tasks: readonly OpenTask[],
  parts: readonly number[],
): { hours: Float64Array; substitute: Substitute } {
  const whole = new Set<number>();
  for (let at = 0; at < parts.length; at += 2) whole.add(parts[at] as number);
  const costs = new Float64Array(tasks.length);
  const known: number[] = [];
  const unknown: number[] = [];
  for (let node = 0; node < tasks.length; node += 1) {
    const { status, hours } = tasks[node] as OpenTask;
    if (status === 'cancelled' || (whole.size > 0 && whole.has(node))) continue;
    if (hours === undefined) unknown.push(node);
    else {
      if (hours.p80 > 0) known.push(hours.p80);
      costs[node] = hours.p80;
    }
  }
  const usual = median(known) ?? 1;
  for (let at = 0; at < unknown.length; at += 1) costs[unknown[at] as number] = usual;
  const source = known.length > 0 ? 'median' : 'one';
  return { hours: costs, substitute: { hours: usual, source, known: known.length, unknown: unknown.length } };
}
