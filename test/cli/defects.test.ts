import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { expectRefused, start } from './shell.js';

describe('defects of the old tool', () => {
  test('the default priority is medium, not none', () => {
    const tm = start();
    tm.say('add', 'Task');
    expect(tm.say('show', '1').split('\n')).toContain('priority: medium');
  });

  test('--file and --depends-on do not swallow the next flag', () => {
    const tm = start();
    tm.say('add', 'A');
    const id = tm.say('add', 'B', '--file', 'a.ts', 'b.ts:3', '-p', 'high', '--depends-on', '1', '--tag', 'x');
    expect(tm.task(id)).toMatchObject({
      priority: 'high',
      tags: ['x'],
      fileRefs: [{ path: 'a.ts' }, { path: 'b.ts' }],
    });
  });

  test('unknown flags are refused with the nearest name, and -- ends the flags', () => {
    const tm = start();
    expectRefused(tm.run('add', 'x', '--asignee', 'bob'), 2, '--asignee', '--assignee');
    expectRefused(tm.run('list', '--overdu'), 2, '--overdue');
    expectRefused(tm.run('--agent-id'), 2, '--agent-id requires a value');
    expect(tm.task(tm.say('add', '--tag', 'x', '--', '--title foo')).title).toBe('--title foo');
    expect(tm.task(tm.say('add', '--title', 'foo')).title).toBe('foo');
    expect(tm.task(tm.say('add', 'By agent', '--agent-id', 'bot')).createdBy).toBe('bot');
  });

  test('reads and mistyped commands write nothing, and the store is found from below', () => {
    const tm = start();
    tm.say('add', 'Task', '--file', 'src/a.ts:1');
    const below = join(tm.folder, 'src', 'deep');
    mkdirSync(below, { recursive: true });
    const inner = tm.with({ folder: below });
    const before = tm.disk();
    const files = readdirSync(join(tm.folder, '.task-orchestrator'));
    for (const args of [['list'], ['show', '1'], ['search', 'task'], ['ready'], ['next']]) inner.say(...args);
    for (const args of [
      ['update', '1', '-p', 'low', '--dry-run'],
      ['archive', '--older-than', '1d', '--dry-run'],
    ])
      inner.say(...args);
    for (const args of [['lst'], ['add'], ['update', '1', '--titel', 'x']]) expect(inner.run(...args).code).toBe(2);
    expect(tm.disk()).toEqual(before);
    expect(readdirSync(join(tm.folder, '.task-orchestrator'))).toEqual(files);
    expect(existsSync(join(below, '.task-orchestrator'))).toBe(false);
  });

  test('path-like ids are refused everywhere', () => {
    const tm = start();
    tm.say('add', 'Task');
    const before = tm.disk();
    for (const id of ['../../evil', '/etc/passwd', '..\\evil', '1/../2', 'a%2f']) {
      for (const args of [
        ['show', id],
        ['update', id, '-p', 'low'],
        ['delete', id],
        ['assign', id, 'x'],
        ['archive', id],
      ])
        expectRefused(tm.run(...args), 3, 'not found');
    }
    expect(tm.disk()).toEqual(before);
  }, 30_000);

  test('control characters that somebody typed are not printed', () => {
    const tm = start();
    const evil = 'a\u001b[31mb\u0007c\u009bd';
    tm.say('add', evil, '-d', `${evil}\nnext`, '--assignee', evil, '--context', evil, '--meta', `k:${evil}`);
    tm.say('update', '1', '--status', 'blocked', '--reason', evil, '--impact', evil);
    for (const args of [['list'], ['list', '--format', 'table'], ['show', '1'], ['list', '--group-by', 'assignee']]) {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
      expect(tm.say(...args)).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
    }
    expect(tm.run('update', 'status:open', '-p', 'low', '--dry-run').stdout).not.toContain('\u001b');
  });

  test('100 adds at once lose nothing', async () => {
    const tm = start();
    const runs = await Promise.all(Array.from({ length: 100 }, (_, at) => tm.start('add', `Task ${at}`)));
    expect(runs.filter((run) => run.code !== 0)).toEqual([]);
    const { tasks } = tm.list('sort:number');
    expect(tasks.map((task) => task.number)).toEqual(Array.from({ length: 100 }, (_, at) => at + 1));
    expect(tasks.map((task) => task.id).sort()).toEqual(runs.map((run) => run.stdout.trim()).sort());
  }, 180_000);
});
