import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import stringWidth from 'string-width';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { hasTerminals, inTerminal, quoted, type Screen, type TerminalOptions } from '../support/pseudoTerminal.js';
import { Shell } from './shell.js';

/** What would move the cursor, ring, or colour: everything but line feeds, and our own colours. */
const HOSTILE = /[^\P{Cc}\n]/u;
const ATTACK = '\u001b[2J\u001b]0;owned\u0007\u009b31mred\r\u0008';

describe.skipIf(!hasTerminals)('on a terminal', () => {
  const folder = mkdtempSync(join(tmpdir(), 'task-orchestrator-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const tm = new Shell({ folder, node: inject('nodes')[0] ?? process.execPath });
  const env = { PATH: process.env.PATH, HOME: folder, GIT_CONFIG_NOSYSTEM: '1', LOGNAME: 'tester', PAGER: 'cat' };
  const run = (args: string, options: Partial<TerminalOptions> = {}): Screen => {
    const { env: more, ...rest } = options;
    const node = inject('nodes')[0] ?? process.execPath;
    return inTerminal(`${quoted(node)} ${quoted(inject('tm'))} ${args}`, {
      cwd: tm.folder,
      env: { ...env, ...more },
      ...rest,
    });
  };

  beforeAll(() => {
    tm.say('init');
    tm.say('add', `日本語の長いタイトル `.repeat(12), '-p', 'critical', '--tag', 'api');
    tm.say('add', 'Waits', '--depends-on', '1', '--assignee', 'ann');
    tm.say('add', `Hostile ${ATTACK}`, '--assignee', `me${ATTACK}`, '--due', '2020-01-01');
    tm.say('claim', '3', '--agent-id', 'bot');
    for (let number = 4; number <= 30; number += 1) tm.say('add', `Task ${number}`);
  });

  test('tables are fitted to its width, wide characters counted as two cells', () => {
    for (const columns of [40, 72, 132]) {
      const { lines, code } = run('list', { columns });
      expect(code).toBe(0);
      expect(lines.length).toBe(31);
      for (const line of lines) expect(stringWidth(line), line).toBeLessThanOrEqual(columns);
      expect(lines.find((line) => /^T-1\b/.test(line))).toContain('…');
    }
    expect(run('list', { columns: 160 }).lines.find((line) => /\bT-2\b/.test(line))).toContain('ann');
  });

  test('it is coloured, unless NO_COLOR, TERM=dumb, --no-color or --color never say otherwise', () => {
    expect(run('list').text).toContain('\u001b[');
    for (const [args, more] of [
      ['list', { NO_COLOR: '1' }],
      ['list', { TERM: 'dumb' }],
      ['list --no-color', {}],
      ['--color never list', { FORCE_COLOR: '1' }],
    ] as const)
      expect(run(args, { env: more }).text, args).not.toContain('\u001b[');
    expect(run('list --color=always', { env: { NO_COLOR: '1' } }).text).toContain('\u001b[');
    expect(tm.say('show', '1')).not.toContain('\u001b[');
    expect(tm.say('--help')).not.toContain('\u001b[');
    expect(tm.with({ env: { FORCE_COLOR: '1' } }).say('--help')).toContain('\u001b[');
    expect(tm.run('list', '--color', 'pink')).toMatchObject({ code: 2, stderr: expect.stringContaining('always') });
  });

  test('long output goes through the pager, short output and --no-pager do not', () => {
    const pager = { PAGER: "sed 's/^/PAGED /'" };
    expect(run('list', { env: pager }).text).toContain('PAGED ');
    expect(run('--help', { env: pager }).text).toContain('PAGED ');
    expect(run('log', { env: pager }).text).toContain('PAGED ');
    expect(run('list --no-pager', { env: pager }).text).not.toContain('PAGED');
    expect(run('list', { env: pager, rows: 100, columns: 200 }).text).not.toContain('PAGED');
    expect(run('list', { env: { PAGER: 'no-such-pager-here' } }).lines.some((line) => line.includes('T-30'))).toBe(
      true,
    );
    expect(tm.with({ env: pager }).say('list')).not.toContain('PAGED');
  });

  test('a pager that is left early ends tm quietly', () => {
    expect(run('list', { env: { PAGER: 'head -n 1' } })).toMatchObject({
      code: 0,
      lines: [expect.stringMatching(/\S/)],
    });
  });

  test('tm alone says what is in progress, ready, overdue and waiting', () => {
    const { plain, code } = run('', { rows: 200 });
    expect(code).toBe(0);
    expect(plain).toMatch(/In progress \(1\)\n {2}T-3 .*bot, for less than a minute/);
    expect(plain).toMatch(/Ready \(28\)\n {2}T-1 .*critical/);
    expect(plain).toContain('… 18 more');
    expect(plain).toMatch(/Overdue \(1\)\n {2}T-3 .*due \d+ days ago/);
    expect(plain).toContain('1 waits for others');
  });

  test('a list that was cut says so, and how much there is', () => {
    expect(run('list --limit 5', { rows: 100 }).plain).toContain('5 of 30 shown');
  });

  test('nothing that somebody typed moves the cursor', () => {
    for (const args of ['', 'list', 'show 3', 'ready', 'next', 'log', 'graph', 'list --json'])
      expect(run(args, { rows: 500 }).plain, args).not.toMatch(HOSTILE);
  });

  test('stderr is coloured by its own terminal: a message in a file is plain', () => {
    const { code } = run(`show 999 2> ${quoted(join(tm.folder, 'messages'))}`);
    expect(code).toBe(3);
    expect(readFileSync(join(tm.folder, 'messages'), 'utf8')).toBe('Error: Task 999 not found.\n');
  });

  test('work of more than a second turns a spinner there, and takes it away', async () => {
    // Work that leaves no other thread a moment, as SQLite's does.
    await build({
      stdin: {
        contents: `import { withProgress } from './src/cli/terminal/progress.ts';
          withProgress('Working', async () => { const end = Date.now() + Number(process.argv[2]); while (Date.now() < end); })
            .then(() => process.exit(0));`,
        resolveDir: join(import.meta.dirname, '../..'),
      },
      outfile: join(folder, 'work.cjs'),
      bundle: true,
      platform: 'node',
    });
    symlinkSync(inject('tm'), join(folder, 'tm.js'));
    const work = (ms: number) => inTerminal(`${quoted(inject('nodes')[0] ?? '')} work.cjs ${ms}`, { cwd: folder, env });
    expect(work(2500).text.replaceAll('\r\u001b[K', '<')).toMatch(/^(<Working .)+<$/u);
    expect(work(1).text).toBe('');
  });
});

describe('where no terminal is', () => {
  test('nothing typed by anybody moves the cursor of whoever prints it', () => {
    const tm = new Shell();
    tm.say('init');
    tm.say('add', `One ${ATTACK}`, '-d', `Text ${ATTACK}`, '--assignee', `me${ATTACK}`, '--type', `t${ATTACK}`);
    tm.say('add', 'Two', '--depends-on', '1');
    writeFileSync(join(tm.folder, 'a.ts'), 'x\n');
    tm.say('ref', 'add', '1', 'a.ts:1', '--context', `why ${ATTACK}`);
    tm.say('update', '2', '--status', 'blocked', '--reason', `because ${ATTACK}`);
    tm.with({ env: { TM_AGENT_ID: `agent${ATTACK}` } }).say('claim', '1');
    const seen = [[], ['list'], ['show', '1'], ['show', '2'], ['ready'], ['next'], ['graph'], ['log'], ['doctor']].map(
      (args) => tm.run(...args),
    );
    const refused = [
      ['claim', '1'],
      ['show', ATTACK],
      ['list', `status:${ATTACK}`],
      ['add', 'x', '--depends-on', ATTACK],
      ['release', '1'],
      [ATTACK],
      ['add', 'x', `--${ATTACK}`],
    ].map((args) => tm.run(...args));
    const gone = [
      tm.run('delete', '1'),
      tm.run('delete', '1', '--agent-id', `agent${ATTACK}`),
      tm.run('trash'),
      tm.run('undo'),
    ];
    for (const { stdout, stderr } of [...seen, ...refused, ...gone]) {
      expect(stdout).not.toMatch(HOSTILE);
      expect(stderr).not.toMatch(HOSTILE);
    }
  });

  test('tm alone prints plain lines, an object with --json, and how to make a store where there is none', () => {
    const tm = new Shell();
    expect(tm.run()).toMatchObject({ code: 3, stdout: '', stderr: expect.stringContaining('tm init') });
    tm.say('init');
    expect(tm.say()).toContain('No tasks yet');
    const id = tm.say('add', 'First');
    tm.say('add', 'Second', '--depends-on', '1');
    const before = tm.disk();
    expect(tm.say()).toBe(`Ready: 1\n  [${id}] First - pending\n\n1 waits for others`);
    expect(JSON.parse(tm.say('--json'))).toMatchObject({
      actor: expect.stringMatching(/./),
      inProgress: { tasks: [], total: 0 },
      ready: { tasks: [{ id }], total: 1, truncated: false },
      waiting: 1,
      open: 2,
      completed: 0,
      unread: 0,
    });
    expect(tm.disk()).toEqual(before);
  });
});
