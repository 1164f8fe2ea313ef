import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CodePlace, checkPlace, formatPlace, parsePlace } from '../../../src/core/model/fileReference.js';
import { check } from '../../support/check.js';
import { expectRefusal } from '../../support/refusal.js';

describe('a place in the code', () => {
  test.each<[string, CodePlace]>([
    ['src/a.ts', { path: 'src/a.ts' }],
    ['src/a.ts:10', { path: 'src/a.ts', line: 10 }],
    ['src/a.ts:10:20', { path: 'src/a.ts', line: 10, endLine: 20 }],
    ['src/a.ts:10-20', { path: 'src/a.ts', line: 10, endLine: 20 }],
    ['src/a.ts:10:10', { path: 'src/a.ts', line: 10 }],
    ['src/a.ts#L10', { path: 'src/a.ts', line: 10 }],
    ['src/a.ts#L10-L20', { path: 'src/a.ts', line: 10, endLine: 20 }],
    ['  src/a.ts:1  ', { path: 'src/a.ts', line: 1 }],
    ['./src//x/../a.ts', { path: 'src/a.ts' }],
    ['src\\win\\a.ts:3', { path: 'src/win/a.ts', line: 3 }],
    ['Makefile', { path: 'Makefile' }],
    ['a folder/ünïcode 🚀.md:2', { path: 'a folder/ünïcode 🚀.md', line: 2 }],
    ['..hidden/a.ts', { path: '..hidden/a.ts' }],
  ])('%s is read', (text, place) => {
    expect(parsePlace(text)).toEqual(place);
  });

  test.each([
    ['an absolute path', '/etc/passwd:1'],
    ['a Windows drive', 'C:\\code\\a.ts:1'],
    ['a drive with slashes', 'c:/code/a.ts'],
    ['a network share', '\\\\server\\share\\a.ts'],
    ['a path that leaves the workspace', '../a.ts'],
    ['a path that leaves it on the way', 'src/../../a.ts:3'],
    ['nothing', ''],
    ['space', '   '],
    ['a line without a file', ':3'],
    ['the folder itself', '.'],
    ['a folder that cancels out', 'src/..'],
    ['a line break', 'a\nb.ts'],
    ['a NUL', 'a\0.ts'],
    ['line 0', 'src/a.ts:0'],
    ['line 0 as GitHub writes it', 'src/a.ts#L0'],
    ['a negative line', 'src/a.ts:-4'],
    ['a line beyond counting', 'src/a.ts:99999999999999999999'],
    ['an end before the start', 'src/a.ts:5:3'],
    ['an end of 0', 'src/a.ts:5:0'],
    ['too many numbers', 'src/a.ts:1:2:3'],
  ])('%s is refused', (_what, text) => {
    expectRefusal(() => parsePlace(text), 'INVALID_INPUT');
  });

  test('a refusal shows what was given', () => {
    expectRefusal(() => parsePlace('src/a.ts:5:3'), 'INVALID_INPUT', 'src/a.ts:5:3', 'line 3', 'line 5');
    expectRefusal(() => parsePlace('/etc/passwd'), 'INVALID_INPUT', '/etc/passwd', 'absolute');
    expectRefusal(() => parsePlace('../x'), 'INVALID_INPUT', '../x', 'leaves the workspace');
  });

  test('an end without a start, or part of a line, is refused', () => {
    expectRefusal(() => checkPlace({ path: 'a.ts', endLine: 3 }), 'INVALID_INPUT', 'no start line');
    expectRefusal(() => checkPlace({ path: 'a.ts', line: 1.5 }), 'INVALID_INPUT');
  });

  test('what is shown can be typed back', () => {
    const name = fc.stringMatching(/^[a-z][\w .-]{0,8}[a-z]$/);
    const place = fc.record({
      path: fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => names.join('/')),
      line: fc.integer({ min: 1, max: 100_000 }),
      height: fc.integer({ min: 1, max: 200 }),
    });
    check(
      fc.property(place, ({ path, line, height }) => {
        for (const given of [{ path }, { path, line }, { path, line, endLine: line + height }]) {
          expect(parsePlace(formatPlace(given))).toEqual(given);
        }
      }),
    );
  });
});
