import { execFileSync } from 'node:child_process';
import { describe, expect, inject, test } from 'vitest';
import { Project } from './project.js';
import type { Run } from './shell.js';
import { CTRL_C, DOWN, ENTER, hasTerminal, Terminal } from './terminal.js';

/** Runs `tm` with this on standard input. */
function feed(tm: Project, input: string, ...words: string[]): Run {
  try {
    const stdout = execFileSync(process.execPath, [inject('tm'), ...words], {
      cwd: tm.folder,
      input,
      encoding: 'utf8',
      env: { PATH: process.env.PATH, HOME: tm.folder, LOGNAME: 'tester' },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    return { code: 0, stdout, stderr: '' };
  } catch (error) {
    const { status, stdout, stderr } = error as { status: number; stdout: string; stderr: string };
    return { code: status, stdout, stderr };
  }
}

describe('tm wizard --quick', () => {
  test('creates a task from one line: tags kept (that tool dropped them), critical taken (it refused it)', () => {
    const tm = new Project();
    const line = 'Fix the login #auth #web @ann !critical ^2026-12-01 [Only on Safari]';
    expect(tm.say('wizard', '--quick', line)).toMatch(/^✓ Task created: [0-9a-f]{8}$/);
    expect(tm.task('1')).toMatchObject({
      title: 'Fix the login',
      tags: ['auth', 'web'],
      assignee: 'ann',
      priority: 'critical',
      due: expect.stringMatching(/^2026-1[12]-/),
      description: 'Only on Safari',
    });
    expect(feed(tm, 'From a pipe #x\n', 'wizard', '--quick').stdout).toMatch(/^✓ Task created: [0-9a-f]{8}\n$/);
    expect(tm.task('2')).toMatchObject({ title: 'From a pipe', tags: ['x'] });
  });

  test('refuses what is wrong, with nothing written', () => {
    const tm = new Project();
    const before = tm.disk();
    const refusal = (...words: string[]) => {
      const { code, stdout, stderr } = tm.run('wizard', ...words);
      expect([code, stdout]).toEqual([2, '']);
      return stderr;
    };
    expect(refusal('--quick', 'Task !bogus')).toContain('Invalid priority: “bogus”');
    expect(refusal('--quick', 'Task @a @b')).toContain('gives two of assignee: a and b');
    expect(refusal('--quick', 'Task ^someday')).toContain('someday');
    expect(refusal('--quick', '#only #tags')).toContain('Task title cannot be empty');
    expect(refusal('--quick', '--batch')).toContain('two ways');
    expect(refusal('A line')).toContain('--quick');
    expect(refusal()).toContain('There is no task to create');
    expect(feed(tm, 'one\ntwo\n', 'wizard', '--quick')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--batch'),
    });
    expect(tm.disk()).toEqual(before);
  });
});

describe('tm wizard with lines on standard input', () => {
  test('creates a task from each, as one change', () => {
    const tm = new Project();
    const lines = '# Plan\n\n- [ ] Design !high #a\n* Build @bob [all of it]\r\n3. Test #12 \\#b\n';
    const { stdout } = feed(tm, lines, 'wizard');
    expect(stdout.trim().split('\n')).toHaveLength(3);
    expect(tm.list('sort:number').tasks).toMatchObject([
      { title: 'Design', priority: 'high', tags: ['a'] },
      { title: 'Build', assignee: 'bob' },
      { title: 'Test #12 #b', tags: [] },
    ]);
    tm.say('undo');
    expect(tm.list().total).toBe(0);
    const { tasks, total } = JSON.parse(feed(tm, 'A\nB\n', 'wizard', '--batch', '--json').stdout);
    expect([tasks.length, total]).toEqual([2, 2]);
  });

  test('is all or nothing, and names every wrong line', () => {
    const tm = new Project();
    const { code, stdout, stderr } = feed(tm, 'Good\nBad !bogus\n\nWorse ^never\n', 'wizard', '--batch');
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('line 2: Invalid priority: “bogus”');
    expect(stderr).toContain('line 4: ');
    expect(tm.list().total).toBe(0);
  });
});

describe.skipIf(!hasTerminal)('tm wizard at a terminal', () => {
  test('asks for a task field by field, and for another after it', async () => {
    const tm = new Project();
    const first = tm.say('add', 'First');
    const terminal = new Terminal(tm.folder, 'wizard');
    await terminal.answer('What is to be created?', DOWN);
    await terminal.answer('● A task', ENTER);
    await terminal.answer('Title', ENTER);
    await terminal.answer('Task title cannot be empty', `Asked for${ENTER}`);
    await terminal.answer('Description', `Because${ENTER}`);
    await terminal.answer('● medium', '\u001b[A');
    await terminal.answer('● high', '\u001b[A');
    await terminal.answer('● critical', ENTER);
    await terminal.answer('Tags', `api, web${ENTER}`);
    await terminal.answer('Assignee', `ann${ENTER}`);
    await terminal.answer('Due', `soonish${ENTER}`);
    await terminal.answer('soonish” is no', `${'\u007f'.repeat(7)}2026-12-01${ENTER}`);
    await terminal.answer('Estimated hours', `2.5${ENTER}`);
    await terminal.answer('T-1  First', '\t');
    await terminal.answer('◼ T-1', ENTER);
    await terminal.answer('Create it?', ENTER);
    await terminal.sees('Task created: ');
    await terminal.answer('What is to be created?', '\u001b[A');
    await terminal.answer('● Exit', ENTER);
    expect(await terminal.end()).toBe(0);
    expect(terminal.text).toContain('1 created.');
    expect(tm.task('2')).toMatchObject({
      title: 'Asked for',
      description: 'Because',
      priority: 'critical',
      tags: ['api', 'web'],
      assignee: 'ann',
      due: expect.stringMatching(/^2026-1[12]-/),
      estimatedHours: 2.5,
      dependsOn: [first],
    });
  });

  test('asks for a template’s values, shows what will be made, and makes it', async () => {
    const tm = new Project();
    const terminal = new Terminal(tm.folder, 'wizard');
    await terminal.answer('What is to be created?', ENTER);
    await terminal.answer('● bug-fix', ENTER);
    await terminal.answer('What goes wrong', ENTER);
    await terminal.answer('It is required.', `It crashes${ENTER}`);
    await terminal.answer('● high', ENTER);
    await terminal.answer('Where it was reported', ENTER);
    await terminal.answer('Who mends it', ENTER);
    await terminal.sees('Would create: Reproduce: It crashes');
    await terminal.answer('Create 4 tasks?', ENTER);
    await terminal.sees('Created task ');
    await terminal.answer('What is to be created?', '\u001b[A');
    await terminal.answer('● Exit', ENTER);
    expect(await terminal.end()).toBe(0);
    expect(tm.list().total).toBe(4);
  });

  test('takes several lines, or a quick one', async () => {
    const tm = new Project();
    const batch = new Terminal(tm.folder, 'wizard', '--batch');
    await batch.answer('One task a line', 'One #a');
    await batch.answer('One #a', ENTER);
    batch.type('Two !high');
    await batch.answer('Two !high', ENTER);
    batch.type(ENTER);
    await batch.sees('2 created.');
    expect(await batch.end()).toBe(0);
    const quick = new Terminal(tm.folder, 'wizard', '--quick');
    await quick.answer('Title #tag', `Three @bob${ENTER}`);
    await quick.sees('1 created.');
    expect(await quick.end()).toBe(0);
    expect(tm.list('sort:number').tasks).toMatchObject([
      { title: 'One', tags: ['a'] },
      { title: 'Two', priority: 'high' },
      { title: 'Three', assignee: 'bob' },
    ]);
  });

  test('writes nothing when it is cancelled', async () => {
    const tm = new Project();
    const before = tm.disk();
    const terminal = new Terminal(tm.folder, 'wizard');
    await terminal.answer('What is to be created?', DOWN);
    await terminal.answer('● A task', ENTER);
    await terminal.answer('Title', `Never${ENTER}`);
    await terminal.answer('Description', CTRL_C);
    expect(await terminal.end()).toBe(1);
    expect(terminal.text).toContain('Cancelled: nothing was created.');
    expect(tm.disk()).toEqual(before);
  });
});
