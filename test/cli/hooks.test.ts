import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { describe, expect, inject, test } from 'vitest';
import { Project } from './project.js';

interface Report {
  readonly hooks: { hook: string; runs: number; ok: number; refused: number; failed: number; timedOut: number }[];
}

/** False for one that is gone, or a zombie that init has not taken yet. */
function isAlive(pid: string): boolean {
  const state = spawnSync('ps', ['-o', 'stat=', '-p', pid], { encoding: 'utf8' }).stdout.trim();
  return state !== '' && !state.startsWith('Z');
}

describe('hooks', () => {
  test('run at last (that tool never ran them): the seed’s two, word for word', () => {
    const tm = new Project();
    tm.put(
      'hooks/pre-task',
      '#!/bin/bash\n# Validate task title format\nif [[ ! "$1" =~ ^[A-Z] ]]; then\n    echo "Error: Task title must start with uppercase letter"\n    exit 1\nfi\n',
      0o755,
    );
    tm.put(
      'hooks/post-complete',
      '#!/bin/bash\nTASK_ID="$1"\necho "Task $TASK_ID completed at $(date)" >> completion.log\n',
      0o755,
    );
    tm.say('hooks', 'trust');
    const before = tm.disk();
    expect(tm.run('add', 'lower case')).toEqual({
      code: 1,
      stdout: '',
      stderr: 'Error: Task title must start with uppercase letter\nRefused by hook pre-task; nothing was changed.\n',
    });
    expect(tm.disk()).toEqual(before);
    const id = tm.say('add', 'Upper case');
    expect(tm.run('complete', id)).toMatchObject({ code: 0, stdout: '' });
    expect(tm.written('completion.log')).toContain(`Task ${id} completed at `);
  });

  test('get their arguments, their environment and the task as JSON, for each of the seven', () => {
    const tm = new Project({ TM_AGENT_ID: 'ann' });
    const names = ['pre-task', 'post-task', 'pre-update', 'post-update', 'pre-complete', 'post-complete', 'pre-delete'];
    const script =
      'printf "%s|" "$TM_HOOK_TYPE" "$TM_TRIGGER_EVENT" "$TM_TASK_ID" "$TM_AGENT_ID" "$TM_HOOK_DEPTH" "$@" >> calls; echo >> calls; cat >> "$TM_HOOK_TYPE.json"';
    tm.hooks(Object.fromEntries(names.map((name) => [name, script])));
    const id = tm.say('add', 'A title');
    tm.say('update', id, '--title', 'Another');
    tm.say('complete', id, '--summary', 'Done');
    tm.say('delete', id);
    expect(tm.written('calls').trim().split('\n')).toEqual([
      'pre-task|create||ann|1|A title|',
      `post-task|create|${id}|ann|1|${id}|A title|pending|`,
      `pre-update|update|${id}|ann|1|${id}|A title|pending|`,
      `post-update|update|${id}|ann|1|${id}|Another|pending|`,
      `pre-complete|complete|${id}|ann|1|${id}|Another|pending|`,
      `post-complete|complete|${id}|ann|1|${id}|Another|completed|`,
      `pre-delete|delete|${id}|ann|1|${id}|Another|completed|`,
    ]);
    const input = (name: string) => JSON.parse(tm.written(`${name}.json`));
    expect(input('pre-task')).toMatchObject({ hook: 'pre-task', task: { title: 'A title' } });
    expect(input('pre-update')).toMatchObject({ task: { id, title: 'A title' }, changes: { title: 'Another' } });
    expect(input('post-update')).toMatchObject({ task: { title: 'Another' }, previous: { title: 'A title' } });
    expect(input('post-complete')).toMatchObject({ task: { completionSummary: 'Done', createdBy: 'ann' } });
  });

  test('that refuse a change, a completion or a deletion leave everything as it was', () => {
    const tm = new Project();
    const id = tm.say('add', 'Task');
    tm.hooks({
      'pre-update': 'exit 3',
      'pre-complete': 'echo no tests >&2; exit 1',
      'pre-delete': 'echo keep it; exit 1',
    });
    const before = tm.disk();
    const refused = (...args: string[]) => {
      const { code, stdout, stderr } = tm.run(...args);
      expect([code, stdout]).toEqual([1, '']);
      return stderr;
    };
    expect(refused('update', id, '--title', 'x')).toContain('failed (exit code 3)\nRefused by hook pre-update');
    expect(refused('complete', id)).toContain('Error: no tests\n');
    expect(refused('update', id, '--status', 'completed')).toContain('Refused by hook pre-complete');
    expect(refused('delete', id)).toContain('Error: keep it\n');
    expect(tm.disk()).toEqual(before);
  });

  test('that fail after a change are reported, and the change stays', () => {
    const tm = new Project();
    tm.hooks({ 'post-task': 'echo could not reach the server; exit 7' });
    const { code, stdout, stderr } = tm.run('add', 'Task');
    expect([code, stdout.trim()]).toEqual([0, tm.task('1').id]);
    expect(stderr).toContain('could not reach the server');
    expect(stderr).toContain('Warning: hook post-task failed (exit code 7). The change stays.');
  });

  test('run at the workspace’s root from wherever tm is called, and what they print does not mix with the data', () => {
    const tm = new Project();
    tm.hooks({ 'post-task': 'pwd; printf "\\033[31mred\\033[0m\\n"' });
    mkdirSync(`${tm.folder}/deep/er`, { recursive: true });
    const { stdout, stderr } = tm.with({ folder: `${tm.folder}/deep/er` }).run('add', 'Task');
    expect(stdout).toMatch(/^[0-9a-f]{8}\n$/);
    expect(stderr.split('\n')[0]).toMatch(new RegExp(`${tm.folder.split('/').at(-1)}$`));
    expect(stderr).not.toContain('\u001b');
  });

  test('that call tm are not started again by what they do, but others are', () => {
    const tm = new Project();
    const program = `"${process.execPath}" "${inject('tm')}"`;
    tm.hooks({
      'post-task': `${program} add "Review $2" >> ids`,
      'pre-task': 'echo "$TM_HOOK_DEPTH $1" >> pre',
    });
    tm.say('add', 'First', '--agent-id', 'bob');
    expect(tm.list('sort:number').tasks.map((task) => task.title)).toEqual(['First', 'Review First']);
    expect(tm.written('pre')).toBe('1 First\n2 Review First\n');
    expect(tm.task('2').createdBy).toBe('bob');
  });

  test('that call tm in a request with a name are no repetition of it', () => {
    const tm = new Project();
    tm.hooks({ 'post-task': `"${process.execPath}" "${inject('tm')}" add Follow-up` });
    const named = tm.with({ env: { TM_REQUEST_ID: 'r1' } });
    const first = named.say('add', 'First');
    expect(tm.list().total).toBe(2);
    // And a repetition, which does nothing, tells no hook.
    expect(named.say('add', 'First')).toBe(first);
    expect(tm.list().total).toBe(2);
  });
});

