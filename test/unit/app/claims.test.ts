import { describe, expect, test } from 'vitest';
import { HeldTasks } from '../../../src/app/claims/heldTasks.js';
import type { Orchestrator } from '../../../src/app/orchestrator.js';
import { refusalOf } from '../../support/refusal.js';
import { storePath } from '../../support/stores.js';
import { openPlan, TestClock } from './openPlan.js';

interface Team {
  readonly ann: Orchestrator;
  readonly bob: Orchestrator;
  readonly clock: TestClock;
}

/** Two people on one store, each in a process of their own as far as the store can tell. */
async function team(): Promise<Team> {
  const [path, clock] = [storePath(), new TestClock()];
  const place = () => ({ branch: 'feature/x', worktree: 'second' });
  const ann = await openPlan(path, { clock, actor: () => 'ann', place });
  return { ann, bob: await openPlan(path, { clock, actor: () => 'bob' }), clock };
}

const refused = async (work: Promise<unknown>) => (await refusalOf(work)).code;

describe('a claim', () => {
  test('says who holds the task, until when and where the work is done', async () => {
    const { ann, clock } = await team();
    const { id } = await ann.tasks.create({ title: 'One' });
    const { claim, state } = await ann.claims.claim({ task: id });
    expect(state).toBe('claimed');
    expect(claim).toEqual({
      by: 'ann',
      at: clock.now(),
      expiresAt: '2026-01-01T12:30:00.000Z',
      expired: false,
      version: 1,
      branch: 'feature/x',
      worktree: 'second',
    });
  });

  test('is had by one: others are refused, and so is the holder', async () => {
    const { ann, bob } = await team();
    const { id } = await ann.tasks.create({ title: 'One' });
    await ann.claims.claim({ task: id });
    const refusal = await refusalOf(bob.claims.claim({ task: id }));
    expect([refusal.code, refusal.message]).toEqual([
      'LEASE_HELD',
      'T-1 is claimed by ann, since 2026-01-01 12:00 UTC, until 2026-01-01 12:30 UTC. Choose another task, or take this one over on purpose.',
    ]);
    expect(await refused(ann.claims.claim({ task: id }))).toBe('LEASE_HELD');
  });

  test('without a task takes the most urgent ready one that the filter admits', async () => {
    const { ann, bob } = await team();
    const first = await ann.tasks.create({ title: 'Later', priority: 'low', tags: ['api'] });
    const second = await ann.tasks.create({ title: 'Soon', priority: 'high' });
    await ann.tasks.create({ title: 'Waits', priority: 'critical', dependsOn: [first.id] });
    expect((await ann.claims.claim({ query: 'tag:api' })).id).toBe(first.id);
    expect((await bob.claims.claim({})).id).toBe(second.id);
    expect(await refused(bob.claims.claim({}))).toBe('NOT_FOUND');
  });

  test('is refused for what cannot be worked on', async () => {
    const { ann } = await team();
    const { id: one } = await ann.tasks.create({ title: 'One' });
    const { id: two } = await ann.tasks.create({ title: 'Two', dependsOn: [one] });
    expect(await refused(ann.claims.claim({ task: two }))).toBe('DEPENDENCY_OPEN');
    await ann.tasks.setStatus({ task: one, status: 'completed' });
    expect(await refused(ann.claims.claim({ task: one }))).toBe('INVALID_TRANSITION');
    expect(await refused(ann.claims.claim({ task: two, for: '30 parsecs' }))).toBe('INVALID_INPUT');
  });

  test('keeps others from starting, completing, blocking and deleting, not from planning', async () => {
    const { ann, bob } = await team();
    const { id } = await ann.tasks.create({ title: 'One' });
    await ann.claims.claim({ task: id });
    for (const status of ['in_progress', 'completed', 'blocked', 'cancelled'])
      expect(await refused(bob.tasks.setStatus({ task: id, status }))).toBe('LEASE_HELD');
    expect(await refused(bob.tasks.delete(id))).toBe('LEASE_HELD');
    await bob.tasks.update({ task: id, priority: 'high' });
    await ann.tasks.setStatus({ task: id, status: 'in_progress' });
    const { task } = await ann.tasks.setStatus({ task: id, status: 'completed' });
    expect([task.priority, task.status, task.claim]).toEqual(['high', 'completed', undefined]);
  });

  test('runs out: then the task is ready again, and whoever held it before is told and fenced off', async () => {
    const { ann, bob, clock } = await team();
    const { id } = await ann.tasks.create({ title: 'One' });
    const { claim } = await ann.claims.claim({ task: id, for: '10m' });
    expect(ann.claims.nextMoment()).toBe('2026-01-01T12:10:00.000Z');
    clock.pass(11);
    expect(ann.tasks.get(id)).toMatchObject({ state: 'ready', claim: { by: 'ann', expired: true } });
    expect(bob.tasks.ready().total).toBe(0);
    bob.plan.store.refresh();
    expect(bob.tasks.ready().total).toBe(1);
    const second = await bob.claims.claim({ task: id });
    expect(second.claim?.version).toBe(2);
    const loser = await refusalOf(ann.tasks.setStatus({ task: id, status: 'completed', lease: claim?.version }));
    expect([loser.code, loser.message]).toEqual([
      'LEASE_HELD',
      "Lease 1 on T-1 is no longer yours. It is bob's since 2026-01-01 12:11 UTC (lease 2). Nothing was changed; claim it again before you go on.",
    ]);
    expect(await refused(ann.claims.renew({ task: id }))).toBe('LEASE_HELD');
    expect(bob.plan.store.get('SELECT target_agent, type, message FROM notifications')).toEqual({
      target_agent: 'ann',
      type: 'claim_expired',
      message: 'Your claim on T-1 ran out and is now held by bob.',
    });
  });

  test('that was lost and is free again does not come back to life', async () => {
    const { ann, bob } = await team();
    const { id } = await ann.tasks.create({ title: 'One' });
    const { claim } = await ann.claims.claim({ task: id });
    await bob.claims.claim({ task: id, takeOver: true });
    await bob.claims.release({ task: id });
    expect(await refused(ann.tasks.update({ task: id, title: 'Mine', lease: claim?.version }))).toBe('LEASE_HELD');
    const again = await ann.claims.claim({ task: id });
    expect(again.claim?.version).toBe(3);
    await ann.tasks.update({ task: id, title: 'Mine', lease: 3 });
  });

  test('that ran out and that nobody took can still be used and renewed', async () => {
    const { ann, clock } = await team();
    const { id } = await ann.tasks.create({ title: 'One' });
    const { claim } = await ann.claims.claim({ task: id, for: '10m' });
    clock.pass(11);
    await ann.tasks.update({ task: id, title: 'Still mine', lease: claim?.version });
    const renewed = await ann.claims.renew({ task: id, for: '2h', lease: claim?.version });
    expect(renewed.claim).toMatchObject({ expiresAt: '2026-01-01T14:11:00.000Z', version: 1, expired: false });
  });

  test('is taken over on purpose only, with a reason that the loser gets', async () => {
    const { ann, bob } = await team();
    const { id } = await ann.tasks.create({ title: 'One' });
    await ann.claims.claim({ task: id });
    const taken = await bob.claims.claim({ task: id, takeOver: true, reason: 'ann is ill' });
    expect(taken.claim).toMatchObject({ by: 'bob', version: 2 });
    expect(await refused(ann.claims.release({ task: id }))).toBe('LEASE_HELD');
    expect(bob.plan.store.get('SELECT message FROM notifications')).toEqual({
      message: 'Your claim on T-1 was taken over by bob: ann is ill',
    });
    expect(bob.plan.store.get("SELECT count(*) AS n FROM audit_log WHERE action = 'claim.take_over'")?.n).not.toBe(0);
  });

  test('is given up by its holder alone', async () => {
    const { ann, bob } = await team();
    const { id } = await ann.tasks.create({ title: 'One' });
    expect(await refused(ann.claims.release({ task: id }))).toBe('LEASE_HELD');
    await ann.claims.claim({ task: id });
    expect(await refused(bob.claims.release({ task: id }))).toBe('LEASE_HELD');
    expect((await ann.claims.release({ task: id })).claim).toBeUndefined();
    expect((await bob.claims.claim({ task: id })).claim?.by).toBe('bob');
  });
});

