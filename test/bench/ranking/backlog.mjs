import { mulberry32 } from '../random.mjs';

/**
 * @typedef {object} SimulatedTask
 * @property {import('../../../src/core/planning/nextTask/plan.js').OpenTask} task as the planner knows it
 * @property {number[]} dependsOn indexes of earlier tasks
 * @property {number} hours that it really takes
 * @property {number} weight what finishing it is worth
 * @property {number} [due] working hours from the start
 * @property {string} area that whoever works on it has to have in mind
 */

export const HOURS_A_DAY = 8;
export const START = Date.UTC(2026, 0, 5);
const PRIORITIES = /** @type {const} */ ([
  ['critical', 0.05],
  ['high', 0.25],
  ['medium', 0.7],
  ['low', 0.95],
  ['background', 1],
]);
const RANKS = { critical: 4, high: 3, medium: 2, low: 1, background: 0 };

/** A moment of the simulation, counted in working hours. @param {number} hours */
export const moment = (hours) => new Date(START + (hours / HOURS_A_DAY) * 86_400_000).toISOString();

/**
 * How plans hang together. Each gives what a task depends on.
 * @type {Record<string, (index: number, size: number, random: () => number) => number[]>}
 */
export const SHAPES = {
  // Features of eight steps beside each other; some wait for a step of another.
  features: (index, _size, random) => {
    const before = index % 8 === 0 ? [] : [index - 1];
    if (index >= 8 && random() < 0.15) before.push(Math.floor(random() * (index - (index % 8))));
    return before;
  },
  // Phases: each task needs a few of the phase before.
  phases: (index, size, random) => {
    const width = Math.max(4, Math.round(Math.sqrt(size)));
    const phase = Math.floor(index / width);
    if (phase === 0) return [];
    return Array.from(
      { length: 1 + Math.floor(random() * 3) },
      () => (phase - 1) * width + Math.floor(random() * width),
    );
  },
  // Something is prepared, much follows from it, and it is put together: blocks of fork and join, one after another in lanes.
  forks: (index) => {
    const place = index % 10;
    if (place === 0) return index >= 40 ? [index - 31] : [];
    if (place === 9) return Array.from({ length: 8 }, (_, at) => index - 8 + at);
    return [index - place];
  },
  // A backlog of many small things: half of them wait for one or two earlier ones.
  loose: (index, _size, random) => {
    if (index === 0 || random() < 0.5) return [];
    const reach = Math.min(index, 30);
    return Array.from({ length: 1 + Math.floor(random() * 2) }, () => index - 1 - Math.floor(random() * reach));
  },
};

/**
 * A backlog, the same one for the same seed. The planner sees estimates that are wrong by a factor of e^±0.35 (and none
 * for a fifth of the tasks); durations are log-normal about 4 hours.
 * @param {keyof typeof SHAPES} shape @param {number} size @param {number} seed
 * @returns {SimulatedTask[]}
 */
export function makeBacklog(shape, size, seed) {
  const random = mulberry32(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  /** @type {SimulatedTask[]} */
  const tasks = [];
  /** @type {number[]} */
  const finish = [];
  for (let index = 0; index < size; index += 1) {
    const dependsOn = [...new Set(SHAPES[shape]?.(index, size, random) ?? [])];
    const hours = 4 * Math.exp(0.9 * normal());
    const p50 = hours * Math.exp(0.35 * normal());
    const chance = random();
    const priority = PRIORITIES.find(([, most]) => chance < most)?.[0] ?? 'medium';
    const value = random() < 0.4 ? 1 + Math.floor(random() * 5) : undefined;
    const isEstimated = random() < 0.8;
    const area = `area-${shape === 'loose' ? Math.floor(random() * 6) : Math.floor(index / 8) % 6}`;
    finish.push(hours + Math.max(0, ...dependsOn.map((other) => finish[other] ?? 0)));
    const due = random() < 0.15 ? (finish[index] ?? 0) * (0.8 + 1.2 * random()) + size * random() : undefined;
    const isDescribed = random() < 0.8;
    tasks.push({
      dependsOn,
      hours,
      weight: value ?? RANKS[priority] + 1,
      ...(due !== undefined && { due }),
      area,
      task: {
        id: index.toString(16).padStart(8, '0'),
        number: index + 1,
        status: 'pending',
        priority,
        type: 'task',
        createdAt: new Date(START - (size - index) * 60_000).toISOString(),
        claimed: false,
        archived: false,
        described: isDescribed,
        tags: [area],
        files: [],
        ...(isEstimated && { hours: { p50, p80: p50 * Math.exp(0.84 * 0.5), source: 'kept' } }),
        ...(value !== undefined && { businessValue: value }),
        ...(due !== undefined && { due: moment(due) }),
      },
    });
  }
  return tasks;
}
