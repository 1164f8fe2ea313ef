import { describe, expect, test } from 'vitest';
import { checkDescription, checkTags, checkTime, checkTitle } from '../../../src/core/model/task.js';
import { expectRefusal } from '../../support/refusal.js';

const FAMILY = '👨‍👩‍👧';

describe('title', () => {
  test.each([
    ['1 character', 'x'],
    ['1 emoji', '🚀'],
    ['500 characters', 'x'.repeat(500)],
    ['500 emoji, 1,000 UTF-16 units', '🚀'.repeat(500)],
    ['quotes, brackets and markup', `"a" [b] \`c\` <script>alert(1)</script> ${FAMILY}`],
  ])('of %s is kept as it is', (_size, title) => {
    expect(checkTitle(title)).toBe(title);
  });

  test('stands on one line, without space around it', () => {
    expect(checkTitle('  one\n\ttwo\r\nthree  ')).toBe('one two three');
    expect(checkTitle(`${' '.repeat(600)}x`)).toBe('x');
  });

  test.each(['', ' ', '\n\t', '\0'])('%j is empty', (title) => {
    expectRefusal(() => checkTitle(title), 'INVALID_INPUT', 'cannot be empty');
  });

  test.each(['x', '🚀'])('of 501 times %s is too long', (character) => {
    expectRefusal(() => checkTitle(character.repeat(501)), 'INVALID_INPUT', '501', '500');
  });
});

describe('description', () => {
  test('keeps its lines, up to 5,000 characters', () => {
    expect(checkDescription('# A\n\n- b\n')).toBe('# A\n\n- b\n');
    expect(checkDescription('🚀'.repeat(5000))).toHaveLength(10_000);
    expectRefusal(() => checkDescription('x'.repeat(5001)), 'INVALID_INPUT', '5001', '5000');
  });
});

describe('tags', () => {
  test('lose a leading # and repetitions, and keep their order', () => {
    expect(checkTags(['#ui', ' api ', 'ui', 'größe', 'v1.2'])).toEqual(['ui', 'api', 'größe', 'v1.2']);
  });

  test.each(['', '#', 'two words', 'a,b', 'key:value', '"a"', 'x'.repeat(51), 'a\nb', 'a\u001b[31m'])(
    '%j is not a tag',
    (tag) => {
      expectRefusal(() => checkTags(['fine', tag]), 'INVALID_INPUT');
    },
  );
});

describe('time', () => {
  test.each([
    ['2026-12-01', '2026-12-01T00:00:00.000Z'],
    ['2028-02-29', '2028-02-29T00:00:00.000Z'],
    ['2026-12-01T17:00Z', '2026-12-01T17:00:00.000Z'],
    ['2026-12-01 17:00:30Z', '2026-12-01T17:00:30.000Z'],
    ['2026-12-01t17:00:30.25z', '2026-12-01T17:00:30.250Z'],
    ['2026-12-01T17:00+02:00', '2026-12-01T15:00:00.000Z'],
    ['2026-12-01T17:00+0200', '2026-12-01T15:00:00.000Z'],
  ])('%s is %s', (text, time) => {
    expect(checkTime('due', text)).toBe(time);
  });

  test.each([
    '',
    'tomorrow',
    '2026-02-30',
    '2026-02-29',
    '2026-13-01',
    '2026-00-10',
    '2026-04-31T10:00Z',
    '2026-12-01T25:00Z',
    '2026-12-1',
    '01.12.2026',
    '2026-12-01; DROP TABLE tasks',
  ])('“%s” is not a date', (text) => {
    expectRefusal(() => checkTime('due', text), 'INVALID_INPUT', text, '2026-12-01');
  });
});
