import { cpSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { EstimateView } from '../../src/app/planning/effort/effortInputs.js';
import type { ForecastView } from '../../src/app/planning/forecast/forecastInputs.js';
import { expectRefused, Shell, start } from './shell.js';

/** Design 4h → Build 8h → Release 1h, and Docs 2h beside Build. */
function plan(): Shell {
  const tm = start();
  tm.say('config', 'set', 'working_hours.time_zone', 'UTC');
  tm.say('add', 'Design', '--estimate', '4');
  tm.say('add', 'Build', '--estimate', '8', '--depends-on', '1', '--tag', 'code');
  tm.say('add', 'Docs', '--estimate', '2', '--depends-on', '1', '--due', '2030-01-07');
  tm.say('add', 'Release', '--estimate', '1', '--depends-on', '2', '3', '--milestone', 'beta');
  return tm;
}

describe('tm forecast', () => {
  test('tells when the plan is done, with a date for each task and what it hangs on', () => {
    const tm = plan();
    const view = tm.json<ForecastView>('forecast', '--workers', '2');
    expect(view).toMatchObject({
      target: { kind: 'plan', name: null },
      tasks: 4,
      held: [],
      basis: { runs: 1000, seed: 1, workers: 2, working_hours: { time_zone: 'UTC' } },
    });
    const { p50 = 0, p80 = 0, p95 = 0 } = view.hours ?? {};
    expect(p50 < p80 && p80 < p95).toBe(true);
    // The sum of the chain 4 + 8 + 1, skewed to the right.
    expect(p50).toBeGreaterThan(13);
    expect(p50).toBeLessThan(17);
    expect(view.criticalPath?.share).toBeGreaterThan(0.95);
    expect(view.entries.map(({ name }) => name)[0]).toBe('T-1');
    expect(view.entries.at(-1)).toMatchObject({ name: 'T-4', criticality: 1, p50, p80 });
    expect(view.bottlenecks[0]).toMatchObject({ name: 'T-2' });
    expect(view.histogram.reduce((sum, { runs }) => sum + runs, 0)).toBe(1000);
    expect(view.entries.find(({ name }) => name === 'T-3')?.onTime).toBe(1);
    const text = tm.say('forecast', '--workers', '2');
    for (const words of [
      'Forecast of the plan\n4 open tasks, 2 workers, 1000 runs, seed 1',
      'more workers would hardly help',
      'Hours of 4 tasks: estimates of their own; no finished task shows how good these are',
      'Working hours: mon-fri 09:00-17:00 (UTC)',
    ])
      expect(text).toContain(words);
    expect(text).toMatch(/half of the runs {2}\d{4}-\d\d-\d\d \d\d:\d\d {2}\d+\.\d h of working time from now/);
    expect(text).toMatch(/T-3 .* 2030-01-07 +100% +\d+% +Docs/);
  });

  test('gives the same for the same seed, and changes nothing', () => {
    const tm = plan();
    const before = tm.disk();
    const hours = (...words: string[]) => tm.json<ForecastView>('forecast', ...words).hours;
    expect(hours('--seed', '7', '--runs', '300')).toEqual(hours('--seed', '7', '--runs', '300'));
    expect(hours('--seed', '8', '--runs', '300')).not.toEqual(hours('--seed', '7', '--runs', '300'));
    expect(tm.disk()).toEqual(before);
  });

  test('more workers take no longer', () => {
    const tm = plan();
    const p50 = (workers: string) => tm.json<ForecastView>('forecast', '--workers', workers).hours?.p50 ?? 0;
    const [one, two, three] = [p50('1'), p50('2'), p50('3')];
    expect(two).toBeLessThan(one);
    expect(three).toBeLessThanOrEqual(two);
  });

  test('is of a task, a milestone or a filter, with what these wait for', () => {
    const tm = plan();
    expect(tm.json<ForecastView>('forecast', '3')).toMatchObject({ tasks: 2, target: { kind: 'task', name: 'T-3' } });
    expect(tm.json<ForecastView>('forecast', '--milestone', 'Beta').tasks).toBe(4);
    expect(tm.json<ForecastView>('forecast', '--query', 'tag:code').tasks).toBe(2);
    expect(tm.json<ForecastView>('forecast', 'tag:code').target).toEqual({ kind: 'query', name: 'tag:code' });
    expect(tm.json<ForecastView>('forecast', 'id:1,2').tasks).toBe(2);
    expectRefused(tm.run('forecast', '1', '2'), 2, 'Give one task, or a filter');
    expect(tm.say('forecast', '3')).toMatch(/^Forecast of T-3\n2 open tasks, 1 worker, /);
  });

  test('says what has no date', () => {
    const tm = plan();
    tm.say('cancel', '2');
    const text = tm.say('forecast');
    expect(text).toContain('T-4 Release: a dependency was cancelled');
    expect(tm.say('forecast', '4')).toMatch(/^No forecast of T-4: somebody has to decide first/);
    expect(tm.json<ForecastView>('forecast', '4')).toMatchObject({ hours: null, held: [{ why: 'needs_decision' }] });
    expect(tm.json<ForecastView>('forecast').entries).toHaveLength(2);
  });

  test('of nothing says so', () => {
    const tm = start();
    expect(tm.say('forecast')).toMatch(/^Nothing of the plan is open\n/);
  });

  test('refuses what makes no sense', () => {
    const tm = plan();
    expectRefused(tm.run('forecast', '99'), 3, 'Task 99 not found');
    expectRefused(tm.run('forecast', '1', '--milestone', 'beta'), 2, 'Give one target');
    expectRefused(tm.run('forecast', '--milestone', 'gamma'), 3, 'There are: beta');
    expectRefused(tm.run('forecast', '--workers', '0'), 2, 'workers');
    expectRefused(tm.run('forecast', '--runs', 'many'), 2, '--runs many: give a whole number');
    expectRefused(tm.run('forecast', '--query', 'tag:none'), 3, 'No task fits');
  });
});

test('a store of an older version, which can only be read, is told of as far as it knows', () => {
  const tm = new Shell();
  cpSync(join(import.meta.dirname, '../fixtures/stores/schema-1'), dirname(tm.storePath), { recursive: true });
  expect(tm.json<ForecastView>('forecast').hours).not.toBeNull();
  expect(tm.run('metrics').code).toBe(0);
  const open = tm.json<ForecastView>('forecast').entries[0]?.id ?? '';
  expect(tm.json<EstimateView>('estimate', open).stored).toBe('not_kept');
});
