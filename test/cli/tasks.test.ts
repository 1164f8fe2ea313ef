import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { TaskView } from '../../src/app/tasks/taskView.js';
import { expectRefused, start } from './shell.js';

describe('tm add', () => {
  test('keeps every option of section 1.1 and of the documentation', () => {
    const tm = start();
    const one = tm.say('add', 'One');
    const id = tm.say(
      ...['add', 'Two', '--description', 'text', '--priority', 'critical', '--depends-on', one, '--file', 'a.py:10:20'],
      ...['-p', 'high', '--meta', 'team:red', '--meta', 'cost:12.5', '--meta', 'public:true', '--meta', 'x:{"a":[1]}'],
      ...['--meta', 'code:007', '--criteria', '[{"criterion":"passes","measurable":"n > 3"},{"criterion":"read"}]'],
      ...['--criterion', 'fast :: ms < 5', '--criterion', 'looks good', '--deadline', '2026-12-01'],
      ...['--estimated-hours', '4', '--assignee', 'Bob', '--phase', 'beta', '--tag', 'api,db', '--tag', 'ui'],
      ...['--project', 'web', '--business-value', '8', '--code-language', 'ts', '--execution-environment', 'node 24'],
      ...['--context', 'WHY: users wait too long WHAT: cache, index DONE: p95 is low', '--impact', 'the login page'],
      ...['--type', 'feature', '--parent', one],
    );
    expect(tm.task(id)).toMatchObject({
      description: 'text',
      priority: 'high',
      dependsOn: [one],
      fileRefs: [{ path: 'a.py', line: 10, endLine: 20 }],
      custom: { team: 'red', cost: 12.5, public: true, x: { a: [1] }, code: '007' },
      criteria: [
        { criterion: 'passes', measurable: 'n > 3', done: false },
        { criterion: 'read', done: false },
        { criterion: 'fast', measurable: 'ms < 5', done: false },
        { criterion: 'looks good', done: false },
      ],
      due: '2026-12-01T00:00:00.000Z',
      estimatedHours: 4,
      assignee: 'Bob',
      milestone: 'beta',
      tags: ['api', 'db', 'ui'],
      project: 'web',
      businessValue: 8,
      codeLanguage: 'ts',
      executionEnvironment: 'node 24',
      context: 'WHY: users wait too long WHAT: cache, index DONE: p95 is low',
      impactNotes: 'the login page',
      type: 'feature',
      parent: one,
    });
  });

  test('prints the bare id, and all else on stderr', () => {
    const tm = start();
    const { stdout, stderr } = tm.run('add', 'Task', '--assignee', 'bob');
    expect(stdout).toMatch(/^[0-9a-f]{8}\n$/);
    expect(stderr.split('\n')).toEqual([
      'Task created',
      "🎯 Commander's Intent Recommendation:",
      '   For optimal agent coordination, consider adding --context with:',
      '   WHY: [reason] WHAT: [3-5 deliverables] DONE: [success criteria]',
      '',
    ]);
    expect(stderr).not.toContain(stdout.trim());
    expect(tm.run('add', 'Task', '--context', 'WHY: it is slow').stderr).toContain(
      "⚠️ Commander's Intent Warning: Missing Commander's Intent components: WHAT, DONE\n📋 For best results, include: WHY: [reason] WHAT: [deliverables] DONE: [criteria]\n",
    );
    expect(tm.run('add', 'Task', '--context', 'WHY: x WHAT: a, b and c DONE: tests pass').stderr).toContain(
      "💡 Commander's Intent: Quality suggestions:",
    );
  });

  test('refuses with the words of the contract, and adds nothing', () => {
    const tm = start();
    const criteria = (json: string) => tm.run('add', 'x', '--criteria', json);
    expectRefused(tm.run('add'), 2, 'Usage: tm add <title>');
    expectRefused(tm.run('add', ''), 2, 'Error', 'Task title cannot be empty');
    expectRefused(tm.run('add', 'x'.repeat(501)), 2, 'too long');
    expectRefused(tm.run('add', 'x', '-p', 'soon'), 2, 'Invalid priority');
    expectRefused(tm.run('add', 'x', '--depends-on', 'zz'), 3, 'Invalid dependency ID: zz');
    expectRefused(criteria('{oops'), 2, 'Invalid JSON in success criteria: ');
    expectRefused(criteria('{"criterion":"x"}'), 2, 'Success criteria must be a JSON array');
    expectRefused(criteria('[{"measurable":"true"}]'), 2, "Each criterion must have a 'criterion' field");
    expectRefused(criteria('[7]'), 2, "Each criterion must have a 'criterion' field");
    expectRefused(tm.run('add', 'x', '--estimated-hours', 'abc'), 2, 'estimate', 'abc');
    expectRefused(tm.run('add', 'x', '--estimate', '-3'), 2, 'estimatedHours');
    expectRefused(tm.run('add', 'x', '--deadline', 'notadate'), 2, 'notadate', '2026-12-01');
    expectRefused(tm.run('add', 'x', '--meta', 'novalue'), 2, 'key:value');
    expectRefused(tm.run('add', 'x', '--meta', '9:v'), 2, '“9”');
    expectRefused(tm.run('add', 'x', '--file', 'test.py:-5'), 2);
    expectRefused(tm.run('add', 'x', '--file', 'x:100:50'), 2, 'before it starts');
    expect(tm.list().total).toBe(0);
  });

  test('warns of more than 10 criteria and keeps them all', () => {
    const tm = start();
    const criteria = JSON.stringify(Array.from({ length: 100 }, (_, at) => ({ criterion: `c${at}` })));
    const run = tm.run('add', 'Many', '--criteria', criteria);
    expect(run.stderr).toContain('Warning: Maximum of 10 criteria');
    expect(tm.task(run.stdout.trim()).criteria).toHaveLength(100);
  });

  test('makes a task of each line of standard input, all or none', () => {
    const tm = start();
    const run = tm.pipe('One\n\n  Two  \r\nThree\n', 'add', '-', '--tag', 'x');
    expect([run.code, run.stderr]).toEqual([0, '3 tasks created\n']);
    expect(
      run.stdout
        .trim()
        .split('\n')
        .map((id) => tm.task(id).title),
    ).toEqual(['One', 'Two', 'Three']);
    expect(tm.list('tag:x').total).toBe(3);
    expectRefused(tm.pipe(`Four\n${'x'.repeat(501)}\n`, 'add', '-'), 2, 'too long');
    expectRefused(tm.pipe(' \n', 'add', '-'), 2, 'nothing on standard input');
    expect(tm.list().total).toBe(3);
    const described = tm.pipe('# Head\n\ntext\n', 'add', 'Described', '--description', '-').stdout.trim();
    expect(tm.task(described).description).toBe('# Head\n\ntext\n');
  });

  test('under the same TM_REQUEST_ID adds once', () => {
    const tm = start({ TM_REQUEST_ID: 'r1' });
    expect(tm.say('add', 'Once')).toBe(tm.say('add', 'Once'));
    expect(tm.run('add', 'Another')).toMatchObject({
      code: 4,
      stdout: '',
      stderr: expect.stringContaining('The request “r1” was made already'),
    });
    expect(tm.list().tasks.map((task) => task.title)).toEqual(['Once']);
  });
});

