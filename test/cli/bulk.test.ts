import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { BulkView } from '../../src/app/bulk/bulk.js';
import type { RelocationView } from '../../src/app/relocation/relocation.js';
import { Shell } from './shell.js';

/** T-1 (api) ← T-2 (api) ← T-3 (ui); T-4 has no tag. */
function plan(): Shell {
  const tm = new Shell({ env: { TM_AGENT_ID: 'ann' } });
  tm.say('init');
  tm.say('add', 'One', '--tag', 'api');
  tm.say('add', 'Two', '--tag', 'api', '--depends-on', '1');
  tm.say('add', 'Three', '--tag', 'ui', '--depends-on', '2');
  tm.say('add', 'Four');
  return tm;
}

describe('a change of what a filter admits', () => {
  test('is shown by --dry-run, then made in one transaction', () => {
    const tm = plan();
    const before = tm.disk();
    const dry = tm.run('update', 'tag:api status:ready,blocked', '--assignee', 'bob', '--dry-run');
    expect(dry.stdout).toMatch(
      /^\[[0-9a-f]{8}\] One: assignee: none → bob\n\[[0-9a-f]{8}\] Two: assignee: none → bob\n$/,
    );
    expect(dry.stderr).toBe('2 of 2 tasks would change\n');
    expect(tm.json<BulkView>('update', 'tag:api', '--add-tag', 'x', '--dry-run')).toMatchObject({
      tasks: [{ name: 'T-1', changes: [{ field: 'tags', after: '["api","x"]' }] }, { name: 'T-2' }],
      changed: 2,
      dryRun: true,
    });
    expect(tm.disk()).toEqual(before);
    const run = tm.run('update', '--query', 'tag:api', '--assignee', 'bob');
    expect([run.stdout.split('\n').length, run.stderr]).toEqual([3, '2 of 2 tasks changed\n']);
    expect(tm.list('assignee:bob', 'sort:number').tasks.map((task) => task.name)).toEqual(['T-1', 'T-2']);
    tm.say('undo');
    expect(tm.list('assignee:bob').total).toBe(0);
  });

  test('takes tasks from the command line and from standard input', () => {
    const tm = plan();
    tm.say('update', '1', 'T-4', '-p', 'high');
    expect(tm.list('priority:high').total).toBe(2);
    const listed = tm.say('list', 'tag:api');
    expect(tm.pipe(listed, 'update', '-', '-p', 'low').stderr).toBe('2 of 2 tasks changed\n');
    expect(tm.pipe('3, #4\n', 'update', '-', '-p', 'low').stderr).toBe('2 of 2 tasks changed\n');
    expect(tm.list('priority:low').total).toBe(4);
  });

  test('completes tasks in the order of their dependencies, or none of them', () => {
    const tm = plan();
    const before = tm.disk();
    const dry = tm.run('update', 'tag:ui', '--status', 'completed', '--dry-run');
    expect([dry.code, dry.stdout]).toEqual([1, expect.stringContaining('refused: T-3 waits for T-1')]);
    const refused = tm.run('update', '3', '4', '--status', 'completed');
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('Nothing was changed')]);
    expect(tm.disk()).toEqual(before);
    const run = tm.json<BulkView>('update', 'tag:api', '--status', 'completed');
    expect(run).toMatchObject({ changed: 2, released: [tm.task('3').id] });
    expect(tm.json<BulkView>('update', '1', '3', '--status', 'completed')).toMatchObject({ total: 2, changed: 1 });
  });

  test('is never everything: an empty or ambiguous selection is refused', () => {
    const tm = plan();
    const before = tm.disk();
    const refused: [string[], number][] = [
      [['update', '', '-p', 'low'], 3],
      [['update', '--query', '', '-p', 'low'], 2],
      [['update', '--query', 'sort:number', '-p', 'low'], 2],
      [['update', '1', 'tag:api', '-p', 'low'], 2],
      [['update', '1', '--query', 'tag:api', '-p', 'low'], 2],
      [['update', 'api', '-p', 'low'], 3],
      [['update', 'tag:nothing', '-p', 'low'], 3],
      [['update', 'id:99', '-p', 'low'], 3],
      [['update', 'tagg:api', '-p', 'low'], 2],
      [['update', '-p', 'low'], 2],
      [['delete', '--query', ' '], 2],
      [['archive'], 2],
      [['archive', '--query', ''], 2],
      [['move', '--query', '', '--to', '.'], 2],
    ];
    for (const [args, code] of refused) expect(tm.run(...args), args.join(' ')).toMatchObject({ code, stdout: '' });
    expect(tm.disk()).toEqual(before);
  });

  test('deletes, unless what stays depends on it', () => {
    const tm = plan();
    expect(tm.run('delete', 'tag:api').code).toBe(1);
    expect(tm.run('delete', 'tag:api,ui', '--dry-run').stderr).toBe('3 tasks would be deleted\n');
    expect(tm.list().total).toBe(4);
    expect(tm.say('delete', 'tag:api,ui').split('\n')).toHaveLength(3);
    expect(tm.list().tasks.map((task) => task.name)).toEqual(['T-4']);
    tm.say('undo');
    expect(tm.task('3').dependsOn).toEqual([tm.task('2').id]);
  });
});

