import { beforeEach, describe, expect, test } from 'vitest';
import { Completion } from '../../../src/app/completion/completion.js';
import type { Orchestrator } from '../../../src/app/orchestrator.js';
import { Verdicts } from '../../../src/app/planning/effort/accuracy.js';
import { Effort } from '../../../src/app/planning/effort/effort.js';
import { Forecast } from '../../../src/app/planning/forecast/forecast.js';
import { ProjectSettings } from '../../../src/app/settings/projectSettings.js';
import { Time } from '../../../src/app/time/time.js';
import { keepAnalysis, readAnalysis } from '../../../src/store/repositories/analysisRows.js';
import { refusalOf } from '../../support/refusal.js';
import { openPlan, TestClock } from './openPlan.js';

/** Thursday 2026-01-01, 12:00 UTC, until it is moved. */
let clock: TestClock;
let plan: Orchestrator;
let effort: Effort;

beforeEach(async () => {
  clock = new TestClock();
  plan = await openPlan(undefined, { clock });
  effort = new Effort(plan.plan, plan.tasks);
  await new ProjectSettings(plan.plan).set('working_hours.time_zone', 'UTC');
});

const add = async (title: string, more: object = {}) => (await plan.tasks.create({ title, ...more })).id;
const start = (task: string) => plan.tasks.setStatus({ task, status: 'in_progress' });
const complete = (task: string, actualHours?: number) =>
  new Completion(plan.plan, plan.tasks, plan.references).complete({ tasks: [task], actualHours });

async function finished(title: string, hours: number, more: object = {}): Promise<string> {
  const task = await add(title, more);
  await complete(task, hours);
  return task;
}

/** What a complexity analysis leaves. */
const score = (task: string, value: number) =>
  plan.plan.commit('task.analyse', (transaction) =>
    keepAnalysis(transaction, { task, kind: 'complexity', inputHash: 'x', result: { score: value } }),
  );

describe('an estimate', () => {
  test('of a store without experience is the prior, and says so', async () => {
    const view = await effort.estimate({ task: await add('First') });
    expect(view).toMatchObject({ estimatedHours: 8, p50: 8, p80: 13.26, basis: { n: 0, score: null, similar: [] } });
    expect(view.basis.source).toBe('complexity not known, taken as middling; no finished task like it');
    expect(view.message).toBe('T-1 likely takes 8 h, and with a probability of 80 % at most 13.26 h');
  });

  test('begins with the complexity that is kept, and learns from finished tasks that are alike', async () => {
    const task = await add('Next', { tags: ['api'] });
    await score(task, 10);
    expect(await effort.estimate({ task })).toMatchObject({
      p50: 16,
      basis: { score: 10, prior: { hours: 16, from: 'complexity' }, source: expect.stringContaining('complexity 10') },
    });
    const first = await finished('Done', 2, { tags: ['api'] });
    const view = await effort.estimate({ task });
    // e^((ln 2 + 3 ln 16) / 4) = 2^(13/4)
    expect(view.p50).toBe(9.51);
    expect(view.basis).toMatchObject({
      n: 1,
      similar: [{ id: first, name: 'T-2', hours: 2, source: 'by_hand', weight: 1 }],
    });
    expect((await effort.estimate({ task, use_historical_data: false })).p50).toBe(16);
  });

  test('is kept with the task, and the same inputs write nothing', async () => {
    const task = await add('One');
    const first = await effort.estimate({ task });
    expect(first.stored).toBe('kept');
    expect(readAnalysis(plan.plan.store, task, 'effort')?.result).toMatchObject({
      p50: 8,
      p80: 13.26,
      estimatedHours: 8,
    });
    const { head } = plan.plan.store;
    clock.pass(60);
    expect(await effort.estimate({ task })).toEqual({ ...first, stored: 'unchanged' });
    expect(plan.plan.store.head).toBe(head);
    await finished('Done', 2);
    expect((await effort.estimate({ task })).stored).toBe('kept');
  });

  test('set as the estimated hours is one change, which is undone as one', async () => {
    const task = await add('One');
    const view = await effort.estimate({ task, apply: true });
    expect([view.applied, plan.tasks.get(task).estimatedHours]).toEqual([true, 8]);
    await plan.history.undo();
    expect(plan.tasks.get(task).estimatedHours).toBeUndefined();
    expect(readAnalysis(plan.plan.store, task, 'effort')).toBeUndefined();
  });

  test('that was only kept is undone like any change', async () => {
    const task = await add('One');
    await effort.estimate({ task });
    await plan.history.undo();
    expect(readAnalysis(plan.plan.store, task, 'effort')).toBeUndefined();
    expect(plan.tasks.get(task).title).toBe('One');
  });

  test('of a closed task is told and not kept, and not set', async () => {
    const task = await finished('Done', 3);
    expect(await effort.estimate({ task })).toMatchObject({ stored: 'not_kept', basis: { n: 0 }, spent: { hours: 3 } });
    expect(readAnalysis(plan.plan.store, task, 'effort')).toBeUndefined();
    expect((await refusalOf(effort.estimate({ task, apply: true }))).code).toBe('INVALID_INPUT');
  });

  test('of a task with subtasks is their sum, with what the finished ones took', async () => {
    const parent = await add('Parent');
    await finished('Done', 5, { parent });
    await add('Open', { parent });
    const gone = await add('Gone', { parent });
    await plan.tasks.setStatus({ task: gone, status: 'cancelled', reason: 'no' });
    const { p50, p80, basis } = await effort.estimate({ task: parent });
    const [done, open] = basis.subtasks ?? [];
    expect([basis.subtasks?.length, done?.actual, open?.actual]).toEqual([2, 5, null]);
    expect(Math.abs(p50 - 5 - (open?.p50 ?? 0))).toBeLessThan(0.3);
    expect(Math.abs(p80 - 5 - (open?.p80 ?? 0))).toBeLessThan(0.5);
  });

  test('of all open tasks is one transaction', async () => {
    await add('One');
    await add('Two');
    await finished('Three', 1);
    const { head } = plan.plan.store;
    const { estimates, total } = await effort.estimateMany({});
    expect([total, estimates.map(({ task }) => task.name)]).toEqual([2, ['T-1', 'T-2']]);
    expect(plan.plan.store.head).toBe(head + 1);
  });
});

