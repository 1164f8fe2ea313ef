import { describe, expect, test } from 'vitest';
import { criteriaWarning, parseCriteria, parseCriterion } from '../../../src/core/model/criteria.js';
import { parseCustomField } from '../../../src/core/model/customFields.js';
import { intentAdvice } from '../../../src/core/model/intent.js';
import { specialistMismatch } from '../../../src/core/model/specialist.js';
import { expectRefusal } from '../../support/refusal.js';

describe('criteria', () => {
  test('keep their text, their expression, and whether they are met', () => {
    expect(
      parseCriteria('[{"criterion":" a ","measurable":true},{"criterion":"b","measurable":"","done":true}]'),
    ).toEqual([
      { criterion: 'a', measurable: 'true', done: false },
      { criterion: 'b', done: true },
    ]);
    expect(parseCriterion('fast :: ms < 5 :: x')).toEqual({
      criterion: 'fast',
      measurable: 'ms < 5 :: x',
      done: false,
    });
    expect(parseCriterion('just text')).toEqual({ criterion: 'just text', done: false });
  });

  test.each(['[null]', '[[]]', '[{"criterion":""}]', '[{"criterion":5}]'])('%s is refused', (json) => {
    expectRefusal(() => parseCriteria(json), 'INVALID_INPUT', "'criterion' field");
  });

  test('of a wrong form are refused with what is wrong', () => {
    expectRefusal(() => parseCriteria('[{"criterion":"a","measurable":{}}]'), 'INVALID_INPUT', 'measurable');
    expectRefusal(() => parseCriteria('[{"criterion":"a","done":"yes"}]'), 'INVALID_INPUT', 'done');
    expectRefusal(() => parseCriterion(' :: x'), 'INVALID_INPUT', 'criterion');
    expect([criteriaWarning(10), criteriaWarning(11)]).toEqual([undefined, expect.stringContaining('Maximum of 10')]);
  });
});

test.each([
  ['team:red', 'team', 'red'],
  ['team=red', 'team', 'red'],
  ['url:http://x/y', 'url', 'http://x/y'],
  ['n:12', 'n', 12],
  ['n:-1.5', 'n', -1.5],
  ['n:007', 'n', '007'],
  ['n:1e3', 'n', '1e3'],
  ['yes:true', 'yes', true],
  ['text:"quoted"', 'text', '"quoted"'],
  ['nothing:null', 'nothing', 'null'],
  ['list:[1]', 'list', [1]],
  ['empty:', 'empty', null],
])('the custom field %s', (text, name, value) => {
  expect(parseCustomField(text)).toEqual([name, value]);
});

test.each(['novalue', ':x', '1a:x', 'two words:x', '__proto__:x', `${'k'.repeat(101)}:x`])(
  '“%s” is no custom field',
  (text) => {
    expectRefusal(() => parseCustomField(text), 'INVALID_INPUT');
  },
);

test('advice names what a context lacks', () => {
  expect(intentAdvice('WHY: it is slow WHAT: a cache, an index DONE: p95 under 1 s')).toEqual([]);
  expect(intentAdvice('something')[0]).toContain('WHY, WHAT, DONE');
  expect(intentAdvice('WHY: a b\nDONE: c d')[0]).toContain('components: WHAT');
  expect(intentAdvice('WHY: a WHAT: b c DONE: d')).toEqual([expect.stringMatching(/suggestions: .*WHY.*DONE/)]);
});

test('a specialist is missed only where one is asked for and another is known', () => {
  expect(specialistMismatch('specialist:db', 'ui')).toBe('warning: specialist mismatch (required=db, agent=ui)');
  expect(specialistMismatch('specialist: DB', 'db')).toBeUndefined();
  expect(specialistMismatch('specialist:db', ' ')).toBeUndefined();
  expect(specialistMismatch(undefined, 'ui')).toBeUndefined();
});