describe('tm show', () => {
  test('prints the old tool’s lines in its order, None for what is empty, then the others', () => {
    const tm = start();
    const [a, b] = [tm.say('add', 'A'), tm.say('add', 'B')];
    const id = tm.say('add', 'Task', '-d', 'one\ntwo', '--depends-on', a, b, '--phase', 'p1', '--tag', 't');
    const lines = tm.say('show', id).split('\n');
    const keys = lines.flatMap((line) => /^([a-z_]+): /.exec(line)?.[1] ?? []);
    expect(keys.slice(0, 21).join(' ')).toBe(
      'id title description status priority assignee created_by created_at updated_at completed_at success_criteria ' +
        'feedback_quality feedback_timeliness feedback_notes completion_summary deadline estimated_hours actual_hours ' +
        'context phase_id dependencies',
    );
    for (const line of [
      ...[`id: ${id}`, 'description: one', 'two', 'status: blocked', 'priority: medium', 'assignee: None'],
      ...['completed_at: None', 'phase_id: p1', `dependencies: ['${a}', '${b}']`, 'tags: t', 'milestone: p1'],
    ]) {
      expect(lines).toContain(line);
    }
    expect(tm.say('show', a).split('\n')).toContain('dependencies: []');
    expect(tm.say('show', id, '--format', 'text')).toBe(lines.join('\n'));
  });

  test('as JSON is one line with the names that scripts look for', () => {
    const tm = start();
    tm.say('add', 'Task', '--criterion', 'done :: true');
    const json = tm.say('show', '1', '--json');
    expect(json).not.toContain('\n');
    expect(tm.say('show', '1', '--format', 'json')).toBe(json);
    expect(JSON.parse(json)).toMatchObject({
      task: { title: 'Task' },
      success_criteria: [{ criterion: 'done', measurable: 'true' }],
      completion_summary: null,
    });
    expectRefused(tm.run('show', 'deadbeef'), 3, 'Task deadbeef not found');
    expectRefused(tm.run('show'), 2, 'task');
  });
});

