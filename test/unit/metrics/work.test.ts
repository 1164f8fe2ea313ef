import { describe, expect, test } from 'vitest';
import { mean, median, nearestRank, percentage } from '../../../src/core/metrics/statistics.js';
import {
  completedWithin,
  criteriaRate,
  cycleTime,
  deadlines,
  estimateAccuracy,
  feedbackAverages,
  groupBy,
  leadTime,
  velocity,
  type WorkItem,
} from '../../../src/core/metrics/work.js';

const NOW = '2026-03-15T00:00:00.000Z';
const at = (day: number, hour = 0) => new Date(Date.UTC(2026, 2, day, hour)).toISOString();

function item(fields: Partial<WorkItem>): WorkItem {
  return {
    id: '00000001',
    status: 'completed',
    type: 'task',
    createdAt: at(1),
    completedAt: at(2),
    criteria: 0,
    criteriaDone: 0,
    hasFeedback: false,
    ...fields,
  };
}

describe('statistics', () => {
  test('of nothing are null', () => {
    expect([median([]), nearestRank([], 85), mean([]), percentage(0, 0)]).toEqual([null, null, null, null]);
  });

  test('are those of the textbook', () => {
    expect([median([3]), median([5, 1]), median([9, 1, 5])]).toEqual([3, 3, 5]);
    const twenty = Array.from({ length: 20 }, (_, n) => 20 - n);
    expect([nearestRank(twenty, 85), nearestRank(twenty, 100), nearestRank([7], 85)]).toEqual([17, 20, 7]);
    expect([mean([1, 2, 6]), percentage(1, 3)]).toEqual([3, 33.3]);
  });
});

describe('measures', () => {
  test('count what was completed within the window', () => {
    const items = [item({ completedAt: at(1) }), item({ completedAt: at(10) }), item({ status: 'in_progress' })];
    expect(completedWithin(items, { since: at(8), now: NOW })).toEqual([items[1]]);
    expect(completedWithin(items, { since: undefined, now: NOW })).toHaveLength(2);
  });

  test('take the cycle from the first start and the lead from the creation, and say of how many', () => {
    const done = [item({ firstStartedAt: at(1, 20) }), item({ firstStartedAt: at(1, 22) }), item({})];
    expect(cycleTime(done)).toEqual({ n: 2, medianHours: 3, p85Hours: 4 });
    expect(leadTime(done)).toEqual({ n: 3, medianHours: 24, p85Hours: 24 });
    expect(cycleTime([])).toEqual({ n: 0, medianHours: null, p85Hours: null });
  });

  test('compare actual and estimated hours where both are known', () => {
    const done = [
      item({ estimatedHours: 4, actualHours: 6 }),
      item({ estimatedHours: 10, actualHours: 9 }),
      item({ estimatedHours: 2 }),
      item({ estimatedHours: 0, actualHours: 1 }),
    ];
    expect(estimateAccuracy(done)).toEqual({ n: 2, medianRelativeError: 0.3, medianRatio: 1.2 });
    expect(estimateAccuracy([])).toEqual({ n: 0, medianRelativeError: null, medianRatio: null });
  });

  test('tell deadlines that were met from missed ones, and what is late now', () => {
    const items = [
      item({ due: at(2), completedAt: at(2, 20) }),
      item({ due: at(2, 10), completedAt: at(2, 20) }),
      item({ due: 'notadate' }),
      item({ status: 'pending', due: at(14) }),
      item({ status: 'pending', due: at(13) }),
      item({ status: 'cancelled', due: at(3) }),
    ];
    const done = completedWithin(items, { since: undefined, now: NOW });
    expect(deadlines(items, done, { since: undefined, now: NOW })).toEqual({
      n: 2,
      met: 1,
      missed: 1,
      rate: 50,
      overdueNow: 1,
    });
  });

  test('give work a week, and nothing for less than a day', () => {
    const done = [item({ estimatedHours: 3 }), item({})];
    expect(velocity(done, done, { since: undefined, now: NOW })).toEqual({
      n: 2,
      weeks: 2,
      tasksPerWeek: 1,
      estimatedHoursPerWeek: 1.5,
      estimated: 1,
    });
    expect(velocity(done, done, { since: undefined, now: at(1, 5) }).tasksPerWeek).toBeNull();
    expect(velocity([], [], { since: undefined, now: NOW })).toMatchObject({ weeks: 0, tasksPerWeek: null });
  });

  test('average the scores that were given, and the criteria that were met', () => {
    const done = [
      item({ quality: 5, hasFeedback: true }),
      item({ timeliness: 2, quality: 4, hasFeedback: true }),
      item({}),
    ];
    expect(feedbackAverages(done)).toEqual({
      quality: 4.5,
      qualityScores: 2,
      timeliness: 2,
      timelinessScores: 1,
      withFeedback: 2,
      total: 3,
      coverage: 66.7,
    });
    expect(feedbackAverages([])).toMatchObject({ quality: null, coverage: null });
    expect(criteriaRate([item({ criteria: 4, criteriaDone: 3 }), item({})])).toEqual({
      n: 4,
      passed: 3,
      tasks: 1,
      rate: 75,
    });
  });

  test('are grouped with the largest group first', () => {
    const items = [item({}), item({ assignee: 'bob' }), item({ assignee: 'ann' }), item({ assignee: 'bob' })];
    expect(groupBy(items, (one) => one.assignee).map(({ key, items }) => [key, items.length])).toEqual([
      ['bob', 2],
      [null, 1],
      ['ann', 1],
    ]);
  });
});
