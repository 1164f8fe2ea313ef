import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UndoneTracker, undoAction, undoneBy } from '../../../src/app/history/undone.js';
import { check } from '../../support/check.js';

describe('the name of an undo', () => {
  test('joins neighbours', () => {
    expect(undoAction([5])).toBe('undo 5');
    expect(undoAction([9, 7, 5, 6])).toBe('undo 5-7,9');
    expect(undoneBy('undo 5-7,9')).toEqual([5, 6, 7, 9]);
    expect(undoneBy('task.update')).toEqual([]);
    expect(undoneBy('undo nothing')).toEqual([]);
  });

  test('tells what it was made from', () => {
    check(
      fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 500 }), { minLength: 1 }), (seqs) => {
        expect(undoneBy(undoAction(seqs))).toEqual([...seqs].sort((a, b) => a - b));
      }),
    );
  });
});

test('an undo of an undo brings back what that one took', () => {
  const tracker = new UndoneTracker();
  const entries = [
    { seq: 4, action: 'undo 3' },
    { seq: 3, action: 'undo 1-2' },
    { seq: 2, action: 'task.update' },
    { seq: 1, action: 'task.create' },
  ];
  expect(entries.map((entry) => tracker.meet(entry))).toEqual([false, true, false, false]);
});