describe('tm update', () => {
  test('changes every field, adds and takes away, and clears what is given empty', () => {
    const tm = start();
    tm.file('a.ts', 9);
    const [a, b] = [tm.say('add', 'A'), tm.say('add', 'B')];
    const id = tm.say('add', 'Task', '--tag', 'x', 'y', '--depends-on', a, '--meta', 'k:1', '--meta', 'gone:yes');
    tm.say(
      ...['update', id, '--add-tag', 'z', '--remove-tag', 'X', '--add-dependency', b, '--remove-dependency', a],
      ...['--file', 'a.ts:2', '--meta', 'k:2', '--meta', 'gone:', '--impact', 'all', '--phase', 'p', '--project', 'w'],
      ...['--context', 'WHY: a b WHAT: c d DONE: e f', '--criterion', 'one', '--deadline', 'tomorrow'],
      ...['--estimated-hours', '3', '--business-value', '5', '--code-language', 'go', '--execution-environment', 'ci'],
    );
    const task = tm.task(id);
    expect(task).toMatchObject({
      tags: ['y', 'z'],
      dependsOn: [b],
      fileRefs: [{ path: 'a.ts', line: 2 }],
      custom: { k: 2 },
      impactNotes: 'all',
      milestone: 'p',
      project: 'w',
      criteria: [{ criterion: 'one', done: false }],
      businessValue: 5,
      version: 2,
    });
    const tomorrow = new Date(Date.now() - new Date().getTimezoneOffset() * 60_000 + 86_400_000);
    expect(task.due).toBe(`${tomorrow.toISOString().slice(0, 10)}T00:00:00.000Z`);
    tm.say(
      ...['update', id, '--tag', '', '--impact', '', '--phase', '', '--project', '', '--context', '', '--criteria', ''],
      ...['--due', '', '--estimate', '', '--business-value', '', '--code-language', '', '--execution-environment', ''],
    );
    const cleared = tm.task(id);
    expect(cleared).toMatchObject({ tags: [], criteria: [], version: 3 });
    const fields = ['impactNotes', 'milestone', 'project', 'context', 'due', 'estimatedHours', 'businessValue'];
    for (const field of [...fields, 'codeLanguage', 'executionEnvironment']) expect(cleared).not.toHaveProperty(field);
    expectRefused(tm.run('update', id, '--remove-dependency', a), 3, 'does not depend on');
    expectRefused(tm.run('update', b, '--add-dependency', id), 1, 'cycle');
  });

  test('--status with --assignee applies both (they were dropped in the old tool)', () => {
    const tm = start();
    const id = tm.say('add', 'Task');
    expect(tm.say('update', id, '--status', 'in_progress', '--assignee', 'bob')).toBe(`Task ${id} updated`);
    expect(tm.task(id)).toMatchObject({ status: 'in_progress', assignee: 'bob' });
    expectRefused(tm.run('update', id, '--status', 'bogus'), 2, 'Invalid status');
    expectRefused(tm.run('update', 'deadbeef', '--status', 'completed'), 3, 'Invalid task ID: deadbeef');
  });

  test('--status completed sets the time and releases what waits (it did not in the old tool)', () => {
    const tm = start();
    const [a] = [tm.say('add', 'A'), tm.say('add', 'B', '--depends-on', '1')];
    expect(tm.run('update', a, '--status', 'completed', '--summary', 'all of it').stderr).toContain('T-2 is ready');
    expect(tm.task(a)).toMatchObject({ completedAt: expect.any(String), completionSummary: 'all of it' });
    expect(tm.task('2').state).toBe('ready');
    tm.say('reopen', '1');
    expect(tm.task('2').state).toBe('waiting');
  });

  test('--if-version refuses what was changed since', () => {
    const tm = start();
    tm.say('add', 'Task');
    tm.say('update', '1', '--title', 'New', '--if-version', '1');
    const before = tm.disk();
    expectRefused(tm.run('update', '1', '--title', 'Late', '--if-version', '1'), 4, 'version 2', 'ann');
    expect(tm.disk()).toEqual(before);
  });
});

