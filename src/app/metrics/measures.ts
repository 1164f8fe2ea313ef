import {
  completedWithin,
  criteriaRate,
  cycleTime,
  deadlines,
  estimateAccuracy,
  leadTime,
  velocity,
  type Window,
  type WorkItem,
} from '../../core/metrics/work.js';
import { hoursBetween } from '../../core/time/hours.js';
import type { Plan } from '../plan.js';
import type { Verdicts } from '../planning/effort/accuracy.js';
import type { MeasuresView } from './metricsInputs.js';

/** Measures some tasks within a stretch of time. */
export function measure(plan: Plan, items: readonly WorkItem[], window: Window, verdicts: Verdicts): MeasuresView {
  const { since, now } = window;
  const completed = completedWithin(items, window);
  const working = items.filter(({ status }) => status === 'in_progress');
  const ages = working.flatMap(({ firstStartedAt }) => (firstStartedAt ? [hoursBetween(firstStartedAt, now)] : []));
  return {
    throughput: {
      created: items.filter(({ createdAt }) => since === undefined || createdAt >= since).length,
      completed: completed.length,
      basis: 'tasks that are there now, by when they were created and completed',
    },
    cycleTime: { ...cycleTime(completed), basis: 'first start to completion of the completed tasks that were started' },
    leadTime: { ...leadTime(completed), basis: 'creation to completion of the completed tasks' },
    velocity: {
      ...velocity(items, completed, window),
      basis: since === undefined ? 'completed tasks since the first one was created' : 'completed tasks of the period',
    },
    estimates: {
      ...estimateAccuracy(completed),
      basis: 'completed tasks with an estimate and actual hours, tracked or set by hand',
    },
    effort: verdicts.accuracy(new Set(completed.map(({ id }) => id))),
    criteria: {
      ...criteriaRate(completed),
      basis: 'criteria of completed tasks that were checked off by hand or by complete --validate',
    },
    deadlines: { ...deadlines(items, completed, window), basis: 'completed tasks with a due time' },
    workInProgress: {
      inProgress: working.length,
      claimed: items.filter(({ id }) => plan.stateOf(id) === 'claimed').length,
      oldestHours: ages.length === 0 ? null : Math.max(...ages),
      basis: 'tasks as they are now',
    },
  };
}
