import { dueMoment } from '../../model/due.js';
import type { TaskId } from '../../model/taskId.js';
import type { Network } from './network.js';
import type { OpenTask } from './plan.js';

/** Working hours of a calendar day that a due date is counted back by, unless told otherwise. */
export const HOURS_A_DAY = 8;
const DAY = 86_400_000;

/** How long a task can wait before a due date is missed. */
export interface Slack {
  /** Working hours; below zero where it is too late already. */
  readonly hours: number;
  readonly due: string;
  /** The task that is due: itself, or one that waits for it. */
  readonly of: TaskId;
}

/**
 * The backward pass from the due dates: a task has to be begun early enough that it, and each chain of what waits for it,
 * is done in time with its p80 hours. Undefined for tasks on which no due date depends.
 */
export function slacks(network: Network, now: string, hoursADay: number): readonly (Slack | undefined)[] {
  const { tasks, order, hours, first, dependants } = network;
  const found = new Array<Slack | undefined>(tasks.length).fill(undefined);
  if (tasks.every(({ due }) => due === undefined)) return found;
  const present = Date.parse(now);
  for (let index = order.length - 1; index >= 0; index -= 1) {
    const node = order[index] as number;
    const { id, status, due } = tasks[node] as OpenTask;
    if (status === 'cancelled') continue;
    const moment = dueMoment(due);
    let nearest: Slack | undefined;
    if (moment !== undefined)
      nearest = { hours: ((Date.parse(moment) - present) / DAY) * hoursADay, due: due as string, of: id };
    const end = first[node + 1] as number;
    for (let at = first[node] as number; at < end; at += 1) {
      const later = found[dependants[at] as number];
      if (later && (!nearest || isNearer(later, nearest))) nearest = later;
    }
    if (nearest) found[node] = { ...nearest, hours: nearest.hours - (hours[node] as number) };
  }
  return found;
}

/** By the task's id among equals, so that the order of the edges does not show. */
function isNearer(one: Slack, other: Slack): boolean {
  return one.hours < other.hours || (one.hours === other.hours && one.of < other.of);
}
