import type { RankedTask } from './choose.js';
import { likenessOf } from './score.js';

/** A task in a day's plan. Hours are counted from now, of work without a break. */
export interface ScheduledTask {
  readonly task: RankedTask;
  /** From 1. */
  readonly worker: number;
  readonly start: number;
  /** Null where nobody knows how long it takes: nothing is planned after it. */
  readonly end: number | null;
  /** The task before it of the same worker that it has things in common with, and what. */
  readonly groupedWith?: { readonly id: string; readonly shared: readonly string[] };
}

export interface ScheduleOptions {
  /** The tasks to begin with: one a worker. */
  readonly first: readonly RankedTask[];
  readonly ranked: readonly RankedTask[];
  /** Hours of each worker; absent: only the first tasks are planned. */
  readonly hours?: number | undefined;
  /** Of those that fit, what is like the task before comes sooner. */
  readonly grouping: boolean;
}

const MOST = 10;
/** What being wholly alike adds to a score where tasks are grouped: as much as the part for continuity does. */
const ALIKE = 0.1;

/**
 * A plan of the hours at hand, from the tasks that are ready now: each worker begins with its first task, and whoever is
 * free first takes the best of the others that fits into its hours and touches no file of what others work on.
 */
export function schedule({ first, ranked, hours, grouping }: ScheduleOptions): ScheduledTask[] {
  const planned: ScheduledTask[] = first.map((task, index) => ({
    task,
    worker: index + 1,
    start: 0,
    end: task.task.hours?.p50 ?? null,
  }));
  if (hours === undefined) return planned;
  const last = [...planned];
  const taken = new Set(planned.map(({ task }) => task.task.id));
  while (planned.length < MOST) {
    const choice = last
      .filter(({ end }) => end !== null && end < hours)
      .sort((a, b) => (a.end as number) - (b.end as number) || a.worker - b.worker)
      .flatMap((before) => nextFor(before, last, { ranked, taken, hours, grouping }) ?? [])[0];
    if (!choice) break;
    planned.push(choice);
    taken.add(choice.task.task.id);
    last[choice.worker - 1] = choice;
  }
  return planned;
}

function nextFor(
  before: ScheduledTask,
  last: readonly ScheduledTask[],
  {
    ranked,
    taken,
    hours,
    grouping,
  }: Pick<ScheduleOptions, 'ranked' | 'grouping'> & { readonly taken: ReadonlySet<string>; readonly hours: number },
): ScheduledTask | undefined {
  const start = before.end as number;
  const busy = new Set(last.filter((one) => one !== before).flatMap(({ task }) => task.task.files));
  const fitting = ranked.filter(({ task }) => {
    const fits = task.hours !== undefined && start + task.hours.p50 <= hours;
    return fits && !taken.has(task.id) && !task.files.some((file) => busy.has(file));
  });
  const gain = (one: RankedTask) => (grouping ? ALIKE * (likenessOf(one.task, before.task.task)?.score ?? 0) : 0);
  let best = fitting[0];
  for (const one of fitting) if (best && one.total + gain(one) > best.total + gain(best)) best = one;
  if (!best) return undefined;
  const shared = grouping ? (likenessOf(best.task, before.task.task)?.shared ?? []) : [];
  const end = start + (best.task.hours?.p50 ?? 0);
  const groupedWith = shared.length > 0 ? { id: before.task.task.id, shared } : undefined;
  return { task: best, worker: before.worker, start, end, ...(groupedWith && { groupedWith }) };
}
