import { clamped, rounded } from '../../metrics/statistics.js';
import { PRIORITY_RANK, type Priority } from '../../model/priority.js';
import type { TaskId } from '../../model/taskId.js';
import type { ExpectedHours } from '../effort/expected.js';
import { type Criteria, same } from './criteria.js';
import type { Network, Substitute } from './network.js';
import type { Candidate, LastTask, Likeness } from './plan.js';
import type { Slack } from './slack.js';
import { FACTORS, type FactorName, type Weights } from './weights.js';

/** Complexity that nobody minds, unless told otherwise: the default of seed 002's parameter. */
export const USUAL_COMPLEXITY = 8;
/** Working hours of slack from which on nothing is urgent: two weeks of 7 days. */
const CALM_DAYS = 14;
/** Scores have so many, and are added as whole numbers of steps, so that their sums are exact. */
const DECIMALS = 4;
const STEPS = 10 ** DECIMALS;
/** How much being on the longest chain of the plan makes a task urgent, beside a due date that is here. */
const CHAIN = 0.5;
/** How much of what waits for a task counts as its own worth. */
const WAITING = 0.5;

/** What each part of a score was made from. */
export interface FactorBasis {
  readonly readiness: { readonly described: boolean; readonly estimated: ExpectedHours['source'] | null };
  readonly urgency: {
    /** The due date that presses; null where none depends on the task. */
    readonly due: { readonly at: string; readonly of: TaskId; readonly slackHours: number } | null;
    /** Hours of the longest chain that begins with the task, and of the longest of the plan. */
    readonly chainHours: number;
    readonly longestHours: number;
    /** What stood for the hours of tasks of which they are not known. */
    readonly substitute: Substitute;
  };
  readonly priority: { readonly priority: Priority };
  readonly business_value: {
    /** What somebody said that it is worth, of the most that any open task is worth (at least 5). */
    readonly explicit: { readonly value: number; readonly of: number } | null;
    /** How many tasks wait for it, directly or through others, and the sum of their priorities of the largest such sum. */
    readonly dependants: number;
    readonly weight: number;
    readonly largest: number;
    /** The hours that the worth is seen against; `known` is false where the plan's usual ones stand for them. */
    readonly hours: { readonly p80: number; readonly usual: number; readonly known: boolean };
  };
  readonly complexity_fit: {
    readonly hours: { readonly p50: number; readonly available: number } | null;
    readonly complexity: { readonly score: number; readonly most: number } | null;
    readonly preferred: { readonly wanted: readonly string[]; readonly met: readonly string[] } | null;
  };
  readonly continuity: { readonly last: TaskId; readonly shared: readonly string[] };
}

/** One part of a score: `contribution` = `weight` × `score`, rounded to ten-thousandths. */
export type Factor = {
  [Name in FactorName]: {
    readonly name: Name;
    /** Its share among the parts that are known: they add up to 1. */
    readonly weight: number;
    /** 0 to 1. */
    readonly score: number;
    readonly contribution: number;
    readonly basis: FactorBasis[Name];
  };
}[FactorName];

export interface Score {
  /** Of what is known, in the order of `FACTORS`. */
  readonly factors: readonly Factor[];
  /** The parts of which nothing is known: the others count for more. */
  readonly missing: readonly FactorName[];
  /** The sum of the contributions, 0 to 1. */
  readonly total: number;
}

/** What tasks are scored against. */
export interface Scale {
  readonly criteria: Criteria;
  readonly weights: Weights;
  readonly network: Network;
  readonly slacks: readonly (Slack | undefined)[];
  readonly hoursADay: number;
  /** Of each ready task: how many wait for it, and the sum of their priorities. */
  readonly waiting: ReadonlyMap<number, { readonly count: number; readonly weight: number }>;
  readonly largestWeight: number;
  readonly mostValue: number;
  readonly last: LastTask | undefined;
}

type Part<Name extends FactorName> = { readonly score: number; readonly basis: FactorBasis[Name] };
type Parts = { readonly [Name in FactorName]: Part<Name> | undefined };

/** The score of a task, which is a node of the network. */
export function scoreOf(node: number, task: Candidate, scale: Scale): Score {
  const parts: Parts = {
    readiness: readiness(task),
    urgency: urgency(node, scale),
    priority: { score: PRIORITY_RANK[task.priority] / 4, basis: { priority: task.priority } },
    business_value: businessValue(node, task, scale),
    complexity_fit: fitness(task, scale.criteria),
    continuity: continuity(task, scale.last),
  };
  const counted = FACTORS.filter((name) => scale.weights[name] > 0);
  const known = counted.filter((name) => parts[name] !== undefined);
  const sum = known.reduce((total, name) => total + scale.weights[name], 0);
  const factors = known.map((name) => {
    const { score, basis } = parts[name] as Part<FactorName>;
    const weight = scale.weights[name] / sum;
    return {
      name,
      weight: rounded(weight, DECIMALS),
      score: rounded(score, DECIMALS),
      contribution: rounded(weight * score, DECIMALS),
      basis,
    };
  }) as Factor[];
  const total = factors.reduce((steps, { contribution }) => steps + Math.round(contribution * STEPS), 0) / STEPS;
  return { factors, missing: counted.filter((name) => parts[name] === undefined), total };
}

