import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import initSqlJs from 'sql.js';
import { describe, expect, test } from 'vitest';
import type { AppliedMigration } from '../../src/app/maintenance/migrations.js';
import { SCHEMA_VERSION } from '../../src/store/schema.js';
import { makeOldStore, OLD_VERSIONS, type OldVersion } from '../fixtures/oldStores.js';
import { Shell } from './shell.js';

const sql = await initSqlJs();

/** The migrations as that tool numbered its own. */
const OURS = Array.from({ length: SCHEMA_VERSION }, (_, at) => String(at + 1).padStart(3, '0'));

function oldShell(version: OldVersion): Shell {
  const shell = new Shell({ env: { TZ: 'America/New_York' } });
  makeOldStore(shell.storePath, version);
  return shell;
}

/** Rows of the database as it lies there. */
function rows(shell: Shell, query: string): unknown[][] {
  const database = new sql.Database(readFileSync(shell.storePath));
  try {
    return database.exec(query)[0]?.values ?? [];
  } finally {
    database.close();
  }
}

describe('a store of tm 2.x', () => {
  test('opens for reading as it is; writes say what to do, and nothing is written', () => {
    const shell = oldShell('2.9.0');
    const before = readFileSync(shell.storePath);
    const files = readdirSync(dirname(shell.storePath));
    const list = shell.run('list');
    expect(list.code).toBe(0);
    expect(list.stdout).toContain('[aaaaaaa1] Design the schema - completed @back_1');
    expect(list.stderr).toContain('was made by tm 2.x');
    expect(shell.task('aaaaaaa1').fileRefs.map((one) => one.path)).toEqual(['src/db.py', 'README.md']);
    const refused = shell.run('add', 'New');
    expect([refused.code, refused.stdout, refused.stderr]).toEqual([
      5,
      '',
      expect.stringContaining('tm migrate --apply'),
    ]);
    expect(readFileSync(shell.storePath)).toEqual(before);
    expect(readdirSync(dirname(shell.storePath))).toEqual(files);
  });

  test('tm migrate --status, --dry-run, --apply and --rollback say what they said, on the streams that scripts read', () => {
    const shell = oldShell('2.9.0');
    const before = readFileSync(shell.storePath);
    expect(shell.run('migrate', '--rollback')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('No backups available'),
    });
    const status = shell.run('migrate', '--status');
    expect([status.code, status.stdout, status.stderr]).toEqual([
      0,
      `Applied migrations: None\nPending migrations: ${OURS.join(', ')}\nUp to date: No\n0 applied, ${SCHEMA_VERSION} pending\n`,
      '',
    ]);
    expect(shell.run('migrate').stdout).toBe(status.stdout);
    const rehearsal = shell.say('migrate', '--dry-run');
    expect(rehearsal).toMatch(/^Would apply: 001 - /);
    expect(rehearsal).toMatch(/changes would be made/);
    expect(rehearsal).toContain('✓ tasks with every value: 7 of 7');
    expect(readFileSync(shell.storePath)).toEqual(before);
    const applied = shell.run('migrate', '--apply');
    expect([applied.code, applied.stdout]).toEqual([0, '']);
    expect(applied.stderr).toMatch(/^Backup created: .*schema-0\.db\nApplying migration 001: /);
    expect(applied.stderr).toContain('✓ Migration 001 applied');
    expect(applied.stderr).not.toContain('✗');
    const again = shell.run('migrate', '--apply');
    expect([again.code, again.stdout]).toEqual([0, '']);
    expect(again.stderr).toMatch(/No pending migrations.*already up to date/);
    expect(shell.say('migrate', '--status').split('\n')).toEqual([
      `Applied migrations: ${OURS.join(', ')}`,
      'Pending migrations: None',
      'Up to date: Yes',
      `${SCHEMA_VERSION} applied, 0 pending`,
    ]);
    shell.say('add', 'After the migration');
    const back = shell.run('migrate', '--rollback', '--yes');
    expect([back.code, back.stdout]).toEqual([0, '']);
    expect(back.stderr).toMatch(
      /^Rollback will restore from backup\nRestoring from: .*schema-0\.db\nDatabase restored from backup\n/,
    );
    expect(readFileSync(shell.storePath)).toEqual(before);
    expect(existsSync(shell.storePath.replace(/db$/, 'journal'))).toBe(false);
    // What was there before the rollback is not lost.
    const kept = readdirSync(join(dirname(shell.storePath), 'backups')).find((name) =>
      name.includes('before-rollback'),
    );
    expect(kept).toBeDefined();
    expect(shell.run('migrate', '--apply').code).toBe(0);
    shell.say('restore', kept as string);
    expect(shell.list().tasks.map((task) => task.title)).toContain('After the migration');
  });

  test('two options at once are a mistake', () => {
    expect(oldShell('2.3.0').run('migrate', '--apply', '--rollback').code).toBe(2);
  });

  test('comes over with everything in it', () => {
    const shell = oldShell('2.9.0');
    shell.say('migrate', '--apply');
    const [task] = rows(
      shell,
      `SELECT description, priority, created_by, created_at, completed_at, success_criteria, feedback_quality, feedback_notes,
         completion_summary, deadline, estimated_hours, actual_hours, context, phase_id, milestone, custom
       FROM tasks WHERE id = 'aaaaaaa1'`,
    );
    // NULL is medium; Python's local time is UTC now; files and metadata have places of their own.
    expect(task).toEqual([
      'Tables and keys',
      'medium',
      'ann',
      '2025-09-01T12:00:00.123Z',
      '2025-09-03T14:00:00.654Z',
      '[{"criterion":"Tables exist","measurable":"true","done":false},{"criterion":"Reviewed","done":false}]',
      5,
      'good',
      'Done in one go',
      '2025-09-30T00:00:00.000Z',
      4.5,
      6,
      'WHY: speed WHAT: tables DONE: reviewed',
      'ph1',
      'Foundation',
      '{"sprint":"7","team":"core"}',
    ]);
    expect(rows(shell, 'SELECT task_id, file_path, line_start, line_end FROM file_refs ORDER BY id')).toEqual([
      ['aaaaaaa1', 'src/db.py', 10, 20],
      ['aaaaaaa1', 'README.md', null, null],
    ]);
    // What cannot be read stays in the text; what has no meaning is a custom field.
    expect(rows(shell, "SELECT description, status, deadline, custom FROM tasks WHERE id = 'aaaaaaa2'")).toEqual([
      [
        'See notes\nFiles: test.py:-5',
        'pending',
        null,
        '{"tm2_status":"blocked","success_criteria":"no json","feedback_quality":9,"deadline":"notadate","estimated_hours":-2}',
      ],
    ]);
    // Longer than a description may be: nothing is lost.
    const [long] = rows(
      shell,
      "SELECT description || json_extract(custom, '$.description_rest') FROM tasks WHERE id = 'aaaaaaa3'",
    );
    expect(long).toEqual([`${'A long line of a description.\n'.repeat(200)}the very end`]);
    // Waiting follows from dependencies here; a task that somebody blocked is blocked.
    expect(shell.task('aaaaaaa3').state).toBe('waiting');
    expect(shell.task('aaaaaaa4').state).toBe('blocked');
    expect(
      rows(shell, "SELECT created_at, json_extract(custom, '$.tm2_id') FROM tasks WHERE title = 'Made by sqlite3'"),
    ).toEqual([['2025-09-04T06:00:00.000Z', 'raw-task-1']]);
    expect(
      rows(
        shell,
        'SELECT agent_id, event_type, content, request_id, created_at FROM collaboration_events ORDER BY seq',
      ),
    ).toEqual([
      ['back_1', 'update', 'Schema drafted', 'req-1', '2025-09-12T13:30:00.000Z'],
      ['ann', 'sync', 'Checkpoint one', null, '2025-09-12T13:40:00.000Z'],
    ]);
    expect(
      rows(shell, 'SELECT type, target_agent, message, sender, priority FROM notifications ORDER BY created_at, type'),
    ).toEqual([
      ['unblocked', 'back_1', 'Task aaaaaaa2 unblocked - dependencies completed', null, null],
      ['discovery', null, 'DISCOVERY in aaaaaaa1: keys collide', null, null],
      ['discovery', null, 'DISCOVERY in 99999999: gone', null, null],
      ['message', 'back_1', 'Please look at the schema', 'ann', 'high'],
      ['message', null, 'API is up', 'back_1', 'normal'],
    ]);
    expect(rows(shell, "SELECT count(*) FROM notification_reads WHERE agent_id = 'back_1'")).toEqual([[3]]);
    expect(rows(shell, 'SELECT id, name, type, capabilities FROM agents')).toEqual([
      ['back_1', 'Backend', 'developer', '["python","sql"]'],
    ]);
    expect(rows(shell, "SELECT key FROM meta WHERE key LIKE 'tm2.%' ORDER BY key").flat()).toEqual([
      'tm2.agent_metrics',
      'tm2.agent_task_history',
      'tm2.agent_workload',
      'tm2.dangling_dependencies',
      'tm2.orphaned_collaboration_events',
      'tm2.orphaned_participants',
      'tm2.phase_dependencies',
      'tm2.phase_gates',
      'tm2.phases',
      'tm2.schema_migrations',
    ]);
    expect(rows(shell, 'PRAGMA integrity_check')).toEqual([['ok']]);
    expect(readFileSync(join(dirname(shell.storePath), 'enforcement.json'), 'utf8')).toContain('standard');
  });

  test('of a version before 2.9 brings what was in files, sets the files aside, and puts them back', () => {
    const shell = oldShell('2.0.0');
    const folder = dirname(shell.storePath);
    const done = shell.json<AppliedMigration>('migrate', '--apply');
    expect(done.unread).toEqual([{ path: 'contexts/broken.yaml', reason: expect.any(String) }]);
    expect(
      rows(
        shell,
        'SELECT task_id, agent_id, event_type, content, created_at FROM collaboration_events ORDER BY seq',
      ).map(String),
    ).toEqual([
      'aaaaaaa1,back_1,update,Schema drafted: see "db.py",2025-09-02T13:30:00.000Z',
      'aaaaaaa1,ann,discovery,Keys collide,2025-09-02T13:40:00.000Z',
      'aaaaaaa5,back_1,progress,half way,2025-09-02T16:30:00.000Z',
      expect.stringMatching(/^aaaaaaa1,back_1,note,first thought,/),
      'aaaaaaa1,back_1,note,second thought\nof two lines,2025-09-02T14:00:00.000Z',
    ]);
    expect(readdirSync(join(folder, 'contexts'))).toEqual(['broken.yaml']);
    expect(readdirSync(join(folder, done.setAside as string, 'notes'))).toEqual(['aaaaaaa1_back_1.md']);
    shell.run('migrate', '--rollback');
    expect(readdirSync(join(folder, 'contexts')).sort()).toEqual([
      'aaaaaaa1.yaml',
      'aaaaaaa5_progress.jsonl',
      'broken.yaml',
    ]);
  });

  test.each(OLD_VERSIONS)('%s: every row and every value is found again', (version) => {
    const shell = oldShell(version);
    const { compared = [], applied, steps } = shell.json<AppliedMigration>('migrate', '--status');
    expect([applied, steps.map((step) => step.version)]).toEqual([[], OURS.map(Number)]);
    expect(compared.length).toBeGreaterThanOrEqual(4);
    expect(compared.filter(({ there, here }) => there !== here)).toEqual([]);
    shell.say('migrate', '--apply');
    expect(shell.list().total).toBe(7);
    expect(shell.task('1').title).toBe('Design the schema');
    expect(shell.run('add', 'Next').code).toBe(0);
    expect(shell.run('doctor').stdout).not.toMatch(/^error/m);
  });

  test('agent-* before migrate crashes no more: “table schema_migrations has no column named description”', () => {
    const shell = oldShell('2.8.2');
    expect(shell.run('migrate', '--apply').code).toBe(0);
  });

  test('a database of another program is still refused', () => {
    const shell = new Shell();
    mkdirSync(dirname(shell.storePath), { recursive: true });
    const other = new sql.Database();
    other.run('CREATE TABLE tasks (id INTEGER, done INTEGER); CREATE TABLE dependencies (task_id, depends_on)');
    writeFileSync(shell.storePath, other.export());
    expect(shell.run('list')).toMatchObject({ code: 5, stderr: expect.stringContaining('another program') });
  });
});
