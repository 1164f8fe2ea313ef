import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, inject, test } from 'vitest';
import { Shell } from './shell.js';

/** A project whose shell finds a `tm` or not, and where an agent is named or not. */
function project({ agent = true, executable = true } = {}): Shell {
  const shell = new Shell();
  const bin = join(shell.folder, 'bin');
  mkdirSync(bin);
  if (executable) {
    writeFileSync(join(bin, 'tm'), '#!/bin/sh\n');
    chmodSync(join(bin, 'tm'), 0o755);
  }
  symlinkSync(process.execPath, join(bin, 'node'));
  return shell.with({ env: { PATH: bin, ...(agent && { TM_AGENT_ID: 'ann' }) } });
}

const VIOLATIONS = '🚨 ORCHESTRATION ENFORCEMENT VIOLATIONS DETECTED';

describe('enforcement', () => {
  test('defect: it is off until a project turns it on', () => {
    const shell = project({ agent: false, executable: false });
    shell.say('init');
    expect(shell.run('add', 'One')).toMatchObject({ code: 0, stderr: 'Task created\n' });
  });

  test('strict refuses what agents share work by, and nothing else', () => {
    const shell = project({ agent: false, executable: false });
    shell.say('init');
    shell.say('add', 'One');
    shell.say('config', '--preset', 'strict');
    const run = shell.run('add', 'Two');
    expect([run.code, run.stdout]).toEqual([1, '']);
    const lines = run.stderr.trimEnd().split('\n');
    expect(lines[0]).toBe(VIOLATIONS);
    expect(lines).toContain('❌ Problem: TM_AGENT_ID not set');
    expect(lines).toContain('❌ Problem: tm executable not found');
    expect(lines.at(-1)).toBe('🚫 Command blocked due to orchestration violations');
    expect(shell.list().total).toBe(1);
    for (const args of [['list'], ['show', '1'], ['ready'], ['update', '1', '--title', 'Uno'], ['complete', '1']])
      expect(shell.run(...args).code, args.join(' ')).toBe(0);
    const set = shell.with({ env: { TM_AGENT_ID: 'ann', PATH: project().folder } });
    expect(set.run('add', 'Two').stderr).not.toContain('TM_AGENT_ID');
  });

  test('standard refuses where nobody can be asked', () => {
    const shell = project({ agent: false });
    shell.say('init');
    shell.say('config', '--enforce-orchestration', 'true');
    const run = shell.run('add', 'One');
    expect(run.code).toBe(1);
    expect(run.stderr.trimEnd().split('\n').slice(-2)).toEqual([
      'Non-interactive environment detected; command blocked in STANDARD mode.',
      'Fix orchestration violations or lower enforcement level explicitly.',
    ]);
    expect(shell.run('add', 'One', '--agent-id', 'ann').code).toBe(0);
  });

  test('advisory says so and goes on', () => {
    const shell = project({ agent: false });
    shell.say('init');
    shell.say('config', '--enforce-usage', 'true', '--enforcement-level', 'advisory');
    const run = shell.run('add', 'One');
    expect(run).toMatchObject({ code: 0, stderr: '⚠️  Orchestration Advisory: TM_AGENT_ID not set\nTask created\n' });
    expect(run.stdout).toMatch(/^[0-9a-f]{8}\n$/);
  });

  test('settings from version control ask for the store that is not there yet', () => {
    const shell = project();
    shell.say('init');
    shell.say('config', '--preset', 'strict');
    for (const file of [shell.storePath, shell.storePath.replace(/db$/, 'journal')]) rmSync(file);
    const run = shell.run('add', 'One');
    expect(run.code).toBe(1);
    expect(run.stderr).toContain('❌ Problem: Task Orchestrator database not initialized');
    expect(existsSync(shell.storePath)).toBe(false);
    shell.say('init');
    expect(shell.run('add', 'One').code).toBe(0);
  });
});

describe('tm validate-orchestration', () => {
  test('is silent about what is fine and names what is not', () => {
    const shell = project();
    expect(shell.run('validate-orchestration').stdout).toContain('database not initialized');
    expect(existsSync(dirname(shell.storePath))).toBe(false);
    shell.say('init');
    expect(shell.run('validate-orchestration')).toEqual({
      code: 0,
      stdout: '✅ Orchestration context is valid\n',
      stderr: '',
    });
    const run = shell.with({ env: { TM_AGENT_ID: '' } }).run('validate-orchestration');
    expect([run.code, run.stdout.split('\n')[0]]).toEqual([1, VIOLATIONS]);
    const json = shell.with({ env: { TM_AGENT_ID: '' } }).run('validate-orchestration', '--json');
    expect(JSON.parse(json.stdout)).toMatchObject({ valid: false, violations: [{ kind: 'agent' }] });
  });
});

describe('tm fix-orchestration', () => {
  test('without --interactive it says how', () => {
    expect(project().run('fix-orchestration')).toMatchObject({
      code: 1,
      stderr: 'Error: Use --interactive flag: tm fix-orchestration --interactive\n',
    });
  });

  test('--interactive makes what is missing, and gives the shell what it has to do', () => {
    const shell = project({ agent: false, executable: false });
    const node = inject('nodes')[0] as string;
    const env = { PATH: join(shell.folder, 'bin'), HOME: shell.folder };
    const fix = (input: string) =>
      spawnSync(node, [inject('tm'), 'fix-orchestration', '--interactive'], {
        cwd: shell.folder,
        env,
        input,
        encoding: 'utf8',
      });
    const refused = fix('n\n');
    expect(refused.status).toBe(1);
    expect(refused.stderr).toContain('❌ Violations Found: 3');
    expect(existsSync(shell.storePath)).toBe(false);
    const done = fix("y\ny\no'ann\n");
    expect([done.status, done.stderr]).toEqual([0, expect.stringContaining('✅ Orchestration context is valid')]);
    const script = `${done.stdout}\ntm validate-orchestration && tm add One >/dev/null 2>&1 && tm log --limit 1 --json`;
    const after = spawnSync('/bin/sh', ['-c', script], { cwd: shell.folder, env, encoding: 'utf8' });
    expect(after.stderr).toBe('');
    expect(after.stdout).toContain('✅ Orchestration context is valid');
    expect(after.stdout).toContain(`"actor":"o'ann"`);
  });
});
