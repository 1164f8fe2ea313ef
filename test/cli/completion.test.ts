import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import initSqlJs from 'sql.js';
import { describe, expect, inject, test } from 'vitest';
import type { CompletionsView } from '../../src/app/completion/completionInputs.js';
import type { CriteriaView } from '../../src/app/criteria/criteriaInputs.js';
import { Shell } from './shell.js';

const sql = await initSqlJs();

/** A store, and the tasks that `titles` name. */
function start(...titles: string[]): { tm: Shell; ids: string[] } {
  const tm = new Shell({ env: { TM_AGENT_ID: 'ann' } });
  tm.say('init');
  return { tm, ids: titles.map((title) => tm.say('add', title)) };
}

/** What stands in the store's file, as another SQLite client reads it. */
function select(tm: Shell, query: string): unknown[][] {
  const database = new sql.Database(readFileSync(tm.storePath));
  const rows = database.exec(query)[0]?.values ?? [];
  database.close();
  return rows;
}

describe('tm complete', () => {
  test('prints nothing on stdout, says so on stderr, takes words up to the next option', () => {
    const { tm, ids } = start('One');
    expect(tm.run('complete', ids[0] ?? '', '--summary', 'all', 'of', 'it', '--actual-hours', '6')).toEqual({
      code: 0,
      stdout: '',
      stderr: `Task ${ids[0]} completed (T-1)\n`,
    });
    expect(select(tm, 'SELECT status, completion_summary, actual_hours, completed_at IS NOT NULL FROM tasks')).toEqual([
      ['completed', 'all of it', 6, 1],
    ]);
    expect(select(tm, 'SELECT typeof(actual_hours) FROM tasks')).toEqual([['integer']]);
  });

  test('of a task that is not there is NOT_FOUND, where seed 000 said “completed”', () => {
    const { tm } = start();
    expect(tm.run('complete', 'deadbeef')).toMatchObject({
      code: 3,
      stdout: '',
      stderr: expect.stringContaining('not found'),
    });
    expect(tm.run('complete').code).toBe(2);
  });

  test('again does not erase summary and hours, which seed 000 did', () => {
    const { tm, ids } = start('One');
    tm.say('complete', '1', '--summary', 'first', '--actual-hours', '6');
    expect(tm.run('complete', '1')).toEqual({
      code: 0,
      stdout: '',
      stderr: `Task ${ids[0]} completed already (T-1)\n`,
    });
    expect(tm.task('1')).toMatchObject({ completionSummary: 'first', actualHours: 6 });
  });

  test('of a blocked task is refused, which seed 000 did not', () => {
    const { tm } = start('One');
    tm.say('add', 'Two', '--depends-on', '1');
    expect(tm.run('complete', '2')).toMatchObject({ code: 1, stderr: expect.stringContaining('T-2 waits for T-1') });
    tm.say('complete', '2', '--force');
    expect(tm.task('2').status).toBe('completed');
  });

  test('--validate prints the report and refuses while a criterion is not met; --force overrides', () => {
    const { tm, ids } = start();
    const criteria = [
      { criterion: 'Pass test', measurable: 'true' },
      { criterion: 'Fail test', measurable: 'false' },
      { criterion: 'Seen', measurable: 'by a person' },
    ];
    ids.push(tm.say('add', 'One', '--criteria', JSON.stringify(criteria)));
    const report = [
      '=== Success Criteria Validation Report ===',
      'Overall: 1/3 criteria passed',
      '',
      '✓ Criterion 1: Pass test',
      '  Measurable: true',
      '  Result: Automatically validated as true',
      '',
      '✗ Criterion 2: Fail test',
      '  Measurable: false',
      '  Result: Automatically validated as false',
      '',
      '? Criterion 3: Seen',
      '  Measurable: by a person',
      '  Result: Requires manual validation',
    ].join('\n');
    expect(tm.run('complete', '1', '--validate')).toEqual({
      code: 1,
      stdout: '',
      stderr: `${report}\nError: Task ${ids[0]} not completed: criteria unmet\n`,
    });
    expect(tm.task('1').status).toBe('pending');
    expect(tm.run('complete', '1', '--validate', '--force')).toEqual({
      code: 0,
      stdout: '',
      stderr: `${report}\nWarning: Not all success criteria met\nTask ${ids[0]} completed (T-1)\n`,
    });
  });

  test('--validate takes values, and keeps what it found', () => {
    const { tm } = start('One');
    tm.say('criteria', 'add', '1', 'Covered :: coverage >= 80', 'Fast :: p95 < 200 && errors == 0');
    expect(tm.run('complete', '1', '--validate', '--value', 'coverage=82').stderr).toContain(
      'errors is not known; give it with --value errors=…',
    );
    expect(tm.run('complete', '1', '--value', 'coverage=82')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--validate'),
    });
    expect(tm.run('complete', '1', '--validate', '--value', 'coverage').code).toBe(2);
    const done = tm.json<{ validation: { met: boolean }; released: string[] }>(
      ...['complete', '1', '--validate', '--value', 'coverage=82', 'p95=150', 'errors=0'],
    );
    expect([done.validation.met, done.released]).toEqual([true, []]);
    expect(tm.task('1').criteria.every(({ done }) => done)).toBe(true);
  });

  test('takes several tasks, a filter and standard input: all of them or none', () => {
    const { tm, ids } = start('One', 'Two', 'Three', 'Four');
    tm.say('update', '3', '--tag', 'api');
    tm.say('update', '4', '--tag', 'api');
    expect(tm.run('complete', '1', '99').code).toBe(3);
    expect(tm.task('1').status).toBe('pending');
    const listed = tm.run('complete', 'tag:api', '--dry-run');
    expect(listed.stdout).toBe(`[${ids[2]}] Three - pending\n[${ids[3]}] Four - pending\n`);
    expect(tm.task('3').status).toBe('pending');
    expect(tm.json<CompletionsView>('complete', 'tag:api').completed.map(({ task }) => task.name)).toEqual([
      'T-3',
      'T-4',
    ]);
    expect(tm.run('complete', 'tag:api')).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('No open task fits'),
    });
    const piped = spawnSync(inject('nodes')[0] as string, [inject('tm'), 'complete', '-'], {
      cwd: tm.folder,
      input: `${tm.say('list', 'status:open')}\n`,
      encoding: 'utf8',
      env: { PATH: process.env.PATH, HOME: tm.folder },
    });
    expect([piped.status, piped.stdout, piped.stderr.split('\n').length]).toEqual([0, '', 3]);
    expect(tm.list('status:completed').total).toBe(4);
  });

  test('--impact-review names the tasks with the same files and leaves word for them', () => {
    const { tm, ids } = start();
    ids.push(tm.say('add', 'One', '--file', 'src/a.ts:1:9'), tm.say('add', 'Two', '--file', 'src/a.ts'));
    expect(tm.run('complete', '1', '--impact-review')).toEqual({
      code: 0,
      stdout: '',
      stderr: [
        `Task ${ids[0]} completed (T-1)`,
        '',
        '=== Impact Review ===',
        'This task referenced files. Other tasks may be affected.',
        `  [${ids[1]}] T-2 Two: src/a.ts`,
        'Consider reviewing tasks that reference the same files.',
        '',
      ].join('\n'),
    });
    expect(select(tm, 'SELECT type, task_id FROM notifications')).toEqual([['discovery', ids[1]]]);
  });
});

