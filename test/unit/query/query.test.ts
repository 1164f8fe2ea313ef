import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseQuery, QUERY_KEYS, SORT_KEYS } from '../../../src/core/query/query.js';
import { check } from '../../support/check.js';
import { expectRefusal } from '../../support/refusal.js';

/** The terms as `key:value|value`, with `-` before negated ones. */
const terms = (text: string) =>
  parseQuery(text).terms.map(({ key, values, negated }) => `${negated ? '-' : ''}${key}:${values.join('|')}`);

describe('a filter', () => {
  test.each([
    ['', []],
    ['status:ready', ['status:ready']],
    ['STATUS:Ready', ['status:ready']],
    ['status:in-progress', ['status:in_progress']],
    ['status:done', ['status:completed']],
    ['status:ready,blocked', ['status:ready|blocked']],
    ['-status:done', ['-status:completed']],
    ['priority:urgent,low', ['priority:critical|low']],
    ['assignee:Ann', ['assignee:Ann']],
    ['assignee:"Ann Lee"', ['assignee:Ann Lee']],
    ['assignee:"Ann Lee",Bob', ['assignee:Ann Lee|Bob']],
    ['assignee:Bob,"Lee, Ann"', ['assignee:Bob|Lee, Ann']],
    ['tag:#api', ['tag:api']],
    ['text:login', ['text:login']],
    ['login', ['text:login']],
    ['"two words"', ['text:two words']],
    ['-"two words"', ['-text:two words']],
    ['"an \\"inner\\" quote"', ['text:an "inner" quote']],
    ['"not closed', ['text:not closed']],
    ['login page', ['text:login', 'text:page']],
    ['one,two', ['text:one,two']],
    ['custom.Team:red', ['custom:red']],
    ['due:<2026-12-01', ['due:<2026-12-01']],
    ['due:<"in 3 days"', ['due:<in 3 days']],
    ['created:2026-01-01..2026-02-01', ['created:2026-01-01..2026-02-01']],
    ['deadline:overdue', ['due:overdue']],
    ['phase:beta', ['milestone:beta']],
    ['is:ready', ['is:ready']],
    ['IS:Overdue', ['is:overdue']],
    ['has:dependencies', ['has:deps']],
    ['id:1,T-2 id:1a2b', ['id:1|T-2|1a2b']],
    ['-', ['text:-']],
    ['re-use', ['text:re-use']],
    ['  status:ready   tag:api  ', ['status:ready', 'tag:api']],
  ])('%s', (text, expected) => {
    expect(terms(text)).toEqual(expected);
  });

  test('asked twice for what a task has once means either', () => {
    expect(terms('status:ready tag:a status:blocked')).toEqual(['status:ready|blocked', 'tag:a']);
    expect(terms('assignee:ann assignee:bob priority:low priority:high')).toEqual([
      'assignee:ann|bob',
      'priority:low|high',
    ]);
  });

  test('asked twice for tags or words, or against something, means both', () => {
    expect(terms('tag:a tag:b')).toEqual(['tag:a', 'tag:b']);
    expect(terms('-status:ready -status:blocked')).toEqual(['-status:ready', '-status:blocked']);
  });

  test('can sort by several keys', () => {
    expect(parseQuery('sort:-priority,created sort:title').sort).toEqual([
      { key: 'priority', descending: true },
      { key: 'created', descending: false },
      { key: 'title', descending: false },
    ]);
  });

  test.each(SORT_KEYS)('can sort by %s', (key) => {
    expect(parseQuery(`sort:${key}`).sort).toEqual([{ key, descending: false }]);
  });

  test.each([
    ['owner:ann', ['owner', QUERY_KEYS.join(', ')]],
    ['status:readyish', ['readyish', 'ready', 'completed']],
    ['status:ready,nope', ['nope']],
    ['priority:soon', ['soon', 'critical, high']],
    ['status:', ['status:', 'no value']],
    ['-tag:', ['-tag:', 'no value']],
    ['status: ready', ['status:', 'no value']],
    ['status:,', ['no value']],
    ['sort:size', ['size', SORT_KEYS.join(', ')]],
    ['sort:', ['sort:', 'no value']],
    ['-sort:priority', ['-sort:priority', 'sort:-priority']],
    ['toString:x', ['toString']],
    ['asignee:ann', ['asignee:ann', 'Did you mean assignee:?']],
    ['stat:ready', ['Did you mean status:?']],
    ['tga:api', ['Did you mean tag:?']],
    ['sort:titel', ['Did you mean title?']],
    ['custom:red', ['custom:red', 'custom.team:red']],
    ['tag.x:red', ['tag.x']],
    ['due:whenever', ['due:whenever', '2026-12-01']],
    ['due:12/01/2026', ['2026-01-12', '2026-12-01']],
    ['due:..', ['no bound']],
    ['created:overdue', ['overdue']],
    ['estimate:>many', ['estimate:>many', 'many']],
    ['is:overdu', ['is:overdu', 'Did you mean is:overdue?']],
    ['has:file5', ['has:file5', 'Did you mean has:files?']],
    ['has:toString', ['has:toString']],
    ['id:zz', ['zz', 'T-12']],
  ])('%s is refused', (text, words) => {
    expectRefusal(() => parseQuery(text), 'INVALID_INPUT', ...words);
  });

  test('is never read as something else: whatever is typed is read or refused', () => {
    check(
      fc.property(fc.string({ maxLength: 40, unit: 'grapheme' }), (text) => {
        const quoted = JSON.stringify(text.replace(/\p{Cc}/gu, ''));
        try {
          parseQuery(text);
        } catch (error) {
          expect(error).toHaveProperty('code', 'INVALID_INPUT');
        }
        expect(parseQuery(quoted).terms).toEqual([{ key: 'text', values: [JSON.parse(quoted)], negated: false }]);
      }),
      1000,
    );
  });
});
