import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, test } from 'vitest';
import type { TaskListView } from '../../src/app/tasks/taskView.js';
import { addTask } from '../store/addTask.js';
import { openStore } from '../support/stores.js';
import { Shell } from './shell.js';

describe('the store', () => {
  test('is found upward from the working folder, as git finds a repository', () => {
    const tm = new Shell();
    tm.say('init');
    const deep = join(tm.folder, 'src/deep/er');
    mkdirSync(deep, { recursive: true });
    const below = tm.with({ folder: deep });
    const id = below.say('add', 'From below', '--file', 'src/a.ts:1');
    expect(tm.task(id).fileRefs).toMatchObject([{ path: 'src/a.ts' }]);
    expect(readdirSync(deep)).toEqual([]);
  });

  test('of the nearest folder wins, and an empty folder of that name is passed over', () => {
    const tm = new Shell();
    tm.say('init');
    const inner = join(tm.folder, 'inner');
    mkdirSync(join(inner, '.task-orchestrator'), { recursive: true });
    const below = tm.with({ folder: inner });
    below.say('add', 'Outer');
    expect(tm.list().total).toBe(1);
    below.say('init');
    below.say('add', 'Inner');
    expect([tm.list().total, below.list().total]).toEqual([1, 1]);
  });

  test('is where TM_DB_PATH says: a file, a folder, relative or not', () => {
    const tm = new Shell();
    tm.say('init');
    const file = tm.with({ env: { TM_DB_PATH: 'other/plan.db' } });
    file.say('init');
    file.say('add', 'Elsewhere');
    expect(existsSync(join(tm.folder, 'other/plan.db'))).toBe(true);
    expect(existsSync(join(tm.folder, 'other/plan.journal'))).toBe(true);
    expect(tm.list().total).toBe(0);
    const folder = tm.with({ env: { TM_DB_PATH: join(tm.folder, '.task-orchestrator') } });
    expect(folder.list().total).toBe(0);
    const nowhere = file.with({ folder: join(tm.folder, 'other') });
    expect(nowhere.with({ env: { TM_DB_PATH: 'plan.db' } }).list().total).toBe(1);
  });

  test('at a TM_DB_PATH where there is none is not taken for an empty one', () => {
    const tm = new Shell({ env: { TM_DB_PATH: 'typo/tasks.db' } });
    expect(tm.run('list')).toMatchObject({ code: 3, stderr: expect.stringContaining('typo') });
    expect(tm.run('add', 'x').code).toBe(3);
    expect(readdirSync(tm.folder)).toEqual([]);
  });
});

describe('who makes a change', () => {
  const git = (folder: string, ...args: string[]) =>
    execFileSync('git', args, { cwd: folder, env: { ...process.env, HOME: folder } });

  test('is the agent that TM_AGENT_ID names', () => {
    const tm = new Shell({ env: { TM_AGENT_ID: 'claude-7' } });
    tm.say('init');
    tm.say('add', 'Task');
    expect(tm.task('1').createdBy).toBe('claude-7');
    expect(tm.with({ env: { TM_AGENT_ID: 'other' } }).json('start', '1').task.updatedBy).toBe('other');
  });

  test('is git’s user.name: the repository’s, else the person’s', () => {
    const tm = new Shell();
    git(tm.folder, 'config', '--global', 'user.name', 'Ann “A” Lee');
    tm.say('init');
    tm.say('add', 'One');
    expect(tm.task('1').createdBy).toBe('Ann “A” Lee');
    git(tm.folder, 'init', '-q');
    git(tm.folder, 'config', 'user.name', 'Repository Ann');
    tm.say('add', 'Two');
    expect(tm.task('2').createdBy).toBe('Repository Ann');
  });

  test('is the account where git says nothing', () => {
    const tm = new Shell();
    tm.say('init');
    tm.say('add', 'Task');
    expect(tm.task('1').createdBy).toMatch(/^\S+$/);
  });
});

describe('output', () => {
  test('into a closed pipe ends quietly, and what was to be done is done', async () => {
    const tm = new Shell();
    tm.say('init');
    tm.say('add', 'x'.repeat(500), '-d', 'y'.repeat(5000));
    for (const args of [
      ['show', '1'],
      ['list', '--json'],
      ['add', 'Unread', '--json'],
    ]) {
      const child = spawn(inject('nodes')[0]!, [inject('tm'), ...args], {
        cwd: tm.folder,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      child.stdout.destroy();
      let errors = '';
      child.stderr.on('data', (data) => {
        errors += data;
      });
      const [code] = await once(child, 'close');
      expect([code, errors]).toEqual([0, '']);
    }
    expect(tm.list().total).toBe(2);
  });

  test('of a megabyte comes out whole through a slow pipe', async () => {
    const tm = new Shell();
    const store = await openStore(tm.storePath);
    for (let number = 1; number <= 600; number += 1) await addTask(store, number, `${number} `.padEnd(499, '🚀'));
    const child = spawn(inject('nodes')[0]!, [inject('tm'), 'list', '--json'], {
      cwd: tm.folder,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let text = '';
    for await (const chunk of child.stdout) {
      text += chunk;
      await new Promise((done) => setTimeout(done, 1));
    }
    expect((JSON.parse(text) as TaskListView).tasks).toHaveLength(600);
  });

  test('cannot move the cursor or colour the screen, whatever is in a title or description', () => {
    const tm = new Shell();
    tm.say('init');
    const codes = '\u001b[2J\u001b[31mred\u0007\u009b1m';
    tm.say('add', `Title ${codes}`, '-d', `one ${codes}\ntwo ${codes}`, '--assignee', `me ${codes}`);
    for (const args of [['list'], ['show', '1'], ['ready'], ['next'], ['graph']]) {
      expect(tm.say(...args), args.join(' ')).not.toMatch(/[^\P{Cc}\n]/u);
    }
    expect(
      tm
        .say('show', '1')
        .split('\n')
        .filter((line) => line.startsWith('two')),
    ).toHaveLength(1);
    expect(tm.task('1').title).toBe(`Title ${codes}`);
  });
});

describe('several at once', () => {
  test('eight tm add lose nothing and give every task its own number', async () => {
    const tm = new Shell();
    tm.say('init');
    const runs = await Promise.all(Array.from({ length: 8 }, (_, at) => tm.start('add', `Task ${at}`)));
    // On a busy machine some say whom they wait for.
    const told = runs.map((run) => `${run.code} ${run.stderr.replace(/^Waiting for .*\n/gm, '')}`);
    expect(told).toEqual(Array(8).fill('0 Task created\n'));
    const { tasks } = tm.list('sort:number');
    expect(tasks.map((task) => task.number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(tasks.map((task) => task.id).sort()).toEqual(runs.map((run) => run.stdout.trim()).sort());
  });

  test('the first two, in a folder without a store, make one store', async () => {
    const tm = new Shell();
    const runs = await Promise.all([tm.start('init'), tm.start('init'), tm.start('init')]);
    expect(runs.map((run) => run.code)).toEqual([0, 0, 0]);
    tm.say('add', 'Task');
    expect(tm.list().total).toBe(1);
  });

  test('sqlite3 sees every change once tm has ended', () => {
    const tm = new Shell();
    tm.say('init');
    tm.say('add', 'Seen');
    tm.say('start', '1');
    expect(JSON.stringify(tm.disk())).toContain('"in_progress"');
  });
});