describe('the archive', () => {
  test('takes closed tasks out of the lists, still there for what depends on them', () => {
    const tm = plan();
    tm.say('complete', '1');
    expect(tm.run('archive', '1', '4')).toMatchObject({ code: 1, stderr: expect.stringContaining('T-4 (pending)') });
    expect(tm.run('archive', '1', '--dry-run').stderr).toBe('1 task would be archived\n');
    expect(tm.list('status:completed').total).toBe(1);
    expect(tm.say('archive', '1')).toBe(`Task ${tm.task('1').id} archived`);
    expect(tm.list('status:completed').total).toBe(0);
    expect(tm.list('--archived').tasks.map((task) => task.name)).toEqual(['T-1']);
    expect(tm.json<{ total: number }>('search', 'one', 'is:archived').total).toBe(1);
    expect(tm.json<{ total: number }>('search', 'one').total).toBe(0);
    expect(tm.say('graph', '--all')).not.toContain('One');
    expect(tm.task('2')).toMatchObject({ state: 'ready', dependsOn: [tm.task('1').id] });
    tm.say('unarchive', '1');
    expect(tm.list('status:completed').total).toBe(1);
    tm.say('archive', '4', '--force');
    expect(tm.say('ready')).not.toContain('Four');
    tm.say('start', '4');
    expect(tm.list('status:in_progress').total).toBe(1);
  });

  test('by age: archive --older-than, and cleanup', () => {
    const tm = plan();
    tm.say('complete', '1');
    tm.say('cancel', '4');
    expect(tm.run('cleanup')).toMatchObject({ code: 0, stdout: '', stderr: '0 tasks archived\n' });
    expect(tm.run('archive', '--older-than', '1d')).toMatchObject({ code: 0, stdout: '' });
    expect(tm.run('archive', '--older-than', 'long')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('30d'),
    });
    expect(tm.say('cleanup', '--older-than', '0d', '--dry-run').split('\n')).toHaveLength(2);
    expect(tm.say('archive', 'tag:api', '--older-than', '0d').split('\n')).toHaveLength(1);
    expect(tm.say('cleanup', '--older-than', '0d').split('\n')).toHaveLength(1);
    expect(tm.list('--archived').total).toBe(2);
  });
});

