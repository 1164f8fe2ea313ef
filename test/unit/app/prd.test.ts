import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Orchestrator } from '../../../src/app/orchestrator.js';
import type { PrdInput } from '../../../src/app/planning/prd/prdInputs.js';
import { prdReport } from '../../../src/app/planning/prd/prdInputs.js';
import { Prds } from '../../../src/app/planning/prd/prds.js';
import { checkAsync } from '../../support/check.js';
import { openPlan, writeFile } from './openPlan.js';

const FOLDER = join(import.meta.dirname, '../../fixtures/prd');
const names = readdirSync(FOLDER).filter((name) => name.endsWith('.md'));
const textOf = (name: string) => readFileSync(join(FOLDER, name), 'utf8');
const SEED = textOf('01-seed-example.md');
const PATH = 'docs/prd.md';

/** A plan with a document in its workspace. */
async function planWith(text: string) {
  const plan = await openPlan();
  const prds = new Prds(plan.plan, plan.references);
  const write = (content: string, options: Partial<PrdInput> = {}): PrdInput => {
    writeFile(plan, PATH, content);
    return { content, path: PATH, ...options };
  };
  const apply = (content: string, options?: Partial<PrdInput>) => prds.apply(write(content, options));
  const first = await apply(text);
  const byTitle = (title: string) => {
    const row = plan.plan.store.get<{ id: string }>('SELECT id FROM tasks WHERE title = ?', [title]);
    if (!row) throw new Error(`no task ${title}`);
    return plan.tasks.get(row.id);
  };
  return { plan, prds, write, apply, first, byTitle };
}

/** Every row of the tables that hold tasks. */
function rowsOf({ plan }: Orchestrator): unknown {
  return ['tasks', 'dependencies', 'file_refs', 'imported'].map((table) =>
    plan.store.all(`SELECT * FROM ${table} ORDER BY 1, 2`),
  );
}