describe('what a task took', () => {
  test('is the working hours that it was in progress: a night counts nothing', async () => {
    const task = await add('Slow');
    await start(task);
    // To Friday, 10:00.
    clock.pass(22 * 60);
    await complete(task);
    // Thursday 12–17 and Friday 9–10.
    expect((await effort.estimate({ task })).spent).toEqual({ hours: 6, source: 'in_progress' });
    await plan.tasks.update({ task, actualHours: 2 });
    expect((await effort.estimate({ task })).spent).toEqual({ hours: 2, source: 'by_hand' });
    await plan.tasks.update({ task, actualHours: null });
    expect((await effort.estimate({ task })).spent).toEqual({ hours: 6, source: 'in_progress' });
  });

  test('is what was tracked where somebody tracked it', async () => {
    const task = await add('Timed');
    await new Time(plan.plan, plan.tasks, plan.references).start({ task });
    clock.pass(90);
    await complete(task);
    expect((await effort.estimate({ task })).spent).toEqual({ hours: 1.5, source: 'tracked' });
  });

  test('follows the working hours of the settings', async () => {
    await new ProjectSettings(plan.plan).set('working_hours.hours', '20:00-24:00');
    const task = await add('Late');
    await start(task);
    clock.pass(12 * 60);
    await complete(task);
    expect((await effort.estimate({ task })).spent).toEqual({ hours: 4, source: 'in_progress' });
  });
});

describe('accuracy', () => {
  test('judges what was said before, never what was said afterwards', async () => {
    const judged = await add('Judged');
    await effort.estimate({ task: judged });
    clock.pass(1);
    await complete(judged, 10);
    await finished('Never estimated', 4);
    // 8 hours were said, at most 13.26; it took 10.
    expect(new Verdicts(plan.plan).accuracy()).toMatchObject({
      n: 1,
      medianRelativeError: 0.25,
      medianRatio: 1.25,
      withinP80: 100,
    });
    await effort.estimate({ task: judged });
    expect(new Verdicts(plan.plan).accuracy().medianRelativeError).toBe(0.25);
  });

  test('of nothing is null', () => {
    expect(new Verdicts(plan.plan).accuracy()).toMatchObject({ n: 0, medianRelativeError: null, withinP80: null });
  });
});

