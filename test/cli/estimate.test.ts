import { describe, expect, test } from 'vitest';
import type { MetricsView } from '../../src/app/metrics/metricsInputs.js';
import type { AccuracyView, EstimatesView, EstimateView } from '../../src/app/planning/effort/effortInputs.js';
import { expectRefused, type Shell, start } from './shell.js';

/** Three finished tasks on the API of 2, 3 and 4 hours, one open on the API, and one that waits for it. */
function plan(): { tm: Shell; ids: string[] } {
  const tm = start();
  const ids = [2, 3, 4].map((hours) => {
    const id = tm.say('add', `API ${hours}`, '--tag', 'api');
    tm.say('complete', id, '--actual-hours', String(hours));
    return id;
  });
  ids.push(tm.say('add', 'Next', '--tag', 'api'), tm.say('add', 'Docs', '--depends-on', '4', '--estimate', '3'));
  return { tm, ids };
}

describe('tm estimate', () => {
  test('learns from the finished tasks, and says from which', () => {
    const { tm, ids } = plan();
    // e^((ln 2 + ln 3 + ln 4 + 3 ln 3) / 6)
    const view = tm.json<EstimateView>('estimate', '4');
    expect(view).toMatchObject({
      estimatedHours: 3,
      message: `T-4 likely takes ${view.p50} h, and with a probability of 80 % at most ${view.p80} h`,
      p50: 2.94,
      stored: 'kept',
      applied: false,
      basis: { n: 3, score: null, prior: { hours: 3, from: 'store_median' } },
    });
    expect(view.basis.similar.map(({ id }) => id).sort()).toEqual(ids.slice(0, 3).sort());
    const text = tm.say('estimate', '4', '--explain');
    for (const words of [
      'T-4 Next\n  3 h  as likely more as less: 2.94 h; four of five such tasks take at most',
      'n=3: complexity not known, the median of this store; 3 finished tasks like it',
      'T-3 API 4: 4 h (set by hand), 100% alike',
      'expected before any experience: 3 h, which counts as 3 tasks',
    ])
      expect(text).toContain(words);
    expect(tm.say('estimate', '4')).not.toContain('alike');
    expect(tm.json<EstimateView>('estimate', '4', '--no-history')).toMatchObject({ p50: 8, basis: { n: 0 } });
  });

  test('writes nothing the second time', () => {
    const { tm } = plan();
    tm.say('estimate', '4');
    const before = tm.disk();
    expect(tm.json<EstimateView>('estimate', '4').stored).toBe('unchanged');
    expect(tm.disk()).toEqual(before);
  });

  test('--apply sets the estimated hours, and undo takes that back', () => {
    const { tm } = plan();
    expect(tm.say('estimate', '5', '--apply')).toContain('estimated hours set to 3');
    tm.say('estimate', '4', '--apply');
    expect(tm.task('4').estimatedHours).toBe(3);
    tm.say('undo');
    expect(tm.task('4').estimatedHours).toBeUndefined();
    expect(tm.run('estimate', '1', '--apply')).toMatchObject({ code: 2, stdout: '' });
    tm.say('config', '--disable', 'time-tracking');
    expectRefused(tm.run('estimate', '4', '--apply'), 1, "Feature 'time-tracking' is disabled");
    expect(tm.run('estimate', '4').code).toBe(0);
  });

  test('--all is every open task, a filter those that fit', () => {
    const { tm } = plan();
    const names = (...words: string[]) =>
      tm.json<EstimatesView>('estimate', ...words).estimates.map(({ task }) => task.name);
    expect(names('--all')).toEqual(['T-4', 'T-5']);
    expect(names('tag:api status:ready')).toEqual(['T-4']);
    expect(names('4', '5')).toEqual(['T-4', 'T-5']);
    expect(tm.say('estimate', '--all')).toMatch(/^Task .*\nT-4 .* 3 h +2.94 h .* 3 +Next\nT-5 /);
  });

  test('refuses what makes no sense', () => {
    const { tm } = plan();
    expectRefused(tm.run('estimate', '99'), 3, 'Task 99 not found');
    expectRefused(tm.run('estimate'), 2, 'Name a task');
    expectRefused(tm.run('estimate', '4', '--all'), 2, 'not both');
    expectRefused(tm.run('estimate', '4', '--accuracy'), 2, 'give it alone');
    expectRefused(tm.run('estimate', '--query', ''), 2, 'empty filter');
  });

  test('--accuracy tells how good estimates were, and metrics and the report do too', () => {
    const { tm } = plan();
    expect(tm.json<AccuracyView>('estimate', '--accuracy')).toMatchObject({ n: 0, withinP80: null });
    expect(tm.say('metrics')).toMatch(/tm estimate error +no data/);
    const { p50, p80 } = tm.json<EstimateView>('estimate', '4');
    tm.say('complete', '4', '--actual-hours', '6');
    const error = Math.round((6 / p50 - 1) * 100) / 100;
    expect(p80).toBeLessThan(6);
    expect(tm.json<AccuracyView>('estimate', '--accuracy')).toMatchObject({
      n: 1,
      medianRelativeError: error,
      withinP80: 0,
    });
    expect(tm.json<MetricsView>('metrics').effort.medianRelativeError).toBe(error);
    const words = `${Math.round(error * 100)}% median; 0% of the actual hours within p80`;
    expect(tm.say('estimate', '--accuracy')).toContain(words);
    expect(tm.say('metrics')).toContain(words);
    expect(tm.say('report', '--assessment').replace(/\s+/g, ' ')).toContain(words);
    // What it took can be corrected, and then counts.
    tm.say('update', '4', '--actual-hours', String(p50));
    expect(tm.json<AccuracyView>('estimate', '--accuracy')).toMatchObject({ medianRelativeError: 0, withinP80: 100 });
  });
});

test('working hours are settings of the project', () => {
  const tm = start();
  expect(tm.say('config', 'get', 'working_hours.days')).toBe('mon-fri');
  tm.say('config', 'set', 'working_hours.hours', '08:00-12:00,13:00-17:00');
  tm.say('config', 'set', 'working_hours.time_zone', 'Europe/Berlin');
  expect(tm.say('config', '--show')).toContain('working_hours: mon-fri 08:00-12:00,13:00-17:00 (Europe/Berlin)');
  tm.say('config', '--preset', 'strict');
  expect(tm.say('config', 'get', 'working_hours.time_zone')).toBe('Europe/Berlin');
  const before = tm.disk();
  expectRefused(tm.run('config', 'set', 'working_hours.hours', '9 to 5'), 2, 'working_hours.hours', '09:00-17:00');
  expectRefused(tm.run('config', 'set', 'working_hours.days', 'never'), 2, 'working_hours.days', 'mon-fri');
  expectRefused(tm.run('config', 'set', 'working_hours.time_zone', 'Mars'), 2, 'Europe/Berlin');
  expect(tm.disk()).toEqual(before);
});
