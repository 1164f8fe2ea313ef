import { describe, expect, test } from 'vitest';
import type { Orchestrator } from '../../../src/app/orchestrator.js';
import { Review } from '../../../src/app/review/review.js';
import type { ReviewView } from '../../../src/app/review/reviewInputs.js';
import { refusalOf } from '../../support/refusal.js';
import { storePath } from '../../support/stores.js';
import { openPlan, TestClock, writeFile } from './openPlan.js';

interface Team {
  readonly ann: Orchestrator;
  readonly bot: Orchestrator;
  readonly cat: Orchestrator;
  /** Ann's. */
  readonly review: Review;
}

async function team(): Promise<Team> {
  const [path, clock] = [storePath(), new TestClock()];
  const as = (actor: string) => openPlan(path, { clock, actor: () => actor });
  const [ann, bot, cat] = [await as('ann'), await as('bot'), await as('cat')];
  return { ann, bot, cat, review: new Review(ann.plan) };
}

/** `bot T-1 changed: title “A” → “B”`, one for each change. */
function told({ actors }: ReviewView): string[] {
  return actors.flatMap(({ actor, tasks }) =>
    tasks.map(({ name, kind, changes, again }) => {
      const fields = changes.map(({ what, kind: how, fields, other }) =>
        what === 'task' && how === 'changed'
          ? fields.map(({ field, before, after }) => `${field} ${before} → ${after}`).join(', ')
          : `${how} ${what}${other ? ` ${other}` : ''}`,
      );
      return `${actor} ${name} ${kind}: ${fields.join('; ')}${again.map(({ field, by }) => ` (${field} again by ${by})`).join('')}`;
    }),
  );
}

function waiting({ ann, review }: Team): string[] {
  ann.plan.store.refresh();
  return told(review.list());
}

