import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { PrdReport } from '../../src/app/planning/prd/prdInputs.js';
import { SEED_PRD } from '../support/seedPrd.js';
import { expectRefused, start } from './shell.js';

function withDocument(text = SEED_PRD) {
  const tm = start();
  const write = (content: string) => writeFileSync(join(tm.folder, 'prd.md'), content);
  write(text);
  return { tm, write };
}

describe('tm prd parse', () => {
  test("shows seed 002's example as a tree and writes nothing", () => {
    const { tm } = withDocument();
    const before = tm.disk();
    expect(tm.say('prd', 'parse', 'prd.md').split('\n')).toEqual([
      'User Authentication System',
      '2 features, 6 acceptance criteria: 8 tasks.',
      '',
      '+ User Registration  lines 4-10',
      '+   Implement User Registration  lines 4-10',
      '+   Test User Registration  lines 4-10',
      '+   Document User Registration  lines 4-10',
      '+ User Login  lines 12-18',
      '+   Implement User Login  lines 12-18',
      '+   Test User Login  lines 12-18',
      '+   Document User Login  lines 12-18',
      '',
      '8 to add',
      'Nothing was written. Apply it with --apply.',
    ]);
    expect(tm.say('prd', 'parse', 'prd.md', '--dry-run')).toContain('8 to add');
    expect(tm.disk()).toEqual(before);
  });

  test("--json has seed 002's names", () => {
    const { tm } = withDocument();
    const report = tm.json<PrdReport>('prd', 'parse', 'prd.md', '--project', 'auth-system', '--confidence', '0.8');
    expect(Object.keys(report)).toEqual(expect.arrayContaining(['prd', 'message']));
    expect(report.prd.title).toBe('User Authentication System');
    expect(report.prd.metadata).toMatchObject({ title: 'User Authentication System', type: 'feature' });
    expect(report.prd.features[0]).toMatchObject({
      id: 'user-registration',
      title: 'User Registration',
      description: 'Allow new users to register with email and password',
      priority: 'high',
      userStories: [],
      requirementIds: [],
      acceptanceCriteriaIds: ['user-registration-ac-1', 'user-registration-ac-2', 'user-registration-ac-3'],
      dependencies: [],
    });
    expect(report.prd.acceptanceCriteria[0]).toMatchObject({
      description: 'User can register with valid email',
      testScenarios: [],
    });
    expect(report.prd.tasks[2]).toMatchObject({
      type: 'testing',
      sourceReferences: ['prd.md:4-10'],
      dependencies: ['user-registration/implement'],
    });
    expect(report.prd.hierarchy[0]?.children[0]?.children.map(({ title }: { title: string }) => title)).toEqual([
      'User Registration',
      'User Login',
    ]);
    expect(report.prd.statistics).toMatchObject({
      featureCount: 2,
      requirementCount: 0,
      acceptanceCriteriaCount: 6,
      taskCount: 8,
      dependencyCount: 2,
      averageComplexity: null,
      confidence: 0.9,
    });
  });

  test('without --project it is the one that the document was applied to before, so nothing is made twice', () => {
    const { tm } = withDocument();
    tm.say('prd', 'parse', 'prd.md', '--apply', '--project', 'auth');
    expect(tm.say('prd', 'parse', 'prd.md', '--apply')).toContain('8 unchanged');
    expect(tm.json<{ total: number }>('list').total).toBe(8);
    tm.say('prd', 'parse', 'prd.md', '--apply', '--project', 'web');
    expect(tm.json<{ total: number }>('list').total).toBe(16);
    expectRefused(tm.run('prd', 'parse', 'prd.md'), 2, 'auth, web', '--project');
    expect(tm.say('prd', 'parse', 'prd.md', '--project', 'web')).toContain('8 unchanged');
  });

  test('--apply makes the tasks, again changes nothing, after an edit only what was edited; undo takes it back', () => {
    const { tm, write } = withDocument();
    expect(tm.say('prd', 'parse', 'prd.md', '--apply', '--project', 'auth')).toContain('8 added');
    expect(tm.task('2')).toMatchObject({
      title: 'Implement User Registration',
      project: 'auth',
      fileRefs: [{ path: 'prd.md', line: 4, endLine: 10 }],
    });
    const before = tm.disk();
    expect(tm.say('prd', 'parse', 'prd.md', '--apply', '--project', 'auth')).toContain('8 unchanged');
    expect(tm.disk()).toEqual(before);

    write(SEED_PRD.replace('### User Login\n- Priority: High', '### User Login\n- Priority: Critical'));
    const preview = tm.say('prd', 'parse', 'prd.md', '--project', 'auth');
    expect(preview).toContain('~ T-5  User Login  lines 12-18 · priority');
    expect(preview).toContain('4 to change · 4 unchanged');
    tm.say('prd', 'parse', 'prd.md', '--apply', '--project', 'auth');
    expect(tm.task('6').priority).toBe('critical');
    tm.say('undo');
    expect(tm.task('6').priority).toBe('high');
  });

  test('prose becomes no tasks, and it says why', () => {
    const { tm } = withDocument('We talked. It was nice.\n');
    expect(tm.say('prd', 'parse', 'prd.md')).toContain(
      'No tasks: nothing in this text is marked as a feature or requirement.',
    );
    expect(tm.say('prd', 'parse', 'prd.md', '--apply')).toContain('No tasks');
    expect(tm.list().total).toBe(0);
  });

  test('what is uncertain or not found is listed with its lines', () => {
    const { tm } = withDocument('# X\n\nIt must be fast.\n\n## Features\n\n### One\n- Depends on: Moon\n');
    const text = tm.say('prd', 'parse', 'prd.md');
    expect(text).toContain('Needs review:\n  line 3  It must be fast: read with confidence 0.55, below 0.7');
    expect(text).toContain('line 8  “Moon”: no item of the document is called so');
    expect(tm.say('prd', 'parse', 'prd.md', '--confidence', '0.5')).toContain('+ It must be fast');
  });

  test('the options leave out what they say', () => {
    const { tm } = withDocument(
      '## User stories\n- As a guest, I want tea so that I am warm\n\n## Features\n### Pot\n- Acceptance criteria: It is hot\n### Cup\n- Depends on: Pot\n',
    );
    const read = (...options: string[]) => tm.json<PrdReport>('prd', 'parse', 'prd.md', ...options).prd.statistics;
    expect(read()).toMatchObject({ featureCount: 3, acceptanceCriteriaCount: 1, dependencyCount: 4, taskCount: 12 });
    expect(read('--no-tasks')).toMatchObject({ featureCount: 3, taskCount: 0 });
    expect(read('--no-stories')).toMatchObject({ featureCount: 2 });
    expect(read('--no-criteria')).toMatchObject({ acceptanceCriteriaCount: 0 });
    expect(read('--no-dependencies')).toMatchObject({ dependencyCount: 3 });
    tm.say('prd', 'parse', 'prd.md', '--apply', '--only', 'pot');
    expect(
      tm
        .list()
        .tasks.map(({ title }) => title)
        .sort(),
    ).toEqual(['Document Pot', 'Implement Pot', 'Pot', 'Test Pot']);
  });

  test('standard input can be looked at, and applied under a name', () => {
    const { tm } = withDocument();
    const preview = tm.pipe(SEED_PRD, 'prd', 'parse', '-');
    expect([preview.code, preview.stdout]).toEqual([0, expect.stringContaining('8 to add')]);
    expectRefused(tm.pipe(SEED_PRD, 'prd', 'parse', '-', '--apply'), 2, '--source');
    expect(tm.pipe(SEED_PRD, 'prd', 'parse', '-', '--apply', '--source', 'wiki').stdout).toContain('8 added');
    expect(tm.pipe(SEED_PRD, 'prd', 'parse', '-', '--apply', '--source', 'wiki').stdout).toContain('8 unchanged');
    expect(tm.task('1').fileRefs).toEqual([]);
  });

  test('a removed feature is told of, and cancelled with --cancel-removed', () => {
    const { tm, write } = withDocument();
    tm.say('prd', 'parse', 'prd.md', '--apply');
    write(SEED_PRD.slice(0, SEED_PRD.indexOf('### User Login')));
    expect(tm.say('prd', 'parse', 'prd.md', '--apply')).toContain('4 no longer in the document');
    // A feature waits for its parts.
    expect(tm.task('5').status).toBe('blocked');
    expect(tm.say('prd', 'parse', 'prd.md', '--apply', '--cancel-removed')).toContain('4 cancelled');
    expect(tm.task('5').status).toBe('cancelled');
  });

  test('a title cannot play with the terminal', () => {
    const { tm } = withDocument('## Features\n### \u001b[2J\u0007Clean\n');
    const text = tm.say('prd', 'parse', 'prd.md');
    expect(text).toContain('Clean');
    for (const sign of ['\u0007', '\u001b']) expect(text).not.toContain(sign);
  });

  test('a document that gives nothing says why', () => {
    const { tm, write } = withDocument('');
    expect(tm.say('prd', 'parse', 'prd.md')).toBe('prd.md\nNo tasks: the document is empty.');
    write('## Acceptance criteria\n\n- It is fast\n\n## Out of scope\n\n### Print\n');
    expect(tm.say('prd', 'parse', 'prd.md')).toContain('there are acceptance criteria, but no feature or requirement');
    write('The page must load.\n');
    expect(tm.say('prd', 'parse', 'prd.md')).toContain('less certain than 0.7');
  });

  test('what is no text is refused', () => {
    const { tm } = withDocument();
    writeFileSync(join(tm.folder, 'logo.md'), Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1]));
    writeFileSync(join(tm.folder, 'latin1.md'), Buffer.from('# Gr\xfc\xdfe\n', 'latin1'));
    expectRefused(tm.run('prd', 'parse', 'logo.md'), 2, 'logo.md is not text');
    expectRefused(tm.run('prd', 'parse', 'latin1.md', '--apply'), 2, 'latin1.md is not text in UTF-8');
    expect(tm.list().total).toBe(0);
  });

  test('a file outside the workspace is known by its path, and its tasks refer to no lines', () => {
    const { tm } = withDocument();
    const elsewhere = start();
    const file = join(elsewhere.folder, 'far.md');
    writeFileSync(file, SEED_PRD);
    expect(tm.say('prd', 'parse', file, '--apply')).toContain('8 added');
    expect(tm.task('1').fileRefs).toEqual([]);
    expect(tm.say('prd', 'parse', file)).toContain('8 unchanged');
  });

  test('a file that is deleted between preview and apply is told of, and nothing changes', () => {
    const { tm } = withDocument();
    tm.say('prd', 'parse', 'prd.md', '--apply');
    const before = tm.disk();
    rmSync(join(tm.folder, 'prd.md'));
    expectRefused(tm.run('prd', 'parse', 'prd.md', '--apply', '--cancel-removed'), 3, 'There is no file prd.md');
    expect(tm.disk()).toEqual(before);
  });

  test('two items of one name are two, and what depends on the name is told to say which', () => {
    const { tm } = withDocument('## Features\n### Export\n- A\n### Export\n- B\n### Mail\n- Depends on: Export\n');
    const text = tm.say('prd', 'parse', 'prd.md', '--apply');
    expect(text).toContain('12 added');
    expect(text).toContain('line 7  “Export”: 2 items are called so');
    expect(tm.say('prd', 'parse', 'prd.md', '--apply')).toContain('12 unchanged');
  });

  test('items that depend on each other in a circle are applied but for what closes it', () => {
    const { tm } = withDocument('## Features\n### Egg\n- Depends on: Hen\n### Hen\n- Depends on: Egg\n');
    expect(tm.say('prd', 'parse', 'prd.md', '--apply')).toContain('would close a cycle: hen → egg → hen');
    expect(tm.task('2').dependsOn).toEqual([tm.task('6').id]);
    expect(tm.task('6').dependsOn).toEqual([]);
  });

  test('bad input is refused with the way out', () => {
    const { tm } = withDocument();
    expectRefused(tm.run('prd', 'parse', 'none.md'), 3, 'There is no file none.md');
    expectRefused(tm.run('prd', 'parse', '.'), 2, 'cannot be read');
    expectRefused(tm.run('prd', 'parse', 'prd.md', '--confidence', 'high'), 2, 'give a number');
    for (const wrong of ['7', '-0.1'])
      expectRefused(tm.run('prd', 'parse', 'prd.md', `--confidence=${wrong}`), 2, '0 to 1');
    expectRefused(
      tm.run('prd', 'parse', 'prd.md', '--apply', '--dry-run'),
      2,
      'Give either --apply or --dry-run, not both.',
    );
    expectRefused(tm.run('prd', 'parse', 'prd.md', '--only', 'nobody'), 2, 'nobody', 'user-login');
    expectRefused(tm.run('prd', 'parse', 'prd.md', '--prefer', 'both'), 2, 'here or file');
    expectRefused(tm.run('prd', 'parse', 'prd.md', '--apply', '--no-tasks'), 2, 'nothing to apply');
  });
});
