import { compareText } from '../../graph/order.js';
import { PRIORITY_RANK } from '../../model/priority.js';
import type { TaskId } from '../../model/taskId.js';
import { type Constraint, type Criteria, constraintsOf, type Limit } from './criteria.js';
import { Network } from './network.js';
import type { Candidate, OpenPlan, OpenTask, TaskDetails } from './plan.js';
import { type Scale, type Score, scoreOf } from './score.js';
import { HOURS_A_DAY, slacks } from './slack.js';
import type { Weights } from './weights.js';

export interface RankedTask extends Score {
  readonly task: Candidate;
}

/** Why nothing can be chosen. */
export type NoneReason =
  /** There is no open task. */
  | 'empty'
  /** There are open tasks, and none of them is ready. */
  | 'all_blocked'
  /** There are ready tasks, and what was asked for excludes them. */
  | 'none_match';

/** An open task behind which others wait. */
export interface Blocker {
  readonly id: TaskId;
  readonly state: 'in_progress' | 'claimed' | 'blocked' | 'scheduled' | 'needs_decision' | 'archived' | 'cycle';
  /** How many tasks wait for it, directly or through others. */
  readonly waiting: number;
}

/** What would be admitted if a constraint were less. */
export interface Relaxation {
  /** The names of its parameter; of several where no single one is enough. */
  readonly constraints: readonly string[];
  /** What was asked for. */
  readonly values: readonly (string | number)[];
  /** The nearest value at which it admits a task; null: it has to be left out. */
  readonly to: string | number | null;
  /** How many it admits then. */
  readonly admits: number;
}

/** The ready tasks that were asked for, best first. */
export interface Ranking {
  readonly ranked: readonly RankedTask[];
  /** How many tasks are ready, whatever was asked for. */
  readonly ready: number;
  readonly open: number;
  readonly reason?: NoneReason;
  /** Where nothing is ready: what is in the way, that for which most wait first. */
  readonly blockers: readonly Blocker[];
  /** Where the constraints exclude all: what each of them would have to be; the largest gain first. */
  readonly relaxations: readonly Relaxation[];
}

export interface RankingOptions {
  readonly criteria?: Criteria;
  readonly weights: Weights;
  /** Working hours of a calendar day, by which due dates are counted back. */
  readonly hoursADay?: number;
}

const MOST_BLOCKERS = 10;

/**
 * Ranks the tasks that are truly ready: pending, every dependency and subtask done, nobody's, not for later, not archived. The
 * weights and the parts of the score: algorithms.md 6.5 and docs/decisions/0011. The order depends on neither the order
 * of the input nor the machine: ties go by priority, age and id.
 */
export function rank(plan: OpenPlan, { criteria = {}, weights, hoursADay = HOURS_A_DAY }: RankingOptions): Ranking {
  const network = new Network(plan);
  const ready = readyNodes(network, plan);
  const open = network.tasks.filter((task) => task.status !== 'cancelled' && !task.archived).length;
  const none = { ranked: [], ready: ready.size, open, blockers: [], relaxations: [] };
  if (ready.size === 0) {
    if (open === 0) return { ...none, reason: 'empty' };
    return { ...none, reason: 'all_blocked', blockers: blockersOf(network, plan) };
  }
  const constraints = constraintsOf(criteria);
  const admitted = [...ready].filter(([, task]) => constraints.every(({ admits }) => admits(task)));
  if (admitted.length === 0)
    return { ...none, reason: 'none_match', relaxations: relaxationsOf([...ready.values()], constraints) };
  const scale = scaleOf(plan, network, [...ready.keys()], { criteria, weights, hoursADay });
  const ranked = admitted.map(([node, task]) => ({ task, ...scoreOf(node, task, scale) })).sort(compareRank);
  return { ...none, ranked };
}

/** By score, then priority, age and id. */
export function compareRank(a: RankedTask, b: RankedTask): number {
  return (
    b.total - a.total ||
    PRIORITY_RANK[b.task.priority] - PRIORITY_RANK[a.task.priority] ||
    compareText(a.task.createdAt, b.task.createdAt) ||
    compareText(a.task.id, b.task.id)
  );
}

/** The tasks that are ready, by their nodes. */
function readyNodes(network: Network, { detailsOf, now }: OpenPlan): Map<number, Candidate> {
  const { tasks, open, cancelled } = network;
  const free: number[] = [];
  for (let node = 0; node < tasks.length; node += 1) {
    const { status, archived } = tasks[node] as OpenTask;
    if (status === 'pending' && !archived && open[node] === 0 && cancelled[node] === 0) free.push(node);
  }
  const details = detailsOf(free.map((node) => (tasks[node] as OpenTask).id));
  const ready = new Map<number, Candidate>();
  for (const node of free) {
    const task = tasks[node] as OpenTask;
    const rest = details.get(task.id);
    if (rest && !rest.claimed && !isLater(rest, now)) ready.set(node, { ...task, ...rest });
  }
  return ready;
}