describe('hostile hooks', () => {
  const limited = (scripts: Readonly<Record<string, string>>): Project => {
    const tm = new Project();
    tm.say('hooks', 'thresholds', '100', '200', '1500');
    tm.hooks(scripts);
    return tm;
  };

  test('that hang are stopped with all that they started, and refuse', () => {
    const tm = limited({ 'pre-task': 'sleep 987 & echo $! > child; sleep 986' });
    const { code, stderr } = tm.run('add', 'Task');
    expect(code).toBe(1);
    expect(stderr).toMatch(/Hook pre-task was stopped after 1\.\d s, its time limit; nothing was changed/);
    expect(tm.list().total).toBe(0);
    expect(isAlive(tm.written('child').trim())).toBe(false);
    expect(tm.json<Report>('hooks', 'report').hooks[0]).toMatchObject({ hook: 'pre-task', timedOut: 1 });
    expect(tm.say('hooks', 'alerts')).toContain('[CRITICAL]');
  });

  test('end with tm when it is told to', async () => {
    const tm = new Project();
    tm.hooks({ 'pre-task': 'sleep 985 & echo $! > child; echo $$ >> child; wait' });
    const run = spawn(process.execPath, [inject('tm'), 'add', 'Task'], {
      cwd: tm.folder,
      env: { PATH: process.env.PATH, HOME: tm.folder, LOGNAME: 'tester' },
    });
    const ended = once(run, 'exit');
    await expect.poll(() => tm.written('child').split('\n').length, { timeout: 10_000 }).toBe(3);
    run.kill('SIGTERM');
    expect(await ended).toEqual([null, 'SIGTERM']);
    for (const child of tm.written('child').trim().split('\n')) await expect.poll(() => isAlive(child)).toBe(false);
    expect(tm.list().total).toBe(0);
  });

  test('that print without end are cut and stopped', () => {
    const tm = limited({ 'post-task': 'yes' });
    const { code, stdout, stderr } = tm.run('add', 'Task');
    expect([code, stdout.trim()]).toEqual([0, tm.task('1').id]);
    expect(stderr.length).toBeLessThan(70_000);
    expect(stderr).toContain('there was more');
    expect(stderr).toContain('was stopped after');
  });

  test('that leave something running in the background with their output open do not hold tm up', () => {
    const tm = new Project();
    tm.hooks({ 'post-task': 'sleep 60 & echo $! > child; echo done' });
    expect(tm.run('add', 'Task')).toMatchObject({ code: 0, stderr: 'done\nTask created\n' });
    process.kill(Number(tm.written('child')));
  });

  test('that cannot be started say why and refuse; one without a first line is the shell’s', () => {
    const tm = new Project();
    tm.put('hooks/pre-task', '#!/no/such/program\n', 0o755);
    tm.say('hooks', 'trust');
    expect(tm.run('add', 'x')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('first line (#!) names is not there'),
    });
    expect(tm.list().total).toBe(0);
    tm.put('hooks/pre-task', 'echo "from sh: $1"\n', 0o755);
    tm.say('hooks', 'trust');
    expect(tm.run('add', 'x')).toMatchObject({ code: 0, stderr: 'from sh: x\nTask created\n' });
  });

  test('that are not executable, or folders, are passed over with a word', () => {
    const tm = new Project();
    tm.put('hooks/pre-task', '#!/bin/sh\nexit 1\n');
    mkdirSync(tm.beside('hooks/post-task'));
    tm.say('hooks', 'trust');
    const { code, stderr } = tm.run('add', 'Task');
    expect(code).toBe(0);
    expect(stderr).toContain('Hook pre-task is ignored: it is not executable (chmod +x makes it so).');
    expect(stderr).toContain('Hook post-task is ignored: it is a folder.');
    expect(tm.say('hooks', 'list')).toBe('post-task - a folder\npre-task - not executable (chmod +x makes it so)');
  });

  test('that do not read their input do no harm, however much there is of it', () => {
    const tm = new Project();
    tm.hooks({ 'pre-task': 'exec 0<&-; exit 0' });
    expect(tm.run('add', 'Task', '-d', 'x'.repeat(5000))).toMatchObject({ code: 0, stderr: 'Task created\n' });
  });

  test('get whatever somebody typed as it is, and no shell reads it', () => {
    const tm = new Project();
    tm.hooks({ 'pre-task': 'printf "%s" "$1" > title' });
    const title = '$(touch hacked) `touch hacked`; touch hacked "\' \\ --x';
    tm.say('add', '--', title);
    expect(tm.written('title')).toBe(title);
    expect(existsSync(`${tm.folder}/hacked`)).toBe(false);
  });
});