/** How well it is prepared: half for saying what is to be done, half for known hours. */
function readiness({ described, hours }: Candidate): Part<'readiness'> {
  return {
    score: 0.5 * Number(described) + 0.5 * Number(hours !== undefined),
    basis: { described, estimated: hours?.source ?? null },
  };
}

/**
 * The more urgent of two things: a due date, of the task or of one that waits for it, 1 where no slack is left and 0 from
 * two weeks on; and its chain, by its share in the longest one of the plan.
 */
function urgency(node: number, { network, slacks, hoursADay }: Scale): Part<'urgency'> {
  const slack = slacks[node];
  const pressing = slack ? clamped(1 - slack.hours / (CALM_DAYS * hoursADay)) : 0;
  const chain = network.longest > 0 ? (network.tail[node] as number) / network.longest : 0;
  return {
    score: Math.max(pressing, CHAIN * chain),
    basis: {
      due: slack ? { at: slack.due, of: slack.of, slackHours: rounded(slack.hours, 1) } : null,
      chainHours: rounded(network.tail[node] as number, 1),
      longestHours: rounded(network.longest, 1),
      substitute: network.substitute,
    },
  };
}

/**
 * Worth for the hours that it costs (Smith's rule, which finishes the most worth soonest): its value, or its priority
 * where nobody said what it is worth, and half of what waits for it. As x / (1 + x) between 0 and 1, where x is 1 for a
 * task of the highest value that takes as long as usual.
 */
function businessValue(node: number, task: Candidate, scale: Scale): Part<'business_value'> {
  const { count: dependants, weight } = scale.waiting.get(node) ?? { count: 0, weight: 0 };
  const { businessValue: value } = task;
  const explicit = value === undefined ? null : { value, of: scale.mostValue };
  const own = explicit ? clamped(explicit.value / explicit.of) : (PRIORITY_RANK[task.priority] + 1) / 5;
  const waiting = scale.largestWeight > 0 ? weight / scale.largestWeight : 0;
  const usual = scale.network.substitute.hours;
  const p80 = task.hours?.p80 ?? usual;
  const worth = (own + WAITING * waiting) * (usual / Math.max(p80, usual / 100));
  return {
    score: worth / (1 + worth),
    basis: {
      explicit,
      dependants,
      weight,
      largest: scale.largestWeight,
      hours: { p80: rounded(p80, 1), usual: rounded(usual, 1), known: task.hours !== undefined },
    },
  };
}

/** The mean of what is known: the hours against those of today, the complexity, and what is preferred. */
function fitness(task: Candidate, criteria: Criteria): Part<'complexity_fit'> | undefined {
  const { hoursToday, maxComplexity: most = USUAL_COMPLEXITY } = criteria;
  const hours = task.hours && hoursToday !== undefined ? { p50: task.hours.p50, available: hoursToday } : null;
  const complexity = task.complexity === undefined ? null : { score: task.complexity, most };
  const preferred = preferences(task, criteria);
  const parts = [
    ...(hours ? [hours.p50 <= hours.available ? 1 : hours.available / hours.p50] : []),
    ...(complexity ? [complexity.score <= most ? 1 : clamped(1 - (complexity.score - most) / 2)] : []),
    ...(preferred ? [preferred.met.length / preferred.wanted.length] : []),
  ];
  if (parts.length === 0) return undefined;
  return {
    score: parts.reduce((sum, part) => sum + part, 0) / parts.length,
    basis: { hours, complexity, preferred },
  };
}

/** Which of the preferences that were given the task meets. */
function preferences(task: Candidate, { preferredTypes = [], preferredLanguages = [] }: Criteria) {
  const wanted: string[] = [];
  const met: string[] = [];
  const ask = (names: readonly string[], own: string | undefined, name: string) => {
    if (names.length === 0) return;
    wanted.push(name);
    if (names.some((one) => same(own, one))) met.push(own as string);
  };
  ask(preferredTypes, task.type, 'type');
  ask(preferredLanguages, task.language, 'language');
  return wanted.length === 0 ? null : { wanted, met };
}

function continuity(task: Candidate, last: LastTask | undefined): Part<'continuity'> | undefined {
  const likeness = last && likenessOf(task, last);
  return likeness && { score: likeness.score, basis: { last: last.id, shared: likeness.shared } };
}

/** Tags, files and language that two have in common, of all that either has (Jaccard); undefined where neither has any. */
export function likenessOf(one: Likeness, other: Likeness): { score: number; shared: string[] } | undefined {
  const [own, others] = [marksOf(one), marksOf(other)];
  const shared = [...own].filter((mark) => others.has(mark));
  const all = own.size + others.size - shared.length;
  return all === 0 ? undefined : { score: shared.length / all, shared };
}

function marksOf({ tags, files, language }: Likeness): Set<string> {
  return new Set([...tags.map((tag) => `#${tag.toLowerCase()}`), ...files, ...(language ? [language] : [])]);
}
