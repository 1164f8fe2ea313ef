import { dueMoment } from '../model/due.js';
import type { Status } from '../model/status.js';
import type { TaskId } from '../model/taskId.js';
import { isClosed } from '../model/workState.js';
import { hoursBetween, roundedHours } from '../time/hours.js';
import { mean, median, nearestRank, percentage, rounded } from './statistics.js';

/** What is measured of a task. Times are UTC ISO 8601. */
export interface WorkItem {
  readonly id: TaskId;
  readonly status: Status;
  readonly type: string;
  readonly assignee?: string;
  readonly createdAt: string;
  /** When it was started for the first time. */
  readonly firstStartedAt?: string;
  /** Of a completed task: when it was completed last. */
  readonly completedAt?: string;
  readonly due?: string;
  readonly estimatedHours?: number;
  readonly actualHours?: number;
  readonly criteria: number;
  readonly criteriaDone: number;
  readonly quality?: number;
  readonly timeliness?: number;
  readonly hasFeedback: boolean;
}

/** A stretch of time; without a start it is all time. */
export interface Window {
  readonly since: string | undefined;
  readonly now: string;
}

export interface Spread {
  readonly n: number;
  readonly medianHours: number | null;
  readonly p85Hours: number | null;
}

/** The tasks that were completed within the window. */
export function completedWithin(items: readonly WorkItem[], { since }: Window): WorkItem[] {
  return items.filter(
    ({ status, completedAt }) => status === 'completed' && (since === undefined || (completedAt ?? '') >= since),
  );
}

/** From the first start to the completion. */
export function cycleTime(completed: readonly WorkItem[]): Spread {
  return spread(completed, ({ firstStartedAt }) => firstStartedAt);
}

/** From the creation to the completion. */
export function leadTime(completed: readonly WorkItem[]): Spread {
  return spread(completed, ({ createdAt }) => createdAt);
}

function spread(completed: readonly WorkItem[], start: (item: WorkItem) => string | undefined): Spread {
  const hours = completed.flatMap((item) => {
    const from = start(item);
    return from === undefined || item.completedAt === undefined ? [] : [hoursBetween(from, item.completedAt)];
  });
  const middle = median(hours);
  return {
    n: hours.length,
    medianHours: middle === null ? null : roundedHours(middle),
    p85Hours: nearestRank(hours, 85),
  };
}

/** How far the actual hours were from the estimate: |actual − estimate| / estimate, and actual / estimate. */
export function estimateAccuracy(completed: readonly WorkItem[]) {
  const ratios = completed.flatMap(({ estimatedHours, actualHours }) =>
    estimatedHours && actualHours !== undefined ? [actualHours / estimatedHours] : [],
  );
  return {
    n: ratios.length,
    medianRelativeError: rounded(median(ratios.map((ratio) => Math.abs(ratio - 1))), 2),
    medianRatio: rounded(median(ratios), 2),
  };
}

/** How many of the completed tasks' criteria were checked off, by hand or by validation. */
export function criteriaRate(completed: readonly WorkItem[]) {
  const n = sum(completed, ({ criteria }) => criteria);
  const passed = sum(completed, ({ criteriaDone }) => criteriaDone);
  return { n, passed, tasks: completed.filter(({ criteria }) => criteria > 0).length, rate: percentage(passed, n) };
}

/** Which of the completed tasks were in time, and what is late now. */
export function deadlines(items: readonly WorkItem[], completed: readonly WorkItem[], { now }: Window) {
  const dated = completed.flatMap(({ due, completedAt }) => {
    const moment = dueMoment(due);
    return moment === undefined || completedAt === undefined ? [] : [completedAt <= moment];
  });
  const met = dated.filter((inTime) => inTime).length;
  return {
    n: dated.length,
    met,
    missed: dated.length - met,
    rate: percentage(met, dated.length),
    overdueNow: items.filter(({ status, due }) => !isClosed(status) && (dueMoment(due) ?? now) < now).length,
  };
}

/**
 * Work finished in a week on average over the window; over all time, since the first task was created. Less than a day
 * says nothing about a week: then it is null.
 */
export function velocity(items: readonly WorkItem[], completed: readonly WorkItem[], { since, now }: Window) {
  const first = since ?? items.reduce<string | undefined>(earlier, undefined);
  const weeks = first === undefined ? 0 : hoursBetween(first, now) / (7 * 24);
  const estimated = completed.filter(({ estimatedHours }) => estimatedHours !== undefined);
  const perWeek = (amount: number) => (weeks < 1 / 7 ? null : rounded(amount / weeks, 2));
  return {
    n: completed.length,
    weeks: roundedHours(weeks),
    tasksPerWeek: perWeek(completed.length),
    estimatedHoursPerWeek: estimated.length === 0 ? null : perWeek(sum(estimated, (item) => item.estimatedHours ?? 0)),
    estimated: estimated.length,
  };
}

function earlier(first: string | undefined, { createdAt }: WorkItem): string {
  return first === undefined || createdAt < first ? createdAt : first;
}

/** Averages of the scores, and how many completed tasks have any. */
export function feedbackAverages(completed: readonly WorkItem[]) {
  const quality = completed.flatMap((item) => item.quality ?? []);
  const timeliness = completed.flatMap((item) => item.timeliness ?? []);
  const withFeedback = completed.filter((item) => item.hasFeedback).length;
  return {
    quality: rounded(mean(quality), 2),
    qualityScores: quality.length,
    timeliness: rounded(mean(timeliness), 2),
    timelinessScores: timeliness.length,
    withFeedback,
    total: completed.length,
    coverage: percentage(withFeedback, completed.length),
  };
}

/** The items by a property, those without it under null, the largest group first. */
export function groupBy(
  items: readonly WorkItem[],
  key: (item: WorkItem) => string | undefined,
): { key: string | null; items: WorkItem[] }[] {
  const groups = new Map<string | null, WorkItem[]>();
  for (const item of items) {
    const name = key(item) ?? null;
    const group = groups.get(name);
    if (group) group.push(item);
    else groups.set(name, [item]);
  }
  return [...groups]
    .map(([key, items]) => ({ key, items }))
    .sort((a, b) => b.items.length - a.items.length || ((a.key ?? '') < (b.key ?? '') ? -1 : 1));
}

function sum(items: readonly WorkItem[], value: (item: WorkItem) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}
