import { describe, expect, test } from 'vitest';
import { Completion, type CriteriaUnmetError } from '../../../src/app/completion/completion.js';
import { Criteria } from '../../../src/app/criteria/criteria.js';
import { recordFeedback } from '../../../src/app/feedback/feedback.js';
import type { TaskEvent } from '../../../src/app/ports.js';
import { Time } from '../../../src/app/time/time.js';
import { refusalOf } from '../../support/refusal.js';
import { openPlan, TestClock } from './openPlan.js';

async function start(world: Parameters<typeof openPlan>[1] = {}) {
  const app = await openPlan(undefined, world);
  return {
    app,
    completion: new Completion(app.plan, app.tasks, app.references),
    criteria: new Criteria(app.plan, app.tasks),
  };
}

describe('completing with criteria', () => {
  test('judges them by progress, hours, subtasks, due time and given values', async () => {
    const clock = new TestClock();
    const { app, criteria } = await start({ clock });
    const { id } = await app.tasks.create({ title: 'One', estimatedHours: 2, due: '2026-01-01', tags: ['api'] });
    for (const title of ['a', 'b', 'c']) await app.tasks.create({ title, parent: id });
    await app.tasks.setStatus({ task: '2', status: 'completed' });
    await new Time(app.plan, app.tasks, app.references).start({ task: id });
    clock.pass(60);
    const { values } = await criteria.list({ task: id, values: { coverage: 3 } });
    expect(values).toMatchObject({
      progress: 33,
      actual_hours: 1,
      estimated_hours: 2,
      hours_over: -1,
      on_time: true,
      subtasks_total: 3,
      subtasks_done: 1,
      status: 'in_progress',
      coverage: 3,
    });
    await app.plan.commit('progress', (transaction) =>
      transaction.insert('collaboration_events', {
        uid: 'e1',
        task_id: id,
        agent_id: 'tester',
        event_type: 'progress',
        content: '80% - nearly there',
        created_at: transaction.at,
      }),
    );
    clock.pass(24 * 60);
    expect((await criteria.list({ task: id })).values).toMatchObject({ progress: 80, on_time: false, days_open: 1 });
    expect((await criteria.list({ task: '3' })).values).not.toHaveProperty('progress');
  });

  test('refuses while one is not met, changing nothing, and checks off what was found to be met', async () => {
    const { app, completion, criteria } = await start();
    const { id } = await app.tasks.create({
      title: 'One',
      criteria: [
        { criterion: 'A', measurable: 'n > 3' },
        { criterion: 'B' },
        { criterion: 'C', measurable: 'by hand' },
      ],
    });
    const before = app.tasks.get(id);
    const refused = (await refusalOf(
      completion.complete({ tasks: [id], validate: true, values: { n: 4 }, summary: 'no' }),
    )) as CriteriaUnmetError;
    expect([refused.message, refused.validation.passed, refused.validation.total]).toEqual([
      `Task ${id} not completed: criteria unmet`,
      2,
      3,
    ]);
    expect(app.tasks.get(id)).toEqual(before);
    await criteria.check({ task: id, numbers: [3] });
    const { completed } = await completion.complete({ tasks: [id], validate: true, values: { n: 4 } });
    expect(completed[0]?.validation?.met).toBe(true);
    expect(app.tasks.read(id).criteria.map(({ done }) => done)).toEqual([true, false, true]);
  });

  test('is forced on purpose', async () => {
    const { app, completion } = await start();
    const { id } = await app.tasks.create({ title: 'One', criteria: [{ criterion: 'A', measurable: 'false' }] });
    const { completed } = await completion.complete({ tasks: [id], validate: true, force: true });
    expect(completed[0]).toMatchObject({ task: { status: 'completed' }, validation: { met: false } });
    expect(app.tasks.read(id).criteria).toMatchObject([{ done: false }]);
  });
});

