import { expect, test } from 'vitest';
import { mentionsIn } from '../../../src/core/collaboration/mentions.js';

test.each([
  ['@bob look', ['bob']],
  ['ask @bob, @agent-2 and @"Ann Lee".', ['bob', 'agent-2', 'Ann Lee']],
  ['(@bob) @bob. @bob!', ['bob']],
  ['mail a@b.org, see @types/node and `@param` or ```\n@code\n```', []],
  ['@v1.2 and @jörg', ['v1.2', 'jörg']],
  ['@ nobody, @@twice, user@host', []],
])('%j speaks to %j', (text, names) => {
  expect(mentionsIn(text)).toEqual({ names, everybody: false });
});

test('@all and @everyone mean everybody, but not in quotes', () => {
  expect(mentionsIn('@all and @bob')).toEqual({ names: ['bob'], everybody: true });
  expect(mentionsIn('@Everyone!').everybody).toBe(true);
  expect(mentionsIn('@"all"')).toEqual({ names: ['all'], everybody: false });
});