describe('tm list and search', () => {
  test('take the documented options', () => {
    const tm = start();
    tm.say('add', 'Old', '--due', '2020-01-01', '--assignee', 'ann', '--tag', 'api', '-p', 'high');
    tm.say('add', 'Waits', '--depends-on', '1', '--tag', 'ui');
    tm.say('add', 'Free', '--assignee', 'bob');
    const names = (...args: string[]) => tm.list(...args).tasks.map((task) => task.title);
    expect(names()).toEqual(['Free', 'Waits', 'Old']);
    expect(names('--has-deps')).toEqual(['Waits']);
    expect(names('--no-deps')).toEqual(['Free', 'Old']);
    expect(names('--unassigned')).toEqual(['Waits']);
    expect(names('--overdue')).toEqual(['Old']);
    expect(names('--is-blocked')).toEqual(['Waits']);
    expect(names('--recent')).toHaveLength(3);
    expect(names('--tag', 'api', '--priority', 'high')).toEqual(['Old']);
    expect(names('--status', 'pending', '--assignee', 'bob')).toEqual(['Free']);
    expect(names('parent:none -has:deps sort:title')).toEqual(['Free', 'Old']);
    expect(tm.say('list', '--format', 'plain', '--limit', '1')).toMatch(/^\[[0-9a-f]{8}\] Free - pending @bob$/);
    expect(tm.say('list', '--format', 'ids').split('\n')).toEqual(tm.list().tasks.map((task) => task.id));
    expect(tm.say('list', '--format', 'json')).toBe(tm.say('list', '--json'));
    expect(tm.say('list', '--format', 'table').split('\n')[0]).toMatch(/^Task +Id +State +Priority +Title/);
    const grouped = tm.json<{ groups: { group: string }[]; total: number }>('list', '--group-by', 'assignee');
    expect([grouped.groups.map((one) => one.group), grouped.total]).toEqual([['ann', 'bob', ''], 3]);
    expect(tm.say('list', '--group-by', 'status')).toMatch(/^pending \(2\)\n\[.*\n\[.*\n\nblocked \(1\)\n\[/);
    expect(tm.run('list', '--status', 'completed')).toEqual({ code: 0, stdout: '', stderr: 'No tasks found\n' });
    expectRefused(tm.run('list', '--limit', 'abc'), 2, '--limit abc');
    expectRefused(tm.run('list', '--group-by', 'asignee'), 2, 'Did you mean assignee?');
    expectRefused(tm.run('list', 'asignee:x'), 2, 'Did you mean assignee:?');
    expectRefused(tm.run('list', '--format', 'xml'), 2, 'table, plain, ids, json');
  });

  test('find words in titles, tags and texts', () => {
    const tm = start();
    tm.say('add', 'Login page', '-d', 'The "null pointer" case');
    tm.say('add', 'Other', '--tag', 'login', '--context', 'WHY: timeouts');
    tm.say('add', 'Third', '--impact', 'null pointers: 50% off');
    const names = (...args: string[]) =>
      tm.json<{ tasks: TaskView[] }>('search', ...args).tasks.map((task) => task.title);
    expect(names('login')).toEqual(['Other', 'Login page']);
    expect(names('login', 'timeouts')).toEqual(['Other']);
    expect(names('null pointer')).toEqual(['Third', 'Login page']);
    expect(names('pointers: 50%')).toEqual(['Third']);
    expect(names('login', 'tag:login')).toEqual(['Other']);
    expect(tm.run('search', 'nothing at all').stderr).toBe('No tasks found\n');
  });
});

describe('tm delete', () => {
  test('refuses while others depend on it; files that the store did not write are put aside', () => {
    const tm = start();
    const [a, b] = [tm.say('add', 'A'), tm.say('add', 'B', '--depends-on', '1')];
    const folder = join(tm.folder, '.task-orchestrator');
    for (const name of ['contexts', 'notes']) mkdirSync(join(folder, name), { recursive: true });
    for (const file of [`contexts/${a}.yaml`, `notes/${a}_ann.md`, `notes/${b}_ann.md`])
      writeFileSync(join(folder, file), 'x');
    expectRefused(tm.run('delete', a), 1, `Cannot delete task ${a}: dependent tasks exist`, 'T-2');
    expect(tm.list().total).toBe(2);
    expect(tm.say('delete', a, '--force')).toBe(`Task ${a} deleted`);
    expect(readdirSync(join(folder, 'contexts'))).toEqual([`${a}.yaml.edited`]);
    expect(readdirSync(join(folder, 'notes')).sort()).toEqual([`${a}_ann.md.edited`, `${b}_ann.md`].sort());
    expectRefused(tm.run('delete', a), 3, `Task ${a} not found`);
    expectRefused(tm.run('delete'), 2, 'Name a task');
  });
});

describe('tm assign', () => {
  test('gives a task to somebody, and warns of another specialist', () => {
    const tm = start({ TM_AGENT_SPECIALTY: 'frontend' });
    const id = tm.say('add', 'Task', '-d', 'Needs specialist:database here');
    expect(tm.run('assign', id, 'bob')).toEqual({
      code: 0,
      stdout: `Task ${id} assigned to bob\n`,
      stderr: 'warning: specialist mismatch (required=database, agent=frontend)\n',
    });
    expect(tm.task(id).assignee).toBe('bob');
    expect(tm.with({ env: { TM_AGENT_SPECIALTY: 'Database' } }).run('assign', id, 'eve').stderr).toBe('');
    expectRefused(tm.run('assign', 'deadbeef', 'bob'), 3, 'Task deadbeef not found', 'Failed to assign task deadbeef');
    expectRefused(tm.run('assign', id), 2, 'who');
  });
});

test('cancel, block, unblock and reopen change the status and keep the reason', () => {
  const tm = start();
  const id = tm.say('add', 'Task');
  expect(tm.run('block', '1', 'no', 'key').stderr).toBe(`Task ${id} blocked (T-1)\n`);
  expect(tm.task('1')).toMatchObject({ status: 'blocked', statusReason: 'no key' });
  tm.say('unblock', '1');
  expect(tm.json('cancel', '1', 'not needed').task).toMatchObject({ status: 'cancelled', statusReason: 'not needed' });
  tm.say('reopen', '1');
  expect(tm.task('1')).toMatchObject({ status: 'pending', version: 5 });
  expectRefused(tm.run('reopen', '1'), 1, 'pending already');
});