describe('completing', () => {
  test('again keeps the summary and the hours, unless others are given', async () => {
    const { app, completion } = await start();
    const { id } = await app.tasks.create({ title: 'One' });
    await completion.complete({ tasks: [id], summary: 'first', actualHours: 6 });
    const { completedAt } = app.tasks.get(id);
    const again = await completion.complete({ tasks: [id] });
    expect([again.completed[0]?.already, again.released]).toEqual([true, []]);
    expect(app.tasks.read(id)).toMatchObject({ completionSummary: 'first', actualHours: 6, completedAt });
    await completion.complete({ tasks: [id], summary: 'second' });
    expect(app.tasks.read(id)).toMatchObject({ completionSummary: 'second', actualHours: 6, completedAt });
  });

  test('several goes in the order of their dependencies, and all the way or not at all', async () => {
    const { app, completion } = await start();
    const { id: one } = await app.tasks.create({ title: 'One', tags: ['x'] });
    const { id: two } = await app.tasks.create({ title: 'Two', dependsOn: [one], tags: ['x'] });
    const { id: three } = await app.tasks.create({ title: 'Three', dependsOn: [two] });
    const { id: other } = await app.tasks.create({ title: 'Other' });
    const { id: waits } = await app.tasks.create({ title: 'Waits', dependsOn: [other] });
    const refused = await refusalOf(completion.complete({ tasks: [one, waits] }));
    expect([refused.code, refused.message]).toEqual([
      'DEPENDENCY_OPEN',
      expect.stringMatching(/Nothing was changed\.$/),
    ]);
    expect(app.tasks.get(one).status).toBe('pending');
    const done = await completion.complete({ query: 'tag:x' });
    expect(done.completed.map(({ task }) => task.id)).toEqual([one, two]);
    expect(done.released).toEqual([three]);
    expect((await refusalOf(completion.complete({ query: 'tag:x' }))).code).toBe('NOT_FOUND');
    expect((await refusalOf(completion.complete({ query: ' ' }))).code).toBe('INVALID_INPUT');
    expect((await refusalOf(completion.complete({ tasks: [three, other], actualHours: 1 }))).code).toBe(
      'INVALID_INPUT',
    );
  });

  test('is told to hooks before and after, and refused by them', async () => {
    const heard: string[] = [];
    let refuse = false;
    const hear = (when: string) => async (event: TaskEvent) => {
      heard.push(`${when} ${event.kind} ${'status' in event.task ? event.task.status : ''}`);
      if (refuse) throw new Error('not on Fridays');
    };
    const { app, completion } = await start({ automation: { before: hear('before'), after: hear('after') } });
    const { id } = await app.tasks.create({ title: 'One' });
    heard.length = 0;
    refuse = true;
    await expect(completion.complete({ tasks: [id] })).rejects.toThrow('not on Fridays');
    expect(app.tasks.get(id).status).toBe('pending');
    refuse = false;
    await completion.complete({ tasks: [id] });
    expect(heard).toEqual(['before complete pending', 'before complete pending', 'after complete completed']);
  });

  test('reviews the impact: those with the same files are told', async () => {
    const { app, completion } = await start();
    const { id } = await app.tasks.create({ title: 'One', fileRefs: ['src/a.ts:3', 'src/b.ts'] });
    const { id: other } = await app.tasks.create({ title: 'Other', fileRefs: ['src/a.ts:90'], assignee: 'bob' });
    const { id: done } = await app.tasks.create({ title: 'Done', fileRefs: ['src/a.ts'] });
    await app.tasks.setStatus({ task: done, status: 'completed' });
    const { completed } = await completion.complete({ tasks: [id], impactReview: true });
    expect(completed[0]?.review).toMatchObject({
      files: ['src/a.ts', 'src/b.ts'],
      affected: [{ id: other, paths: ['src/a.ts'] }],
    });
    expect(app.plan.store.all('SELECT type, target_agent, task_id, message FROM notifications')).toEqual([
      {
        type: 'discovery',
        target_agent: 'bob',
        task_id: other,
        message: `DISCOVERY in ${id}: completed; it changed src/a.ts, which this task refers to`,
      },
    ]);
  });
});

describe('feedback', () => {
  test('is for completed tasks, once, and what is not given stays', async () => {
    const { app } = await start();
    const { id } = await app.tasks.create({ title: 'One' });
    const open = await refusalOf(recordFeedback(app.tasks, { task: id, quality: 4 }));
    expect(open.message).toContain('not completed');
    await app.tasks.setStatus({ task: id, status: 'completed' });
    expect(await recordFeedback(app.tasks, { task: id, quality: 4, timeliness: 2 })).toMatchObject({ replaced: false });
    const again = await refusalOf(recordFeedback(app.tasks, { task: id, quality: 5 }));
    expect(again.message).toContain('already has feedback');
    expect(await recordFeedback(app.tasks, { task: id, quality: 5, note: 'fine', replace: true })).toMatchObject({
      quality: 5,
      timeliness: 2,
      note: 'fine',
      replaced: true,
    });
    for (const wrong of [{ quality: 0 }, { quality: 6 }, { timeliness: 2.5 }, { note: 'x'.repeat(501) }, {}])
      expect((await refusalOf(recordFeedback(app.tasks, { task: id, replace: true, ...wrong }))).code).toBe(
        'INVALID_INPUT',
      );
    expect((await refusalOf(recordFeedback(app.tasks, { task: '99', quality: 4 }))).code).toBe('NOT_FOUND');
  });
});
