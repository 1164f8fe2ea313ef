import type { PlanChange } from '../app/plan.js';
import type { PlanGraph, PlanNode } from '../core/graph/planGraph.js';
import type { TaskId } from '../core/model/taskId.js';
import type { Host } from './host.js';
import { listedTasks, READY, SUMMARY } from './resources.js';
import type { ServedPlan } from './servedPlan.js';

/** What clients are told when the store changes. */
export interface Notice {
  /** Every way to write the address of each resource that is different now. */
  readonly updated: readonly string[];
  /** True where the list of resources is another one. */
  readonly list: boolean;
}

/** How far from a changed task its picture may be seen. */
const HOPS = 2;

/**
 * Tells of what changed, whoever changed it: once for all that happened in one go. The returned function ends it.
 */
export function onNotice(host: Host, listener: (notice: Notice) => void): () => void {
  let end: () => void = () => undefined;
  const cancel = host.onceOpened((served, late) => {
    end = follow(served, listener);
    if (late) listener({ updated: [SUMMARY, READY], list: true });
  });
  return () => {
    cancel();
    end();
  };
}

function follow({ bench }: ServedPlan, listener: (notice: Notice) => void): () => void {
  const { plan } = bench;
  let changed = new Set<TaskId>();
  // Who follows a task by its number wants to know that it is gone.
  const numbers = new Map(plan.graph.tasks().map(({ id, number }) => [id, number]));
  let scheduled: NodeJS.Immediate | undefined;
  let listed = addresses();
  function addresses(): string {
    return listedTasks(bench)
      .map(({ uri, title }) => `${uri} ${title}`)
      .join('\n');
  }
  const tell = () => {
    scheduled = undefined;
    const updated = addressesOf(plan.graph, changed, numbers);
    changed = new Set();
    const now = addresses();
    const list = now !== listed;
    listed = now;
    listener({ updated, list });
  };
  const end = plan.onDidChange(({ tasks }: PlanChange) => {
    for (const id of tasks) {
      changed.add(id);
      const number = plan.graph.get(id)?.task.number;
      if (number !== undefined) numbers.set(id, number);
    }
    scheduled ??= setImmediate(tell);
  });
  return () => {
    clearImmediate(scheduled);
    end();
  };
}

function addressesOf(graph: PlanGraph, changed: ReadonlySet<TaskId>, numbers: ReadonlyMap<TaskId, number>): string[] {
  const names = (id: TaskId) => {
    const number = numbers.get(id);
    return number === undefined ? [id] : [String(number), `T-${number}`, id];
  };
  const drawn = nearby([...changed].flatMap((id) => graph.get(id) ?? []));
  const seen = new Set([...changed, ...[...drawn].map(({ task }) => task.id)]);
  return [
    SUMMARY,
    READY,
    ...[...changed].flatMap(names).map((name) => `task://${name}`),
    ...[...seen].flatMap(names).map((name) => `graph://focus/${name}`),
  ];
}

/** The tasks in whose pictures these may be drawn. */
function nearby(nodes: readonly PlanNode[]): ReadonlySet<PlanNode> {
  const found = new Set(nodes);
  let border = [...nodes];
  for (let hop = 0; hop < HOPS; hop += 1) {
    border = border
      .flatMap((node) => [...node.dependsOn.keys(), ...node.dependants])
      .filter((node) => !found.has(node));
    for (const node of border) found.add(node);
  }
  return found;
}
