import { completedWithin, cycleTime, feedbackAverages, groupBy, type WorkItem } from '../../core/metrics/work.js';
import { hoursBetween } from '../../core/time/hours.js';
import { startOf } from '../../core/time/period.js';
import { readStoreSize, readWork } from '../../store/repositories/workRows.js';
import { blockedTasks } from '../analysis/blocked.js';
import { mention } from '../analysis/mention.js';
import {
  type FeedbackMetricsInput,
  type FeedbackMetricsView,
  feedbackMetricsInput,
} from '../feedback/feedbackInputs.js';
import { parseInput } from '../input.js';
import type { Plan } from '../plan.js';
import { Verdicts } from '../planning/effort/accuracy.js';
import { measure } from './measures.js';
import { type MetricsInput, type MetricsView, metricsInput } from './metricsInputs.js';

/** As many as a person looks at. */
const SHOWN = 10;

/** How work goes, in numbers that say what they are reckoned from. */
export function metrics(plan: Plan, input: MetricsInput = {}): MetricsView {
  const { period, byAssignee, bottlenecks, databaseStats } = parseInput(metricsInput, input);
  const now = plan.now();
  const since = startOf(period, now);
  const items = readWork(plan.store);
  const verdicts = new Verdicts(plan);
  return {
    period,
    since: since ?? null,
    ...measure(plan, items, { since, now }, verdicts),
    ...(byAssignee && {
      assignees: groupBy(items, ({ assignee }) => assignee).map((group) => ({
        assignee: group.key,
        ...measure(plan, group.items, { since, now }, verdicts),
      })),
    }),
    ...(bottlenecks && { bottlenecks: findBottlenecks(plan, items, now) }),
    ...(databaseStats && { database: readStoreSize(plan.store) }),
  };
}

function findBottlenecks(plan: Plan, items: readonly WorkItem[], now: string): NonNullable<MetricsView['bottlenecks']> {
  const { n, p85Hours } = cycleTime(completedWithin(items, { since: undefined, now }));
  const aging = items
    .filter(({ status }) => status === 'in_progress')
    .map(({ id, firstStartedAt }) => ({ id, hours: firstStartedAt ? hoursBetween(firstStartedAt, now) : 0 }))
    .filter(({ hours }) => p85Hours === null || hours > p85Hours)
    .sort((a, b) => b.hours - a.hours)
    .slice(0, SHOWN);
  return {
    release: blockedTasks(plan).release.slice(0, SHOWN),
    aging: aging.map(({ id, hours }) => ({ ...mention(plan.graph, plan.graph.require(id).task, now), hours })),
    thresholdHours: p85Hours,
    n,
  };
}

/** What others think of the tasks completed within a period. */
export function feedbackMetrics(plan: Plan, input: FeedbackMetricsInput = {}): FeedbackMetricsView {
  const { period, by } = parseInput(feedbackMetricsInput, input);
  const now = plan.now();
  const since = startOf(period, now);
  const completed = completedWithin(readWork(plan.store), { since, now });
  return {
    period,
    since: since ?? null,
    ...feedbackAverages(completed),
    ...(by && {
      by,
      groups: groupBy(completed, (item) => item[by]).map(({ key, items }) => ({ key, ...feedbackAverages(items) })),
    }),
  };
}
