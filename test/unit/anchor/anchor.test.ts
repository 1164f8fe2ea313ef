import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { makeAnchor, relocate } from '../../../src/core/anchor/anchor.js';
import { check } from '../../support/check.js';

const SOURCE = `import { hash } from './hash.js';

export function login(user, password) {
  if (!user) {
    return undefined;
  }
  const known = find(user);
  if (known.hash !== hash(password)) {
    return undefined;
  }
  return session(known);
}

export function logout(id) {
  if (!id) {
    return undefined;
  }
  drop(id);
}
`.split('\n');

const LOGIN = { line: 3, endLine: 12 };
const LOGOUT = { line: 14, endLine: 19 };

/** Where the anchor made of `range` in the source leads in another text. */
function found(text: readonly string[], range = LOGIN) {
  return relocate(text, makeAnchor(SOURCE, range), range);
}

const without = (text: readonly string[], from: number, to: number) => text.filter((_, at) => at < from || at >= to);

describe('a place in a file', () => {
  test('is exact while its lines stand where they stood', () => {
    expect(found(SOURCE)).toEqual({ ...LOGIN, state: 'exact' });
    expect(found([...SOURCE, 'more', 'below'])).toEqual({ ...LOGIN, state: 'exact' });
  });

  test('is moved when lines come in above it, or go', () => {
    expect(found(['// a', '// b', ...SOURCE])).toEqual({ line: 5, endLine: 14, state: 'moved' });
    expect(found(without(SOURCE, 0, 2))).toEqual({ line: 1, endLine: 10, state: 'moved' });
  });

  test('is moved when it is cut and pasted below', () => {
    const text = [...without(SOURCE, 2, 13), ...SOURCE.slice(2, 12)];
    expect(found(text)).toEqual({ line: text.length - 9, endLine: text.length, state: 'moved' });
  });

  test('is changed when a line of it is edited', () => {
    const text = SOURCE.with(6, '  const known = await find(user);');
    expect(found(text)).toEqual({ ...LOGIN, state: 'changed' });
  });

  test('is changed, and found, when it is edited and moved', () => {
    const text = ['// a', '// b', ...SOURCE.with(6, '  const known = await find(user);')];
    expect(found(text)).toEqual({ line: 5, endLine: 14, state: 'changed' });
  });

  test('is changed and longer when lines come into it', () => {
    const text = SOURCE.toSpliced(6, 0, '  audit(user);', '  limit(user);');
    expect(found(text)).toEqual({ line: 3, endLine: 14, state: 'changed' });
  });

  test('of one line is changed, not lost, when that line is rewritten between its neighbours', () => {
    const text = SOURCE.with(17, '  sessions.drop(id);');
    expect(found(text, { line: 18, endLine: 18 })).toEqual({ line: 18, endLine: 18, state: 'changed' });
  });

  test('is lost when it is deleted, and says where it was', () => {
    const text = ['one', 'two', 'three', 'four'];
    expect(found(text)).toEqual({ line: 3, endLine: 4, state: 'lost' });
  });

  test('in an emptied file is lost', () => {
    expect(found([''])).toEqual({ line: 1, endLine: 1, state: 'lost' });
    expect(found([])).toEqual({ line: 1, endLine: 1, state: 'lost' });
  });

  test('stays exact through another indentation and trailing space', () => {
    const tabs = SOURCE.map((line) => line.replace(/^( {2})+/, (indent) => '\t'.repeat(indent.length / 2)));
    expect(found(tabs)).toEqual({ ...LOGIN, state: 'exact' });
    expect(found(SOURCE.map((line) => `    ${line}  `))).toEqual({ ...LOGIN, state: 'exact' });
  });

  test('keeps its length beyond the lines that it remembers', () => {
    const long = Array.from({ length: 200 }, (_, at) => `line ${at}`);
    const range = { line: 11, endLine: 180 };
    const anchor = makeAnchor(long, range);
    expect(anchor.length).toBeLessThan(500);
    expect(relocate(['new', ...long], anchor, range)).toEqual({ line: 12, endLine: 181, state: 'moved' });
  });
});