describe('between stores', () => {
  const other = (tm: Shell) => {
    const folder = join(tm.folder, 'other');
    mkdirSync(folder);
    const shell = tm.with({ folder });
    shell.say('init');
    return shell;
  };

  test('a copy keeps ids, dependencies, references, notes; doing it again copies nothing', () => {
    const tm = plan();
    const target = other(tm);
    target.say('add', 'There already');
    const ids = ['1', '2', '3'].map((name) => tm.task(name).id);
    tm.say('update', '2', '--parent', '1', '--file', 'a.ts:3', '--meta', 'k:v', '--due', '2026-12-01');
    const notes = join(tm.folder, '.task-orchestrator', 'notes');
    mkdirSync(notes);
    writeFileSync(join(notes, `${ids[1]}_ann.md`), 'mine');
    const before = tm.disk();
    expect(tm.run('copy', 'tag:api', '--to', 'other', '--dry-run').stderr).toContain('2 tasks would be copied');
    expect(target.list().total).toBe(1);
    const view = tm.json<RelocationView>('copy', 'tag:api', '--to', 'other');
    expect(view).toMatchObject({
      tasks: [
        { from: { name: 'T-1' }, to: { id: ids[0], name: 'T-2' }, already: false },
        { from: { name: 'T-2' }, to: { id: ids[1], name: 'T-3' }, already: false },
      ],
      cut: [{ task: 'T-3', dependsOn: 'T-2' }],
      missingFiles: ['a.ts'],
      removed: false,
    });
    expect(tm.disk()).toEqual(before);
    expect(target.task('T-3')).toMatchObject({
      title: 'Two',
      dependsOn: [ids[0]],
      parent: ids[0],
      fileRefs: [{ path: 'a.ts', line: 3 }],
      custom: { k: 'v' },
      due: '2026-12-01T00:00:00.000Z',
      createdBy: 'ann',
    });
    expect(readFileSync(join(target.folder, '.task-orchestrator', 'notes', `${ids[1]}_ann.md`), 'utf8')).toBe('mine');
    const copied = target.disk();
    expect(tm.json<RelocationView>('copy', '1', '2', '--to', 'other').tasks.map((task) => task.already)).toEqual([
      true,
      true,
    ]);
    expect(target.disk()).toEqual(copied);
  });

  test('an id that is taken there is another one there', () => {
    const tm = plan();
    const target = other(tm);
    tm.say('copy', '1', '--to', 'other');
    tm.say('update', '1', '--title', 'Changed since');
    const [again] = tm.json<RelocationView>('copy', '1', '--to', 'other').tasks;
    expect(again?.to?.id).not.toBe(tm.task('1').id);
    expect(target.list('sort:number').tasks.map((task) => task.title)).toEqual(['One', 'Changed since']);
  });

  test('a move leaves the tasks in the trash, and is refused where others need them', () => {
    const tm = plan();
    const target = other(tm);
    expect(tm.run('move', '1', '--to', 'other')).toMatchObject({ code: 1, stderr: expect.stringContaining('T-2') });
    expect(target.list().total).toBe(0);
    const run = tm.run('move', '3', '--with-deps', '--to', 'other/.task-orchestrator');
    expect(run.stdout.split('\n')[0]).toMatch(/^Task [0-9a-f]{8} moved: T-1 → T-1 [0-9a-f]{8}$/);
    expect(run.stderr).toContain('in the trash');
    expect(tm.list().tasks.map((task) => task.name)).toEqual(['T-4']);
    expect(target.list('status:blocked').total).toBe(2);
    tm.say('undo');
    expect(tm.list().total).toBe(4);
    // As after an interruption between the two stores: what was brought is not brought twice.
    tm.say('move', '1', '2', '3', '--to', 'other/.task-orchestrator/tasks.db');
    expect([tm.list().total, target.list().total]).toEqual([1, 3]);
  });

  test('needs another store that is there', () => {
    const tm = plan();
    expect(tm.run('copy', '1', '--to', 'nowhere')).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('tm init'),
    });
    expect(tm.run('copy', '1', '--to', '.')).toMatchObject({ code: 2, stderr: expect.stringContaining('already') });
    expect(tm.run('copy', '1')).toMatchObject({ code: 2, stderr: expect.stringContaining('--to') });
  });
});