describe('trust', () => {
  test('is asked for: before it nothing runs, one line says how to allow it, and the work goes on', () => {
    const tm = new Project();
    tm.put('hooks/pre-task', '#!/bin/sh\ntouch ran; exit 1\n', 0o755);
    const { code, stderr } = tm.run('add', 'Task');
    expect(code).toBe(0);
    expect(stderr).toBe(
      'Hooks and plugins of this project are not run: hooks/pre-task is new or changed. Look at them; “tm hooks trust” allows them, “tm hooks untrust” keeps them off.\nTask created\n',
    );
    expect(existsSync(`${tm.folder}/ran`)).toBe(false);
    expect(tm.say('hooks', 'trust')).toBe('Trusted:\n  hooks/pre-task');
    expect(existsSync(`${tm.folder}/.config/task-orchestrator/trust.json`)).toBe(true);
    expect(tm.run('add', 'Task').code).toBe(1);
    expect(existsSync(`${tm.folder}/ran`)).toBe(true);
  });

  test('ends with any change: of a file, of one that it reads, of one more, of one less', () => {
    const tm = new Project();
    tm.hooks({ 'pre-task': 'exit 1' });
    tm.put('hooks/lib/common.sh', 'x=1\n');
    tm.say('hooks', 'trust');
    const refuses = () => tm.run('add', 'Task').code === 1;
    expect(refuses()).toBe(true);
    tm.put('hooks/lib/common.sh', 'x=2\n');
    expect(refuses()).toBe(false);
    expect(tm.run('hooks', 'list').stderr).toContain('Not trusted: hooks/lib/common.sh');
    tm.put('hooks/lib/common.sh', 'x=1\n');
    expect(refuses()).toBe(true);
    tm.put('plugins/new.mjs', '');
    expect(refuses()).toBe(false);
    rmSync(tm.beside('plugins/new.mjs'));
    expect(refuses()).toBe(true);
    rmSync(tm.beside('hooks/lib/common.sh'));
    expect(refuses()).toBe(false);
  });

  test('is of one project only, of one person only, and can be declined', () => {
    const tm = new Project();
    tm.hooks({ 'pre-task': 'exit 1' });
    const other = tm.with({ env: { XDG_CONFIG_HOME: `${tm.folder}/other` } });
    expect(other.run('add', 'Task').stderr).toContain('are not run');
    other.say('hooks', 'untrust');
    expect(other.run('add', 'Task')).toMatchObject({ code: 0, stderr: 'Task created\n' });
    expect(other.run('hooks', 'list').stderr).toContain('You declined');
    expect(other.run('hooks', 'run', 'pre-task', '1')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('declined'),
    });
    expect(tm.run('add', 'Task').code).toBe(1);
  });

  test('is not given to what a link to a folder leads to', () => {
    const tm = new Project();
    mkdirSync(`${tm.folder}/elsewhere`);
    tm.put('hooks/pre-task', '#!/bin/sh\nexit 1\n', 0o755);
    symlinkSync(`${tm.folder}/elsewhere`, tm.beside('hooks/lib'));
    tm.say('hooks', 'trust');
    expect(tm.run('add', 'Task')).toMatchObject({ code: 0, stderr: expect.stringContaining('hooks/lib') });
  });

  test('is not overwritten where its record cannot be read', () => {
    const tm = new Project();
    tm.hooks({ 'pre-task': 'exit 1' });
    const file = `${tm.folder}/.config/task-orchestrator/trust.json`;
    spawnSync('sh', ['-c', `echo '{' > ${file}`]);
    expect(tm.run('add', 'Task').code).toBe(0);
    expect(tm.run('hooks', 'trust')).toMatchObject({ code: 5, stderr: expect.stringContaining('trust.json') });
    expect(readFileSync(file, 'utf8')).toBe('{\n');
  });
});

