import { describe, expect, test } from 'vitest';
import { PRIORITIES, PRIORITY_RANK, parsePriority } from '../../../src/core/model/priority.js';
import { expectRefusal } from '../../support/refusal.js';

describe('priority', () => {
  test('is one of five, ranked 4 to 0', () => {
    expect(PRIORITIES.map((priority) => PRIORITY_RANK[priority])).toEqual([4, 3, 2, 1, 0]);
  });

  test.each(PRIORITIES)('%s is read in any case', (priority) => {
    expect(parsePriority(priority)).toBe(priority);
    expect(parsePriority(` ${priority.toUpperCase()} `)).toBe(priority);
  });

  test('urgent is critical and normal is medium', () => {
    expect(parsePriority('urgent')).toBe('critical');
    expect(parsePriority('Normal')).toBe('medium');
  });

  test.each(['', 'hi', '4', 'p1', 'toString', 'constructor', '__proto__'])('“%s” is refused', (text) => {
    expectRefusal(() => parsePriority(text), 'INVALID_INPUT', text, 'critical, high, medium, low, background');
  });
});
