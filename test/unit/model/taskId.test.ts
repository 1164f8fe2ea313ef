import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseTaskAddress, taskName } from '../../../src/core/model/taskId.js';
import { check } from '../../support/check.js';

describe('what names a task', () => {
  test.each(['1a2b3c4d', '12345678', 'abcdefab'])('%s is a whole id', (text) => {
    expect(parseTaskAddress(text)).toEqual({ kind: 'prefix', prefix: text });
  });

  test('3 characters of an id or more are its start, in any case', () => {
    expect(parseTaskAddress('1a2')).toEqual({ kind: 'prefix', prefix: '1a2' });
    expect(parseTaskAddress(' 1A2B ')).toEqual({ kind: 'prefix', prefix: '1a2b' });
  });

  test.each(['7', '#7', 't7', 'T-7', ' t-7 '])('%s is a number', (text) => {
    expect(parseTaskAddress(text)).toEqual({ kind: 'number', number: 7 });
  });

  test('#123 and T-123 are numbers; 123 is one first, and else the start of an id', () => {
    expect(parseTaskAddress('#123')).toEqual({ kind: 'number', number: 123 });
    expect(parseTaskAddress('T-12345678')).toEqual({ kind: 'number', number: 12_345_678 });
    expect(parseTaskAddress('123')).toEqual({ kind: 'either', number: 123, prefix: '123' });
  });

  test.each(['', ' ', '#', 'T-', '-1', '1.5', 'ab', 'xyz', '1a2b3c4d5', 'T-1 2', '%', '../x', "' OR 1=1"])(
    '%j names nothing',
    (text) => {
      expect(parseTaskAddress(text)).toBeUndefined();
    },
  );

  test('every name that is shown can be typed back', () => {
    check(
      fc.property(fc.integer({ min: 1, max: 1e9 }), (number) => {
        expect(parseTaskAddress(taskName(number))).toEqual({ kind: 'number', number });
      }),
    );
  });
});
