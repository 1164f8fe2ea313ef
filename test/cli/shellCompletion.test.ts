import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { quoted } from '../support/pseudoTerminal.js';
import { Shell } from './shell.js';

const has = (program: string) => spawnSync(program, ['--version']).status === 0;

describe('completion', () => {
  const folder = mkdtempSync(join(tmpdir(), 'task-orchestrator-'));
  const node = inject('nodes')[0] ?? process.execPath;
  const tm = new Shell({ folder, node });
  const ids: string[] = [];
  const env = { PATH: `${join(folder, 'bin')}${delimiter}${process.env.PATH}`, HOME: folder, LOGNAME: 'tester' };
  afterAll(() => rmSync(folder, { recursive: true }));

  beforeAll(() => {
    mkdirSync(join(folder, 'bin'));
    writeFileSync(join(folder, 'bin/tm'), `#!/bin/sh\nexec ${quoted(node)} ${quoted(inject('tm'))} "$@"\n`);
    chmodSync(join(folder, 'bin/tm'), 0o755);
    tm.say('init');
    ids.push(tm.say('add', 'First task', '--assignee', 'ann', '--tag', 'api'));
    ids.push(tm.say('add', 'Done task', '--assignee', 'bob'));
    tm.say('complete', '2');
    ids.push(tm.say('add', 'Third\ttask\u001b[2J'));
    writeFileSync(join(folder, 'notes of today.txt'), '');
  });

  /** Candidates of the hidden command, without what is said of them. */
  const words = (...typed: string[]) => {
    const { code, stdout, stderr } = tm.run('__complete', 'fish', '--', ...typed);
    expect([code, stderr]).toEqual([0, '']);
    return stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => line.split('\t')[0]);
  };

  test('knows commands, their own commands, options that are left, and choices', () => {
    expect(words('sho')).toEqual(['show']);
    expect(words('')).toEqual(expect.arrayContaining(['add', 'list', 'completion', 'dep']));
    expect(words('dep', '')).toEqual(['add', 'remove']);
    expect(words('help', 'und')).toEqual(['undo']);
    expect(words('add', 'x', '--pri')).toEqual(['--priority']);
    expect(words('add', 'x', '-p', 'high', '--pri')).toEqual([]);
    expect(words('add', 'x', '--priority', 'c')).toEqual(['critical']);
    expect(words('update', '1', '--status', 'c')).toEqual(['completed', 'cancelled']);
    expect(words('list', '--status=wait')).toEqual(['--status=waiting']);
    expect(words('list', 'status:re')).toEqual(['status:ready']);
    expect(words('list', 'pri')).toEqual(['priority:']);
    expect(words('graph', '--format', '')).toEqual(['mermaid', 'json']);
    expect(words('completion', '')).toEqual(['bash', 'zsh', 'fish']);
    expect(words('list', '--no-p')).toEqual(['--no-pager']);
    expect(words('nosuch', '')).toEqual([]);
    expect(words('add', 'x', '--', '--pri')).toEqual([]);
  });

  test('knows the tasks by number and id, the open ones first, people and tags', () => {
    expect(words('show', 'T-')).toEqual(['T-1', 'T-3', 'T-2']);
    expect(words('show', '')).toEqual(['T-1', 'T-3', 'T-2']);
    expect(words('show', ids[0]?.slice(0, 6) ?? '')).toContain(ids[0]);
    expect(words('dep', 'add', 'T-1', 'T-')).toHaveLength(3);
    expect(words('add', 'x', '--depends-on', 'T-1')).toEqual(['T-1']);
    expect(words('add', 'x', '--depends-on=#')).toEqual(['--depends-on=#1', '--depends-on=#3', '--depends-on=#2']);
    expect(words('list', '--assignee', '')).toEqual(expect.arrayContaining(['ann', 'bob']));
    expect(words('list', '--assignee', 'b')).toEqual(['bob']);
    expect(words('list', '--tag', '')).toEqual(['api']);
    expect(words('add', 'x', '--file', '')).toEqual([':files']);
    expect(tm.run('__complete', 'fish', '--', 'show', 'T-3').stdout).toBe('T-3\tThird task [2J\n');
  });

  test('is silent without a store, in a damaged one, and with nonsense, and writes nothing', () => {
    const before = tm.disk();
    words('show', '');
    expect(tm.disk()).toEqual(before);
    for (const env of [{ TM_DB_PATH: '/nowhere/tasks.db' }, { TM_DB_PATH: join(folder, 'notes of today.txt') }])
      expect(tm.with({ env }).run('__complete', 'bash', '--', 'show', '')).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(tm.run('__complete')).toEqual({ code: 0, stdout: expect.any(String), stderr: '' });
  });

  test.skipIf(!has('bash'))('in bash', () => {
    const complete = (...typed: string[]) => {
      const script = `source <(tm completion bash); complete -p tm >&2
        COMP_WORDS=(tm ${typed.map(quoted).join(' ')}); COMP_CWORD=${typed.length}; _tm; printf '%s\\n' "\${COMPREPLY[@]}"`;
      const { stdout, stderr } = spawnSync('bash', ['-c', script], { cwd: folder, env, encoding: 'utf8' });
      expect(stderr).toMatch(/^complete .*-F _tm tm$/m);
      return stdout.trimEnd().split('\n');
    };
    expect(complete('sho')).toEqual(['show']);
    expect(complete('show', 'T-')).toEqual(['T-1', 'T-3', 'T-2']);
    // As bash itself takes words apart.
    expect(complete('update', '1', '--status', '=', 'pen')).toEqual(['pending']);
    expect(complete('list', 'status', ':', 'rea')).toEqual(['ready']);
    expect(complete('add', 'x', '--file', 'notes')).toEqual(['notes of today.txt']);
    expect(complete('nosuch', '')).toEqual(['']);
  });

  test.skipIf(!has('zsh'))('in zsh', () => {
    const complete = (...typed: string[]) => {
      const script = `autoload -Uz compinit; compinit -u -D; source <(tm completion zsh); print -r -- $_comps[tm] >&2
        compadd() { shift "\${argv[(i)--]}"; print -rl -- "$@"; }; _files() { print FILES; }
        words=(tm ${typed.map(quoted).join(' ')}); CURRENT=${typed.length + 1}; _tm`;
      const { stdout, stderr } = spawnSync('zsh', ['-f', '-c', script], { cwd: folder, env, encoding: 'utf8' });
      expect(stderr).toBe('_tm\n');
      return stdout.trimEnd().split('\n');
    };
    expect(complete('sho')).toEqual(['show']);
    expect(complete('show', 'T-')).toEqual(['T-1', 'T-3', 'T-2']);
    expect(complete('update', '1', '--status=pen')).toEqual(['--status=pending']);
    expect(complete('add', 'x', '--file', '')).toEqual(['FILES']);
  });

  test.skipIf(!has('fish'))('in fish', () => {
    const complete = (line: string) => {
      const script = `tm completion fish | source; complete -C ${quoted(line)}`;
      const { stdout } = spawnSync('fish', ['--no-config', '-c', script], { cwd: folder, env, encoding: 'utf8' });
      return stdout.trimEnd().split('\n');
    };
    expect(complete('tm sho')).toEqual(['show\tshow a task']);
    expect(complete('tm show T-').sort()).toEqual(['T-1\tFirst task', 'T-2\tDone task', 'T-3\tThird task [2J']);
    expect(complete('tm update 1 --status pen')).toEqual(['pending']);
    expect(complete('tm add x --file no')).toContain('notes of today.txt');
  });
});
