import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { BlockedView } from '../../src/app/analysis/blocked.js';
import type { CriticalPathView } from '../../src/app/analysis/criticalPath.js';
import type { ImpactView } from '../../src/app/analysis/impact.js';
import type { OverdueView } from '../../src/app/analysis/overdue.js';
import type { AssessmentView } from '../../src/app/metrics/assessmentInputs.js';
import type { MetricsView } from '../../src/app/metrics/metricsInputs.js';
import { SCHEMA_VERSION } from '../../src/store/schema.js';
import { Shell } from './shell.js';

/** Design 4h → Build 8h → Release, and Docs without an estimate beside Build. */
function plan(): { tm: Shell; ids: string[] } {
  const tm = new Shell({ env: { TM_AGENT_ID: 'ann' } });
  tm.say('init');
  const ids = [
    tm.say('add', 'Design', '--estimate', '4', '--file', 'src/a.ts:1:20'),
    tm.say('add', 'Build', '--estimate', '8', '--depends-on', '1'),
    tm.say('add', 'Docs', '--depends-on', '1', '--file', 'src/a.ts:15', '--due', '2026-01-05'),
    tm.say('add', 'Release', '--estimate', '1', '--depends-on', '2', '3', '--assignee', 'bob'),
  ];
  return { tm, ids };
}

