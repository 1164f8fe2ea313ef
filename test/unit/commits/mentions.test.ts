import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  mentionsInBranch,
  mentionsInMessage,
  mergeMentions,
  type TaskMention,
} from '../../../src/core/commits/mentions.js';
import { findTaskNames } from '../../../src/core/commits/taskNames.js';
import { check } from '../../support/check.js';

/** `T-12 trailer`, `1a2b3c4d message closes`. */
function words(mentions: readonly TaskMention[]): string[] {
  return mentions.map(({ task, source, closes }) =>
    ['number' in task ? `T-${task.number}` : task.id, source, closes ? 'closes' : ''].join(' ').trim(),
  );
}

const inMessage = (message: string) => words(mentionsInMessage(message));
const inBranch = (branch: string) => words(mentionsInBranch(branch));

describe('a message names tasks', () => {
  test.each([
    ['Mend it\n\nTask: T-12', ['T-12 trailer']],
    ['Mend it\n\nTask: 12\nSigned-off-by: Ann', ['T-12 trailer']],
    ['Mend it\n\ntask: #12', ['T-12 trailer']],
    ['Mend it\n\nTask: 1a2b3c4d', ['1a2b3c4d trailer']],
    ['Mend it\n\nTask: 1A2B3C4D', ['1a2b3c4d trailer']],
    ['Mend it\n\nTasks: T-1, 2 and #3', ['T-1 trailer', 'T-2 trailer', 'T-3 trailer']],
    ['Mend it\r\n\r\nTask: T-12\r\n', ['T-12 trailer']],
    ['Squashed\n\n* one\n\nTask: T-1\n\n* two\n\nTask: T-2\n', ['T-1 trailer', 'T-2 trailer']],
  ])('by a trailer: %j', (message, found) => {
    expect(inMessage(message)).toEqual(found);
  });

  test.each([
    ['Task: write it', []],
    ['Task: add', []],
    ['Task: 1a2b', []],
    ['Task: T-12 is not enough', ['T-12 message']],
    ['All of it (Task: 1a2b3c4d)', ['1a2b3c4d message']],
    ['The sub-task: none', []],
  ])('and by no line that says something else: %j', (message, found) => {
    expect(inMessage(message)).toEqual(found);
  });

  test.each([
    ['fixes T-12', ['T-12 message closes']],
    ['Fix T-12', ['T-12 message closes']],
    ['Fixed T-12.', ['T-12 message closes']],
    ['closes: T-12', ['T-12 message closes']],
    [
      'Resolves T-1, T-2, and T-3; see T-4',
      ['T-1 message closes', 'T-2 message closes', 'T-3 message closes', 'T-4 message'],
    ],
    ['This closes T-1 and T-2', ['T-1 message closes', 'T-2 message closes']],
    ['resolve\nT-12', ['T-12 message closes']],
    ['Mend it\n\nTask: T-1\nFixes: T-1', ['T-1 trailer closes']],
  ])('that it completes: %j', (message, found) => {
    expect(inMessage(message)).toEqual(found);
  });

  test.each([
    ['fix: T-12 loses its title', ['T-12 message']],
    ['fix(T-12): keep the title', ['T-12 message']],
    ['feat(api)!: T-12', ['T-12 message']],
    ['Does not fix T-12', ['T-12 message']],
    ["It doesn't close T-12", ['T-12 message']],
    ['prefixes T-12', ['T-12 message']],
    ['Revert "Fixes T-12"\n\nThis reverts commit 1a2b3c4d.', ['T-12 message']],
    ['fixes #12', []],
    ['fixes 1a2b3c4d ("Mend it")', []],
  ])('but does not complete: %j', (message, found) => {
    expect(inMessage(message)).toEqual(found);
  });

  test.each([
    ['T-12: mend it', ['T-12 message']],
    ['[T-12][T-13] mend it', ['T-12 message', 'T-13 message']],
    ["Merge branch 'feature/T-12-login'", ['T-12 message']],
    ['T-012', ['T-12 message']],
    ['T-12 T-12 T-12', ['T-12 message']],
  ])('anywhere: %j', (message, found) => {
    expect(inMessage(message)).toEqual(found);
  });

  test.each([
    'UTF-8',
    'JT-12',
    'AT-T-12',
    'T-shirt',
    'T-12a',
    'T-12.5',
    'T-12-03',
    'ÄT-12',
    't-12',
    'T-1234567890',
    '',
  ])('and not where something else is meant: %j', (message) => {
    expect(inMessage(message)).toEqual([]);
  });

  test('of any size in no time', () => {
    const long = `${'fixes T-1, '.repeat(20_000)}${'Task: '.repeat(20_000)}${' '.repeat(50_000)}x`;
    expect(inMessage(long)).toEqual(['T-1 message closes']);
  });
});