function isLater({ notBefore }: TaskDetails, now: string): boolean {
  return notBefore !== undefined && notBefore > now;
}

/** What all ready tasks are measured by, whether they were asked for or not: a filter changes no score. */
function scaleOf(
  { now, last }: OpenPlan,
  network: Network,
  ready: readonly number[],
  { criteria, weights, hoursADay }: Pick<Scale, 'criteria' | 'weights' | 'hoursADay'>,
): Scale {
  const counts = ready.map(() => ({ count: 0, weight: 0 }));
  // In a backlog of many loose tasks most have nobody waiting.
  const awaited = ready.flatMap((node, at) => (network.first[node] === network.first[node + 1] ? [] : [at]));
  const sources = awaited.map((at) => ready[at] as number);
  network.eachWaiting(sources, (source, node) => {
    const found = counts[awaited[source] as number] as { count: number; weight: number };
    found.count += 1;
    found.weight += PRIORITY_RANK[(network.tasks[node] as OpenTask).priority];
  });
  return {
    criteria,
    weights,
    network,
    hoursADay,
    slacks: slacks(network, now, hoursADay),
    waiting: new Map(ready.map((node, at) => [node, counts[at] as { count: number; weight: number }])),
    largestWeight: counts.reduce((most, { weight }) => Math.max(most, weight), 0),
    mostValue: network.tasks.reduce((most, { status, businessValue = 0 }) => {
      return status === 'cancelled' ? most : Math.max(most, businessValue);
    }, 5),
    last,
  };
}

/** The open tasks that wait for no other open one, and those for which somebody has to decide. */
function blockersOf(network: Network, { detailsOf }: OpenPlan): Blocker[] {
  const { tasks, open, cancelled, order } = network;
  const ordered = new Set(order);
  const roots: { node: number; state: Blocker['state'] | undefined }[] = [];
  for (const [node, task] of tasks.entries()) {
    if (task.status === 'cancelled') continue;
    if ((cancelled[node] as number) > 0 && task.status === 'pending') roots.push({ node, state: 'needs_decision' });
    else if (!ordered.has(node)) roots.push({ node, state: 'cycle' });
    else if (task.status !== 'pending') roots.push({ node, state: task.status });
    else if (task.archived) roots.push({ node, state: 'archived' });
    else if (open[node] === 0) roots.push({ node, state: undefined });
  }
  const waiting = roots.map(() => 0);
  const nodes = roots.map(({ node }) => node);
  network.eachWaiting(nodes, (source) => {
    waiting[source]! += 1;
  });
  const idOf = (node: number) => (tasks[node] as OpenTask).id;
  const details = detailsOf(roots.flatMap(({ node, state }) => (state === undefined ? [idOf(node)] : [])));
  return roots
    .map(({ node, state }, at) => {
      const claimed = details.get(idOf(node))?.claimed;
      const pending = claimed ? 'claimed' : 'scheduled';
      return { id: idOf(node), state: state ?? pending, waiting: waiting[at] as number } as const;
    })
    .sort((a, b) => b.waiting - a.waiting || compareText(a.id, b.id))
    .slice(0, MOST_BLOCKERS);
}

/** What a single constraint would have to be; where that is not enough, those that have to be left out together. */
function relaxationsOf(candidates: readonly Candidate[], constraints: readonly Constraint[]): Relaxation[] {
  const single = constraints.flatMap((constraint): Relaxation[] => {
    const others = constraints.filter((one) => one !== constraint);
    const kept = candidates.filter((task) => others.every(({ admits }) => admits(task)));
    if (kept.length === 0) return [];
    const { name, value, atLeast } = constraint;
    const limits = atLeast ? kept.map(atLeast) : [];
    const known = limits.filter((limit): limit is Limit => limit !== undefined).sort((a, b) => a.distance - b.distance);
    const [nearest] = known;
    const admits = nearest ? known.filter(({ distance }) => distance === nearest.distance).length : kept.length;
    return [{ constraints: [name], values: [value], to: nearest?.value ?? null, admits }];
  });
  if (single.length > 0) return single.sort((a, b) => b.admits - a.admits || compareText(nameOf(a), nameOf(b)));
  // As many as can be kept, in their order.
  const kept: Constraint[] = [];
  for (const constraint of constraints)
    if (candidates.some((task) => [...kept, constraint].every(({ admits }) => admits(task)))) kept.push(constraint);
  const left = constraints.filter((constraint) => !kept.includes(constraint));
  const admits = candidates.filter((task) => kept.every((one) => one.admits(task))).length;
  return [{ constraints: left.map(({ name }) => name), values: left.map(({ value }) => value), to: null, admits }];
}

function nameOf({ constraints }: Relaxation): string {
  return constraints.join();
}
