/** An edge between two nodes that are named by words. */
export interface Edge {
  readonly from: string;
  readonly to: string;
}

/** Edges that may be added, and those that would close a cycle, each with the way back. */
export interface Acyclic<E extends Edge> {
  readonly kept: readonly E[];
  readonly left: readonly { readonly edge: E; readonly path: readonly string[] }[];
}

/**
 * Of new edges, taken in their order, those that close no cycle together with the present ones. Linear where there is no
 * cycle; otherwise only the edges within what is left after Kahn's algorithm are looked at one by one.
 */
export function acyclicEdges<E extends Edge>(present: readonly Edge[], added: readonly E[]): Acyclic<E> {
  const suspects = inCycles([...present, ...added]);
  if (suspects.size === 0) return { kept: added, left: [] };
  const next = new Map<string, Set<string>>();
  const connect = ({ from, to }: Edge) => {
    if (!suspects.has(from) || !suspects.has(to)) return;
    const targets = next.get(from) ?? new Set();
    next.set(from, targets.add(to));
  };
  for (const edge of present) connect(edge);
  const kept: E[] = [];
  const left: { edge: E; path: readonly string[] }[] = [];
  for (const edge of added) {
    const back = suspects.has(edge.from) && suspects.has(edge.to) ? pathBetween(next, edge.to, edge.from) : undefined;
    if (back) left.push({ edge, path: [edge.from, ...back] });
    else {
      connect(edge);
      kept.push(edge);
    }
  }
  return { kept, left };
}

/** The nodes that remain when those without an incoming or outgoing edge are taken away again and again. */
function inCycles(edges: readonly Edge[]): ReadonlySet<string> {
  const nodes = new Set(edges.flatMap(({ from, to }) => [from, to]));
  for (const [near, far] of [
    ['from', 'to'],
    ['to', 'from'],
  ] as const) {
    const degree = new Map<string, number>();
    const behind = new Map<string, string[]>();
    for (const edge of edges) {
      if (!nodes.has(edge.from) || !nodes.has(edge.to)) continue;
      degree.set(edge[near], (degree.get(edge[near]) ?? 0) + 1);
      const list = behind.get(edge[far]);
      if (list) list.push(edge[near]);
      else behind.set(edge[far], [edge[near]]);
    }
    const free = [...nodes].filter((node) => !degree.has(node));
    for (let node = free.pop(); node !== undefined; node = free.pop()) {
      nodes.delete(node);
      for (const other of behind.get(node) ?? []) {
        const rest = (degree.get(other) ?? 0) - 1;
        degree.set(other, rest);
        if (rest === 0) free.push(other);
      }
    }
  }
  return nodes;
}

/** A way from one node to another, both included; a node leads to itself. */
function pathBetween(
  next: ReadonlyMap<string, ReadonlySet<string>>,
  from: string,
  to: string,
): readonly string[] | undefined {
  const cameFrom = new Map<string, string | undefined>([[from, undefined]]);
  const queue = [from];
  for (let at = 0; at < queue.length; at += 1) {
    const node = queue[at] as string;
    if (node === to) {
      const path: string[] = [];
      for (let step: string | undefined = node; step !== undefined; step = cameFrom.get(step)) path.unshift(step);
      return path;
    }
    for (const other of next.get(node) ?? []) {
      if (cameFrom.has(other)) continue;
      cameFrom.set(other, node);
      queue.push(other);
    }
  }
  return undefined;
}