describe('tm hooks', () => {
  test('run starts a hook of any name, as the seed’s sync-jira: id, title, status', () => {
    const tm = new Project();
    const id = tm.say('add', 'Sync me');
    tm.hooks({ 'sync-jira': 'echo "$1|$2|$3|$TM_HOOK_TYPE"', broken: 'echo broken; exit 2' });
    expect(tm.say('hooks', 'run', 'sync-jira', 'T-1')).toBe(`${id}|Sync me|pending|sync-jira`);
    expect(tm.run('hooks', 'run', 'broken', '1')).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('broken'),
    });
    expect(tm.run('hooks', 'run', 'nothing', '1')).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('broken, sync-jira'),
    });
    expect(tm.run('hooks', 'run', 'sync-jira', '9').code).toBe(3);
    expect(tm.say('hooks', 'list')).toBe('broken - runs (by hand)\nsync-jira - runs (by hand)');
  });

  test('report, alerts and cleanup tell of what ran', () => {
    const tm = new Project();
    expect(tm.run('hooks', 'report')).toMatchObject({
      code: 0,
      stdout: '',
      stderr: 'No hook ran in the last 7 days.\n',
    });
    tm.hooks({ 'pre-task': '[ "$1" = bad ] && exit 1 || exit 0', 'post-task': 'exit 4' });
    tm.say('add', 'good');
    tm.run('add', 'bad');
    expect(tm.json<Report>('hooks', 'report').hooks).toMatchObject([
      { hook: 'post-task', runs: 1, ok: 0, refused: 0, failed: 1, timedOut: 0 },
      { hook: 'pre-task', runs: 2, ok: 1, refused: 1, failed: 0, timedOut: 0 },
    ]);
    const lines = tm.say('hooks', 'report', 'pre-task', '1').split('\n');
    expect(lines.map((line) => line.trim().split(/\s+/).slice(0, 3))).toEqual([
      ['HOOK', 'RUNS', 'OK'],
      ['pre-task', '2', '1'],
    ]);
    expect(tm.say('hooks', 'alerts', 'critical', '1')).toMatch(/^\[CRITICAL\] \S+ post-task [0-9a-f]{8} failed$/);
    expect(tm.run('hooks', 'alerts', 'warning')).toMatchObject({ code: 0, stdout: '' });
    expect(tm.run('hooks', 'alerts', 'bogus').code).toBe(2);
    expect(tm.say('hooks', 'cleanup', '1')).toBe('Removed 0 entries');
    expect(tm.say('hooks', 'cleanup', '0')).toBe('Removed 3 entries');
    expect(tm.run('hooks', 'report').stdout).toBe('');
  });

  test('thresholds are stored (that tool said so and forgot them)', () => {
    const tm = new Project();
    expect(tm.say('hooks', 'thresholds')).toBe('warning 2000 ms\ncritical 10000 ms\ntime limit 30000 ms');
    expect(tm.say('hooks', 'thresholds', '1', '2', '3000')).toBe('Thresholds updated successfully');
    expect(tm.json<object>('hooks', 'thresholds')).toEqual({ warning: 1, critical: 2, timeout: 3000 });
    for (const wrong of [
      ['3', '2', '1'],
      ['1', '2'],
      ['0', '1', '2'],
      ['a', 'b', 'c'],
      ['1', '2', '99999999999'],
    ])
      expect(tm.run('hooks', 'thresholds', ...wrong).code, wrong.join(' ')).toBe(2);
    expect(tm.json<object>('hooks', 'thresholds')).toEqual({ warning: 1, critical: 2, timeout: 3000 });
  });

  test('write nothing where they only read', () => {
    const tm = new Project();
    const { stdout: before } = spawnSync('find', [tm.folder], { encoding: 'utf8' });
    for (const words of [['list'], ['report'], ['alerts'], ['thresholds'], ['cleanup']]) tm.run('hooks', ...words);
    tm.run('plugins', 'list');
    expect(spawnSync('find', [tm.folder], { encoding: 'utf8' }).stdout).toBe(before);
  });
});