describe('lines that occur more than once', () => {
  test.each([6, 10, 12, 17, 19])('the brace at line %i is told from the others by its neighbours', (line) => {
    const range = { line, endLine: line };
    expect(found(SOURCE, range)).toEqual({ ...range, state: 'exact' });
    const below = { line: line + 2, endLine: line + 2 };
    expect(found(['// a', '// b', ...SOURCE], range)).toEqual({ ...below, state: 'moved' });
  });

  test('equal functions are told apart by what stands around them', () => {
    const check = { line: 15, endLine: 17 };
    const text = SOURCE.toSpliced(12, 0, '', 'function other() {', '  if (!id) {', '    return undefined;', '  }', '}');
    expect(found(text, check)).toEqual({ line: 21, endLine: 23, state: 'moved' });
  });

  test('where nothing tells them apart the nearest is taken', () => {
    const text = ['a', 'x', 'a', 'x', 'a'];
    const anchor = makeAnchor(text, { line: 4, endLine: 4 });
    expect(relocate(['0', ...text], anchor, { line: 4, endLine: 4 }).line).toBe(5);
  });
});

describe('without an anchor', () => {
  test('an existing line is exact, another lost', () => {
    expect(relocate(SOURCE, undefined, LOGOUT)).toEqual({ ...LOGOUT, state: 'exact' });
    expect(relocate(SOURCE, undefined, { line: 90, endLine: 95 })).toMatchObject({ line: 20, state: 'lost' });
  });

  test.each(['', '1', '2|a|b|c', '1|||', 'rubbish|', '1|..|..|..'])('%j counts as none', (anchor) => {
    expect(relocate(SOURCE, anchor, LOGIN)).toEqual({ ...LOGIN, state: 'exact' });
  });
});

describe('whatever happens elsewhere in the file', () => {
  const text = fc.uniqueArray(fc.stringMatching(/^[a-z(){}=; ]{3,12}$/), {
    minLength: 3,
    maxLength: 40,
    selector: (line) => line.trim(),
  });
  const place = text
    .filter((lines) => lines.every((line) => line.trim() !== ''))
    .chain((lines) =>
      fc.record({
        lines: fc.constant(lines),
        line: fc.integer({ min: 1, max: lines.length }),
        height: fc.nat(6),
        // For every line outside: keep it, drop it, or put new ones before it.
        edits: fc.array(fc.integer({ min: -1, max: 3 }), { minLength: lines.length + 1, maxLength: lines.length + 1 }),
      }),
    );

  test('a place whose lines are unique is found again', () => {
    check(
      fc.property(place, ({ lines, line, height, edits }) => {
        const range = { line, endLine: Math.min(lines.length, line + height) };
        const edited: string[] = [];
        let start = 0;
        lines.forEach((text, at) => {
          const inside = at + 1 >= range.line && at + 1 <= range.endLine;
          if (at + 1 === range.line) start = edited.length + 1;
          const edit = inside ? 0 : edits[at]!;
          for (let copy = 0; copy < edit; copy += 1) edited.push(`NEW ${at}.${copy}`);
          if (edit >= 0) edited.push(text);
        });
        const expected = { line: start, endLine: start + range.endLine - range.line };
        const located = relocate(edited, makeAnchor(lines, range), range);
        expect(located).toEqual({ ...expected, state: start === range.line ? 'exact' : 'moved' });
      }),
      500,
    );
  });

  test('the answer always lies inside the file', () => {
    const anything = fc.array(fc.constantFrom('}', '', '{', 'return;', 'a = 1;', 'b = 2;'), { maxLength: 30 });
    check(
      fc.property(anything, anything, fc.integer({ min: 1, max: 30 }), fc.nat(5), (before, after, line, height) => {
        fc.pre(line + height <= before.length);
        const range = { line, endLine: line + height };
        const located = relocate(after, makeAnchor(before, range), range);
        expect(located.line).toBeGreaterThanOrEqual(1);
        expect(located.endLine).toBeGreaterThanOrEqual(located.line);
        expect(located.endLine).toBeLessThanOrEqual(Math.max(1, after.length));
      }),
      500,
    );
  });

  test('an unchanged file is always exact', () => {
    const anything = fc.array(fc.constantFrom('}', '', '{', 'return;', 'a = 1;'), { minLength: 1, maxLength: 30 });
    check(
      fc.property(anything, fc.nat(29), fc.nat(5), (text, from, height) => {
        fc.pre(from + height < text.length);
        const range = { line: from + 1, endLine: from + 1 + height };
        expect(relocate(text, makeAnchor(text, range), range)).toEqual({ ...range, state: 'exact' });
      }),
      500,
    );
  });
});