describe('a forecast', () => {
  const forecast = (input = {}) => new Forecast(plan.plan, plan.tasks).forecast(input);

  test('turns hours of work into dates, over the weekend', async () => {
    await add('Only', { estimatedHours: 8, due: '2026-01-05' });
    const view = await forecast();
    // Thursday 12:00 and 13 hours are Friday 17:00; what is later comes after the weekend.
    expect(view.hours?.p50).toBeGreaterThan(7.2);
    expect(view.hours?.p50).toBeLessThan(8.8);
    expect(view.dates?.p50).toMatch(/^2026-01-02T1[0-3]/);
    expect(view.dates?.p95).toMatch(/^2026-01-0[56]/);
    const [entry] = view.entries;
    expect(entry).toMatchObject({ name: 'T-1', criticality: 1, effort: { from: 'estimate', p50: 8, spent: 0 } });
    expect(entry?.onTime).toBeGreaterThan(0.8);
    expect(view.basis.sources).toMatchObject([{ from: 'estimate', tasks: 1 }]);
  });

  test('is the same for the same seed, and writes nothing', async () => {
    await add('One');
    const { head } = plan.plan.store;
    const view = await forecast({ seed: 4, runs: 50 });
    expect(await forecast({ seed: 4, runs: 50 })).toEqual(view);
    expect((await forecast({ seed: 5, runs: 50 })).hours).not.toEqual(view.hours);
    expect(plan.plan.store.head).toBe(head);
  });

  test('takes the hours from what was kept, else from the estimate and how good these were, else from the store', async () => {
    for (const hours of [6, 6, 6]) await finished('Done', hours, { estimatedHours: 3 });
    const [kept, own, none] = [await add('Kept'), await add('Own', { estimatedHours: 4 }), await add('None')];
    await effort.estimate({ task: kept });
    const { entries, basis } = await forecast();
    const of = (id: string) => entries.find((entry) => entry.id === id)?.effort;
    expect(of(kept)).toMatchObject({ from: 'kept', p50: 6 });
    // Three tasks took twice as long as was thought, against three of the prior: √2 times.
    expect(of(own)).toMatchObject({ from: 'estimate', p50: expect.closeTo(4 * Math.SQRT2, 2) });
    expect(of(none)).toMatchObject({ from: 'store_median', p50: 6 });
    expect(basis.sources.map(({ from, tasks }) => [from, tasks])).toEqual([
      ['kept', 1],
      ['estimate', 1],
      ['store_median', 1],
    ]);
  });

  test('counts of work in progress what is left', async () => {
    const task = await add('Begun', { estimatedHours: 8 });
    const before = (await forecast()).hours?.p50 ?? 0;
    await start(task);
    clock.pass(4 * 60);
    const view = await forecast();
    expect(view.entries[0]?.effort?.spent).toBe(4);
    expect(view.hours?.p50).toBeLessThan(before);
    expect(view.hours?.p50).toBeGreaterThan(before - 4);
  });

  test('is of a milestone, a filter or a task with what they wait for', async () => {
    const first = await add('First');
    const second = await add('Second', { dependsOn: [first], milestone: 'Beta' });
    await add('Beside', { tags: ['x'] });
    expect((await forecast({ milestone: 'beta' })).tasks).toBe(2);
    expect((await forecast({ task: second })).target).toEqual({ kind: 'task', name: 'T-2' });
    expect((await forecast({ query: 'tag:x' })).tasks).toBe(1);
    expect((await forecast()).tasks).toBe(3);
    expect((await refusalOf(forecast({ milestone: 'gamma' }))).message).toContain('There are: Beta.');
    expect((await refusalOf(forecast({ query: 'tag:nothing' }))).code).toBe('NOT_FOUND');
    expect((await refusalOf(forecast({ task: second, milestone: 'beta' }))).code).toBe('INVALID_INPUT');
  });

  test('says what has no date, and tells of the rest', async () => {
    const gone = await add('Gone');
    const stuck = await add('Stuck', { dependsOn: [gone] });
    await plan.tasks.setStatus({ task: gone, status: 'cancelled', reason: 'no' });
    await add('Free');
    const blocked = await add('Blocked');
    await plan.tasks.setStatus({ task: blocked, status: 'blocked', reason: 'no key' });
    const view = await forecast();
    expect(view.held).toMatchObject([{ id: stuck, why: 'needs_decision' }]);
    expect(view.blocked).toMatchObject([{ id: blocked }]);
    expect(view.message).toMatch(/^The plan without 1 task that cannot be done before somebody decides takes/);
    expect(view.entries).toHaveLength(2);
    expect(await forecast({ task: stuck })).toMatchObject({ hours: null, dates: null, histogram: [], tasks: 1 });
  });

  test('of nothing is nothing', async () => {
    expect(await forecast()).toMatchObject({ tasks: 0, hours: null, work: null, criticalPath: null, entries: [] });
  });

  test('can be cancelled, tells how far it is, and lets others have their turn', async () => {
    await add('One');
    const abort = new AbortController();
    const seen: number[] = [];
    const running = new Forecast(plan.plan, plan.tasks).forecast(
      { runs: 100_000 },
      {
        signal: abort.signal,
        onProgress: (done, total) => {
          seen.push(done / total);
          abort.abort(new Error('enough'));
        },
      },
    );
    await expect(running).rejects.toThrow('enough');
    expect(seen).toHaveLength(1);
    expect(seen[0]).toBeLessThan(1);
  });
});
