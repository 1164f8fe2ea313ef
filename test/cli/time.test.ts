import { describe, expect, test } from 'vitest';
import type { StartView, TaskTimeView, TimeReportView } from '../../src/app/time/timeInputs.js';
import { Shell } from './shell.js';

function start(...titles: string[]): { tm: Shell; other: Shell } {
  const tm = new Shell({ env: { TM_AGENT_ID: 'ann' } });
  tm.say('init');
  for (const title of titles) tm.say('add', title, '--estimate', '2');
  return { tm, other: tm.with({ env: { TM_AGENT_ID: 'bob' } }) };
}

describe('tm start and tm stop', () => {
  test('run one clock for each actor, and completing stops it', () => {
    const { tm, other } = start('One', 'Two');
    const { entry } = tm.json<StartView>('start', '1');
    expect(entry).toMatchObject({ agent: 'ann', task: tm.task('1').id });
    expect(other.run('start', '1').stderr).toMatch(/^Task .* started \(T-1\)\n$/);
    expect(tm.run('start', '2').stderr).toMatch(/^Clock on T-1 stopped after \d+s\nTask .* started \(T-2\)\n$/);
    expect(tm.run('start', '2').stderr).toMatch(/started already \(T-2\); its clock runs since/);
    expect(tm.run('stop', '1')).toMatchObject({ code: 1, stderr: 'Error: No clock of ann is running on T-1.\n' });
    expect(tm.run('stop', '--note', 'half', 'done')).toEqual({
      code: 0,
      stdout: '',
      stderr: expect.stringMatching(/^Clock on T-2 stopped after \d+s · \d+s tracked of 2h estimated \(0%\)\n$/),
    });
    expect(tm.run('stop').code).toBe(1);
    expect(tm.run('complete', '1').stderr).toMatch(/completed \(T-1\)\nClock of bob stopped after \d+s\n$/);
    expect(other.run('stop').code).toBe(1);
    expect(tm.json<TaskTimeView>('time', '2').entries).toMatchObject([{ note: 'half done', agent: 'ann' }]);
  });
});

describe('tm time', () => {
  test('adds what nobody timed, shows it against the estimate, and removes what is wrong', () => {
    const { tm } = start('One', 'Two');
    expect(tm.run('time', 'add', '1', '1h30m', '--at', '2026-01-05T09:00Z', '--note', 'review')).toEqual({
      code: 0,
      stdout: '',
      stderr: 'Time added · T-1: 1h 30m tracked of 2h estimated (75%)\n',
    });
    expect(tm.task('1').actualHours).toBe(1.5);
    const [first, head, line] = tm.say('time', '1').split('\n');
    expect([first, head]).toEqual([
      'T-1 One: 1h 30m tracked of 2h estimated (75%)',
      expect.stringMatching(/^Entry +Started +Ended +Time +Agent +Note$/),
    ]);
    expect(line).toMatch(/^[0-9a-f]{8} {2}2026-01-05 09:00 {2}2026-01-05 10:30 {2}1h 30m {2}ann +review$/);
    tm.say('complete', '2', '--actual-hours', '3');
    expect(tm.say('time', '2')).toBe('T-2 Two: 3h set by hand of 2h estimated (150%)');
    const [entry] = tm.json<TaskTimeView>('time', '1').entries;
    expect(tm.run('time', 'remove', entry?.id ?? '').stderr).toBe('Time removed · T-1: no time yet\n');
    expect(tm.task('1').actualHours).toBeUndefined();
  });

  test('--report adds it up', () => {
    const { tm, other } = start('One', 'Two');
    tm.say('time', 'add', '1', '2h');
    other.say('time', 'add', '2', '30m');
    const report = tm.say('time', '--report', '--by', 'agent', '--period', 'week').split('\n');
    expect(report.map((line) => line.trim())).toEqual([
      expect.stringMatching(/^Time +Entries +Agent$/),
      '2h        1  ann',
      '30m        1  bob',
      expect.stringMatching(/^2h 30m since .* \(2 entries, 0 running\)$/),
    ]);
    expect(tm.json<TimeReportView>('time', '--report').rows.map(({ hours }) => hours)).toEqual([2, 0.5]);
  });

  test('refuses what is no time', () => {
    const { tm } = start('One');
    const before = tm.disk();
    for (const [args, code] of [
      [['time'], 2],
      [['time', '1', '--report'], 2],
      [['time', '1', '--by', 'agent'], 2],
      [['time', '99'], 3],
      [['time', 'add', '1', 'long'], 2],
      [['time', 'add', '1', '1h', '--at', '2999-01-01'], 2],
      [['time', 'remove', 'feedbeef'], 3],
      [['start', '99'], 3],
    ] as const)
      expect(tm.run(...args).code, args.join(' ')).toBe(code);
    expect(tm.disk()).toEqual(before);
  });
});