describe('what may be done about a claim', () => {
  test('follows from whose it is, and from what the task waits for', async () => {
    const { ann, bob, clock } = await team();
    const legal = (plan: Orchestrator, id: string) => {
      plan.plan.store.refresh();
      return plan.claims.legalActions(id);
    };
    const { id } = await ann.tasks.create({ title: 'One' });
    const { id: waiting } = await ann.tasks.create({ title: 'Two', dependsOn: [id] });
    expect([legal(ann, id), legal(ann, waiting)]).toEqual([['claim'], []]);
    await ann.claims.claim({ task: id, for: '10m' });
    expect([legal(ann, id), legal(bob, id)]).toEqual([['renew', 'release'], ['take_over']]);
    clock.pass(11);
    expect([legal(ann, id), legal(bob, id)]).toEqual([['renew', 'release'], ['claim']]);
    await ann.tasks.setStatus({ task: id, status: 'completed' });
    expect([legal(bob, id), legal(bob, waiting)]).toEqual([[], ['claim']]);
  });
});

describe('the moments at which a plan looks different', () => {
  test('are known ahead, and the tasks that they concern after', async () => {
    const { ann, clock } = await team();
    const start = clock.now();
    const { id } = await ann.tasks.create({ title: 'One' });
    const { id: later } = await ann.tasks.create({ title: 'Two', notBefore: '2026-01-01T12:20:00Z' });
    await ann.claims.claim({ task: id, for: '10m' });
    expect(ann.claims.nextMoment()).toBe('2026-01-01T12:10:00.000Z');
    expect(ann.claims.passedSince(start)).toEqual([]);
    clock.pass(10);
    expect(ann.claims.passedSince(start)).toEqual([id]);
    expect(ann.claims.nextMoment()).toBe('2026-01-01T12:20:00.000Z');
    const between = clock.now();
    clock.pass(10);
    expect(ann.claims.passedSince(between)).toEqual([later]);
    expect(ann.claims.nextMoment()).toBeUndefined();
  });
});

