import { moment } from './backlog.mjs';

/** Getting into another area takes a quarter of an hour. */
const SWITCH = 0.25;

/**
 * Which of the ready tasks a free worker takes: an index.
 * @typedef {(state: { ready: number[], now: number, running: number[], done: boolean[], last: number | undefined }) => number} Policy
 */

/**
 * Works a backlog off: whenever a worker is free, it takes what the policy chooses.
 * @param {import('./backlog.mjs').SimulatedTask[]} tasks @param {number} workers @param {Policy} policy
 */
export function simulate(tasks, workers, policy) {
  const left = tasks.map(({ dependsOn }) => dependsOn.length);
  /** @type {number[][]} */
  const dependants = tasks.map(() => []);
  for (const [index, { dependsOn }] of tasks.entries()) for (const other of dependsOn) dependants[other]?.push(index);
  const done = tasks.map(() => false);
  /** @type {(number | undefined)[]} */
  const last = Array.from({ length: workers }, () => undefined);
  /** @type {{ worker: number, index: number, end: number }[]} */
  let running = [];
  const free = Array.from({ length: workers }, (_, worker) => worker);
  let ready = left.flatMap((count, index) => (count === 0 ? [index] : []));
  let now = 0;
  let [makespan, weighted, weights, lateness, late, due] = [0, 0, 0, 0, 0, 0];
  for (;;) {
    while (free.length > 0 && ready.length > 0) {
      const worker = /** @type {number} */ (free.shift());
      const index = policy({ ready, now, running: running.map((one) => one.index), done, last: last[worker] });
      ready = ready.filter((other) => other !== index);
      const before = last[worker];
      const { hours, area } = /** @type {import('./backlog.mjs').SimulatedTask} */ (tasks[index]);
      const switching = before !== undefined && tasks[before]?.area !== area ? SWITCH : 0;
      running.push({ worker, index, end: now + hours + switching });
      last[worker] = index;
    }
    const next = running.reduce(
      (first, one) => (one.end < first.end ? one : first),
      running[0] ?? { end: -1, index: -1, worker: -1 },
    );
    if (next.index < 0) break;
    now = next.end;
    running = running.filter((one) => one !== next);
    free.push(next.worker);
    done[next.index] = true;
    const task = /** @type {import('./backlog.mjs').SimulatedTask} */ (tasks[next.index]);
    makespan = now;
    weighted += task.weight * now;
    weights += task.weight;
    if (task.due !== undefined) {
      due += 1;
      late += Number(now > task.due);
      lateness += Math.max(0, now - task.due);
    }
    for (const dependant of dependants[next.index] ?? []) {
      left[dependant] = (left[dependant] ?? 0) - 1;
      if (left[dependant] === 0) ready.push(dependant);
    }
  }
  return { makespan, completion: weighted / weights, lateness: due ? lateness / due : 0, late: due ? late / due : 0 };
}

/**
 * @param {typeof import('../library.js')} library @param {import('./backlog.mjs').SimulatedTask[]} tasks
 * @param {import('../../../src/core/planning/nextTask/weights.js').Weights} [weights]
 * @returns {Policy}
 */
export function ours(library, tasks, weights = library.DEFAULT_WEIGHTS) {
  const known = new Map(tasks.map(({ task }) => [task.id, task]));
  /** @param {readonly string[]} ids */
  const detailsOf = (ids) => new Map(ids.flatMap((id) => (known.has(id) ? [[id, known.get(id)]] : [])));
  return ({ now, running, done, last }) => {
    const busy = new Set(running);
    const open = tasks.flatMap(({ task }, index) =>
      done[index] ? [] : [busy.has(index) ? { ...task, status: /** @type {const} */ ('in_progress') } : task],
    );
    /** @type {number[]} */
    const places = [];
    let count = 0;
    for (const isDone of done) {
      places.push(count);
      count += Number(!isDone);
    }
    const edges = tasks.flatMap(({ dependsOn }, index) =>
      done[index] ? [] : dependsOn.flatMap((other) => (done[other] ? [] : [places[index] ?? 0, places[other] ?? 0])),
    );
    const before = last === undefined ? undefined : tasks[last]?.task;
    const { ranked } = library.rank({ now: moment(now), tasks: open, edges, detailsOf, last: before }, { weights });
    return Number.parseInt(ranked[0]?.task.id ?? '', 16);
  };
}

/**
 * The order of the list, or by a key of each task, the smallest first.
 * @param {(index: number) => number} key
 * @returns {Policy}
 */
export function by(key) {
  return ({ ready }) =>
    ready.reduce((best, index) => ((key(index) - key(best) || index - best) < 0 ? index : best), ready[0] ?? 0);
}
