import { describe, expect, test } from 'vitest';
import { measure } from '../../../../src/core/planning/complexity/measure.js';
import { isTestFile, testsByName } from '../../../../src/core/planning/complexity/testFiles.js';
import { hintsIn, pathsIn } from '../../../../src/core/planning/complexity/words.js';

const lines = (count: number, text = '  work();') => Array.from({ length: count }, () => text).join('\n');

describe('what is measured of a file', () => {
  test('lines that are not blank', () => {
    expect(measure('a\n\n  \nb\n', 'x.txt').lines).toBe(2);
    expect(measure('', 'x.ts').lines).toBe(0);
  });

  test('markers count in comments, not in names and texts', () => {
    const text = ['const TODO = "FIXME";', '// TODO: one', 'work(); /* HACK', '  XXX */', 'methodology();'].join('\n');
    expect(measure(text, 'a.ts').markers).toEqual([
      { line: 2, text: '// TODO: one' },
      { line: 3, text: 'work(); /* HACK' },
      { line: 4, text: 'XXX */' },
    ]);
    expect(measure('x = "TODO"\n# FIXME later', 'a.py').markers).toEqual([{ line: 2, text: '# FIXME later' }]);
    expect(measure('TODO list\n-- TODO: index', 'a.sql').markers).toEqual([{ line: 2, text: '-- TODO: index' }]);
  });

  test('the longest function, where blocks can be told apart', () => {
    const text = `class A {\n  short() {\n    return 1;\n  }\n  long(a: string): void {\n${lines(20)}\n  }\n}\n`;
    expect(measure(text, 'a.ts').longestFunction).toEqual({ line: 5, lines: 22, text: 'long(a: string): void {' });
    const arrow = `export const f = async () => {\n  if (x) {\n${lines(9)}\n  }\n};`;
    expect(measure(arrow, 'a.ts').longestFunction).toMatchObject({ line: 1, lines: 13 });
    expect(measure('if (a) {\n}\nclass B {\n}', 'a.ts').longestFunction).toBeUndefined();
    expect(measure('function f() {\n', 'a.ts').longestFunction).toBeUndefined();
  });

  test('functions of Python end with their indentation', () => {
    const text = `def outer(\n    a,\n):\n    def inner():\n${lines(5, '        x = 1')}\n    return a\n\nprint(1)\n`;
    expect(measure(text, 'a.py').longestFunction).toMatchObject({ line: 1, lines: 10 });
  });

  test('tests of itself, in Rust', () => {
    expect(measure('#[cfg(test)]\nmod tests {}', 'a.rs').ownTests).toBe(true);
    expect(measure('mod tests {}', 'a.rs').ownTests).toBe(false);
  });
});

describe('tests beside a file', () => {
  test('are known by name', () => {
    for (const path of [
      'a.test.ts',
      'a.spec.tsx',
      'test_a.py',
      'a_test.go',
      'ATest.java',
      'test/a.ts',
      'x/__tests__/a.js',
    ])
      expect(isTestFile(path), path).toBe(true);
    for (const path of ['a.ts', 'latest.ts', 'contest/a.ts', 'src/attest.py', 'a.test.md'])
      expect(isTestFile(path), path).toBe(false);
  });

  test('belong to the file of their name in the same language', () => {
    const testsOf = testsByName(['src/plan.ts', 'test/plan.test.ts', 'py/test_plan.py', 'src/other.ts', 'ATest.java']);
    expect(testsOf('src/plan.ts')).toEqual(['test/plan.test.ts']);
    expect(testsOf('src/other.ts')).toEqual([]);
    expect(testsOf('A.java')).toEqual(['ATest.java']);
  });
});

describe('what a text says', () => {
  test('hints of risk, as whole words', () => {
    const names = (text: string) => hintsIn(text).map(({ name }) => name);
    expect(names('Integrate the payment API')).toEqual(['integration']);
    expect(names('Authentication; optimise later')).toEqual(['security', 'performance']);
    expect(names('a rapid capital')).toEqual([]);
  });

  test('paths, without line numbers, absolute ones and those that leave the workspace', () => {
    expect(pathsIn('See `src/a.ts:12`, (./lib/b.py) and c.go. Not /etc/passwd.txt nor ../x.ts or 1.5')).toEqual([
      'src/a.ts',
      'lib/b.py',
      'c.go',
    ]);
  });
});
