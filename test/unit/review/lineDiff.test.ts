import fc from 'fast-check';
import { expect, test } from 'vitest';
import { diffLines } from '../../../src/core/review/lineDiff.js';

const shown = (before: string, after: string) => diffLines(before, after).map(({ sign, text }) => sign + text);

test('lines that both texts have stay, others go or come', () => {
  expect(shown('a\nb\nc\n', 'a\nx\nc\n')).toEqual([' a', '-b', '+x', ' c']);
  expect(shown('', 'a\nb\n')).toEqual(['+a', '+b']);
  expect(shown('a\n', '')).toEqual(['-a']);
  expect(shown('a\n', 'a\n')).toEqual([' a']);
});

test('each text can be read out of the comparison', () => {
  const lines = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 12 });
  fc.assert(
    fc.property(lines, lines, (before, after) => {
      const diff = diffLines(`${before.join('\n')}\n`, `${after.join('\n')}\n`);
      const side = (sign: string) => diff.filter((line) => line.sign !== sign).map((line) => line.text);
      expect(side('+')).toEqual(before.length > 0 ? before : ['']);
      expect(side('-')).toEqual(after.length > 0 ? after : ['']);
    }),
  );
});
