import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import type { EstimateView } from '../../src/app/planning/effort/effortInputs.js';
import type { ForecastView } from '../../src/app/planning/forecast/forecastInputs.js';
import type { NextTaskView } from '../../src/app/planning/nextTask/nextTaskInputs.js';
import { nextTaskView } from '../../src/app/planning/nextTask/nextTaskInputs.js';
import { expectRefused, start } from './shell.js';

/** What `tm next --json` says, in the form that is documented. */
function view(tm: ReturnType<typeof start>, ...args: string[]): NextTaskView {
  const said = tm.json<NextTaskView>('next', ...args);
  expect(nextTaskView().parse(said)).toEqual(said);
  return said;
}

const taken = (tm: ReturnType<typeof start>, ...args: string[]) => view(tm, ...args).task?.number ?? null;
const several = (tm: ReturnType<typeof start>, ...args: string[]) =>
  view(tm, ...args).selection.selectedTasks.map(({ number }) => number);

describe('tm next', () => {
  test('prints the best ready task as a line, and as JSON all that seed 002 promises', () => {
    const tm = start();
    tm.say('add', 'Write the grammar', '-d', 'What a line may hold', '--estimate', '3', '--tag', 'parser');
    tm.say('add', 'Read a file', '--depends-on', '1', '--due', '+2d', '--estimate', '5');
    tm.say('add', 'Tidy up', '-p', 'low');
    expect(tm.say('next')).toMatch(/^\[[0-9a-f]{8}\] Write the grammar - pending$/);
    const { task, selection, message } = view(tm);
    expect(task).toMatchObject({ number: 1, description: 'What a line may hold' });
    expect(selection).toMatchObject({
      task_id: task?.id,
      selectedTask: { id: task?.id, estimatedEffort: 3, complexity: null, readinessScore: 1, priorityScore: 0.5 },
      alternatives: [{ number: 3 }],
      metadata: { candidatesConsidered: 2, ready: 2, open: 3 },
      riskAssessment: { overallRisk: 'low' },
    });
    const { decisionFactors } = selection.reasoning;
    expect(decisionFactors.map(({ name }) => name)).toEqual(['readiness', 'urgency', 'priority', 'business_value']);
    const sum = decisionFactors.reduce((steps, { contribution }) => steps + Math.round(contribution * 1e4), 0);
    expect(sum).toBe(Math.round((selection.selectedTask?.overallScore ?? 0) * 1e4));
    expect(selection.reasoning.missingFactors.map(({ name }) => name)).toEqual(['complexity_fit', 'continuity']);
    expect(message).toContain('T-1 is next: T-2 is due ');
  });

  test('what waits, is claimed, blocked, scheduled or in progress is never next, and the reason is said', () => {
    const tm = start();
    expect(tm.run('next')).toEqual({ code: 0, stdout: '', stderr: 'Nothing is ready.\n' });
    tm.say('add', 'Claimed');
    tm.say('add', 'Waits', '--depends-on', '1');
    tm.say('add', 'Waits too', '--depends-on', '2');
    tm.say('add', 'Later', '--not-before', '2999-01-01');
    tm.say('add', 'Blocked');
    tm.say('block', '5');
    tm.with({ env: { TM_AGENT_ID: 'bob' } }).say('claim', '1');
    expect(tm.run('next')).toEqual({
      code: 0,
      stdout: '',
      stderr:
        'Nothing is ready of 5 open tasks: T-1 is claimed by bob (2 wait for it); T-4 is for later; T-5 is blocked.\n'.replace(
          'T-4 is for later; T-5 is blocked',
          expectOrder(tm),
        ),
    });
    const { task, selection } = view(tm);
    expect([task, selection.task_id, selection.reason]).toEqual([null, null, 'all_blocked']);
    expect(selection.blockers[0]).toMatchObject({ name: 'T-1', title: 'Claimed', state: 'claimed', waiting: 2 });
    expectRefused(tm.run('next', '--claim'), 3, 'Nothing is ready of 5 open tasks');
  });

  test('every condition keeps tasks out, and says how many it keeps out where none is left', () => {
    const tm = start();
    tm.say('add', 'Api', '--tag', 'api', '--estimate', '2', '-p', 'low', '--project', 'web', '--type', 'bug');
    tm.say('add', 'Ui', '--tag', 'ui', '--tag', 'api', '--estimate', '20', '-p', 'high', '--project', 'app');
    expect(several(tm, '-n', '9')).toEqual([2, 1]);
    expect(several(tm, '-n', '1')).toEqual([2]);
    expect(several(tm, '-n', '9', '--tag', 'api', 'ui')).toEqual([2]);
    expect(several(tm, '-n', '9', '--tag', 'api,ui')).toEqual([2]);
    expect(several(tm, '-n', '9', '--exclude', 'ui')).toEqual([1]);
    expect(several(tm, '-n', '9', '--project', 'Web')).toEqual([1]);
    expect(several(tm, '-n', '9', '--priority', 'medium')).toEqual([2]);
    expect(several(tm, '-n', '9', '--priority', '3')).toEqual([2]);
    expect(several(tm, '-n', '9', '--max-hours', '2.5')).toEqual([1]);
    expect(several(tm, '-n', '9', '--min-hours', '2.5')).toEqual([2]);
    expect(several(tm, '-n', '9', '--hours', '2')).toEqual([1]);
    const preferred = view(tm, '-n', '9', '--type', 'bug', '--language', 'go').selection.selectedTasks;
    expect(preferred.map(({ number, technicalComplexityScore }) => [number, technicalComplexityScore])).toEqual([
      [2, 0],
      [1, 0.5],
    ]);
  });

  test('where nothing fits it says what to relax, and that helps', () => {
    const tm = start();
    tm.say('add', 'Api', '--tag', 'api', '--estimate', '2', '-p', 'low', '--project', 'web', '--type', 'bug');
    tm.say('add', 'Ui', '--tag', 'ui', '--tag', 'api', '--estimate', '20', '-p', 'high', '--project', 'app');
    expect(tm.run('next', '--tag', 'ui', '--max-hours', '3')).toEqual({
      code: 0,
      stdout: '',
      stderr: 'None of the 2 ready tasks fits: 1 would with --max-hours 20; 1 would without --tag ui.\n',
    });
    const options: Record<string, string> = {
      project_id: '--project',
      required_tags: '--tag',
      excluded_tags: '--exclude',
      priority_threshold: '--priority',
      max_complexity: '--max-complexity',
      max_estimated_hours: '--max-hours',
      min_estimated_hours: '--min-hours',
      hours_available_today: '--hours',
    };
    for (const asked of [
      { '--project': 'none' },
      { '--tag': 'db' },
      { '--exclude': 'api' },
      { '--priority': 'critical' },
      { '--max-hours': '1' },
      { '--min-hours': '30' },
      { '--hours': '0.5' },
      { '--project': 'web', '--priority': 'high', '--max-hours': '1' },
      { '--project': 'none', '--tag': 'db', '--hours': '4' },
    ]) {
      const { selection } = view(tm, ...Object.entries(asked).flat());
      expect([selection.selectedTask, selection.reason]).toEqual([null, 'none_match']);
      expect(selection.relaxations.length).toBeGreaterThan(0);
      for (const { constraint, to, admits } of selection.relaxations) {
        const relaxed: Record<string, string | undefined> = { ...asked };
        for (const name of constraint.split(', ')) relaxed[options[name] ?? ''] = to === null ? undefined : String(to);
        const args = Object.entries(relaxed).flatMap(([option, value]) => (value === undefined ? [] : [option, value]));
        expect([args, several(tm, '-n', '9', ...args).length]).toEqual([args, admits]);
      }
    }
    expectRefused(tm.run('next', '--claim', '--tag', 'db'), 3, '2 would without --tag db');
  });

  test('what is known to be more complex than 8 is left out unless that is asked for', () => {
    const tm = start();
    tm.say('add', 'Rewrite the engine');
    const id = tm.task('1').id;
    const columns = 'task_id, kind, input_hash, result, analysed_at, analysed_by';
    const values = `'${id}', 'complexity', 'x', '{"score":9.2}', '2026-01-01T00:00:00.000Z', 'ann'`;
    execFileSync('sqlite3', [tm.storePath, `INSERT INTO task_analyses (${columns}) VALUES (${values})`]);
    const { selection } = view(tm);
    expect(selection.metadata.criteria).toMatchObject({ max_complexity: 8 });
    expect(selection.relaxations).toEqual([{ constraint: 'max_complexity', value: 8, to: 9.2, admits: 1 }]);
    expect(tm.run('next').stderr).toBe('The ready task does not fit: 1 would with --max-complexity 9.2.\n');
    expect(taken(tm, '--max-complexity', '9.2')).toBe(1);
  });

  test('a task is not next before its subtasks are done, and they are as urgent as it is', () => {
    const tm = start();
    tm.say('add', 'Release', '-p', 'critical', '--due', '+1d');
    tm.say('add', 'Write the notes', '--parent', '1', '-p', 'low');
    tm.say('add', 'Something else');
    expect(several(tm, '-n', '9')).toEqual([2, 3]);
    expect(view(tm).selection.reasoning.primaryReason).toContain('T-1 is due ');
    tm.say('complete', '2');
    expect(several(tm, '-n', '9')).toEqual([1, 3]);
  });

  test('several workers get tasks that touch no file of each other', () => {
    const tm = start();
    for (const [title, file] of [
      ['A', 'a.ts'],
      ['B', 'a.ts:3'],
      ['C', 'c.ts'],
      ['D', 'd.ts'],
    ] as const) {
      tm.file(file.split(':')[0] ?? file, 9);
      tm.say('add', title, '--file', file);
    }
    expect(several(tm, '--workers', '3')).toEqual([1, 3, 4]);
    const { stdout, stderr } = tm.run('next', '--workers', '4');
    expect(stdout.trim().split('\n').length).toBe(3);
    expect(stderr).toContain('3 of 4 ready tasks can be worked on at once');
    // Somebody works on the same file already: allowed, and said.
    tm.with({ env: { TM_AGENT_ID: 'bob' } }).say('claim', '1');
    expect(view(tm).selection.riskAssessment.riskFactors).toContainEqual(
      expect.objectContaining({ category: 'resource', description: 'a.ts is worked on in T-1 too' }),
    );
  });

  test('hours at hand are planned, with what is alike together; --explain shows the sums', () => {
    const tm = start();
    tm.say('add', 'First', '-p', 'critical', '--estimate', '2', '--tag', 'parser');
    tm.say('add', 'Other', '--estimate', '2', '--tag', 'docs');
    tm.say('add', 'Alike', '--estimate', '2', '--tag', 'parser');
    const order = (...args: string[]) =>
      view(tm, '--hours', '4', ...args).selection.schedulingSuggestions.map(({ task_id }) => tm.task(task_id).title);
    expect(order()).toEqual(['First', 'Alike']);
    expect(order('--no-grouping')).toEqual(['First', 'Other']);
    const lines = tm.say('next', '--explain', '--hours', '4').split('\n');
    expect(lines[0]).toBe('T-1  First');
    const parts = lines.flatMap((line) => /× \d\.\d\d = (\d\.\d{4})/.exec(line)?.[1] ?? []).map(Number);
    const total = Number(/^ {2}score +([\d.]+)$/m.exec(lines.join('\n'))?.[1]);
    expect(Math.round(parts.reduce((sum, part) => sum + part, 0) * 1e4)).toBe(Math.round(total * 1e4));
    expect(lines.join('\n')).toMatch(
      /Plan\n {2}in 0 h: T-1, 2 h: .*\n {2}in 2 h: T-3, 2 h: .* like T-1 before it: #parser/,
    );
  });

  test('continuity follows from what the actor itself did last', () => {
    const tm = start();
    tm.say('add', 'Done', '--tag', 'parser');
    tm.say('add', 'Other', '--tag', 'docs');
    tm.say('add', 'Alike', '--tag', 'parser');
    tm.say('claim', '1');
    tm.say('complete', '1');
    expect(taken(tm)).toBe(3);
    expect(taken(tm, '--no-continuity')).toBe(2);
    expect(taken(tm.with({ env: { TM_AGENT_ID: 'bob' } }))).toBe(2);
  });

  test('weights come from the settings, and from the environment before them', () => {
    const tm = start();
    tm.say('add', 'Worth much', '-p', 'low', '--business-value', '5');
    tm.say('add', 'Urgent', '-p', 'critical', '--business-value', '1');
    const only = { NEXT_TASK_WEIGHTS_PRIORITY: '0', NEXT_TASK_WEIGHTS_URGENCY: '0' };
    expect(taken(tm.with({ env: only }))).toBe(1);
    tm.say('config', 'set', 'next_task.weights.business_value', '0');
    expect(tm.say('config', 'get', 'next_task.weights.business_value')).toBe('0');
    expect(taken(tm)).toBe(2);
    expect(view(tm).selection.metadata.weights).toMatchObject({ business_value: 0, priority: 0.2 });
    expect(taken(tm.with({ env: { NEXT_TASK_WEIGHTS_BUSINESS_VALUE: '9' } }))).toBe(1);
    expectRefused(
      tm.with({ env: { NEXT_TASK_WEIGHTS_URGENCY: 'much' } }).run('next'),
      2,
      'NEXT_TASK_WEIGHTS_URGENCY=much',
    );
    expectRefused(tm.run('config', 'set', 'next_task.weights.urgency', 'much'), 2, 'is a number');
    expectRefused(tm.run('config', 'set', 'next_task.weights.urgency', '-1'), 2, 'next_task.weights.urgency');
  });

  test('hours are those of tm estimate where it learnt something, else what somebody estimated', () => {
    const tm = start();
    tm.say('add', 'Guessed', '--estimate', '4');
    tm.say('estimate', '1');
    // 8 h were kept, which nothing was learnt for.
    expect(view(tm).selection.selectedTask).toMatchObject({ estimatedEffort: 4, estimatedEffortP80: 6.63 });
    const forecast = () => tm.json<ForecastView>('forecast').entries[0]?.effort;
    expect(forecast()).toMatchObject({ from: 'estimate', p50: 4, p80: 6.628 });
    tm.say('add', 'Done');
    tm.say('complete', '2', '--actual-hours', '2');
    const { p50, p80 } = tm.json<EstimateView>('estimate', '1');
    expect(view(tm).selection.selectedTask).toMatchObject({ estimatedEffort: p50, estimatedEffortP80: p80 });
    expect(forecast()).toMatchObject({ from: 'kept', p50, p80 });
  });

  test('of an encrypted store it knows the analyses with the key, and ranks without them where there is none', () => {
    const blind = start();
    const tm = blind.with({ env: { TM_ENCRYPTION_KEY: blind.say('encryption', 'new-key') } });
    tm.say('add', 'One', '-d', 'What is to be done');
    const { p50 } = tm.json<EstimateView>('estimate', '1');
    tm.say('encryption', 'enable');
    expect(view(tm).selection.selectedTask?.estimatedEffort).toBe(p50);
    expect(view(blind).selection.selectedTask).toMatchObject({ number: 1, estimatedEffort: null });
    expect(tm.run('next', '--claim').code).toBe(0);
  });

  test('refuses what it cannot read', () => {
    const tm = start();
    expectRefused(tm.run('next', '-n', '0'), 2, 'limit');
    expectRefused(tm.run('next', '--hours', 'long'), 2, '--hours long');
    expectRefused(tm.run('next', '--max-complexity', '11'), 2, 'max_complexity');
    expectRefused(tm.run('next', '--priority', 'soon'), 2, 'soon');
    expectRefused(tm.run('next', '--for', '1h'), 2, '--claim');
    expectRefused(tm.run('next', '--claim', '-n', '2'), 2, '--claim takes one');
  });

  test('--claim takes the best one; eight at once get eight different ones', async () => {
    const tm = start();
    for (let number = 1; number <= 8; number += 1) tm.say('add', `Task ${number}`, '--tag', 'api');
    tm.say('add', 'Best', '-p', 'critical', '--tag', 'ui');
    const claimed = tm.run('next', '--claim', '--tag', 'api', '--for', '2h');
    expect([claimed.code, claimed.stdout.trim()]).toEqual([0, tm.task('1').id]);
    expect(claimed.stderr).toMatch(/^T-1 is yours until .* \(lease 1\)/);
    const runs = await Promise.all(
      Array.from({ length: 8 }, (_, at) =>
        tm.with({ env: { TM_AGENT_ID: `agent-${at}` } }).start('next', '--claim', '--json'),
      ),
    );
    expect(runs.map(({ code }) => code)).toEqual(Array(8).fill(0));
    const winners = runs.map(({ stdout }) => (JSON.parse(stdout) as NextTaskView).task);
    expect(winners.map((task) => task?.number).sort()).toEqual([2, 3, 4, 5, 6, 7, 8, 9]);
    expect(winners.map((task) => tm.task(task?.id ?? '').claim?.by)).toEqual(winners.map((task) => task?.claim?.by));
    expect(new Set(winners.map((task) => task?.claim?.by)).size).toBe(8);
    expectRefused(tm.run('next', '--claim'), 3, 'Nothing is ready of 9 open tasks');
  });
});

/** Blockers for which equally many wait come by their ids, which are random. */
function expectOrder(tm: ReturnType<typeof start>): string {
  const said = [
    { id: tm.task('4').id, words: 'T-4 is for later' },
    { id: tm.task('5').id, words: 'T-5 is blocked' },
  ];
  return said
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map(({ words }) => words)
    .join('; ');
}
