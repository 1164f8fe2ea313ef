import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type LineEdit, shift } from '../../../src/core/anchor/shift.js';
import { check } from '../../support/check.js';

const RANGE = { line: 5, endLine: 8 };

/** Whole lines put in before `line`. */
const insert = (line: number, count: number): LineEdit => ({
  startLine: line,
  startColumn: 0,
  endLine: line,
  insertedBreaks: count,
});

/** Whole lines taken out, with their line breaks. */
const remove = (line: number, count: number): LineEdit => ({
  startLine: line,
  startColumn: 0,
  endLine: line + count,
  insertedBreaks: 0,
});

describe('a range of lines 5 to 8', () => {
  test.each<[string, LineEdit, [number, number]]>([
    ['typing inside a line', { startLine: 6, startColumn: 4, endLine: 6, insertedBreaks: 0 }, [5, 8]],
    ['a line put in far above', insert(1, 1), [6, 9]],
    ['a line put in right above, at the start of its first line', insert(5, 1), [6, 9]],
    ['Enter at the end of the line above', { startLine: 4, startColumn: 9, endLine: 4, insertedBreaks: 1 }, [6, 9]],
    ['a line put in inside', insert(6, 2), [5, 10]],
    ['Enter in the middle of its first line', { startLine: 5, startColumn: 3, endLine: 5, insertedBreaks: 1 }, [5, 9]],
    ['Enter at the end of its last line', { startLine: 8, startColumn: 9, endLine: 8, insertedBreaks: 1 }, [5, 8]],
    ['a line put in right below', insert(9, 3), [5, 8]],
    ['a line taken out above', remove(2, 1), [4, 7]],
    ['a line taken out inside', remove(6, 1), [5, 7]],
    ['its first line taken out', remove(5, 1), [5, 7]],
    ['its last line taken out', remove(8, 1), [5, 7]],
    ['lines above and its first ones taken out', remove(3, 4), [3, 4]],
    ['its last lines and those below taken out', remove(7, 5), [5, 6]],
    ['all of it taken out', remove(5, 4), [5, 5]],
    ['all of it and more taken out', remove(3, 9), [3, 3]],
    [
      'the line break after the line above taken out',
      { startLine: 4, startColumn: 9, endLine: 5, insertedBreaks: 0 },
      [4, 7],
    ],
    ['it and more replaced by more lines', { startLine: 2, startColumn: 0, endLine: 12, insertedBreaks: 12 }, [5, 8]],
    ['it and more replaced by fewer', { startLine: 2, startColumn: 0, endLine: 12, insertedBreaks: 4 }, [5, 6]],
    [
      'the file replaced by one of as many lines',
      { startLine: 1, startColumn: 0, endLine: 20, insertedBreaks: 19 },
      [5, 8],
    ],
  ])('%s', (_what, edit, [line, endLine]) => {
    expect(shift(RANGE, edit)).toEqual({ line, endLine });
  });
});

describe('whole lines put in or taken out', () => {
  const SIZE = 20;
  const edits = fc.array(
    fc.record({ kind: fc.constantFrom('insert', 'remove'), at: fc.nat(SIZE), count: fc.integer({ min: 1, max: 5 }) }),
    { maxLength: 8 },
  );

  test('leave the range around the lines that are left of it and those put in between', () => {
    check(
      fc.property(fc.integer({ min: 1, max: SIZE }), fc.nat(8), edits, (line, height, given) => {
        const endLine = Math.min(SIZE, line + height);
        let lines = Array.from({ length: SIZE }, (_, at) => at + 1 >= line && at + 1 <= endLine);
        let range = { line, endLine };
        for (const { kind, at, count } of given) {
          const index = Math.min(at, lines.length);
          const taken = Math.min(count, lines.length - index);
          if (kind === 'remove' && taken === 0) continue;
          const between = index + 1 > range.line && index + 1 <= range.endLine;
          range = shift(range, kind === 'insert' ? insert(index + 1, count) : remove(index + 1, taken));
          lines =
            kind === 'insert'
              ? lines.toSpliced(index, 0, ...Array<boolean>(count).fill(between))
              : lines.toSpliced(index, taken);
          const left = lines.flatMap((mine, position) => (mine ? [position + 1] : []));
          if (left.length === 0) return;
          expect(range).toEqual({ line: left[0], endLine: left.at(-1) });
        }
      }),
      1000,
    );
  });
});
