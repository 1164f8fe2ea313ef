/** Something that leads from one task to another; of those in a cycle the one with the highest `age` is the newest. */
export interface Edge {
  readonly from: string;
  readonly to: string;
  readonly age: string;
}

export interface Cycle<E extends Edge> {
  /** The tasks in order, the first again at the end. */
  readonly path: readonly string[];
  /** The edge to remove, so that the cycle is gone. */
  readonly newest: E;
}

/** Cycles to break until none is left, each by its newest edge. Deterministic for a given order of `edges`; O(V + E) for each. */
export function cyclesOf<E extends Edge>(edges: Iterable<E>): Cycle<E>[] {
  const graph = new Cyclic(edges);
  const cycles: Cycle<E>[] = [];
  for (let cycle = graph.find(); cycle; cycle = graph.find()) {
    const newest = cycle.reduce((a, b) => (b.age >= a.age ? b : a));
    cycles.push({ path: [...cycle.map((edge) => edge.from), cycle[0]?.from as string], newest });
    graph.remove(newest);
  }
  return cycles;
}

/** The part of a graph in which every task leads on: whoever follows the edges there ends in a cycle. */
class Cyclic<E extends Edge> {
  readonly #out = new Map<string, Set<E>>();
  readonly #into = new Map<string, Set<E>>();

  constructor(edges: Iterable<E>) {
    for (const edge of edges) {
      add(this.#out, edge.from, edge);
      add(this.#into, edge.to, edge);
    }
    for (const task of [...this.#into.keys()]) this.#prune(task);
  }

  find(): E[] | undefined {
    const start = this.#out.keys().next().value;
    if (start === undefined) return undefined;
    const path: E[] = [];
    const seen = new Map<string, number>();
    for (let at = start; ; ) {
      const met = seen.get(at);
      if (met !== undefined) return path.slice(met);
      seen.set(at, path.length);
      const [edge] = this.#out.get(at) as Set<E>;
      path.push(edge as E);
      at = (edge as E).to;
    }
  }

  remove(edge: E): void {
    const rest = this.#out.get(edge.from);
    rest?.delete(edge);
    if (rest?.size === 0) this.#out.delete(edge.from);
    this.#into.get(edge.to)?.delete(edge);
    this.#prune(edge.from);
  }

  /** Takes out a task that leads nowhere, and then those that led only there. */
  #prune(task: string): void {
    const stack = [task];
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
      if (this.#out.has(at)) continue;
      for (const edge of this.#into.get(at) ?? []) {
        const rest = this.#out.get(edge.from);
        rest?.delete(edge);
        if (rest?.size !== 0) continue;
        this.#out.delete(edge.from);
        stack.push(edge.from);
      }
      this.#into.delete(at);
    }
  }
}

function add<E>(map: Map<string, Set<E>>, key: string, edge: E): void {
  const edges = map.get(key);
  if (edges) edges.add(edge);
  else map.set(key, new Set([edge]));
}
