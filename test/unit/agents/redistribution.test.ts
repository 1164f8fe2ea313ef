import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type MovableTask, redistribute, type Worker } from '../../../src/core/agents/redistribution.js';
import { loadOf } from '../../../src/core/agents/workload.js';
import { PRIORITIES } from '../../../src/core/model/priority.js';
import { check } from '../../support/check.js';

const worker = (id: string, tasks: number, more: Partial<Worker> = {}): Worker => ({
  id,
  tasks,
  hours: 0,
  completedToday: 0,
  capabilities: [],
  accepts: true,
  ...more,
});

const task = (number: number, assignee: string, more: Partial<MovableTask> = {}): MovableTask => ({
  id: number.toString(16).padStart(8, '0'),
  number,
  assignee,
  priority: 'medium',
  hours: 0,
  wants: [],
  ...more,
});

test('load is 10 a task and 5 an hour, less 5 a task completed today, from 0 to 100', () => {
  expect(loadOf({ tasks: 3, hours: 2, completedToday: 1 })).toBe(35);
  expect(loadOf({ tasks: 0, hours: 0, completedToday: 4 })).toBe(0);
  expect(loadOf({ tasks: 20, hours: 40, completedToday: 0 })).toBe(100);
});

describe('redistribution', () => {
  test('moves until nobody is above the threshold, the least urgent and newest first', () => {
    const tasks = [1, 2, 3, 4].map((number) => task(number, 'ann', { priority: number === 2 ? 'low' : 'medium' }));
    const moves = redistribute([worker('ann', 10), worker('bob', 0)], tasks, 80);
    expect(moves.map((move) => [Number.parseInt(move.task, 16), move.to])).toEqual([
      [2, 'bob'],
      [4, 'bob'],
    ]);
  });

  test('prefers who can do it, and does not take a specialist’s work for somebody else first', () => {
    const workers = [
      worker('ann', 9, { capabilities: ['ui'] }),
      worker('bob', 0),
      worker('cleo', 3, { capabilities: ['Database'] }),
    ];
    const tasks = [task(1, 'ann', { wants: ['database'] }), task(2, 'ann', { wants: ['ui'], priority: 'low' })];
    expect(redistribute(workers, tasks, 80)).toEqual([
      { task: '00000001', from: 'ann', to: 'cleo', matches: ['database'] },
    ]);
  });

  test('gives nothing to who does not take work or would have too much by it', () => {
    const workers = [worker('ann', 9), worker('bob', 8), worker('gone', 0, { accepts: false })];
    expect(redistribute(workers, [task(1, 'ann')], 80)).toEqual([]);
  });

  test('makes nobody too loaded, moves nothing twice and does not depend on the order of what it is given', () => {
    const ids = ['a', 'b', 'c', 'd'];
    const aWorker = fc.record({ hours: fc.nat(8), completedToday: fc.nat(3), accepts: fc.boolean() });
    const aTask = fc.record({
      assignee: fc.constantFrom(...ids),
      hours: fc.nat(6),
      priority: fc.constantFrom(...PRIORITIES),
      wants: fc.subarray(['x', 'y']),
    });
    check(
      fc.property(
        fc.array(aWorker, { minLength: 4, maxLength: 4 }),
        fc.array(aTask, { maxLength: 40 }),
        fc.nat(100),
        (given, some, limit) => {
          const tasks = some.map((one, at) => task(at + 1, one.assignee, one));
          const workers = given.map((one, at) => {
            const id = ids[at] as string;
            const own = tasks.filter((other) => other.assignee === id);
            const hours = own.reduce((sum, other) => sum + other.hours, 0);
            return worker(id, own.length, { ...one, hours, capabilities: at % 2 ? ['x'] : [] });
          });
          const moves = redistribute(workers, tasks, limit);
          expect(new Set(moves.map((move) => move.task)).size).toBe(moves.length);
          expect(redistribute([...workers].reverse(), [...tasks].reverse(), limit)).toEqual(moves);
          for (const { to } of moves) {
            const target = workers.find((one) => one.id === to);
            const got = moves.filter((move) => move.to === to).map((move) => tasks.find((one) => one.id === move.task));
            const gave = moves
              .filter((move) => move.from === to)
              .map((move) => tasks.find((one) => one.id === move.task));
            const hours = (list: typeof got) => list.reduce((sum, one) => sum + (one?.hours ?? 0), 0);
            const after = {
              tasks: (target?.tasks ?? 0) + got.length - gave.length,
              hours: (target?.hours ?? 0) + hours(got) - hours(gave),
              completedToday: target?.completedToday ?? 0,
            };
            expect(target?.accepts).toBe(true);
            expect(loadOf(after)).toBeLessThanOrEqual(limit);
          }
        },
      ),
    );
  });
});