describe('a branch names tasks', () => {
  test.each([
    ['feature/T-12-login', ['T-12 branch']],
    ['T-12', ['T-12 branch']],
    ['ann/t-12_login', ['T-12 branch']],
    ['T-12-T-13-both', ['T-12 branch', 'T-13 branch']],
    ['12-login', ['T-12 branch']],
    ['feature/12_login', ['T-12 branch']],
    ['feature/1a2b3c4d-login', ['1a2b3c4d branch']],
    ['2-fast/T-7', ['T-7 branch']],
  ])('%s', (branch, found) => {
    expect(inBranch(branch)).toEqual(found);
  });

  test.each([
    'main',
    'v2',
    '2.x',
    'release/12-final',
    'dependabot/12-things',
    '2026-11-21',
    '12',
    'upt-12',
    'feature/20261121',
  ])('or none: %s', (branch) => {
    expect(inBranch(branch)).toEqual([]);
  });
});

describe('in any message', () => {
  const number = fc.integer({ min: 0, max: 999_999_999 });
  const prose = fc
    .stringMatching(/^[a-zA-Z .,;:!?()\n]{0,40}$/)
    .filter((text) => !/T$|(fix|close|resolve)|tasks?:/i.test(text));

  test('every name stands where it is said to', () => {
    check(
      fc.property(
        fc.array(
          fc.oneof(
            prose,
            number.map((one) => ` T-${one} `),
          ),
          { maxLength: 20 },
        ),
        (parts) => {
          const text = parts.join('');
          const found = findTaskNames(text);
          for (const { start, end, number } of found) expect(Number(text.slice(start + 2, end))).toBe(number);
          expect(found.length).toBe(parts.filter((part) => /^ T-\d+ $/.test(part)).length);
        },
      ),
    );
  });

  test('a trailer gives exactly the tasks that it lists, each once', () => {
    const id = fc.stringMatching(/^[0-9a-f]{8}$/);
    const task = fc.oneof(
      number.map((one) => `T-${one}`),
      number.map((one) => `#${one}`),
      id,
    );
    check(
      fc.property(
        prose,
        fc.array(task, { minLength: 1, maxLength: 6 }),
        fc.constantFrom(', ', ' ', ',', ' and '),
        (body, tasks, between) => {
          const found = inMessage(`Mend it\n\n${body}\n\nTask: ${tasks.join(between)}\n`);
          const wanted = tasks.map((one) => (/^[T#]/.test(one) ? `T-${Number(one.replace(/^\D+/, ''))}` : one));
          expect(found).toEqual([...new Set(wanted)].map((one) => `${one} trailer`));
        },
      ),
    );
  });

  test('each task is named once, and nothing is lost or weakened by merging', () => {
    const mention = fc.record({
      task: number.map((one) => ({ number: one % 5 })),
      source: fc.constantFrom('trailer' as const, 'message' as const, 'branch' as const),
      closes: fc.boolean(),
    });
    check(
      fc.property(fc.array(mention, { maxLength: 20 }), (mentions) => {
        const merged = mergeMentions(mentions);
        expect(new Set(merged.map(({ task }) => JSON.stringify(task))).size).toBe(merged.length);
        expect(mergeMentions(merged)).toEqual(merged);
        for (const one of mentions) {
          const kept = merged.find(({ task }) => 'number' in task && task.number === one.task.number);
          expect(kept?.closes || !one.closes).toBe(true);
        }
      }),
    );
  });

  test('whatever stands in it, reading it does not fail', () => {
    check(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        for (const { task } of [...mentionsInMessage(text), ...mentionsInBranch(text)])
          expect('number' in task ? task.number >= 0 : task.id.length === 8).toBe(true);
      }),
    );
  });
});