describe('what others changed since a person looked', () => {
  test('is net, by actor and task; what the person did herself is no part of it', async () => {
    const all = await team();
    const { ann, bot, cat } = all;
    const { id } = await ann.tasks.create({ title: 'One' });
    await bot.tasks.update({ task: id, title: 'Two' });
    await bot.tasks.update({ task: id, title: 'Three', priority: 'high' });
    await cat.tasks.update({ task: id, tags: ['x'] });
    const { id: short } = await bot.tasks.create({ title: 'Short' });
    await bot.tasks.delete(short);
    await bot.tasks.create({ title: 'New', dependsOn: [id] });
    expect(waiting(all)).toEqual([
      'bot T-1 changed: title One → Three, priority medium → high',
      'bot T-3 added: added task; added dependency T-1',
      'cat T-1 changed: tags null → ["x"]',
    ]);
    // Each person looks for himself.
    expect(told(new Review(cat.plan).list())[0]).toMatch(/^ann T-1 added/);
  });

  test('a change of the same field by others is theirs, and said', async () => {
    const all = await team();
    const { ann, bot, cat } = all;
    const { id } = await ann.tasks.create({ title: 'A' });
    await bot.tasks.update({ task: id, title: 'B' });
    await cat.tasks.update({ task: id, title: 'C' });
    expect(waiting(all)).toEqual(['bot T-1 changed: title A → B (title again by cat)', 'cat T-1 changed: title B → C']);
    expect((await refusalOf(all.review.revert({ actor: 'bot' }))).message).toMatch(
      /^This cannot be taken back: T-1: title was changed again, by cat at .*\. Nothing was changed\.$/,
    );
    expect(ann.tasks.get(id).title).toBe('C');
    await all.review.revert({ actor: 'cat' });
    expect(waiting(all)).toEqual(['bot T-1 changed: title A → B']);
  });

  test('accepting a task, an actor or all moves the mark of just that, for all windows of the person; what comes later shows again', async () => {
    const all = await team();
    const { ann, bot, cat, review } = all;
    const { id: one } = await ann.tasks.create({ title: 'One' });
    const { id: two } = await ann.tasks.create({ title: 'Two' });
    await bot.tasks.update({ task: one, priority: 'high' });
    await bot.tasks.update({ task: two, priority: 'high' });
    await cat.tasks.update({ task: one, title: 'Uno' });
    await review.accept({ task: two });
    expect(waiting(all)).toEqual(['bot T-1 changed: priority medium → high', 'cat T-1 changed: title One → Uno']);
    await review.accept({ actor: 'bot' });
    expect(waiting(all)).toEqual(['cat T-1 changed: title One → Uno']);
    await bot.tasks.update({ task: two, priority: 'low' });
    expect(waiting(all)).toEqual(['bot T-2 changed: priority high → low', 'cat T-1 changed: title One → Uno']);
    // Another window of hers, opened later.
    const other = await openPlan(ann.plan.store.path, { actor: () => 'ann' });
    const elsewhere = new Review(other.plan);
    expect(told(elsewhere.list())).toEqual(waiting(all));
    await elsewhere.accept();
    expect(waiting(all)).toEqual([]);
    // Accepting is no step that undo takes back.
    expect((await ann.history.undo({ dryRun: true })).undone[0]?.action).toBe('task.create');
    expect((await refusalOf(review.accept({ actor: 'bot' }))).code).toBe('NOT_FOUND');
  });

  test('accepts only what was looked at', async () => {
    const all = await team();
    const { ann, bot, review } = all;
    const { id } = await ann.tasks.create({ title: 'One' });
    await bot.tasks.update({ task: id, priority: 'high' });
    ann.plan.store.refresh();
    const { head } = review.list();
    await bot.tasks.update({ task: id, title: 'Later' });
    expect((await refusalOf(review.revert({ task: id, upTo: head }))).message).toMatch(
      /T-1 was changed at this moment by bot; look again/,
    );
    await review.accept({ upTo: head });
    expect(waiting(all)).toEqual(['bot T-1 changed: title One → Later']);
  });

  test('taking back is one step, which undo takes back in turn', async () => {
    const all = await team();
    const { ann, bot, review } = all;
    const { id: one } = await ann.tasks.create({ title: 'One', criteria: [{ criterion: 'It works' }] });
    const { id: two } = await ann.tasks.create({ title: 'Two', dependsOn: [one] });
    writeFile(ann, 'a.ts', 'one\ntwo\n');
    const { id: made } = await bot.tasks.create({ title: 'Made', fileRefs: ['a.ts:1'], dependsOn: [one] });
    await bot.dependencies.add({ task: two, dependsOn: made });
    await bot.tasks.setStatus({ task: one, status: 'completed' });
    const before = waiting(all);
    expect(before).toEqual([
      'bot T-1 changed: status pending → completed',
      'bot T-2 changed: added dependency T-3',
      'bot T-3 added: added task; added dependency T-1; added reference',
    ]);
    const { seq, reverted } = await review.revert({ actor: 'bot' });
    expect(reverted.map(({ name }) => name).sort()).toEqual(['T-1', 'T-2', 'T-3']);
    expect(waiting(all)).toEqual([]);
    expect(ann.tasks.get(one).status).toBe('pending');
    expect(ann.trash.list().map(({ name }) => name)).toEqual(['T-3']);
    await ann.history.undo({ seq });
    expect(waiting(all)).toEqual(before);
    expect(ann.tasks.get(made).fileRefs).toHaveLength(1);
    // And again, for one task only.
    await review.revert({ task: made });
    expect(waiting(all)).toEqual(['bot T-1 changed: status pending → completed']);
  });

  test('a deleted task comes back with what went with it', async () => {
    const all = await team();
    const { ann, bot, review } = all;
    const { id: one } = await ann.tasks.create({ title: 'One' });
    const { id: two } = await ann.tasks.create({ title: 'Two', dependsOn: [one], parent: one });
    await bot.tasks.update({ task: one, title: 'Uno' });
    await bot.tasks.delete(one, { force: true });
    expect(waiting(all)).toEqual(['bot T-1 removed: removed task']);
    const { seq } = await review.revert({ task: 'T-1' });
    await ann.history.undo({ seq });
    expect(waiting(all)).toEqual(['bot T-1 removed: removed task']);
    await review.revert({ task: 'T-1' });
    expect(ann.tasks.get(one).title).toBe('One');
    expect(ann.tasks.get(two)).toMatchObject({ parent: one, dependsOn: [one] });
    expect([ann.trash.list(), waiting(all)]).toEqual([[], []]);
  });

  test('a created task that somebody works with does not go', async () => {
    const all = await team();
    const { ann, bot, cat, review } = all;
    const { id } = await bot.tasks.create({ title: 'New' });
    const { id: mine } = await ann.tasks.create({ title: 'Mine', dependsOn: [id] });
    await cat.tasks.update({ task: id, title: 'Newer' });
    const { conflicts } = await review.revert({ actor: 'bot', dryRun: true });
    expect(conflicts.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^T-1: title was changed since, by cat at .* \(transaction 3\)$/),
      expect.stringMatching(/^T-1 cannot go: T-2 waits for it, by ann at /),
    ]);
    expect((await refusalOf(review.revert({ actor: 'bot' }))).code).toBe('CONFLICT');
    expect(ann.tasks.get(mine).dependsOn).toHaveLength(1);
  });

  test('names somebody or all; nothing to look at is not found', async () => {
    const { ann, review } = await team();
    await ann.tasks.create({ title: 'One' });
    expect((await refusalOf(review.revert({}))).code).toBe('INVALID_INPUT');
    expect((await refusalOf(review.revert({ all: true }))).code).toBe('NOT_FOUND');
    expect((await refusalOf(review.revert({ task: 'T-9' }))).code).toBe('NOT_FOUND');
    expect((await review.accept()).accepted).toEqual([]);
  });

  test('says where the list was cut, and reads only what came since when asked again', async () => {
    const all = await team();
    const { ann, bot, review } = all;
    for (const title of ['A', 'B', 'C']) await bot.tasks.create({ title });
    ann.plan.store.refresh();
    expect(review.list({ limit: 2 })).toMatchObject({ truncated: true, total: 3 });
    expect(told(review.list({ limit: 2 }))).toHaveLength(2);
    expect(review.list()).toMatchObject({ truncated: false, total: 3 });
    await bot.tasks.create({ title: 'D' });
    ann.plan.store.refresh();
    const asked: string[] = [];
    const { store } = ann.plan;
    const read = store.all.bind(store);
    store.all = ((sql: string, values: string[]) => {
      if (/FROM audit_log WHERE task_id/.test(sql)) asked.push(String(values[0]));
      return read(sql, values);
    }) as typeof store.all;
    expect(review.list().total).toBe(4);
    expect(new Set(asked).size).toBe(1);
  });

  test('shows a task without and with the changes; what others did stands in both', async () => {
    const all = await team();
    const { ann, bot, cat, review } = all;
    const { id } = await ann.tasks.create({ title: 'One', description: 'First line\nsecond', tags: ['a'] });
    const { id: two } = await ann.tasks.create({ title: 'Two' });
    await cat.tasks.update({ task: id, priority: 'high' });
    await bot.tasks.update({ task: id, description: 'First line\nother', tags: ['a', 'b'] });
    await bot.dependencies.add({ task: id, dependsOn: two });
    ann.plan.store.refresh();
    const [diff] = review.diff({ task: id, actor: 'bot' }).diffs;
    expect(diff?.before).toBe(
      '# T-1 One\n\n- status: pending\n- priority: high\n- type: task\n- tags: a\n\n## Description\n\nFirst line\nsecond\n',
    );
    expect(diff?.after).toBe(
      '# T-1 One\n\n- status: pending\n- priority: high\n- type: task\n- tags: a, b\n\n## Description\n\nFirst line\nother\n\n## Depends on\n\n- T-2 Two\n',
    );
    const { id: made } = await bot.tasks.create({ title: 'Made' });
    await bot.tasks.delete(two, { force: true });
    ann.plan.store.refresh();
    expect(review.diff({ task: made }).diffs[0]).toMatchObject({
      before: '',
      after: expect.stringContaining('# T-3 Made'),
    });
    expect(review.diff({ task: two }).diffs[0]).toMatchObject({
      before: expect.stringContaining('# T-2 Two'),
      after: '',
    });
  });
});
