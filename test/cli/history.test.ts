import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { LogView, UndoView } from '../../src/app/history/historyInputs.js';
import { SCHEMA_VERSION } from '../../src/store/schema.js';
import { Shell } from './shell.js';

function start(): Shell {
  const shell = new Shell({ env: { TM_AGENT_ID: 'ann' } });
  shell.say('init');
  return shell;
}

describe('tm log', () => {
  test('tells who changed what, the newest first', () => {
    const shell = start();
    shell.say('add', 'One', '-p', 'high');
    shell.say('add', 'Two', '--depends-on', '1');
    shell.with({ env: { TM_AGENT_ID: 'agent-2' } }).say('update', '1', '--title', 'Uno');
    const lines = shell.say('log').split('\n');
    expect(lines[0]).toMatch(/^#3 {2}\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}agent-2 {2}task\.update$/);
    expect(lines.slice(1)).toEqual([
      '  ~ T-1 title: “One” → “Uno”',
      expect.stringMatching(/^#2 .* ann {2}task\.create$/),
      '  + T-2 “Two”',
      '  + T-2 waits for T-1',
      expect.stringMatching(/^#1 /),
      '  + T-1 “One”',
      '      priority: “high”',
    ]);
    expect(shell.say('log', 'T-2').split('\n')).toHaveLength(3);
    expect(shell.json<LogView>('log', '--actor', 'agent-2').transactions.map((entry) => entry.seq)).toEqual([3]);
    expect(shell.json<LogView>('log', '--since', '2', '-n', '1')).toMatchObject({ head: 3, truncated: true });
    expect(shell.run('log', '--since', 'soon')).toMatchObject({ code: 2, stdout: '' });
    expect(shell.run('log', 'T-9').code).toBe(3);
  });

  test('does not let a title draw on the terminal', () => {
    const shell = start();
    shell.say('add', 'red \u001b[31m title');
    expect(shell.say('log')).not.toContain('\u001b');
  });
});

test('tm changes tells what a copy lacks', () => {
  const shell = start();
  const one = shell.say('add', 'One');
  const two = shell.say('add', 'Two');
  expect(shell.run('changes', '0')).toMatchObject({
    code: 0,
    stdout: `changed ${one}\nchanged ${two}\n`,
    stderr: 'Ask the next time with 2\n',
  });
  shell.say('delete', '1');
  shell.say('update', '2', '--priority', 'low');
  expect(shell.say('changes', '2').split('\n')).toEqual([`changed ${two}`, `deleted ${one}`]);
  expect(shell.json('changes', '4')).toEqual({
    head: 4,
    changed: [],
    deleted: [],
    everything: false,
    truncated: false,
  });
  shell.say('backup');
  shell.say('restore', 'latest');
  expect(shell.json('changes', '4')).toMatchObject({ everything: true });
  expect(shell.run('changes', 'x').code).toBe(2);
});

describe('tm undo', () => {
  test('takes back the last change of one’s own, as often as there are some', () => {
    const shell = start();
    shell.say('add', 'One');
    shell.say('update', '1', '--priority', 'high');
    shell.say('delete', '1');
    const before = shell.disk();
    expect(shell.json<UndoView>('undo', '--dry-run')).toMatchObject({
      dryRun: true,
      undone: [{ seq: 3 }],
      conflicts: [],
    });
    expect(shell.disk()).toEqual(before);
    shell.say('undo');
    expect(shell.task('1').priority).toBe('high');
    shell.say('undo');
    expect(shell.task('1').priority).toBe('medium');
    shell.say('undo', '5');
    expect(shell.task('1').priority).toBe('high');
    shell.say('undo', '--since', '1');
    expect(shell.list().total).toBe(0);
    expect(shell.run('undo')).toMatchObject({ code: 3, stderr: 'Error: There is nothing of ann to undo.\n' });
  });

  test('names what stands in the way and changes nothing', () => {
    const shell = start();
    shell.say('add', 'One');
    shell.say('update', '1', '--title', 'Uno');
    shell.with({ env: { TM_AGENT_ID: 'agent-2' } }).say('update', '1', '--title', 'Un');
    const before = shell.disk();
    const refused = shell.run('undo');
    expect([refused.code, refused.stdout]).toEqual([4, '']);
    expect(refused.stderr).toMatch(/T-1: title was changed again, by agent-2 at .* \(transaction 3\)/);
    expect(shell.run('undo', '--dry-run').stderr).toContain('Conflict: T-1: title was changed again');
    expect(shell.disk()).toEqual(before);
    shell.say('undo', '--actor', 'agent-2');
    expect(shell.task('1').title).toBe('Uno');
  });
});

describe('tm trash', () => {
  test('lists, puts back and purges', () => {
    const shell = start();
    shell.say('add', 'One');
    shell.say('add', 'Two', '--depends-on', '1');
    shell.say('delete', '1', '--force');
    expect(shell.say('trash')).toMatch(/^\[[0-9a-f]{8}\] One - deleted .* by ann$/);
    shell.say('trash', 'restore', 'T-1');
    expect(shell.task('2').blockedBy).toEqual([shell.task('1').id]);
    shell.say('delete', '1', '--force');
    expect(shell.run('trash', 'purge').code).toBe(2);
    expect(shell.run('trash', 'purge', 'T-7').code).toBe(3);
    shell.say('trash', 'purge', 'T-1');
    expect(shell.run('trash')).toMatchObject({ stdout: '', stderr: 'The trash is empty\n' });
    expect(shell.run('trash', 'restore', 'T-1').code).toBe(3);
  });
});

describe('backups', () => {
  test('are made, listed and put back', () => {
    const shell = start();
    shell.say('add', 'One');
    const path = shell.say('backup');
    expect(existsSync(path)).toBe(true);
    shell.say('add', 'Two');
    expect(shell.run('restore')).toMatchObject({ code: 2, stderr: expect.stringContaining('latest') });
    expect(shell.run('restore', 'nothing.db').code).toBe(3);
    expect(shell.say('restore', 'latest')).toBe(path);
    expect(shell.list().tasks.map((task) => task.title)).toEqual(['One']);
    expect(shell.say('backup', '--list').split('\n')).toEqual([
      expect.stringMatching(/before-restore\.db {2}\d+ KB$/),
      expect.stringMatching(/-backup\.db {2}\d+ KB$/),
    ]);
    expect(shell.say('add', 'Three')).toBeTruthy();
    expect(shell.list().tasks.map((task) => task.name)).toEqual(['T-3', 'T-1']);
  });

  test('are put back in the place of a store that cannot be opened', () => {
    const shell = start();
    shell.say('add', 'One');
    shell.say('backup');
    writeFileSync(shell.storePath, 'rubbish');
    expect(shell.run('list').code).toBe(5);
    shell.say('restore', 'latest');
    expect(shell.list().total).toBe(1);
  });
});

describe('tm migrate', () => {
  const older = join(import.meta.dirname, '../fixtures/stores/schema-1');

  test('says what it would do, does it when told, after a backup; until then reads work and writes say how', () => {
    const shell = new Shell();
    mkdirSync(dirname(shell.storePath));
    cpSync(older, dirname(shell.storePath), { recursive: true });
    expect(shell.list().total).toBe(4);
    const refused = shell.run('add', 'Five');
    expect([refused.code, refused.stderr]).toEqual([5, expect.stringContaining('tm migrate --apply')]);
    const rehearsal = shell.run('migrate', '--dry-run');
    expect(rehearsal.stdout).toMatch(/^(?:Would apply: 00\d - .*\n)+.*nothing was changed/);
    expect(rehearsal.stdout.match(/^Would apply/gm)).toHaveLength(SCHEMA_VERSION - 1);
    expect(readFileSync(shell.storePath)).toEqual(readFileSync(join(older, 'tasks.db')));
    expect(shell.run('migrate', '--apply').stderr).toMatch(
      /Backup created: .*schema-1\.db\n[\s\S]*✓ Migration 005 applied\nThe store is up to date/,
    );
    expect(shell.run('migrate', '--apply').stderr).toContain('No pending migrations');
    shell.say('add', 'Five');
    expect(shell.list().total).toBe(5);
    const [backup] = readdirSync(join(dirname(shell.storePath), 'backups'));
    const old = new Shell();
    mkdirSync(dirname(old.storePath));
    copyFileSync(join(dirname(shell.storePath), 'backups', backup ?? ''), old.storePath);
    expect(old.list().total).toBe(4);
  });
});

test('tm checkpoint writes everything into tasks.db', () => {
  const shell = start();
  shell.say('add', 'One');
  shell.say('checkpoint');
  expect(JSON.stringify(shell.disk())).toContain('One');
});
