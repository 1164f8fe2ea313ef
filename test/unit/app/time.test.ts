import { describe, expect, test } from 'vitest';
import type { Orchestrator } from '../../../src/app/orchestrator.js';
import { Time } from '../../../src/app/time/time.js';
import { timeReport } from '../../../src/app/time/timeReport.js';
import { refusalOf } from '../../support/refusal.js';
import { storePath } from '../../support/stores.js';
import { openPlan, TestClock } from './openPlan.js';

async function start() {
  const [path, clock] = [storePath(), new TestClock()];
  const ann = await openPlan(path, { clock, actor: () => 'ann' });
  const bob = await openPlan(path, { clock, actor: () => 'bob' });
  for (const title of ['One', 'Two']) await ann.tasks.create({ title, estimatedHours: 2 });
  bob.plan.store.refresh();
  return { ann, bob, clock, time: timeOf(ann), others: timeOf(bob) };
}

const timeOf = ({ plan, tasks, references }: Orchestrator) => new Time(plan, tasks, references);
const storedHours = (app: Orchestrator, task: string) => app.tasks.read(task).actualHours;

describe('a clock', () => {
  test('runs from start to stop; its hours become those of the task', async () => {
    const { ann, clock, time } = await start();
    const started = await time.start({ task: '1' });
    expect([started.task.status, started.resumed, started.stopped]).toEqual(['in_progress', false, []]);
    clock.pass(90);
    const { stopped } = await time.stop({ note: 'half' });
    expect(stopped).toMatchObject([
      { name: 'T-1', hours: 1.5, note: 'half', actual: { basis: 'tracked', ratio: 0.75 } },
    ]);
    expect([storedHours(ann, '1'), ann.tasks.get('1').status]).toEqual([1.5, 'in_progress']);
    await time.start({ task: '1' });
    clock.pass(30);
    await time.stop({ task: '1' });
    expect(time.of('1').actual).toEqual({
      hours: 2,
      basis: 'tracked',
      trackedHours: 2,
      entries: 2,
      estimatedHours: 2,
      ratio: 1,
    });
  });

  test('is one for each actor: another one stops the first, somebody else has their own', async () => {
    const { clock, time, others } = await start();
    await time.start({ task: '1' });
    clock.pass(10);
    await others.start({ task: '1' });
    const second = await time.start({ task: '2' });
    expect(second.stopped).toMatchObject([{ agent: 'ann', hours: 0.1667 }]);
    expect((await time.start({ task: '2' })).resumed).toBe(true);
    expect(time.of('1').entries.map(({ agent, endedAt }) => [agent, endedAt === undefined])).toEqual([
      ['ann', false],
      ['bob', true],
    ]);
    await time.stop();
    expect((await refusalOf(time.stop())).message).toBe('No clock of ann is running.');
    expect((await refusalOf(time.stop({ task: '1' }))).message).toBe('No clock of ann is running on T-1.');
  });

  test('stops when the work does, whoever ends it', async () => {
    const { ann, clock, time, others } = await start();
    for (const status of ['completed', 'blocked', 'cancelled', 'pending']) {
      const { id } = await ann.tasks.create({ title: status });
      await time.start({ task: id });
      clock.pass(60);
      others.of('1');
      await ann.tasks.setStatus({ task: id, status });
      expect(time.of(id).entries, status).toMatchObject([{ hours: 1, endedAt: clock.now() }]);
      expect(storedHours(ann, id)).toBe(1);
    }
  });

  test('starts nothing that waits', async () => {
    const { ann, time } = await start();
    const { id } = await ann.tasks.create({ title: 'Waits', dependsOn: ['1'] });
    expect((await refusalOf(time.start({ task: id }))).code).toBe('DEPENDENCY_OPEN');
    expect(time.of(id).entries).toEqual([]);
  });
});

describe('actual hours', () => {
  test('that were set by hand stay, and say so', async () => {
    const { ann, clock, time } = await start();
    await time.start({ task: '1' });
    clock.pass(60);
    await ann.tasks.change({ task: '1', status: 'completed', actualHours: 5 });
    expect(time.of('1').actual).toMatchObject({ hours: 5, basis: 'by_hand', trackedHours: 1 });
    await time.add({ task: '1', spent: '30m' });
    expect(storedHours(ann, '1')).toBe(5);
  });

  test('follow entries that are added and removed', async () => {
    const { ann, clock, time } = await start();
    const added = await time.add({ task: '1', spent: '1h30m', at: '2026-01-01T09:00Z', note: 'review' });
    expect(added.entries).toMatchObject([
      { startedAt: '2026-01-01T09:00:00.000Z', endedAt: '2026-01-01T10:30:00.000Z', note: 'review' },
    ]);
    await time.add({ task: '1', spent: '15m' });
    expect(storedHours(ann, '1')).toBe(1.75);
    await time.remove(added.entries[0]?.id ?? '');
    expect(storedHours(ann, '1')).toBe(0.25);
    await time.remove(time.of('1').entries[0]?.id ?? '');
    expect(time.of('1').actual).toMatchObject({ hours: null, basis: 'none' });
    expect((await refusalOf(time.remove('nothing'))).code).toBe('NOT_FOUND');
    const future = await refusalOf(time.add({ task: '1', spent: '1h', at: clock.now() }));
    expect([future.code, future.message]).toEqual(['INVALID_INPUT', expect.stringContaining('in the future')]);
    expect((await refusalOf(time.add({ task: '1', spent: 'long' }))).code).toBe('INVALID_INPUT');
  });
});

describe('a report of time', () => {
  test('adds up what lies in the period, running clocks until now', async () => {
    const { ann, clock, time, others } = await start();
    await time.add({ task: '1', spent: '3h', at: '2025-12-31T10:30Z' });
    await time.add({ task: '2', spent: '2h', at: '2025-12-31T22:30Z' });
    await others.start({ task: '2' });
    clock.pass(60);
    ann.plan.store.refresh();
    const hours = (by: 'task' | 'agent' | 'day', period: 'day' | 'all' = 'all') =>
      timeReport(ann.plan, { by, period }).rows.map((row) => [row.label, row.hours]);
    expect(hours('task')).toEqual([
      ['T-1 One', 3],
      ['T-2 Two', 3],
    ]);
    expect(hours('agent')).toEqual([
      ['ann', 5],
      ['bob', 1],
    ]);
    expect(hours('day')).toEqual([
      ['2025-12-31', 4.5],
      ['2026-01-01', 1.5],
    ]);
    // One hour of the first entry lies within the last 24.
    expect(hours('agent', 'day')).toEqual([
      ['ann', 2.5],
      ['bob', 1],
    ]);
    expect(timeReport(ann.plan)).toMatchObject({ hours: 6, entries: 3, running: 1, since: null });
  });
});
