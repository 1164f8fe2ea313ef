import { quantile } from './measure.mjs';
import { makeBacklog, SHAPES } from './ranking/backlog.mjs';
import { by, ours, simulate } from './ranking/simulate.mjs';

const SIZES = [40, 160, 400];
const WORKERS = [1, 2, 4];
/** Of each shape and size. Other seeds than those with which the weights were found. */
const SEEDS = 5;
const FIRST_SEED = 1_000_003;
const RANKS = { critical: 4, high: 3, medium: 2, low: 1, background: 0 };
/** The weights and parts of algorithms.md 6.5 that we began with cannot be told apart by weights alone; these are its weights. */
const FIRST_WEIGHTS = {
  readiness: 0.25,
  urgency: 0.2,
  priority: 0.2,
  business_value: 0.15,
  complexity_fit: 0.1,
  continuity: 0.1,
};

/**
 * Of all backlogs: the mean, and between what four of five of them lie.
 * @typedef {{ mean: number, low: number, high: number }} Share
 *
 * @typedef {object} RankingLine
 * @property {string} policy @property {number} workers
 * @property {Share} makespan of that of first in, first out @property {Share} completion weighted, the same
 * @property {number} lateness working hours, mean of the tasks that are due @property {number} late share of them
 */

/**
 * Works the same simulated backlogs off in the order of each policy.
 * @param {typeof import('./library.js')} library
 * @param {{ sizes?: readonly number[], seeds?: number }} [how]
 * @returns {RankingLine[]}
 */
export function measureRanking(library, { sizes = SIZES, seeds = SEEDS } = {}) {
  /** @type {Map<string, { policy: string, workers: number, found: Found[] }>} */
  const lines = new Map();
  const backlogs = Object.keys(SHAPES).flatMap((shape) =>
    sizes.flatMap((size) =>
      Array.from({ length: seeds }, (_, seed) => makeBacklog(shape, size, FIRST_SEED + 7919 * seed + size)),
    ),
  );
  for (const tasks of backlogs) {
    const policies = policiesOf(library, tasks);
    for (const workers of WORKERS) {
      const [first] = policies;
      const floor = simulate(tasks, workers, /** @type {typeof policies[0]} */ (first)[1]);
      for (const [policy, choose] of policies) {
        const found = choose === first?.[1] ? floor : simulate(tasks, workers, choose);
        const key = `${workers} ${policy}`;
        const line = lines.get(key) ?? { policy, workers, found: [] };
        const { lateness, late } = found;
        const makespan = found.makespan / floor.makespan;
        line.found.push({ makespan, completion: found.completion / floor.completion, lateness, late });
        lines.set(key, line);
      }
    }
  }
  return [...lines.values()].map(({ policy, workers, found }) => {
    /** @param {keyof Found} what */
    const share = (what) => {
      const values = found.map((one) => one[what]);
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      return { mean, low: quantile(values, 0.1), high: quantile(values, 0.9) };
    };
    return {
      policy,
      workers,
      makespan: share('makespan'),
      completion: share('completion'),
      lateness: share('lateness').mean,
      late: share('late').mean,
    };
  });
}

/** What one policy made of one backlog. @typedef {{ makespan: number, completion: number, lateness: number, late: number }} Found */

/**
 * @param {typeof import('./library.js')} library @param {import('./ranking/backlog.mjs').SimulatedTask[]} tasks
 * @returns {[string, import('./ranking/simulate.mjs').Policy][]}
 */
function policiesOf(library, tasks) {
  const estimates = tasks.map(({ task }) => task.hours?.p50 ?? 4);
  const chain = [...estimates];
  for (let index = tasks.length - 1; index >= 0; index -= 1) {
    for (const other of tasks[index]?.dependsOn ?? [])
      chain[other] = Math.max(chain[other] ?? 0, (estimates[other] ?? 0) + (chain[index] ?? 0));
  }
  return [
    ['first in, first out', by((index) => index)],
    ['priority only', by((index) => -RANKS[tasks[index]?.task.priority ?? 'medium'])],
    ['longest chain first', by((index) => -(chain[index] ?? 0))],
    ['most value an hour first', by((index) => (estimates[index] ?? 0) / (tasks[index]?.weight ?? 1))],
    ['ours, weights of the specification', ours(library, tasks, FIRST_WEIGHTS)],
    ['**ours**', ours(library, tasks)],
  ];
}

/** @param {readonly RankingLine[]} lines */
export function rankingTable(lines) {
  const rows = lines.map(({ policy, workers, makespan, completion, lateness, late }) => [
    String(workers),
    policy,
    shown(makespan),
    shown(completion),
    lateness.toFixed(1),
    `${(100 * late).toFixed(0)} %`,
  ]);
  const head = ['workers', 'order', 'makespan', 'weighted completion', 'mean lateness, h', 'late'];
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

/** @param {Share} share */
function shown({ mean, low, high }) {
  return `${mean.toFixed(3)} (${low.toFixed(2)}–${high.toFixed(2)})`;
}

/** The section of docs/BENCHMARKS.md. @param {readonly RankingLine[]} lines */
export function rankingSection(lines) {
  return `## Ranking of the next task

The same simulated backlogs, worked off by 1, 2 and 4 workers of whom each, when free, takes what the order says is next:
${Object.keys(SHAPES).length} shapes (features with few links between them, phases, forks and joins, a loose backlog), ${SIZES.join(', ')} tasks,
${SEEDS} seeds each. Durations are log-normal (median 4 h, σ 0.9); the order knows estimates that are wrong by e^±0.35, and none for a
fifth of the tasks; 15 % are due, 40 % have a value; going over to another area takes a quarter of an hour. Makespan and
weighted completion time (weights: the value, else the priority) are shares of those of *first in, first out* on the same
backlog, less is better, the mean of all backlogs and, in parentheses, between what four of five of them lie; lateness is the mean of the tasks that are due. *Longest chain first* and *most value an hour first* (which is told the true
weights) are each good at one of these only.

${rankingTable(lines)}
`;
}
