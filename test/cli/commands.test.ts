import { existsSync } from 'node:fs';
import { describe, expect, inject, test } from 'vitest';
import type { StatusChange } from '../../src/app/tasks/tasks.js';
import type { TaskView } from '../../src/app/tasks/taskView.js';
import { Shell } from './shell.js';

const ID = /^[0-9a-f]{8}$/;

/** The whole command line, on each Node that it has to run on. */
describe.each(inject('nodes'))('tm on %s', (node) => {
  const shell = () => new Shell({ node });

  test('init makes a store, once', () => {
    const tm = shell();
    expect(tm.say('init')).toBe('Task database initialized');
    expect(existsSync(tm.storePath)).toBe(true);
    expect(tm.run('init')).toMatchObject({
      stdout: 'Task database initialized\n',
      stderr: 'It was there already: nothing was changed.\n',
    });
    expect(tm.list()).toEqual({ tasks: [], total: 0, truncated: false });
  });

  test('add prints the new id alone on stdout', () => {
    const tm = shell();
    tm.say('init');
    const { code, stdout, stderr } = tm.run('add', 'Write the “API” 🚀 <script>');
    expect([code, stderr]).toEqual([0, 'Task created\n']);
    expect(stdout).toMatch(/^[0-9a-f]{8}\n$/);
    expect(tm.task(stdout.trim())).toMatchObject({ number: 1, name: 'T-1', title: 'Write the “API” 🚀 <script>' });
  });

  test('add takes every field', () => {
    const tm = shell();
    tm.say('init');
    tm.file('src/a.ts', 9);
    const first = tm.say('add', 'First');
    const second = tm.json<{ task: TaskView }>(
      ...['add', 'Second', '-d', '# Text\n\nmore', '-p', 'urgent', '--type', 'bug', '--assignee', 'Ann Lee'],
      ...['--tag', 'api', '#ui', '--tag', 'db', '--depends-on', first, '--file', 'src/a.ts:2:4', 'src/b.ts:1'],
      ...['--parent', 'T-1', '--due', '2026-12-01', '--not-before', '2026-01-01', '--estimate', '1.5'],
    ).task;
    expect(second).toMatchObject({
      id: expect.stringMatching(ID),
      number: 2,
      description: '# Text\n\nmore',
      status: 'blocked',
      state: 'waiting',
      priority: 'critical',
      type: 'bug',
      assignee: 'Ann Lee',
      tags: ['api', 'ui', 'db'],
      parent: first,
      due: '2026-12-01T00:00:00.000Z',
      notBefore: '2026-01-01T00:00:00.000Z',
      estimatedHours: 1.5,
      dependsOn: [first],
      blockedBy: [first],
      version: 1,
    });
    expect(second.fileRefs).toMatchObject([
      { id: expect.stringMatching(ID), path: 'src/a.ts', line: 2, endLine: 4, state: 'exact', missing: false },
      { path: 'src/b.ts', line: 1, state: 'lost', missing: true },
    ]);
    expect(tm.task(first)).toMatchObject({ unblocks: [second.id], subtasks: [second.id] });
  });

  test('list filters, sorts and limits, and says what it left out', () => {
    const tm = shell();
    tm.say('init');
    tm.say('add', 'Write API', '-p', 'low', '--tag', 'api', '--assignee', 'Ann');
    tm.say('add', 'Test API', '-p', 'high', '--tag', 'api', 'qa', '--depends-on', '1');
    tm.say('add', 'Draw icon');
    const numbers = (...args: string[]) => tm.list(...args).tasks.map((task) => task.number);
    expect(numbers()).toEqual([3, 2, 1]);
    expect(numbers('--status', 'ready')).toEqual([3, 1]);
    expect(numbers('--status', 'waiting', '--status', 'completed')).toEqual([2]);
    expect(numbers('--priority', 'low', 'high')).toEqual([2, 1]);
    expect(numbers('--tag', 'api', 'qa')).toEqual([2]);
    expect(numbers('--assignee', 'ann')).toEqual([1]);
    expect(numbers('--assignee', 'none', '--sort', '-number')).toEqual([3, 2]);
    expect(numbers('status:open', 'api', 'sort:-priority')).toEqual([2, 1]);
    expect(tm.list('--limit', '2')).toMatchObject({ total: 3, truncated: true });
    expect(tm.list('--limit', '3')).toMatchObject({ total: 3, truncated: false });
    const { stdout, stderr } = tm.run('list', '--limit', '1');
    expect(stdout).toMatch(/^\[[0-9a-f]{8}\] Draw icon - pending\n$/);
    expect(stderr).toBe('1 of 3 shown; raise --limit for more.\n');
    expect(tm.run('list', 'nothing')).toEqual({ code: 0, stdout: '', stderr: 'No tasks found\n' });
  });

  test('show prints one line a field, and names a task by id, prefix or number', () => {
    const tm = shell();
    tm.say('init');
    const first = tm.say('add', 'First');
    const second = tm.say('add', 'Second', '--depends-on', first, '--tag', 'a', '--file', 'x.ts:3');
    const text = tm.say('show', second);
    for (const line of [`id: ${second}`, 'title: Second', 'status: blocked', `blocked_by: ${first} (T-1)`, 'tags: a']) {
      expect(text.split('\n')).toContain(line);
    }
    expect(text).toMatch(/^file: x\.ts:3 {2}\[[0-9a-f]{8}\] \(missing\)$/m);
    for (const name of [second.slice(0, 5), second.toUpperCase(), '2', '#2', 'T-2', 't2']) {
      expect(tm.task(name).id).toBe(second);
    }
  });

  test('update changes fields and status in one transaction, and an empty value clears', () => {
    const tm = shell();
    tm.say('init');
    const id = tm.say('add', 'Task', '-d', 'text', '--assignee', 'Ann', '--tag', 'a', '--due', '2026-12-01');
    const changed = ['--title', 'New', '-p', 'low', '--type', 'chore', '--tag', 'b', 'c', '--estimate', '3'];
    expect(tm.say('update', id, ...changed)).toBe(`Task ${id} updated`);
    expect(tm.task(id)).toMatchObject({ title: 'New', priority: 'low', type: 'chore', tags: ['b', 'c'], version: 2 });
    const blocked = ['--status', 'blocked', '--reason', 'no key', '--assignee', 'Bob'];
    expect(tm.json('update', '1', ...blocked).task).toMatchObject({
      status: 'blocked',
      statusReason: 'no key',
      assignee: 'Bob',
      version: 3,
    });
    const cleared = ['-d', '', '--assignee', '', '--tag', '', '--due', '', '--estimate', '', '--status', 'pending'];
    const { task } = tm.json('update', '1', ...cleared);
    expect(task).toMatchObject({ tags: [], status: 'pending', version: 4 });
    for (const field of ['description', 'assignee', 'due', 'estimatedHours', 'statusReason']) {
      expect(task).not.toHaveProperty(field);
    }
  });

  test('start and complete move a task on and say what became ready', () => {
    const tm = shell();
    tm.say('init');
    const ids = ['A', 'B', 'C'].map((title) => tm.say('add', title));
    for (const after of ['2', '3']) tm.say('dep', 'add', after, '1');
    expect(tm.run('start', '1')).toEqual({ code: 0, stdout: '', stderr: `Task ${ids[0]} started (T-1)\n` });
    expect(tm.run('complete', '1', '--summary', 'all of it')).toEqual({
      code: 0,
      stdout: '',
      // Starting it started its clock too; how long that ran depends on the machine.
      stderr: expect.stringMatching(
        new RegExp(
          `^Task ${ids[0]} completed \\(T-1\\)\\nClock of .+ stopped after .+\\nT-1 done · T-2 and T-3 are ready\\n$`,
        ),
      ),
    });
    expect(tm.task('1')).toMatchObject({ status: 'completed', completionSummary: 'all of it' });
    expect(tm.json<StatusChange>('complete', '2')).toMatchObject({
      task: { number: 2, status: 'completed' },
      released: [],
    });
    tm.say('dep', 'add', '3', tm.say('add', 'D'));
    expect(tm.json<StatusChange>('complete', '3', '--force').task.status).toBe('completed');
  });

  test('delete takes a task out with its edges', () => {
    const tm = shell();
    tm.say('init');
    const first = tm.say('add', 'First');
    tm.say('add', 'Second', '--depends-on', first);
    expect(tm.say('delete', first, '--force')).toBe(`Task ${first} deleted`);
    expect(tm.run('show', first).code).toBe(3);
    expect(tm.task('2')).toMatchObject({ state: 'ready', dependsOn: [] });
    const third = tm.json('add', 'Third').task;
    expect(third.number).toBe(3);
    expect(tm.json('delete', '3').task).toEqual(third);
    expect(tm.json('add', 'Fourth').task.number).toBe(4);
  });

  test('dep and ref add and remove edges and places', () => {
    const tm = shell();
    tm.say('init');
    tm.file('a.ts', 5);
    const [first, second] = [tm.say('add', 'First'), tm.say('add', 'Second')];
    expect(tm.run('dep', 'add', '2', '1')).toEqual({ code: 0, stdout: '', stderr: 'T-2 depends on T-1\n' });
    expect(tm.json('dep', 'add', second, first).task.dependsOn).toEqual([first]);
    expect(tm.run('dep', 'remove', '2', '1').stderr).toBe('T-2 no longer depends on T-1\n');
    expect(tm.run('ref', 'add', '1', 'a.ts:2:3', '--context', 'the loop').stderr).toMatch(
      /^T-1 refers to a\.ts:2-3 {2}\[[0-9a-f]{8}\] {2}the loop\n$/,
    );
    const [reference] = tm.json('ref', 'add', '1', 'b.ts').task.fileRefs.slice(1);
    expect(reference).toMatchObject({ path: 'b.ts', missing: true });
    expect(tm.run('ref', 'remove', '1', reference!.id).stderr).toBe('T-1 no longer refers to b.ts\n');
    expect(tm.json('ref', 'remove', '1', 'a.ts:2:3').task.fileRefs).toEqual([]);
  });

  test('ready lists what can be started, next the first of it', () => {
    const tm = shell();
    tm.say('init');
    expect(tm.run('next')).toEqual({ code: 0, stdout: '', stderr: 'Nothing is ready.\n' });
    expect(tm.json<{ task: null }>('next')).toMatchObject({ task: null, selection: { reason: 'empty' } });
    tm.say('add', 'Older');
    tm.say('add', 'Urgent', '-p', 'critical');
    tm.say('add', 'Later', '-p', 'critical', '--not-before', '2999-01-01');
    tm.say('add', 'Waits', '-p', 'critical', '--depends-on', '1');
    expect(
      tm
        .say('ready')
        .split('\n')
        .map((line) => line.slice(11)),
    ).toEqual(['Urgent - pending', 'Older - pending']);
    expect(tm.json('ready', '-n', '1')).toMatchObject({
      tasks: [{ number: 2, blockedBy: [] }],
      total: 2,
      truncated: true,
    });
    expect(tm.json('next').task.number).toBe(2);
    expect(tm.say('next')).toMatch(/\] Urgent - pending$/);
  });

  test('graph draws Mermaid text, or gives the picture as JSON', () => {
    const tm = shell();
    tm.say('init');
    expect(tm.run('graph')).toMatchObject({ code: 0, stdout: '', stderr: expect.stringContaining('Nothing to draw') });
    for (const title of ['A', 'B', 'C']) tm.say('add', title);
    tm.say('dep', 'add', '2', '1');
    tm.say('dep', 'add', '3', '2');
    expect(tm.say('graph')).toMatch(/^flowchart|^graph|^%%/);
    expect(tm.json('graph', '1', '--depth', '1')).toMatchObject({
      nodes: [{ number: 1 }, { number: 2 }],
      truncated: false,
    });
    expect(JSON.parse(tm.say('graph', '--format', 'json'))).toMatchObject({ total: 3, edges: [{}, {}] });
    tm.say('complete', '1');
    expect(tm.json('graph', '2')).toMatchObject({ total: 2 });
    expect(tm.json('graph', '2', '--all')).toMatchObject({ total: 3 });
  });

  test('help and version are no errors', () => {
    const tm = shell();
    expect(tm.say('--version')).toMatch(/^\d+\.\d+\.\d+/);
    expect(tm.say('--help')).toMatch(/^ {2}add +create/m);
    expect(tm.say('add', '--help')).toContain('--depends-on');
  });
});
