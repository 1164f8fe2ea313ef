import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, test } from 'vitest';
import type { ImportReport } from '../../src/app/transfer/importInputs.js';
import { makeOldStore } from '../fixtures/oldStores.js';
import { Shell } from './shell.js';

const peers = join(import.meta.dirname, '../fixtures/peers');

/** T-2 depends on T-1; T-1 has a description, ann has it. */
function plan(): { readonly tm: Shell; readonly first: string; readonly second: string } {
  const tm = new Shell();
  tm.say('init');
  const first = tm.say(
    'add',
    'First',
    '-d',
    'Two\nlines',
    '-p',
    'high',
    '--assignee',
    'ann',
    '--tag',
    'api',
    '--file',
    'a.ts:3:5',
  );
  const second = tm.say('add', 'Second\tone', '--depends-on', first);
  tm.say('add', 'Third');
  tm.say('complete', '3');
  return { tm, first, second };
}

function importing(tm: Shell, name: string, text: string, ...options: string[]) {
  writeFileSync(join(tm.folder, name), text);
  return tm.run('import', name, ...options);
}

/** Everything on disk; reads must not change it. */
const bytes = (tm: Shell) =>
  readdirSync(join(tm.folder, '.task-orchestrator')).map((name) => [
    name,
    readFileSync(join(tm.folder, '.task-orchestrator', name)).toString('base64'),
  ]);