describe('the release of what waited', () => {
  test('comes with update --status completed too, with completed_at, which seed 000 forgot', () => {
    const { tm, ids } = start('One');
    ids.push(tm.say('add', 'Two', '--depends-on', '1', '--assignee', 'bob'));
    tm.say('update', '1', '--status', 'completed');
    expect(tm.task('2').state).toBe('ready');
    expect(tm.task('1').completedAt).toMatch(/Z$/);
    expect(select(tm, 'SELECT type, target_agent, task_id, message FROM notifications')).toEqual([
      ['unblocked', 'bob', ids[1], `Task ${ids[1]} unblocked - dependencies completed`],
    ]);
    tm.say('update', '1', '--status', 'in_progress');
    expect(tm.task('2')).toMatchObject({ state: 'waiting', status: 'blocked' });
  });

  test('is told exactly once when 12 processes complete the 12 dependencies at the same time', async () => {
    const { tm, ids } = start(...Array.from({ length: 12 }, (_, at) => `Part ${at}`));
    const child = tm.say('add', 'Child', '--depends-on', ...ids);
    const runs = await Promise.all(ids.map((id) => tm.start('complete', id)));
    expect(runs.map((run) => run.code)).toEqual(ids.map(() => 0));
    expect(tm.task(child)).toMatchObject({ status: 'pending', state: 'ready' });
    expect(select(tm, 'SELECT type, target_agent, task_id FROM notifications')).toEqual([['unblocked', null, child]]);
    expect(runs.filter((run) => run.stderr.includes('T-13 is ready'))).toHaveLength(1);
  });
});