describe('the loss of a claim', () => {
  test('is noticed once, with who holds the task now', async () => {
    const { ann, bob, clock } = await team();
    const [one, two] = [await ann.tasks.create({ title: 'One' }), await ann.tasks.create({ title: 'Two' })];
    await ann.claims.claim({ task: one.id });
    const held = new HeldTasks(ann.plan);
    await ann.claims.claim({ task: two.id, for: '1m' });
    expect(held.compare([two.id])).toEqual([]);
    bob.plan.store.refresh();
    await bob.claims.claim({ task: one.id, takeOver: true, reason: 'ann is ill' });
    clock.pass(2);
    await bob.claims.claim({ task: two.id });
    ann.plan.store.refresh();
    const lost = held.compare([one.id, two.id]).map(({ task, claim, message }) => [task.number, claim.by, message]);
    expect(lost).toEqual([
      [1, 'bob', 'Your claim on T-1 was taken over by bob: ann is ill'],
      [2, 'bob', 'Your claim on T-2 ran out and is now held by bob.'],
    ]);
    expect(held.compare([one.id, two.id])).toEqual([]);
  });

  test('is none where it was given up or the task is done', async () => {
    const { ann, bob } = await team();
    const { id } = await ann.tasks.create({ title: 'One' });
    await ann.claims.claim({ task: id });
    const held = new HeldTasks(ann.plan);
    await ann.claims.release({ task: id });
    expect(held.compare([id])).toEqual([]);
    await bob.claims.claim({ task: id });
    ann.plan.store.refresh();
    expect(held.compare([id])).toEqual([]);
  });
});
