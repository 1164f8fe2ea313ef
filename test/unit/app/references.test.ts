import { describe, expect, test } from 'vitest';
import { refusalOf } from '../../support/refusal.js';
import { openPlan, writeFile } from './openPlan.js';

const TEXT = 'first\nsecond\nthird\nfourth\n';

describe('references to code', () => {
  test('are exact, moved, changed or lost against the file as it is', async () => {
    const plan = await openPlan();
    writeFile(plan, 'a.txt', TEXT);
    const { id } = await plan.tasks.create({ title: 'Look', fileRefs: ['a.txt:2'] });
    const state = () => plan.tasks.get(id).fileRefs[0];

    expect(state()).toMatchObject({ line: 2, state: 'exact', missing: false });
    writeFile(plan, 'a.txt', `zero\n${TEXT}`);
    expect(state()).toMatchObject({ line: 3, state: 'moved', missing: false });
    writeFile(plan, 'a.txt', TEXT.replace('second', '2nd'));
    expect(state()).toMatchObject({ line: 2, state: 'changed', missing: false });
    writeFile(plan, 'a.txt', 'nothing of it\n');
    expect(state()).toMatchObject({ line: 2, state: 'lost', missing: true });
  });

  test('to a file that does not exist yet are accepted and marked missing', async () => {
    const plan = await openPlan();
    const { id } = await plan.tasks.create({ title: 'Later', fileRefs: ['later.txt:3', 'later.txt'] });
    expect(plan.tasks.get(id).fileRefs.map((reference) => reference.missing)).toEqual([true, true]);
    writeFile(plan, 'later.txt', TEXT);
    expect(plan.tasks.get(id).fileRefs).toMatchObject([
      { line: 3, state: 'exact', missing: false },
      { state: 'exact', missing: false },
    ]);
  });

  test('follow a file and a folder to another path', async () => {
    const plan = await openPlan();
    writeFile(plan, 'old/a.txt', TEXT);
    const { id } = await plan.tasks.create({ title: 'Move', fileRefs: ['old/a.txt:2', 'old/b.txt', 'older.txt'] });
    const paths = () => plan.tasks.get(id).fileRefs.map((reference) => reference.path);

    await plan.references.rename('old', 'new');
    expect(paths()).toEqual(['new/a.txt', 'new/b.txt', 'older.txt']);
    await plan.references.rename('new/a.txt', 'c.txt');
    expect(paths()).toEqual(['c.txt', 'new/b.txt', 'older.txt']);
    const { head } = plan.plan.store;
    await plan.references.rename('nobody.txt', 'else.txt');
    expect(plan.plan.store.head).toBe(head);
  });

  test('are kept once each, and removed by id, place or path', async () => {
    const plan = await openPlan();
    const { id } = await plan.tasks.create({ title: 'Twice', fileRefs: ['a.ts:1:2', 'a.ts:1-2', 'b.ts'] });
    expect(plan.tasks.get(id).fileRefs).toHaveLength(2);
    await plan.references.remove({ task: id, reference: 'a.ts:1:2' });
    await plan.references.remove({ task: id, reference: 'b.ts' });
    expect(plan.tasks.get(id).fileRefs).toEqual([]);
    expect((await refusalOf(plan.references.remove({ task: id, reference: 'b.ts' }))).code).toBe('NOT_FOUND');
  });
});
