import { isContainer, type PlanNode } from '../../../core/graph/planGraph.js';
import { rounded } from '../../../core/metrics/statistics.js';
import { counted } from '../../../core/model/counted.js';
import { taskName } from '../../../core/model/taskId.js';
import { drawSum, type Part, RUNS } from '../../../core/planning/effort/draws.js';
import type { LogNormal } from '../../../core/planning/effort/lognormal.js';
import { mostSimilar } from '../../../core/planning/effort/mostSimilar.js';
import {
  type Hours,
  hoursOf,
  hoursOfSamples,
  PRIOR_WEIGHT,
  priorHours,
  shrink,
} from '../../../core/planning/effort/shrinkage.js';
import type { Plan } from '../../plan.js';
import type { EstimateView } from './effortInputs.js';
import type { Experience } from './experience.js';

type Basis = EstimateView['basis'];

/** What is thought of one task, and why. */
export interface Judgement {
  readonly hours: Hours;
  readonly basis: Basis;
}

/** With fewer finished tasks their median says nothing of another. */
const ENOUGH = 3;
/** Of the draws that sum subtasks up: the same every time. */
const SEED = 1;

/** Judges tasks by their complexity and by what this store knows; reads nothing but the plan in memory. */
export class Judge {
  readonly #plan: Plan;
  readonly #experience: Experience;
  readonly #scores: ReadonlyMap<string, number>;
  readonly #learns: boolean;

  constructor(plan: Plan, experience: Experience, scores: ReadonlyMap<string, number>, learns = true) {
    this.#plan = plan;
    this.#experience = experience;
    this.#scores = scores;
    this.#learns = learns;
  }

  of(node: PlanNode): Judgement {
    return isContainer(node) ? this.#sum(node) : this.#single(node);
  }

  #single(node: PlanNode): Judgement {
    const { effort, ...basis } = this.#shrunk(node);
    return { hours: hoursOf(effort), basis };
  }

  #shrunk(node: PlanNode): Basis & { effort: LogNormal } {
    const others = this.#experience.finished.filter(({ id }) => id !== node.task.id);
    const similar = this.#learns ? mostSimilar(this.#experience.traits(node), others) : [];
    const score = this.#scores.get(node.task.id) ?? null;
    const prior = this.#prior(score);
    const effort = shrink(prior.hours, similar);
    return {
      effort,
      n: similar.length,
      source: `${words(prior.from, score)}; ${learnt(similar.length, this.#learns)}`,
      prior: { ...prior, weight: PRIOR_WEIGHT },
      score,
      sigma: rounded(effort.sigma, 3),
      similar: similar.flatMap(({ id, hours, weight }) => {
        const spent = this.#experience.spent(id);
        return spent ? [{ ...this.#name(id), hours: rounded(hours, 3), source: spent.source, weight }] : [];
      }),
    };
  }

  #prior(score: number | null): { hours: number; from: 'complexity' | 'store_median' | 'default' } {
    const { medianHours, finished } = this.#experience;
    if (score !== null) return { hours: priorHours(score), from: 'complexity' };
    if (this.#learns && medianHours !== null && finished.length >= ENOUGH)
      return { hours: rounded(medianHours, 3), from: 'store_median' };
    return { hours: priorHours(), from: 'default' };
  }

  /** The sum of its subtasks, and of theirs, down to those that have none: what is done counts as what it took. */
  #sum(top: PlanNode): Judgement {
    const leaves = leavesOf(top);
    const parts: Part[] = [];
    let done = 0;
    const subtasks = leaves.map((node) => {
      const { effort } = this.#shrunk(node);
      const spent = this.#experience.spent(node.task.id);
      const actual = node.task.status === 'completed' && spent ? spent.hours : null;
      if (actual === null) parts.push({ ...effort, elapsed: 0 });
      else done += actual;
      const { p50, p80 } = hoursOf(effort);
      return { ...this.#name(node.task.id), p50, p80, actual: actual === null ? null : rounded(actual, 3) };
    });
    const hours = hoursOfSamples(drawSum(parts, done, SEED));
    const finished = leaves.length - parts.length;
    const source = `the sum of ${counted(leaves.length, 'subtask')}, ${finished} of them with the hours that they took (${RUNS} draws, seed ${SEED})`;
    const prior = { hours: hours.p50, from: 'subtasks', weight: 0 } as const;
    return { hours, basis: { n: finished, source, prior, score: null, sigma: null, similar: [], subtasks } };
  }

  #name(id: string): { id: string; name: string; title: string } {
    const { number, title } = this.#plan.graph.require(id).task;
    return { id, name: taskName(number), title };
  }
}

/** The tasks that one consists of, without those that were cancelled; another program may have written a circle. */
function leavesOf(top: PlanNode): PlanNode[] {
  const leaves: PlanNode[] = [];
  const seen = new Set<PlanNode>([top]);
  const stack = [...top.subtasks];
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (seen.has(node) || node.task.status === 'cancelled') continue;
    seen.add(node);
    if (isContainer(node)) stack.push(...node.subtasks);
    else leaves.push(node);
  }
  return leaves.sort((a, b) => a.task.number - b.task.number);
}

function words(from: 'complexity' | 'store_median' | 'default', score: number | null): string {
  if (from === 'complexity') return `complexity ${score} of 10`;
  const unknown = 'complexity not known';
  return from === 'store_median' ? `${unknown}, the median of this store` : `${unknown}, taken as middling`;
}

function learnt(n: number, learns: boolean): string {
  if (!learns) return 'finished tasks left aside';
  if (n === 0) return 'no finished task like it';
  return `${counted(n, 'finished task')} like it`;
}
