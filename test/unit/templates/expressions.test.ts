import { describe, expect, test } from 'vitest';
import { Expressions } from '../../../src/app/templates/expressions.js';
import { escapeBraces, splitPlaceholders } from '../../../src/core/templates/placeholders.js';
import { TemplateProblem } from '../../../src/core/templates/template.js';

describe('expressions of templates', () => {
  const values = { days: 3, name: 'Ann', tags: ['a', 'b'], loud: true, 'with-hyphen': 'x', type: 'bug' };
  const expressions = new Expressions(Object.keys(values));
  const value = (text: string) => expressions.evaluate(text, values, []);

  test('calculate with numbers of both kinds, as a person expects', () => {
    expect(value('days * 2')).toBe(6);
    expect(value('2 * days + 0.5')).toBe(6.5);
    expect(value('days / 2')).toBe(1.5);
    expect(value('10 % days')).toBe(1);
    expect(value('days - 5')).toBe(-2);
    expect(value('days >= 3 && loud')).toBe(true);
    expect(value('size(tags) * days')).toBe(6);
  });

  test('put in texts and lists, also under names that expressions cannot use', () => {
    expect(value('tags.map(tag, tag + "!")')).toEqual(['a!', 'b!']);
    expect(value('loud ? name.upperAscii() : name')).toBe('ANN');
    expect(value('with-hyphen')).toBe('x');
    expect(value('type')).toBe('bug');
  });

  test('refuse everything else, before a value is known', () => {
    for (const wrong of [
      'nothing',
      'name.constructor',
      'name.__proto__.x',
      'tags.constructor',
      'name(1)',
      'days = 3',
      'name.matches("a")',
      'this',
      '{}.x',
      'new Date()',
      '() => 1',
      'days.toFixed(2)',
      `${'('.repeat(200)}1${')'.repeat(200)}`,
      `1${' + 1'.repeat(1000)}`,
    ])
      expect(() => value(wrong), wrong).toThrow(TemplateProblem);
    expect(() => value('{"a": 1}')).toThrow('neither text');
    expect(() => value('1.0 / 0.0')).toThrow(TemplateProblem);
  });
});

describe('placeholders', () => {
  test('are found between braces, those in quotes apart', () => {
    expect(splitPlaceholders('a {{ b }}{{"}}"}} c', [])).toEqual([
      { text: 'a ' },
      { expression: 'b' },
      { expression: '"}}"' },
      { text: ' c' },
    ]);
    expect(splitPlaceholders('} { {x}', [])).toEqual([{ text: '} { {x}' }]);
  });

  test('of escaped texts give the text again', () => {
    const none = new Expressions([]);
    for (const text of ['{{x}}', 'a {{{{ b', '}}{{}}', '{{"{{"}}', '{{{']) {
      const back = splitPlaceholders(escapeBraces(text), [])
        .map((part) => ('text' in part ? part.text : none.evaluate(part.expression, {}, [])))
        .join('');
      expect(back).toBe(text);
    }
  });
});