describe('tm export', () => {
  test('JSON: an array, indented by two, the columns of tm 2.x in their order, and the dependencies that it left out', () => {
    const { tm, first, second } = plan();
    const before = bytes(tm);
    const text = tm.say('export');
    expect(text).toMatch(/^\[\n {2}\{\n {4}"id": "/);
    const tasks = JSON.parse(text) as Record<string, unknown>[];
    const old =
      'id title description status priority assignee created_by created_at updated_at completed_at success_criteria feedback_quality feedback_timeliness feedback_notes completion_summary deadline estimated_hours actual_hours context phase_id';
    expect(
      Object.keys(tasks[0] ?? {})
        .filter((key) => old.split(' ').includes(key))
        .join(' '),
    ).toBe(old);
    expect(tasks.map((task) => [task.id, task.status, task.stored_status, task.dependencies])).toEqual([
      [first, 'pending', 'pending', []],
      [second, 'blocked', 'pending', [first]],
      [expect.any(String), 'completed', 'completed', []],
    ]);
    expect(tasks[0]).toMatchObject({ tags: ['api'], file_refs: [{ path: 'a.ts', line: 3, line_end: 5 }] });
    expect(bytes(tm)).toEqual(before);
  });

  test('TSV, Markdown, CSV and JSON lines', () => {
    const { tm, first, second } = plan();
    const third = tm.task('3').id;
    expect(tm.say('export', '--format', 'tsv')).toBe(
      `${first}\tFirst\tpending\tann\n${second}\tSecond one\tblocked\tNone\n${third}\tThird\tcompleted\tNone`,
    );
    const markdown = tm.say('export', '--format', 'markdown');
    expect(markdown.replace(/Generated: \S+/, 'Generated: now')).toBe(
      [
        '# Task Orchestrator Export\n\nGenerated: now\n',
        `## Pending Tasks\n\n- **[${first}]** First\n  - Description: Two\n    lines\n  - Assignee: ann\n  - Priority: high\n`,
        `## Blocked Tasks\n\n- **[${second}]** Second one\n`,
        `## Completed Tasks\n\n- **[${third}]** Third\n`,
      ].join('\n'),
    );
    const [header, row] = tm.say('export', '--format', 'csv', 'status:blocked').split('\n');
    expect(header).toMatch(/^id,number,title,status,/);
    expect(row).toMatch(new RegExp(`^${second},2,Second one,pending,medium,task,,,,,,,,,,${first},`));
    const lines = tm.say('export', '--format', 'jsonl').split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { id: string }).id)).toEqual([first, second, third]);
  });

  test('only what a filter, --status or --assignee admits; an empty result is valid; wrong words are refused', () => {
    const { tm, first, second } = plan();
    const ids = (...args: string[]) => (JSON.parse(tm.say('export', ...args)) as { id: string }[]).map(({ id }) => id);
    expect(ids('--assignee', 'ann')).toEqual([first]);
    expect(ids('--status', 'blocked')).toEqual([second]);
    expect(ids('tag:api', 'status:open')).toEqual([first]);
    expect(ids('--query', 'sort:-number status:open')).toEqual([second, first]);
    expect(tm.say('export', 'tag:none')).toBe('[]');
    expect(tm.say('export', 'tag:none', '--format', 'tsv')).toBe('');
    for (const wrong of [
      ['--format', 'xml'],
      ['--formt', 'json'],
      ['status:strange'],
      ['--lossless', '--format', 'csv'],
    ])
      expect([wrong, tm.run('export', ...wrong).code]).toEqual([wrong, 2]);
  });

  test('into a file: whole or not at all', () => {
    const { tm } = plan();
    const run = tm.run('export', '--output', 'out/tasks.json');
    expect([run.code, run.stdout, run.stderr]).toEqual([0, '', '3 tasks written to out/tasks.json\n']);
    expect(readFileSync(join(tm.folder, 'out/tasks.json'), 'utf8')).toBe(`${tm.say('export')}\n`);
    // A refusal leaves what was there, and nothing else.
    expect(tm.run('export', 'status:strange', '-o', 'out/tasks.json').code).toBe(2);
    expect(readdirSync(join(tm.folder, 'out'))).toEqual(['tasks.json']);
    mkdirSync(join(tm.folder, 'taken'));
    const refused = tm.run('export', '-o', 'taken');
    expect([refused.code, refused.stdout]).toEqual([1, '']);
    expect(refused.stderr).toContain('taken');
    expect(readdirSync(tm.folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  test('a lossless export makes the same store elsewhere', () => {
    const { tm, first } = plan();
    tm.say('delete', '3');
    for (const format of ['json', 'jsonl']) {
      writeFileSync(join(tm.folder, `plan.${format}`), tm.say('export', '--lossless', '--format', format));
      const other = new Shell();
      other.say('init');
      const report = JSON.parse(other.say('import', join(tm.folder, `plan.${format}`), '--json')) as ImportReport;
      expect(report).toMatchObject({
        format: 'tm',
        created: 2,
        conflicts: [],
        notes: [],
        rows: { trash: 1, file_refs: 1 },
      });
      expect(other.say('export', '--lossless').replace(/"exported_at":"[^"]*"/, '')).toBe(
        tm.say('export', '--lossless').replace(/"exported_at":"[^"]*"/, ''),
      );
      expect(other.task('1').id).toBe(first);
      other.say('trash', 'restore', '3');
    }
  });
});

describe('tm import', () => {
  test('“tm import” is there: what tm export wrote comes back, in any of its formats that hold tasks', () => {
    const { tm, first, second } = plan();
    for (const format of ['json', 'jsonl', 'csv']) {
      const other = new Shell();
      other.say('init');
      const run = spawnSync(process.execPath, [inject('tm'), 'import', '-'], {
        cwd: other.folder,
        input: tm.say('export', '--format', format),
        encoding: 'utf8',
      });
      expect([format, run.status, run.stderr]).toEqual([format, 0, '']);
      expect(
        other.list('sort:number').tasks.map((task) => [task.id, task.number, task.title, task.status, task.dependsOn]),
      ).toEqual([
        [first, 1, 'First', 'pending', []],
        [second, 2, 'Second one', 'blocked', [first]],
        [expect.any(String), 3, 'Third', 'completed', []],
      ]);
      expect(other.task(first).fileRefs).toMatchObject([{ path: 'a.ts', line: 3, endLine: 5 }]);
      expect(other.task(first).description).toBe('Two\nlines');
    }
  });

  test('CSV: all mistakes with their rows, and nothing is imported', () => {
    const tm = new Shell();
    tm.say('init');
    const before = tm.disk();
    const run = importing(
      tm,
      'a.csv',
      'Title,Priority,Due,Estimate\nGood,high,,1\n,soon,2026-02-30,\nLast,low,,long\nFive,low\n',
    );
    expect([run.code, run.stdout]).toEqual([2, '']);
    expect(run.stderr).toContain('a.csv has 5 mistakes; nothing was imported.');
    for (const words of [
      'row 3: title: Task title cannot be empty',
      'row 3: priority: Invalid priority: “soon”',
      'row 3: deadline: “2026-02-30”',
      'row 4: estimated_hours: “long”',
      'row 5: row: has 2 values, the header has 4',
    ])
      expect(run.stderr).toContain(words);
    expect(tm.disk()).toEqual(before);
  });

  test('CSV: columns by name or by --map, others become custom fields; a dry run writes nothing', () => {
    const tm = new Shell();
    tm.say('init');
    const sheet = '\ufeffJob;Who;Team\r\n"Write; it";ann;Red\r\n\r\nShip;;Blue\r\n';
    const unmapped = importing(tm, 'b.csv', sheet);
    expect([unmapped.code, unmapped.stderr]).toEqual([2, expect.stringContaining('“Job”, “Who”, “Team”')]);
    expect(importing(tm, 'b.csv', sheet, '--map', 'title=Nope').code).toBe(2);
    expect(importing(tm, 'b.csv', sheet, '--map', 'colour=Job').stderr).toContain('one of id, title');
    const before = tm.disk();
    const rehearsal = importing(tm, 'b.csv', sheet, '--map', 'title=Job,assignee=Who', '--dry-run');
    expect(rehearsal.stdout).toMatch(/^Would import 2 tasks/);
    expect(tm.disk()).toEqual(before);
    const done = importing(tm, 'b.csv', sheet, '--map', 'title=Job', 'assignee=Who');
    expect(done.stdout).toContain('2  Team: kept as a custom field (row 2, row 4)');
    expect(tm.list('sort:number').tasks.map((task) => [task.title, task.assignee])).toEqual([
      ['Write; it', 'ann'],
      ['Ship', undefined],
    ]);
  });

  test('what is no file of tasks is refused with a reason: binary, cut off, empty, strange, missing', () => {
    const tm = new Shell();
    tm.say('init');
    const cases: [string, string | Buffer, string][] = [
      ['zip', Buffer.from([0x50, 0x4b, 3, 4, 0xff, 0xfe, 0, 1]), 'is no text'],
      ['nul.json', '[{"title": "a\0"}]', 'NUL'],
      ['cut.json', '[{"title": "a"}, {"ti', 'not valid JSON'],
      ['cut.jsonl', '{"title":"a"}\n{"title":\nnonsense\n', 'line 2'],
      ['empty', '', 'csv, json, jsonl, markdown, tm, beads, taskmaster, backlog, taskwarrior, seed002'],
      ['prose.txt', 'Dear all,\nnothing here.\n', 'Give --format'],
      ['twice.json', '[{"id":"x","title":"a"},{"id":"x","title":"b"}]', 'x stands in item 1 already'],
      ['deep.json', `${'['.repeat(200_000)}`, 'not valid JSON'],
      ['broken.db', Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.alloc(600, 7)]), 'broken.db'],
    ];
    for (const [name, content, words] of cases) {
      writeFileSync(join(tm.folder, name), content);
      const run = tm.run('import', name);
      expect([name, run.stdout]).toEqual([name, '']);
      expect(run.stderr, name).toContain(words);
      expect([2, 5], name).toContain(run.code);
    }
    expect(tm.run('import', 'nowhere.json').code).toBe(3);
    expect(tm.run('import').code).toBe(2);
    expect(tm.list().total).toBe(0);
    expect(
      importing(tm, 'long.json', JSON.stringify([{ title: 'Long', description: 'x'.repeat(3_000_000) }])).stdout,
    ).toContain('description_rest');
  });

  test('twice changes nothing; what changed in the file is taken over, what was changed here stays, what was deleted is not back', () => {
    const tm = new Shell();
    tm.say('init');
    const file = join(tm.folder, 'issues.jsonl');
    const issue = (id: string, fields: object) =>
      JSON.stringify({
        id,
        title: `Issue ${id}`,
        status: 'open',
        priority: 2,
        issue_type: 'task',
        created_at: '2026-01-01T00:00:00Z',
        updated_at: '2026-01-01T00:00:00Z',
        ...fields,
      });
    const write = (...lines: string[]) => writeFileSync(file, lines.join('\n'));
    write(
      issue('x-1', {}),
      issue('x-2', { dependencies: [{ issue_id: 'x-2', depends_on_id: 'x-1', type: 'blocks' }] }),
      issue('x-3', {}),
    );
    expect(tm.json<ImportReport>('import', file)).toMatchObject({ created: 3, dependencies: 1 });
    const before = tm.disk();
    expect(tm.json<ImportReport>('import', file)).toMatchObject({ created: 0, updated: 0, unchanged: 3 });
    expect(tm.disk()).toEqual(before);
    tm.say('update', '1', '--title', 'Named here');
    tm.say('delete', '3');
    write(
      issue('x-1', { title: 'Named there', priority: 0, assignee: 'mei' }),
      issue('x-2', {}),
      issue('x-3', { title: 'Back?' }),
      issue('x-4', {}),
    );
    const report = tm.json<ImportReport>('import', file);
    expect(report).toMatchObject({ created: 1, updated: 2, unchanged: 0, deletedHere: 1 });
    expect(report.conflicts).toEqual([{ task: tm.task('1').id, field: 'title' }]);
    expect(
      tm.list('sort:number').tasks.map((task) => [task.title, task.priority, task.assignee, task.dependsOn]),
    ).toEqual([
      ['Named here', 'critical', 'mei', []],
      ['Issue x-2', 'medium', undefined, []],
      ['Issue x-4', 'medium', undefined, []],
    ]);
    write(issue('x-1', { title: 'Named there again', priority: 0, assignee: 'mei' }));
    tm.say('import', file, '--prefer', 'file');
    expect(tm.task('1').title).toBe('Named there again');
  });

  test('an export that was edited changes the tasks that it came from, unless they were changed here since', () => {
    const { tm, first } = plan();
    const tasks = JSON.parse(tm.say('export')) as Record<string, unknown>[];
    const edited = tasks.map((task) => ({ ...task, title: `${task.title}, edited` }));
    tm.say('update', '2', '--title', 'Changed here');
    const run = importing(tm, 'edited.json', JSON.stringify(edited), '--json');
    expect(JSON.parse(run.stdout)).toMatchObject({
      created: 0,
      updated: 2,
      conflicts: [{ task: tasks[1]?.id, field: 'title' }],
    });
    expect(tm.list('sort:number').tasks.map((task) => task.title)).toEqual([
      'First, edited',
      'Changed here',
      'Third, edited',
    ]);
    expect(tm.task(first)).toMatchObject({ description: 'Two\nlines', tags: ['api'] });
  });

  test('--strict refuses where anything would be lost', () => {
    const tm = new Shell();
    tm.say('init');
    const run = tm.run('import', join(peers, 'issues.jsonl'), '--strict');
    expect([run.code, run.stdout]).toEqual([4, '']);
    expect(run.stderr).toContain('would close a cycle');
    expect(run.stderr).toContain('wx-gone');
    expect(tm.list().total).toBe(0);
  });

  test('finds the tasks of other tools in a project’s folder', () => {
    for (const [path, from, format] of [
      ['.beads/issues.jsonl', 'issues.jsonl', 'beads'],
      ['.taskmaster/tasks/tasks.json', 'taskmaster-tagged.json', 'taskmaster'],
      ['backlog/tasks/task-1 - x.md', 'backlog/completed/task-44 - Jobs.md', 'backlog'],
    ] as const) {
      const tm = new Shell();
      tm.say('init');
      mkdirSync(join(tm.folder, path, '..'), { recursive: true });
      writeFileSync(join(tm.folder, path), readFileSync(join(peers, from)));
      expect(tm.json<ImportReport>('import', '.')).toMatchObject({ format });
    }
  });

  test('the old tool’s database as a peer: with what had to be changed', () => {
    const tm = new Shell({ env: { TZ: 'UTC' } });
    tm.say('init');
    const old = join(tm.folder, 'elsewhere', 'tasks.db');
    makeOldStore(old, '2.3.0');
    const report = tm.json<ImportReport>('import', old);
    expect(report).toMatchObject({ format: 'tm', created: 7 });
    expect(report.notes.map((note) => note.field)).toEqual(
      expect.arrayContaining(['tm2_status', 'description_rest', 'notifications']),
    );
    expect(tm.json<ImportReport>('import', old)).toMatchObject({ created: 0, unchanged: 7 });
    expect(tm.task('aaaaaaa1').fileRefs.length).toBe(2);
    expect(existsSync(join(tm.folder, 'elsewhere', 'tasks.journal'))).toBe(false);
  });

  test('titles cannot steer the terminal, in an export and in a report', () => {
    const tm = new Shell();
    tm.say('init');
    importing(tm, 'evil.json', JSON.stringify([{ title: 'Red \u001b[31m', 'field\u001b[2J': 'x' }]));
    const run = tm.run('import', 'evil.json');
    for (const text of [run.stdout, tm.say('export', '--format', 'tsv'), tm.say('export', '--format', 'markdown')])
      expect(text).not.toContain('\u001b');
  });
});
