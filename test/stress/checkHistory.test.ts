import { describe, expect, test } from 'vitest';
import { checkHistory, type HistoryEntry } from './checkHistory.js';
import type { Operation, Result } from './operations.js';
import { PlanModel } from './planModel.js';

interface Times {
  readonly from: number;
  readonly to: number;
}

const TASK = '0000000a';
const add: Operation = { kind: 'add', title: 'One', dependsOn: [], places: [] };
const claim: Operation = { kind: 'claim', task: TASK };

function entry(actor: string, operation: Operation, { from, to }: Times, rest: Partial<HistoryEntry>): HistoryEntry {
  const outcome = { kind: 'done', result: null } as const;
  return { actor, operation, start: BigInt(from), end: BigInt(to), seq: undefined, head: 0, outcome, ...rest };
}

/** A transaction that was acknowledged. */
function done(actor: string, operation: Operation, times: Times, seq: number, result: Result = null): HistoryEntry {
  return entry(actor, operation, times, { seq, head: seq, outcome: { kind: 'done', result } });
}

function read(actor: string, times: Times, head: number, seen: string): HistoryEntry {
  return entry(actor, { kind: 'read' }, times, { head, seen });
}

const added = done('ann', add, { from: 0, to: 10 }, 1, { id: TASK, number: 1 });
const claimed = done('ann', claim, { from: 20, to: 40 }, 2, 1);

/** The plan after some of these operations. */
function planAfter(...operations: readonly [string, Operation][]): string {
  const model = new PlanModel();
  for (const [actor, operation] of operations) model.apply(operation, actor, TASK);
  return model.describe();
}

const check = (...entries: HistoryEntry[]) => checkHistory(entries, { model: new PlanModel(), base: 0 });

describe('a history is linearizable', () => {
  test('when every operation fits between its start and its end', () => {
    const refused = entry(
      'bob',
      claim,
      { from: 21, to: 39 },
      { head: 2, outcome: { kind: 'refused', code: 'LEASE_HELD' } },
    );
    const early = read('cy', { from: 22, to: 30 }, 1, planAfter(['ann', add]));
    const late = read('cy', { from: 41, to: 42 }, 2, planAfter(['ann', add], ['ann', claim]));
    check(late, refused, claimed, early, added);
  });

  test('with an operation that nobody acknowledged, wherever it stands', () => {
    const unfinished = { ...done('bob', add, { from: 5, to: 0 }, 1, { id: TASK, number: 1 }), end: undefined };
    check(unfinished, claimed);
  });
});

describe('it is not', () => {
  test('when an acknowledged operation is missing', () => {
    expect(() => check(added, { ...claimed, seq: 3 })).toThrow('nobody acknowledged transaction 2');
  });

  test('when two have one transaction', () => {
    expect(() => check(added, claimed, done('bob', claim, { from: 20, to: 40 }, 2, 1))).toThrow('two operations');
  });

  test('when an update is lost', () => {
    const renamed = done('bob', { kind: 'rename', task: TASK, title: 'Two' }, { from: 11, to: 12 }, 2);
    const seen = read('cy', { from: 20, to: 30 }, 2, planAfter(['ann', add]));
    expect(() => check(added, renamed, seen)).toThrow('saw another plan');
  });

  test('when a read is stale', () => {
    const stale = read('cy', { from: 50, to: 60 }, 1, planAfter(['ann', add]));
    expect(() => check(added, claimed, stale)).toThrow('had ended when');
  });

  test('when a read tells the future', () => {
    const early = read('cy', { from: 11, to: 15 }, 2, planAfter(['ann', add], ['ann', claim]));
    expect(() => check(added, claimed, early)).toThrow('had ended when');
  });

  test('when transactions stand against time', () => {
    const before = done('bob', { kind: 'rename', task: TASK, title: 'Two' }, { from: 11, to: 12 }, 3);
    expect(() => check(added, claimed, before)).toThrow('had ended when');
  });

  test('when two get one claim', () => {
    expect(() => check(added, claimed, done('bob', claim, { from: 20, to: 40 }, 3, 2))).toThrow('LEASE_HELD');
  });

  test('when a refusal is wrong at the moment that it tells of', () => {
    const refused = entry(
      'bob',
      claim,
      { from: 11, to: 39 },
      { head: 1, outcome: { kind: 'refused', code: 'LEASE_HELD' } },
    );
    expect(() => check(added, claimed, refused)).toThrow('is right');
  });

  test('when a number is given twice', () => {
    const twice = done('bob', add, { from: 11, to: 12 }, 2, { id: '0000000b', number: 1 });
    expect(() => check(added, twice)).toThrow('is right');
  });
});