describe('tm criteria', () => {
  test('adds, shows, checks off and removes', () => {
    const { tm } = start('One');
    expect(tm.run('criteria', '1')).toMatchObject({
      code: 0,
      stdout: '',
      stderr: expect.stringContaining('no success criteria'),
    });
    expect(tm.run('criteria', 'add', '1', 'Covered :: coverage >= 80', 'Read')).toEqual({
      code: 0,
      stdout: '',
      stderr: 'T-1: 2 criteria, 1 met\n',
    });
    expect(tm.say('criteria', '1', '--value', 'coverage=70')).toBe(
      '[ ] 1. Covered :: coverage >= 80  ✗ Evaluated to false (coverage = 70)\n[ ] 2. Read  ✓ No measurable condition',
    );
    tm.say('criteria', 'check', '1', '1', '2');
    expect(tm.task('1').criteria.map(({ done }) => done)).toEqual([true, true]);
    tm.say('criteria', 'uncheck', '1', '2');
    tm.say('criteria', 'remove', '1', '1');
    expect(tm.json<CriteriaView>('criteria', '1')).toMatchObject({
      criteria: [{ criterion: 'Read', done: false }],
      met: true,
    });
    expect(tm.say('criteria', '1', '--report')).toContain('Overall: 1/1 criteria passed');
  });

  test('refuses what is not there', () => {
    const { tm } = start('One');
    expect(tm.run('criteria', 'check', '1', '1')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('T-1 has no criteria'),
    });
    expect(tm.run('criteria', 'check', '1', 'x').code).toBe(2);
    expect(tm.run('criteria', '99').code).toBe(3);
    expect(tm.run('criteria', 'add', '1', ' :: true').code).toBe(2);
  });
});

describe('tm feedback', () => {
  test('is recorded for a completed task; a score that is not given stays, where seed 000 emptied it', () => {
    const { tm } = start('One', 'Two');
    expect(tm.run('feedback', '1', '--quality', '5')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('not completed'),
    });
    tm.say('complete', '1');
    expect(tm.run('feedback', '1', '--quality', '5', '--timeliness', '4', '--note', 'clear', 'and', 'tested')).toEqual({
      code: 0,
      stdout: '',
      stderr: 'Feedback recorded\n',
    });
    expect(select(tm, 'SELECT quality_score, timeliness_score, notes FROM task_feedback')).toEqual([
      [5, 4, 'clear and tested'],
    ]);
    expect(tm.run('feedback', '1', '--quality', '3')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('already has feedback'),
    });
    tm.say('feedback', '1', '--quality', '3', '--replace');
    expect(tm.task('1').feedback).toEqual({ quality: 3, timeliness: 4, note: 'clear and tested' });
  });

  test('is refused for unknown tasks, scores out of range and long notes', () => {
    const { tm } = start('One');
    tm.say('complete', '1');
    const before = tm.disk();
    for (const [args, code, words] of [
      [['deadbeef', '--quality', '5'], 3, 'not found'],
      [['1', '--quality', '6'], 2, 'between 1 and 5'],
      [['1', '--timeliness', '0'], 2, 'between 1 and 5'],
      [['1', '--quality', 'good'], 2, '--quality good'],
      [['1', '--note', 'x'.repeat(501)], 2, '500'],
      [['1'], 2, 'Nothing to record'],
    ] as const) {
      const run = tm.run('feedback', ...args);
      expect([run.code, run.stdout, run.stderr], args.join(' ')).toEqual([code, '', expect.stringContaining(words)]);
    }
    expect(tm.disk()).toEqual(before);
  });

  test('tm metrics --feedback averages it', () => {
    const { tm } = start('One', 'Two', 'Three');
    expect(tm.say('metrics', '--feedback')).toBe(
      [
        'Feedback metrics:',
        '  Average quality: no data',
        '  Average timeliness: no data',
        '  Tasks with feedback: 0',
        '  Total tasks: 0',
        '  Feedback coverage: no data',
      ].join('\n'),
    );
    tm.say('complete', '1');
    tm.say('feedback', '1', '--quality', '5', '--timeliness', '4');
    expect(tm.say('metrics', '--feedback')).toBe(
      [
        'Feedback metrics:',
        '  Average quality: 5.0/5',
        '  Average timeliness: 4.0/5',
        '  Tasks with feedback: 1',
        '  Total tasks: 1',
        '  Feedback coverage: 100.0%',
      ].join('\n'),
    );
    tm.say('update', '2', '--assignee', 'bob', '--type', 'bug');
    tm.say('complete', '2');
    const week = tm.say('metrics', '--feedback', '--period', 'week', '--by', 'assignee');
    for (const words of ['week', 'Quality', 'Timeliness', 'coverage: 50.0%', '(nobody)', 'bob'])
      expect(week).toContain(words);
    expect(tm.json('metrics', '--feedback', '--by', 'type')).toMatchObject({
      quality: 5,
      qualityScores: 1,
      groups: [
        { key: 'bug', withFeedback: 0, quality: null },
        { key: 'task', withFeedback: 1, coverage: 100 },
      ],
    });
    expect(tm.run('metrics', '--by', 'type').code).toBe(2);
  });
});
