import { describe, expect, test } from 'vitest';
import { parseQuickLine, quickLines } from '../../../src/core/quick/quickLine.js';
import { expectRefusal } from '../../support/refusal.js';

describe('a quick line', () => {
  test('has its marks in any order and anywhere', () => {
    const task = {
      title: 'Fix the login now',
      tags: ['auth', 'web'],
      assignee: 'ann',
      priority: 'high',
      due: 'friday',
    };
    for (const line of [
      'Fix the login now #auth #web @ann !high ^friday',
      '#auth !HIGH Fix the login @ann now ^friday #web',
      '  Fix  #auth the #web login !high now @ann   ^friday  ',
    ])
      expect(parseQuickLine(line)).toEqual(task);
  });

  test('has a description in brackets at its end only', () => {
    expect(parseQuickLine('Title [More about it] ')).toEqual({
      title: 'Title',
      tags: [],
      description: 'More about it',
    });
    expect(parseQuickLine('Use a[0] and [this] here')).toEqual({ title: 'Use a[0] and [this] here', tags: [] });
    expect(parseQuickLine('Title [#no @mark !in ^here]')).toMatchObject({
      tags: [],
      description: '#no @mark !in ^here',
    });
    expect(parseQuickLine('Title []')).toEqual({ title: 'Title', tags: [] });
  });

  test('takes several words in quotes, and urgent for critical', () => {
    expect(parseQuickLine('Call @"Ann Lee" ^"next friday" !urgent')).toEqual({
      title: 'Call',
      tags: [],
      assignee: 'Ann Lee',
      due: 'next friday',
      priority: 'critical',
    });
  });

  test('leaves what is no mark in the title: numbers of issues, punctuation, addresses, and marks after a backslash', () => {
    const kept = 'Close #12: a != b, mail ann@example.org ! # @ ^ C# x^2';
    expect(parseQuickLine(kept)).toEqual({ title: kept, tags: [] });
    expect(parseQuickLine('Write \\#auth \\@ann \\!high \\^friday \\[no\\]')).toEqual({
      title: 'Write #auth @ann !high ^friday [no]',
      tags: [],
    });
  });

  test('refuses two of one kind, and a priority that is none', () => {
    expectRefusal(() => parseQuickLine('x !high !low'), 'INVALID_INPUT', 'two of priority', 'high', 'low');
    expectRefusal(() => parseQuickLine('x ^fri ^sat'), 'INVALID_INPUT', 'two of due');
    expectRefusal(() => parseQuickLine('x !soon'), 'INVALID_INPUT', 'Invalid priority: “soon”');
  });
});

test('several lines lose bullets, empty lines and comments, and keep their numbers', () => {
  expect(quickLines('# Plan\n\n- A #tag\r\n* [x] B\n 2) C\n#tag first\n#\n')).toEqual([
    { number: 3, line: 'A #tag' },
    { number: 4, line: 'B' },
    { number: 5, line: 'C' },
    { number: 6, line: '#tag first' },
  ]);
});