describe('applying a document', () => {
  test('makes its tasks in one transaction that one undo takes back', async () => {
    const { plan, first, byTitle } = await planWith(SEED);
    expect(first).toMatchObject({
      applied: true,
      counts: { added: 8 },
      message: '2 features, 6 acceptance criteria: 8 tasks.',
    });
    expect(prdReport().parse(first)).toEqual(first);
    const implement = byTitle('Implement User Login');
    expect(implement.priority).toBe('high');
    expect(implement.criteria.map(({ criterion }) => criterion)).toEqual([
      'Users can login with valid credentials',
      'JWT tokens are generated',
      'Session management is implemented',
    ]);
    expect(implement.fileRefs).toMatchObject([{ path: PATH, line: 12, endLine: 18, state: 'exact' }]);
    expect(implement.parent).toBe(byTitle('User Login').id);
    expect(byTitle('Test User Login').dependsOn).toEqual([implement.id]);
    expect(byTitle('User Login').state).toBe('waiting');

    await plan.history.undo({ seq: first.seq });
    expect(plan.tasks.list().total).toBe(0);
    plan.dispose();
  });

  test.each(names)('%s applied again changes nothing, not even in the journal', async (name) => {
    const { plan, apply, prds, write } = await planWith(textOf(name));
    const before = rowsOf(plan);
    const again = await apply(textOf(name));
    expect(again.seq).toBeUndefined();
    expect(again.counts).toMatchObject({ added: 0, changed: 0, removed: 0 });
    expect(rowsOf(plan)).toEqual(before);
    const { before: now, after } = prds.compare(write(textOf(name)));
    expect(after).toBe(now);
    plan.dispose();
  });

  test('a preview writes nothing and says what applying does', async () => {
    const { plan, prds, write, apply } = await planWith(SEED);
    const edited = SEED.replace('JWT tokens are generated', 'JWT tokens are signed');
    const before = rowsOf(plan);
    const preview = prds.preview(write(edited));
    expect(rowsOf(plan)).toEqual(before);
    expect(preview.applied).toBe(false);
    const done = await apply(edited);
    expect(done.changes).toEqual(preview.changes);
    plan.dispose();
  });

  test('only what was edited changes; the references of the rest follow their lines', async () => {
    const { apply, byTitle, plan } = await planWith(SEED);
    const other = byTitle('Implement User Registration');
    const done = await apply(
      SEED.replace('## Features', 'Words.\n\n## Features').replace(
        '- JWT tokens are generated',
        '- JWT tokens are signed',
      ),
    );
    expect(
      done.changes.filter(({ change }) => change === 'changed').map(({ title, fields }) => [title, fields]),
    ).toEqual([
      ['Implement User Login', ['criteria']],
      ['Test User Login', ['description']],
    ]);
    expect(byTitle('Implement User Registration').version).toBe(other.version);
    expect(byTitle('Implement User Registration').fileRefs).toMatchObject([{ line: 6, endLine: 12, state: 'exact' }]);
    expect(byTitle('Implement User Login').fileRefs).toMatchObject([{ line: 14, endLine: 20, state: 'exact' }]);
    plan.dispose();
  });

  test('a renamed heading keeps its tasks; so does one that moved below another heading', async () => {
    const { apply, byTitle, plan } = await planWith(SEED);
    const { id } = byTitle('Implement User Login');
    const renamed = SEED.replace('### User Login', '### Sign-in of users');
    const done = await apply(renamed);
    expect(done.counts).toMatchObject({ added: 0, removed: 0, changed: 4 });
    expect(byTitle('Implement Sign-in of users').id).toBe(id);
    expect(done.changes.find(({ task }) => task === id)).toMatchObject({
      renamedFrom: 'User Login',
      fields: ['title'],
    });
    const moved = await apply(renamed.replace('## Features', '## Capabilities'));
    expect(moved.counts).toMatchObject({ added: 0, removed: 0, changed: 0, unchanged: 8 });
    plan.dispose();
  });

  test('other numbers in the headings and another order change no task', async () => {
    const part = (number: number, title: string) => `### ${number}. ${title}\n\n${title} for everybody.\n\n`;
    const text = (titles: readonly string[]) =>
      `# P\n\n## 1. Features\n\n${titles.map((title, at) => part(at + 1, title)).join('')}`;
    const { apply, byTitle, plan } = await planWith(text(['Scan', 'Count', 'Print']));
    const before = new Map(['Scan', 'Count', 'Print'].map((title) => [title, byTitle(title)]));
    const done = await apply(text(['Print', 'Scan', 'Count']).replace('## 1.', '## 4.'));
    expect(done.counts).toMatchObject({ added: 0, changed: 0, removed: 0, unchanged: 12 });
    for (const [title, { id, version }] of before) expect(byTitle(title)).toMatchObject({ id, version });
    expect(byTitle('Print').fileRefs).toMatchObject([{ line: 5, endLine: 7, state: 'exact' }]);
    plan.dispose();
  });

  test('one item that goes and another one that comes are not a rename', async () => {
    const { apply, plan } = await planWith(SEED);
    const [head] = SEED.split('### User Login');
    const done = await apply(`${head}### Export to CSV\n- Acceptance Criteria:\n  - Columns have names\n`);
    expect(done.counts).toMatchObject({ added: 4, removed: 4 });
    plan.dispose();
  });

  test('what somebody changed here stays: alone it is told of, against the document it is a conflict', async () => {
    const { plan, apply, byTitle } = await planWith(SEED);
    const { id, criteria } = byTitle('Implement User Login');
    await plan.tasks.update({
      task: id,
      title: 'Build the login',
      criteria: criteria.map((one, at) => ({ ...one, done: at === 0 })),
    });
    const same = await apply(SEED);
    expect(same.changes.find(({ task }) => task === id)).toMatchObject({
      change: 'editedHere',
      editedHere: ['title'],
      conflicts: [],
    });

    const renamed = SEED.replace('### User Login', '### User Log-in').replace(
      'JWT tokens are generated',
      'JWT tokens are signed',
    );
    const done = await apply(renamed);
    expect(done.changes.find(({ task }) => task === id)).toMatchObject({ conflicts: ['title'], fields: ['criteria'] });
    const task = plan.tasks.get(id);
    expect(task.title).toBe('Build the login');
    // Ticks stay on what is still asked for.
    expect(task.criteria.map(({ criterion, done: ticked }) => [criterion, ticked])).toEqual([
      ['Users can login with valid credentials', true],
      ['JWT tokens are signed', false],
      ['Session management is implemented', false],
    ]);
    const again = await apply(renamed);
    expect(again.seq).toBeUndefined();
    await apply(renamed.replace('### User Log-in', '### User Logging-in'), { prefer: 'file' });
    expect(plan.tasks.get(id).title).toBe('Implement User Logging-in');
    plan.dispose();
  });

  test('what is gone from the document is told of, and cancelled only when asked to', async () => {
    const { apply, byTitle, plan } = await planWith(SEED);
    const [head = ''] = SEED.split('### User Login');
    const done = await apply(head);
    expect(done.counts).toMatchObject({ removed: 4, cancelled: 0, unchanged: 4 });
    expect(byTitle('User Login').status).toBe('blocked');
    const cancelled = await apply(head, { cancelRemoved: true });
    expect(cancelled.counts).toMatchObject({ cancelled: 4 });
    expect(byTitle('User Login')).toMatchObject({ status: 'cancelled', statusReason: 'No longer in docs/prd.md' });
    expect((await apply(head, { cancelRemoved: true })).seq).toBeUndefined();
    plan.dispose();
  });

  test('a task that was deleted here stays deleted', async () => {
    const { plan, apply, byTitle } = await planWith(SEED);
    await plan.tasks.delete(byTitle('Document User Login').id, { force: true });
    const done = await apply(SEED);
    expect(done.counts).toMatchObject({ deletedHere: 1, added: 0 });
    expect(plan.tasks.list().total).toBe(7);
    plan.dispose();
  });

  test('dependencies of the document come and go with it; one that would close a cycle with what is here is left out', async () => {
    const one = '## Features\n### Index\n### Search\n- Depends on: Index\n';
    const { plan, apply, byTitle } = await planWith(one);
    expect(byTitle('Implement Search').dependsOn).toEqual([byTitle('Implement Index').id]);
    await apply(one.replace('- Depends on: Index\n', ''));
    expect(byTitle('Implement Search').dependsOn).toEqual([]);
    await plan.dependencies.add({ task: byTitle('Implement Index').id, dependsOn: byTitle('Implement Search').id });
    const done = await apply(one);
    expect(done.notes).toEqual([expect.stringContaining('“Implement Search” cannot wait for “Implement Index”')]);
    expect(byTitle('Implement Search').dependsOn).toEqual([]);
    plan.dispose();
  });

  test('only the items that are named are applied', async () => {
    const plan = await openPlan();
    const prds = new Prds(plan.plan, plan.references);
    const done = await prds.apply({ content: SEED, source: 'notes', only: ['user-login'] });
    expect(done.counts.added).toBe(4);
    expect(plan.tasks.list().tasks.every(({ title }) => title.endsWith('User Login'))).toBe(true);
    await expect(prds.apply({ content: SEED, source: 'notes', only: ['nobody'] })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    });
    plan.dispose();
  });

  test('the same document in another project has tasks of its own', async () => {
    const { plan, apply } = await planWith(SEED);
    const done = await apply(SEED, { project: 'second' });
    expect(done.counts).toMatchObject({ added: 8, removed: 0 });
    expect(plan.tasks.list({ query: 'project:second' }).total).toBe(8);
    plan.dispose();
  });

  test('bad input is refused', async () => {
    const plan = await openPlan();
    const prds = new Prds(plan.plan, plan.references);
    expect(() => prds.preview({ content: SEED })).toThrow(/--source/);
    expect(() => prds.preview({ content: SEED, path: 'a.md', confidenceThreshold: 2 })).toThrow(/0 to 1/);
    await expect(prds.apply({ content: SEED, path: 'a.md', generateTasks: false })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    });
    await expect(prds.apply({ content: SEED, path: '../a.md' })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    expect(plan.tasks.list().total).toBe(0);
    plan.dispose();
  });

  test('an edit of one feature changes no other, whatever the edit is', async () => {
    const words = fc.constantFrom('alpha', 'bravo', 'charlie', 'delta', 'echo');
    const feature = fc.record({
      priority: fc.constantFrom('high', 'low'),
      criteria: fc.array(words, { minLength: 1, maxLength: 3 }),
      text: words,
    });
    const textFor = (features: readonly { priority: string; criteria: string[]; text: string }[]) =>
      `# P\n\n## Features\n\n${features.map(({ priority, criteria, text }, at) => `### Part number ${at}\n\n${text}\n\n- Priority: ${priority}\n- Acceptance Criteria:\n${criteria.map((one, n) => `  - ${one} ${n}`).join('\n')}\n`).join('\n')}`;
    const edit = fc.record({ at: fc.nat(3), to: feature, before: fc.boolean() });
    await checkAsync(
      fc.asyncProperty(
        fc.array(feature, { minLength: 4, maxLength: 4 }),
        edit,
        async (features, { at, to, before }) => {
          const { plan, apply } = await planWith(textFor(features));
          const versions = () =>
            new Map(
              plan.plan.store
                .all<{ title: string; version: number }>('SELECT title, version FROM tasks')
                .map(({ title, version }) => [title, version]),
            );
          const old = versions();
          const edited = features.map((one, index) => (index === at ? to : one));
          const done = await apply(
            before ? textFor(edited).replace('## Features', 'More.\n\n## Features') : textFor(edited),
          );
          expect(done.counts).toMatchObject({ added: 0, removed: 0 });
          for (const [title, version] of versions())
            if (version !== old.get(title)) expect(title).toContain(`Part number ${at}`);
          expect(
            (await apply(before ? textFor(edited).replace('## Features', 'More.\n\n## Features') : textFor(edited)))
              .seq,
          ).toBeUndefined();
          plan.dispose();
        },
      ),
      15,
    );
  });
});
