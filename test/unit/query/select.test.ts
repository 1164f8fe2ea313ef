import { describe, expect, test } from 'vitest';
import { PlanGraph } from '../../../src/core/graph/planGraph.js';
import { parseQuery } from '../../../src/core/query/query.js';
import { type StoredCondition, selectTasks, shownStatus } from '../../../src/core/query/select.js';
import { idOf, NOW, task } from '../graph/plainPlan.js';

const day = (day: number) => `2026-05-${String(day).padStart(2, '0')}T00:00:00.000Z`;

/** T-2 waits for T-1; T-7 for the cancelled T-6. */
const PLAN = new PlanGraph(
  [
    task(0, { title: 'Write API', priority: 'high', tags: ['api'], assignee: 'Ann', createdAt: day(3) }),
    task(1, { title: 'Test API', tags: ['api', 'QA'], assignee: 'bob', createdAt: day(2), due: day(20) }),
    task(2, { title: 'draw icon', priority: 'critical', status: 'in_progress', createdAt: day(4), due: day(10) }),
    task(3, { title: 'Pay invoice', priority: 'low', status: 'blocked', createdAt: day(1), assignee: 'Ann Lee' }),
    task(4, { title: 'Ship', status: 'completed', updatedAt: day(9) }),
    task(5, { title: 'Old idea', priority: 'background', status: 'cancelled' }),
    task(6, { title: 'Build on it', tags: ['api'] }),
    task(7, { title: 'In winter', notBefore: '2026-12-01T00:00:00.000Z' }),
    task(8, { title: 'Taken', claim: { by: 'agent', at: NOW, expiresAt: '2026-06-01T01:00:00.000Z', version: 1 } }),
  ],
  [
    { task: idOf(1), dependsOn: idOf(0), type: 'completion' },
    { task: idOf(6), dependsOn: idOf(5), type: 'completion' },
  ],
);

function numbers(query: string): number[] {
  const stored = (condition: StoredCondition) =>
    new Set(condition.kind === 'words' && condition.words === 'hidden words' ? [idOf(4)] : []);
  return selectTasks(PLAN, parseQuery(query), { now: NOW, stored }).map((found) => found.number);
}

describe('a filter selects', () => {
  test.each<[string, number[]]>([
    ['', [1, 2, 3, 4, 5, 6, 7, 8, 9]],
    ['status:ready', [1]],
    ['status:waiting', [2]],
    ['status:needs_decision', [7]],
    ['status:scheduled', [8]],
    ['status:claimed', [9]],
    ['status:in_progress', [3]],
    ['status:completed', [5]],
    ['status:cancelled', [6]],
    ['status:pending', [1, 8, 9]],
    ['status:blocked', [2, 4, 7]],
    ['status:open', [1, 2, 3, 4, 7, 8, 9]],
    ['-status:open', [5, 6]],
    ['status:ready,completed', [1, 5]],
    ['status:ready status:completed', [1, 5]],
    ['-status:ready,blocked', [3, 5, 6, 8, 9]],
    ['priority:high,critical', [1, 3]],
    ['assignee:ann', [1]],
    ['assignee:"ann lee",BOB', [2, 4]],
    ['assignee:none status:open', [3, 7, 8, 9]],
    ['tag:api', [1, 2, 7]],
    ['tag:api tag:qa', [2]],
    ['tag:api -tag:qa', [1, 7]],
    ['api', [1, 2, 7]],
    ['ICON', [3]],
    ['"hidden words"', [5]],
    ['-api', [3, 4, 5, 6, 8, 9]],
    ['write api', [1]],
    ['nothing has this', []],
  ])('%s', (query, expected) => {
    expect(numbers(query)).toEqual(expected);
  });
});

