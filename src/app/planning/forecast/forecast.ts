import type { PlanNode } from '../../../core/graph/planGraph.js';
import { median, rankOf, rounded } from '../../../core/metrics/statistics.js';
import { dueMoment } from '../../../core/model/due.js';
import { InvalidInputError, NotFoundError } from '../../../core/model/errors.js';
import { taskName } from '../../../core/model/taskId.js';
import { quantile } from '../../../core/planning/effort/lognormal.js';
import { histogram } from '../../../core/planning/forecast/histogram.js';
import { type Network, networkOf } from '../../../core/planning/forecast/network.js';
import { Simulation } from '../../../core/planning/forecast/simulation.js';
import { WorkTimeline } from '../../../core/time/workCalendar.js';
import { mention } from '../../analysis/mention.js';
import { type Output, parseInput } from '../../input.js';
import type { Plan } from '../../plan.js';
import type { Tasks } from '../../tasks/tasks.js';
import { Experience } from '../effort/experience.js';
import { type ForecastInput, type ForecastView, forecastInput } from './forecastInputs.js';
import { EFFORT_SOURCES, Outlook, type TaskOutlook } from './outlook.js';

type Given = Output<typeof forecastInput>;
type Target = { readonly kind: ForecastView['target']['kind']; readonly name: string | null; readonly ids: string[] };

/** All that a forecast is told from. */
interface Found {
  readonly given: Given;
  readonly target: Target;
  readonly network: Network;
  readonly outlook: Outlook;
  readonly outlooks: readonly (TaskOutlook | undefined)[];
  readonly spent: readonly number[];
  readonly simulation: Simulation;
  readonly iso: (hours: number) => string | null;
  readonly now: string;
  readonly experience: Experience;
}

export interface ForecastWatch {
  /** Ends the work when it aborts. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

/** Task times runs: more would take more than 100 MB. */
const CELLS = 25_000_000;
/** Task times runs that are done before others get a turn: some milliseconds. */
const SLICE = 50_000;
const BINS = 12;
const BOTTLENECKS = 5;

const ASSUMED =
  'The workers do only this work, the most urgent ready task first; what is claimed or in progress comes before. Errors of different tasks are taken to be independent.';

/** When work is likely to be done: the plan played through many times. */
export class Forecast {
  readonly #plan: Plan;
  readonly #tasks: Tasks;

  constructor(plan: Plan, tasks: Tasks) {
    this.#plan = plan;
    this.#tasks = tasks;
  }

  /**
   * Plays what is open of the target through, with pauses in which others get their turn. Nothing is written. Throws
   * NOT_FOUND, AMBIGUOUS, INVALID_INPUT, and what aborted the signal.
   */
  async forecast(input: ForecastInput = {}, { signal, onProgress }: ForecastWatch = {}): Promise<ForecastView> {
    const given = parseInput(forecastInput, input);
    const target = this.#target(given);
    const plan = this.#plan;
    const now = plan.now();
    const network = networkOf(plan.graph, target.ids, now);
    const experience = new Experience(plan);
    const outlook = new Outlook(plan, experience);
    const timeline = new WorkTimeline(experience.calendar, Date.parse(now));
    const outlooks = network.nodes.map((node) => (network.containers.has(node) ? undefined : outlook.of(node)));
    const runs = Math.min(given.runs, Math.max(100, Math.floor(CELLS / Math.max(1, network.nodes.length))));
    const spent = network.nodes.map(({ task }) => experience.spent(task.id)?.hours ?? 0);
    const simulation = new Simulation(
      {
        ...network,
        parts: outlooks.map((one, at) => one?.effort && { ...one.effort, elapsed: spent[at] ?? 0 }),
        notBefore: network.nodes.map(({ task }) =>
          task.notBefore === undefined || task.status === 'in_progress' ? 0 : until(timeline, task.notBefore),
        ),
        due: network.nodes.map(({ task: { due } }) => dueHours(timeline, due)),
      },
      { workers: given.workers, runs, seed: given.seed },
    );
    const slice = Math.max(1, Math.floor(SLICE / Math.max(1, network.nodes.length)));
    while (network.nodes.length > 0 && simulation.done < runs) {
      simulation.advance(slice);
      onProgress?.(simulation.done, runs);
      await new Promise((done) => setImmediate(done));
      signal?.throwIfAborted();
    }
    const iso = (hours: number) => {
      const moment = timeline.moment(hours);
      return moment === undefined ? null : new Date(moment).toISOString();
    };
    return this.#view({ given, target, network, outlook, outlooks, spent, simulation, iso, now, experience });
  }

  /** Throws NOT_FOUND where a milestone or a filter has no task at all. */
  #target({ task, milestone, query }: Given): Target {
    if ([task, milestone, query].filter((one) => one !== undefined).length > 1)
      throw new InvalidInputError('target', 'Give one target: a task, a milestone, or a filter.');
    const { graph } = this.#plan;
    if (task !== undefined) {
      const id = this.#tasks.resolve(task);
      return { kind: 'task', name: taskName(graph.require(id).task.number), ids: [id] };
    }
    if (query !== undefined) {
      const found = this.#tasks.select(query);
      if (found.length === 0) throw new NotFoundError(`No task fits “${query}”.`, { query });
      return { kind: 'query', name: query, ids: found.map(({ id }) => id) };
    }
    if (milestone === undefined) return { kind: 'plan', name: null, ids: graph.tasks().map(({ id }) => id) };
    const wanted = milestone.trim().toLowerCase();
    const found = graph.tasks().filter((one) => one.milestone?.toLowerCase() === wanted);
    if (found.length > 0)
      return { kind: 'milestone', name: found[0]?.milestone ?? null, ids: found.map(({ id }) => id) };
    const known = [...new Set(graph.tasks().flatMap((one) => one.milestone ?? []))].sort();
    throw new NotFoundError(
      `No task is of the milestone “${milestone}”.${known.length > 0 ? ` There are: ${known.join(', ')}.` : ''}`,
      { milestone },
    );
  }

