import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import initSqlJs from 'sql.js';
import { describe, expect, inject, test } from 'vitest';
import { Shell } from './shell.js';

const sql = await initSqlJs();

function start(): Shell {
  const tm = new Shell({ env: { TM_AGENT_ID: 'ann' } });
  tm.say('init');
  return tm;
}

const files = (tm: Shell) => readdirSync(tm.folder, { recursive: true }).map(String).sort();

/** How many rows of a table name the task. */
function rowsOf(tm: Shell, table: string, id: string): unknown {
  const database = new sql.Database(readFileSync(tm.storePath));
  const count = database.exec(`SELECT count(*) FROM ${table} WHERE task_id = ?`, [id])[0]?.values[0]?.[0];
  database.close();
  return count;
}

describe('what scripts of tm 2.x do', () => {
  test('the id of add in a variable, the status cut out of show', () => {
    const tm = start();
    const bin = `'${inject('nodes')[0]}' '${inject('tm')}'`;
    const script = `X=$(${bin} add "One" 2>/dev/null); ${bin} update "$X" --status in_progress >/dev/null && ${bin} show "$X" | grep "^status:" | awk '{print $2}'`;
    const env = { PATH: process.env.PATH, HOME: tm.folder, TM_AGENT_ID: 'ann' };
    const run = spawnSync('/bin/sh', ['-c', script], { cwd: tm.folder, env, encoding: 'utf8' });
    expect([run.status, run.stdout]).toEqual([0, 'in_progress\n']);
    expect(tm.task('1').status).toBe('in_progress');
  });

  test('init asks nothing and leaves the project’s own files alone', () => {
    const tm = new Shell();
    writeFileSync(join(tm.folder, 'README.md'), '# Mine\n');
    expect(tm.run('init')).toEqual({ code: 0, stdout: 'Task database initialized\n', stderr: '' });
    expect(files(tm).filter((name) => !name.startsWith('.task-orchestrator'))).toEqual(['README.md']);
    expect(readFileSync(join(tm.folder, 'README.md'), 'utf8')).toBe('# Mine\n');
  });

  test('a command without what it needs says its usage, and changes nothing', () => {
    const tm = start();
    const before = tm.disk();
    for (const command of ['show', 'join', 'share', 'note', 'discover', 'sync', 'progress', 'context', 'feedback'])
      expect(tm.run(command), command).toMatchObject({
        code: 2,
        stdout: '',
        stderr: expect.stringMatching(new RegExp(`^Usage: tm ${command} .*<task>`, 'm')),
      });
    expect(tm.run('dep', 'add').stderr).toMatch(/^Usage: tm dep add /m);
    expect(tm.disk()).toEqual(before);
  }, 30_000);

  test('phase-* is refused as it always was', () => {
    const tm = start();
    const before = tm.disk();
    for (const command of ['phase-create', 'phase-list'])
      expect(tm.run(command, 'x')).toMatchObject({
        code: 1,
        stdout: '',
        stderr: expect.stringContaining('Phase management is unavailable in this distribution.'),
      });
    expect(tm.disk()).toEqual(before);
  });

  test('migrate --check, --validate and --restore are --status, --dry-run and --rollback; --backup makes one', () => {
    const tm = start();
    for (const [documented, real] of [
      ['--check', '--status'],
      ['--validate', '--dry-run'],
      ['--restore', '--rollback'],
    ] as const)
      expect(tm.run('migrate', documented), documented).toEqual(tm.run('migrate', real));
    expect(tm.run('migrate', '--check', '--apply').code).toBe(2);
    const backup = tm.run('migrate', '--backup');
    expect([backup.code, backup.stdout]).toEqual([0, '']);
    const path = /^Backup created: (.+)$/m.exec(backup.stderr)?.[1] ?? '';
    expect(readFileSync(path).subarray(0, 15).toString()).toBe('SQLite format 3');
  });
});

describe('defects of the old tool', () => {
  test('the same dependency twice is one, where it was an integrity error', () => {
    const tm = start();
    const first = tm.say('add', 'First');
    expect(tm.task(tm.say('add', 'Second', '--depends-on', first, '1')).dependsOn).toEqual([first]);
  });

  test('delete leaves no rows and no files behind', () => {
    const tm = start();
    const id = tm.say('add', 'One');
    tm.say('join', id);
    tm.say('note', id, 'mine');
    tm.say('discover', id, 'found');
    const tables = ['participants', 'collaboration_events', 'notifications'];
    expect(tables.map((table) => rowsOf(tm, table, id))).not.toContain(0);
    expect(tm.say('delete', id)).toBe(`Task ${id} deleted`);
    expect(tables.map((table) => rowsOf(tm, table, id))).toEqual([0, 0, 0]);
    expect(files(tm).filter((name) => name.includes(id))).toEqual([]);
  });

  test('completing what is not there writes no archive, nor anything else', () => {
    const tm = start();
    const before = [files(tm), tm.disk()];
    expect(tm.run('complete', 'deadbeef').code).toBe(3);
    expect([files(tm), tm.disk()]).toEqual(before);
    expect(existsSync(join(dirname(tm.storePath), 'archives'))).toBe(false);
  });
});