describe('a filter by times, numbers and relations selects', () => {
  const MORE = new PlanGraph([
    task(0, { type: 'bug', project: 'Web', milestone: 'beta', due: '2026-05-31T00:00:00.000Z', estimatedHours: 4 }),
    task(1, { parent: idOf(0), due: NOW, estimatedHours: 0.5, createdAt: '2026-05-31T23:30:00.000Z' }),
    task(2, { parent: idOf(0), due: '2026-06-03T15:00:00.000Z', updatedAt: '2026-05-20T00:00:00.000Z' }),
    task(3, { status: 'completed', due: day(1), completedAt: day(9), archivedAt: day(10) }),
    task(4, { status: 'completed', due: day(1), completedAt: day(30) }),
    task(5, { claim: { by: 'Bot', at: NOW, expiresAt: '2026-06-01T01:00:00.000Z', version: 1 } }),
  ]);
  test.each<[string, number[]]>([
    ['', [1, 2, 3, 5, 6]],
    ['is:archived', [4]],
    ['-is:archived', [1, 2, 3, 5, 6]],
    ['id:4,2', [2, 4]],
    ['id:00000003', [4]],
    ['type:BUG', [1]],
    ['project:web milestone:Beta', [1]],
    ['project:none is:root', [5, 6]],
    ['parent:1', [2, 3]],
    ['parent:T-1 is:leaf', [2, 3]],
    ['parent:none', [1, 5, 6]],
    ['has:subtasks', [1]],
    ['-is:leaf', [1]],
    ['has:due', [1, 2, 3, 5]],
    ['due:none', [6]],
    ['is:overdue', [1]],
    ['due:overdue', [1]],
    ['due:today', [2]],
    ['due:<today', [1, 5]],
    ['due:<=today status:open', [1, 2]],
    ['due:>2026-06-01', [3]],
    ['due:>=2026-06-01', [2, 3]],
    ['due:2026-05-31..2026-06-01', [1, 2]],
    ['due:..2026-05-31', [1, 5]],
    ['due:2026-06-02..', [3]],
    ['due:week', [2, 3]],
    ['due:"last week"', [1]],
    ['due:>today due:<+3d', [3]],
    ['due:today,tomorrow', [2]],
    ['created:2026-05-31', [2]],
    ['updated:>=-14d', [3]],
    ['completed:month is:archived', []],
    ['completed:2026-05-30', [5]],
    ['estimate:4', [1]],
    ['estimate:<1', [2]],
    ['estimate:0.5..4', [1, 2]],
    ['estimate:>=4', [1]],
    ['-has:estimate', [3, 5, 6]],
    ['estimate:none', [3, 5, 6]],
    ['is:claimed', [6]],
    ['claimed:bot', [6]],
    ['claimed:none', [1, 2, 3, 5]],
    ['is:open', [1, 2, 3, 6]],
    ['is:done', [5]],
    ['sort:-estimate', [1, 2, 3, 5, 6]],
    ['sort:estimate', [2, 1, 3, 5, 6]],
    ['sort:-completed', [5, 1, 2, 3, 6]],
  ])('%s', (query, expected) => {
    expect(selectTasks(MORE, parseQuery(query), { now: NOW }).map((found) => found.number)).toEqual(expected);
  });

  test('by the days of the place', () => {
    const context = { now: NOW, zone: () => 60 };
    const found = selectTasks(MORE, parseQuery('created:2026-06-01'), context).map((task) => task.number);
    expect(found).toEqual([2]);
  });
});

describe('a sort', () => {
  test.each<[string, number[]]>([
    ['status:open sort:-priority', [3, 1, 7, 8, 9, 2, 4]],
    ['status:open sort:priority', [4, 2, 9, 8, 7, 1, 3]],
    ['sort:number tag:api', [1, 2, 7]],
    ['sort:-number tag:api', [7, 2, 1]],
    ['sort:title status:open', [7, 3, 8, 4, 9, 2, 1]],
    ['sort:-updated status:completed,ready', [5, 1]],
    ['sort:created status:blocked,ready', [4, 7, 2, 1]],
    ['sort:status', [1, 8, 9, 3, 2, 4, 7, 5, 6]],
    ['sort:order tag:api', [1, 2, 7]],
    ['sort:assignee', []],
  ])('%s', (query, expected) => {
    if (expected.length === 0) expect(() => numbers(query)).toThrow('Cannot sort by');
    else expect(numbers(query)).toEqual(expected);
  });

  test('by due date puts tasks without one last, whichever way', () => {
    expect(numbers('sort:due').slice(0, 3)).toEqual([3, 2, 1]);
    expect(numbers('sort:-due').slice(0, 3)).toEqual([2, 3, 1]);
  });

  test('by order never puts a task before one that it depends on', () => {
    const order = numbers('sort:order');
    expect(order.indexOf(1)).toBeLessThan(order.indexOf(2));
    expect(order.indexOf(6)).toBeLessThan(order.indexOf(7));
  });
});

test('what waits or needs a decision is shown as blocked', () => {
  expect(shownStatus('waiting')).toBe('blocked');
  expect(shownStatus('needs_decision')).toBe('blocked');
  expect(shownStatus('claimed')).toBe('pending');
});