  #view(found: Found): ForecastView {
    const { given, target, network, outlook, outlooks, simulation, iso, now, experience } = found;
    const { graph } = this.#plan;
    const named = ({ task }: PlanNode) => mention(graph, task, now);
    const isEmpty = network.nodes.length === 0;
    const isHeld = target.kind === 'task' && network.held.some(({ node }) => node.task.id === target.ids[0]);
    const told = !isEmpty && !isHeld;
    const totals = simulation.totals.slice().sort();
    const hours = told ? { p50: at(totals, 0.5), p80: at(totals, 0.8), p95: at(totals, 0.95) } : null;
    const chains = simulation.chains;
    const ranked = [...network.nodes.keys()]
      .filter((position) => simulation.criticalHours(position) > 0)
      .sort((a, b) => simulation.criticalHours(b) - simulation.criticalHours(a) || a - b);
    const entries = network.nodes.map((node, position) => this.#entry(node, position, found));
    entries.sort((a, b) => a.p50 - b.p50 || a.p80 - b.p80);
    return {
      target: { kind: target.kind, name: target.name },
      message: sentence(target, network, hours),
      at: now,
      tasks: network.nodes.length + network.held.length,
      hours,
      dates: hours && { p50: iso(hours.p50), p80: iso(hours.p80), p95: iso(hours.p95) },
      work: isEmpty ? null : tidy(median([...simulation.hours]) ?? 0),
      criticalPath: isEmpty
        ? null
        : {
            hours: tidy(median([...chains]) ?? 0),
            share: tidy(median([...chains].map((chain, run) => ratio(chain, simulation.totals[run] ?? 0))) ?? 0),
          },
      bottlenecks: ranked.slice(0, BOTTLENECKS).map((position) => ({
        ...named(network.nodes[position] as PlanNode),
        criticality: tidy(simulation.criticality(position)),
        hours: tidy(simulation.criticalHours(position)),
      })),
      histogram: told
        ? histogram(totals, BINS).map(({ from, to, runs }) => ({ from: tidy(from), to: tidy(to), runs }))
        : [],
      entries,
      held: network.held.map(({ node, why }) => ({ ...named(node), why })),
      blocked: network.nodes.filter(({ task }) => task.status === 'blocked').map(named),
      basis: {
        runs: simulation.done,
        askedRuns: given.runs,
        seed: given.seed,
        workers: given.workers,
        sources: [
          ...EFFORT_SOURCES.map((from) => ({
            from,
            tasks: outlooks.filter((one) => one?.from === from).length,
            says: outlook.says[from],
          })),
          { from: 'subtasks' as const, tasks: network.containers.size, says: 'done when their subtasks are' },
        ].filter(({ tasks }) => tasks > 0),
        working_hours: experience.calendar.hours,
        says: ASSUMED,
      },
    };
  }

  #entry(
    node: PlanNode,
    position: number,
    { outlooks, spent, simulation, iso, now }: Found,
  ): ForecastView['entries'][number] {
    const finishes = simulation.finishes(position);
    const [p50, p80] = [at(finishes, 0.5), at(finishes, 0.8)];
    const outlook = outlooks[position];
    const { due } = node.task;
    return {
      ...mention(this.#plan.graph, node.task, now),
      p50,
      p80,
      dates: { p50: iso(p50), p80: iso(p80) },
      effort: outlook?.effort
        ? {
            p50: tidy(quantile(outlook.effort, 0.5)),
            p80: tidy(quantile(outlook.effort, 0.8)),
            from: outlook.from,
            spent: tidy(spent[position] ?? 0),
          }
        : null,
      criticality: tidy(simulation.criticality(position)),
      ...(due !== undefined && {
        due,
        onTime: dueMoment(due) === undefined ? null : tidy(simulation.onTime(position)),
      }),
    };
  }
}

/** Hours until a time; a century where it is farther away. */
function until(timeline: WorkTimeline, time: string): number {
  const moment = Date.parse(time);
  return Number.isNaN(moment) ? 0 : (timeline.hoursUntil(moment) ?? 200_000);
}

function dueHours(timeline: WorkTimeline, due: string | undefined): number | undefined {
  const moment = dueMoment(due);
  return moment === undefined ? undefined : (timeline.hoursUntil(Date.parse(moment)) ?? Number.POSITIVE_INFINITY);
}

function sentence({ kind, name }: Target, { held }: Network, hours: ForecastView['hours']): string {
  const what = kind === 'plan' ? 'The plan' : kind === 'query' ? `What fits “${name}”` : `${name}`;
  const left = held.length === 1 ? '1 task that cannot' : `${held.length} tasks that cannot`;
  const without = held.length === 0 ? '' : ` without ${left} be done before somebody decides`;
  if (hours)
    return `${what}${without} takes ${hours.p50} hours of work in half of the runs, and at most ${hours.p80} in 80 %`;
  return held.length === 0 ? `${what}: nothing is open` : `${what} cannot be done before somebody decides`;
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 1 : part / whole;
}

/** The quantile of sorted runs, of which there is at least one. */
function at(sorted: ArrayLike<number>, share: number): number {
  return tidy(rankOf(sorted, share) ?? 0);
}

function tidy(value: number): number {
  return rounded(value, 3);
}
