import { describe, expect, test } from 'vitest';
import { evaluateCel } from '../../../src/app/criteria/cel.js';
import { normaliseCriteria } from '../../../src/core/criteria/criteria.js';
import { checkCriterion } from '../../../src/core/criteria/evaluate.js';
import { parseValues } from '../../../src/core/criteria/values.js';
import { expectRefusal } from '../../support/refusal.js';

const VALUES = { coverage: 82, status: 'in_progress', tags: ['api'], hours: 3.5, tests: { failed: 0 } };

const judge = (measurable: string | undefined, done = false) => {
  const { verdict, result } = checkCriterion(
    { criterion: 'One', ...(measurable !== undefined && { measurable }), done },
    1,
    VALUES,
    evaluateCel,
  );
  return [verdict, result];
};

describe('a criterion', () => {
  test.each([
    // What seed 000's tool knew.
    [undefined, 'passed', 'No measurable condition'],
    ['', 'passed', 'No measurable condition'],
    ['true', 'passed', 'Automatically validated as true'],
    ['false', 'failed', 'Automatically validated as false'],
    ['5 == 5.0', 'passed', '5 equals 5.0'],
    ['red == red', 'passed', 'red equals red'],
    ['3 < 5', 'passed', 'true'],
    ['3 > 5', 'failed', 'false'],
    ['all green < 5', 'unknown', 'Requires manual validation'],
    ['looked at by ann', 'unknown', 'Requires manual validation'],
    // What it did not.
    ['2 + 2 == 4', 'passed', 'true'],
    ['coverage >= 80', 'passed', 'coverage = 82'],
    ['coverage <= 80', 'failed', 'coverage = 82'],
    ['coverage != 82', 'failed', 'coverage = 82'],
    ['coverage == 82', 'passed', 'coverage = 82'],
    ['coverage > 80 && "api" in tags', 'passed', 'tags = ["api"]'],
    ['coverage < 80 || hours * 2 > 6', 'passed', 'hours = 3.5'],
    ['hours + 1 == 4.5 && 10 / hours > 2', 'passed', 'hours = 3.5'],
    ['tests.failed == 0', 'passed', 'tests'],
    ['status == in_progress', 'passed', 'in_progress equals in_progress'],
    // What nobody knows, and what is no condition.
    ['speed > 3', 'unknown', 'speed is not known; give it with --value speed=…'],
    ['speed == 3', 'unknown', 'speed is not known'],
    ['coverage + 1', 'unknown', 'it gives 83'],
    ['1 / 0 == 1', 'unknown', 'division by zero'],
    ['coverage >=', 'unknown', 'Requires manual validation: '],
  ])('%s is %s', (measurable, verdict, words) => {
    const [is, result] = judge(measurable);
    expect(is).toBe(verdict);
    expect(result).toContain(words);
  });

  test('that nobody can compute is met when it is checked off; one that fails is not', () => {
    expect(judge('looked at by ann', true)).toEqual(['passed', 'Checked off by hand']);
    expect(judge('coverage > 90', true)[0]).toBe('failed');
  });

  test('reaches nothing but the values: no prototype, no function, no code', () => {
    for (const expression of [
      'constructor == 1',
      'tags.constructor == 1',
      '__proto__ == 1',
      'process.exit(1)',
      '().__class__ == 1',
      'globalThis == 1',
    ])
      expect(judge(expression)[0], expression).toBe('unknown');
  });

  test('of a thousand terms is refused instead of computed for long', () => {
    expect(judge(`${'(1 + '.repeat(300)}1${')'.repeat(300)} == 301`)[0]).toBe('unknown');
  });
});

describe('values', () => {
  test('are numbers, truth, JSON or text, also inside of objects', () => {
    const values = parseValues([
      'coverage=82.5',
      'ok=true',
      'name=a=b',
      'list=[1,"x"]',
      'tests.failed=0',
      'tests.run=9',
    ]);
    expect({ ...values, tests: { ...(values.tests as object) } }).toEqual({
      coverage: 82.5,
      ok: true,
      name: 'a=b',
      list: [1, 'x'],
      tests: { failed: 0, run: 9 },
    });
  });

  test('that are none are refused, naming them', () => {
    for (const pair of ['coverage', '=3', '2x=3', 'a b=3', '__proto__=3', 'a.__proto__.b=1'])
      expectRefusal(() => parseValues([pair]), 'INVALID_INPUT', pair);
    expectRefusal(() => parseValues(['a=1', 'a=2']), 'INVALID_INPUT', 'a has a value already');
    expectRefusal(() => parseValues(['a=1', 'a.b=2']), 'INVALID_INPUT', 'a has a value already');
  });
});

test('criteria that another program wrote are read as far as they are some', () => {
  expect(normaliseCriteria('[]')).toEqual([]);
  expect(normaliseCriteria([{ criterion: 'A' }, { criterion: 'B', measurable: true }, { no: 1 }, 'C', null])).toEqual([
    { criterion: 'A', done: false },
    { criterion: 'B', measurable: 'true', done: false },
  ]);
});