describe('tm critical-path', () => {
  test('shows the longest chain and what counts for a task without an estimate, where seed 000 showed one task or crashed', () => {
    const { tm, ids } = plan();
    const [head, length, basis, , ...table] = tm.say('critical-path').split('\n');
    expect([head, length, basis]).toEqual([
      '🎯 CRITICAL PATH ANALYSIS',
      '13 h of work in 3 of 4 open tasks, one after the other',
      'Basis: 3 tasks with an estimate; 1 without one count as 4 h (the median of 3 estimates), marked *',
    ]);
    expect(table.slice(1).map((line) => line.split(/ {2,}/).slice(0, 3).join(' '))).toEqual([
      `T-1 ${ids[0]} 4 h`,
      `T-2 ${ids[1]} 8 h`,
      `T-4 ${ids[3]} 1 h`,
    ]);
    expect(tm.say('critical-path', '--verbose')).toMatch(/T-3 .* 4 h\* +4 h +8 h +4 h +waiting +Docs/);
    expect(tm.json<CriticalPathView>('critical-path').path.map(({ name, slack }) => [name, slack])).toEqual([
      ['T-1', 0],
      ['T-2', 0],
      ['T-4', 0],
    ]);
    tm.say('complete', '1');
    expect(tm.json<CriticalPathView>('critical-path').hours).toBe(9);
  });

  test('--dot writes the graph where seed 000 did, or where it is told; --format prints it', () => {
    const { tm, ids } = plan();
    const before = readdirSync(dirname(tm.storePath));
    const dot = tm.say('critical-path', '--format', 'dot');
    expect(dot).toMatch(/^digraph critical_path \{\n/);
    expect(dot).toContain(`"${ids[0]}" -> "${ids[1]}" [color=red, penwidth=2];`);
    expect(tm.say('critical-path', '--dot', '-')).toContain(dot);
    expect(tm.say('critical-path', '--format', 'mermaid')).toContain('t1 ==> t2');
    expect(readdirSync(dirname(tm.storePath))).toEqual(before);
    tm.say('critical-path', '--dot');
    expect(readFileSync(join(dirname(tm.storePath), 'critical-path.dot'), 'utf8')).toBe(`${dot}\n`);
    tm.say('critical-path', '--dot', 'plan.dot');
    expect(readFileSync(join(tm.folder, 'plan.dot'), 'utf8')).toBe(`${dot}\n`);
    expect(tm.run('critical-path', '--dot', 'no/such/folder/plan.dot').code).toBe(2);
  });

  test('of nothing is nothing', () => {
    const tm = new Shell();
    tm.say('init');
    expect(tm.say('critical-path')).toBe('🎯 CRITICAL PATH ANALYSIS\nNo open tasks: nothing is critical.');
    expect(tm.json<CriticalPathView>('critical-path')).toMatchObject({ path: [], hours: 0 });
  });
});

describe('tm blocked', () => {
  test('names the roots, who has them since when, and what would release most', () => {
    const { tm, ids } = plan();
    expect(tm.say('blocked')).toBe(
      [
        `[${ids[1]}] Build - waits for T-1`,
        `[${ids[2]}] Docs - waits for T-1`,
        `[${ids[3]}] Release - waits for T-1`,
      ].join('\n'),
    );
    tm.say('claim', '1');
    const explained = tm.say('blocked', '--explain');
    expect(explained).toMatch(/ {4}T-1 Design: claimed, claimed by ann since 20.* UTC/);
    expect(explained).toMatch(/T-1 Design: 3 tasks wait for it, 3 for nothing else, 2 ready at once/);
    expect(tm.say('blocked', 'assignee:bob').split('\n')).toHaveLength(1);
    tm.say('complete', '1');
    tm.say('update', '2', '--status', 'blocked', '--reason', 'no key');
    tm.say('update', '3', '--status', 'cancelled');
    expect(
      tm
        .say('blocked')
        .split('\n')
        .map((line) => line.slice(11)),
    ).toEqual(['Build - blocked: no key', 'Release - needs a decision: T-3 was cancelled; waits for T-2']);
    expect(tm.json<BlockedView>('blocked').release).toMatchObject([{ name: 'T-2', holdsUp: 1, readyAtOnce: 0 }]);
  });

  test('says so where nothing is', () => {
    const tm = new Shell();
    tm.say('init');
    expect(tm.run('blocked')).toEqual({ code: 0, stdout: '', stderr: 'Nothing is blocked.\n' });
  });
});

describe('tm impact', () => {
  test('shows everything downstream, what is ready at once, who shares files, and due times at risk', () => {
    const { tm, ids } = plan();
    const impact = tm.json<ImpactView>('impact', '1');
    expect(impact.downstream.map(({ name, distance }) => [name, distance])).toEqual([
      ['T-2', 1],
      ['T-3', 1],
      ['T-4', 2],
    ]);
    expect(impact.readyAtOnce.map(({ id }) => id)).toEqual([ids[1], ids[2]]);
    expect(impact.sharedFiles).toMatchObject([{ path: 'src/a.ts', tasks: [{ id: ids[2], overlaps: true }] }]);
    expect(impact.deadlines).toMatchObject([{ id: ids[2], risk: 'overdue' }]);
    const text = tm.say('impact', '1');
    for (const words of [
      'Waiting for it: 3 tasks, 3 open',
      '(2 steps away)',
      `src/a.ts: T-3 [${ids[2]}] Docs, the same lines`,
      'due 2026-01-05: overdue',
      'Basis: 3 open tasks with an estimate, 1 without one count as 4 h; 8 hours of work a day',
    ])
      expect(text).toContain(words);
    expect(tm.run('impact', '99').code).toBe(3);
    expect(tm.run('impact', '1', '--hours-per-day', '0').code).toBe(2);
  });

  test('reckons with the hours of a day whether a due time can be met', () => {
    const tm = new Shell();
    tm.say('init');
    tm.say('add', 'Long', '--estimate', '16', '--due', new Date(Date.now() + 36 * 3_600_000).toISOString());
    expect(tm.json<ImpactView>('impact', '1').deadlines).toMatchObject([{ risk: 'late' }]);
    expect(tm.json<ImpactView>('impact', '1', '--hours-per-day', '24').deadlines).toMatchObject([{ risk: 'tight' }]);
  });
});

test('tm overdue lists what is late, with what waits for it, and what is due soon', () => {
  const { tm } = plan();
  tm.say('update', '2', '--due', new Date(Date.now() + 36 * 3_600_000).toISOString());
  const { overdue, soon } = tm.json<OverdueView>('overdue', '--within', '3');
  expect(overdue).toMatchObject([{ name: 'T-3', due: '2026-01-05T00:00:00.000Z', holdsUp: 1 }]);
  expect(soon).toMatchObject([{ name: 'T-2', holdsUp: 1 }]);
  expect(tm.say('overdue')).toMatch(/T-3 .* 2026-01-05 +\d.* days +medium +1 +Docs/);
  tm.say('complete', '3', '--force');
  expect(tm.run('overdue')).toEqual({ code: 0, stdout: '', stderr: 'Nothing is overdue.\n' });
});

describe('tm metrics', () => {
  test('of nothing says so in every line, and null in JSON', () => {
    const tm = new Shell();
    tm.say('init');
    const text = tm.say('metrics');
    for (const name of ['Cycle time', 'Lead time', 'Estimate error', 'Criteria met', 'Deadlines met'])
      expect(text).toMatch(new RegExp(`${name} +no data`));
    expect(tm.json<MetricsView>('metrics')).toMatchObject({
      cycleTime: { n: 0, medianHours: null, p85Hours: null },
      velocity: { n: 0, tasksPerWeek: null },
      estimates: { n: 0, medianRelativeError: null },
      criteria: { n: 0, rate: null },
      deadlines: { n: 0, rate: null },
    });
  });

  test('measure what was done, each with its basis', () => {
    const { tm } = plan();
    tm.say('criteria', 'add', '1', 'A :: true', 'B');
    tm.say('start', '1');
    tm.say('complete', '1', '--validate', '--actual-hours', '6');
    tm.say('complete', '3');
    tm.say('start', '2');
    const view = tm.json<MetricsView>(
      'metrics',
      '--period',
      'week',
      '--by-assignee',
      '--bottlenecks',
      '--database-stats',
    );
    expect(view).toMatchObject({
      throughput: { completed: 2, created: 4 },
      cycleTime: { n: 1 },
      leadTime: { n: 2 },
      velocity: { n: 2, tasksPerWeek: 2, estimatedHoursPerWeek: 4, estimated: 1 },
      estimates: { n: 1, medianRelativeError: 0.5, medianRatio: 1.5 },
      criteria: { n: 2, passed: 1, tasks: 1, rate: 50 },
      deadlines: { n: 1, met: 0, missed: 1, overdueNow: 0 },
      workInProgress: { inProgress: 1 },
      database: { schemaVersion: SCHEMA_VERSION, rows: { tasks: 4, dependencies: 4 } },
    });
    expect(view.assignees?.map(({ assignee, throughput }) => [assignee, throughput.completed])).toEqual([
      [null, 2],
      ['bob', 0],
    ]);
    expect(view.bottlenecks?.release).toMatchObject([{ name: 'T-2', holdsUp: 1 }]);
    expect(tm.say('metrics', '--cycle-time').split('\n')).toHaveLength(5);
    expect(JSON.parse(tm.say('metrics', '--format', 'json'))).toMatchObject({ period: 'all' });
    const sections = tm.say('metrics', '--by-assignee', '--bottlenecks', '--database-stats');
    for (const words of [
      'By assignee',
      '(nobody)',
      'Bottlenecks',
      'T-2 Build: 1 task waits for it',
      'Schema version: 5',
    ])
      expect(sections).toContain(words);
    expect(sections).not.toContain('Throughput');
    expect(tm.run('metrics', '--period', 'year').code).toBe(2);
  });
});

describe('tm report', () => {
  test('is 80 columns wide and writes nothing unless it is told to', () => {
    const { tm } = plan();
    tm.say('complete', '1');
    const folder = dirname(tm.storePath);
    const before = [readdirSync(folder), tm.disk()];
    const text = tm.say('report', '--assessment');
    expect(text.split('\n')[1]?.trim()).toBe('30-DAY ASSESSMENT REPORT');
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBe(80);
    for (const words of [
      'Throughput: 1 completed, 4 created',
      'Overdue: 1 task',
      'Work is late: 1 open task',
      'see: tm overdue',
    ])
      expect(text).toContain(words);
    expect([readdirSync(folder), tm.disk()]).toEqual(before);
    const view = tm.json<AssessmentView>('report', '--days', '7');
    expect(view).toMatchObject({
      days: 7,
      measures: { throughput: { completed: 1 } },
      before: { throughput: { created: 0 } },
    });
    expect(tm.say('report', '--format', 'markdown')).toContain('| Throughput | 1 completed, 4 created |');
    expect(tm.run('report', '--days', '0').code).toBe(2);
  });

  test('goes to a file, or beside the store as seed 000 did', () => {
    const { tm } = plan();
    expect(tm.run('report', '--output', 'week.md', '--format', 'markdown', '--days', '7')).toMatchObject({
      code: 0,
      stdout: '',
    });
    expect(readFileSync(join(tm.folder, 'week.md'), 'utf8')).toMatch(/^# 7-day assessment\n/);
    const reports = join(dirname(tm.storePath), 'reports');
    expect(existsSync(reports)).toBe(false);
    tm.say('report', '--save');
    expect(readdirSync(reports).sort()).toEqual(['30_day_assessment.json', '30_day_assessment.txt']);
    expect(JSON.parse(readFileSync(join(reports, '30_day_assessment.json'), 'utf8'))).toMatchObject({ days: 30 });
  });
});
