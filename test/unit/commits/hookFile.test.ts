import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  areAlike,
  HOOKS,
  hookLines,
  isOnlyLines,
  isShellScript,
  isWrapping,
  linesIn,
  newHook,
  withLines,
  withoutLines,
  wrappingHook,
} from '../../../src/core/commits/hookFile.js';
import { check } from '../../support/check.js';

const launcher = { program: { executable: "/it's here/node", script: '/ä/tm.js' } };

describe.each(HOOKS)('lines in %s', (kind) => {
  const lines = hookLines(kind, launcher);

  test.each([
    '#!/bin/sh\n',
    '#!/bin/sh',
    '#!/bin/sh -e\nexit 0\n',
    '#!/usr/bin/env bash\r\necho hello\r\n',
    'echo no shebang',
    '',
    '\n\n',
  ])('come out again and leave %j as it was', (text) => {
    const hook = withLines(text, lines);
    expect(linesIn(hook)).toBe(lines);
    expect(withoutLines(hook)).toBe(text);
  });

  test('come before all else, behind the shebang', () => {
    expect(withLines('#!/bin/sh\nexit 1\n', lines)).toBe(`#!/bin/sh\n${lines}\nexit 1\n`);
  });

  test('leave any bytes as they were', () => {
    const bytes = fc.uint8Array({ maxLength: 200 }).map((array) => String.fromCharCode(...array));
    const script = fc.tuple(fc.constantFrom('#!/bin/sh\n', '#!/bin/bash', '#!', '', 'exec '), bytes);
    check(
      fc.property(script, (parts) => {
        const text = parts.join('');
        expect(withoutLines(withLines(text, lines))).toBe(text);
        expect(withoutLines(text)).toBe(text);
      }),
      500,
    );
  });

  test('of a file that was made for them leave none; what others wrote into it since stays', () => {
    expect(withoutLines(newHook(kind, launcher))).toBeUndefined();
    expect(withoutLines(`${newHook(kind, launcher)}echo more\n`)).toBe('#!/bin/sh\necho more\n');
  });

  test('that are not whole are seen', () => {
    const hook = withLines('#!/bin/sh\n', lines);
    expect(linesIn(hook.slice(0, -10))).toBe('broken');
    expect(linesIn(hook.replace('# >>> Task Orchestrator >>>\n', ''))).toBe('broken');
    expect(linesIn(hook + lines)).toBe('broken');
    expect(linesIn('#!/bin/sh\n')).toBeUndefined();
  });

  test('that name another program are alike, those of another version are not', () => {
    const other = { program: { executable: '/elsewhere/node', script: '/elsewhere/tm.js' } };
    const hook = withLines('#!/bin/sh\necho mine\n', lines);
    expect(areAlike(hook, withLines('#!/bin/sh\necho mine\n', hookLines(kind, other)))).toBe(true);
    expect(areAlike(hook, withLines('#!/bin/sh\necho mine\n', hookLines(kind, {})))).toBe(true);
    expect(areAlike(hook, hook.replace(') || :', ') || false'))).toBe(false);
  });

  test('in front of another hook know it, and whether somebody added to them', () => {
    const hook = wrappingHook(kind, launcher);
    expect([isWrapping(hook), isOnlyLines(hook)]).toEqual([true, true]);
    expect(isOnlyLines(`${hook}echo more\n`)).toBe(false);
    expect(isWrapping(newHook(kind, launcher))).toBe(false);
  });
});

test.each([
  ['#!/bin/sh\n', true],
  ['#!/bin/sh', true],
  ['#! /bin/bash -e\n', true],
  ['#!/usr/bin/env zsh\n', true],
  ['#!/usr/bin/dash\n', true],
  ['#!/usr/bin/env python3\n', false],
  ['#!/usr/bin/fish\n', false],
  ['#!/usr/bin/env node\n// sh\n', false],
  ['\u007fELF', false],
  ['echo hello\n', false],
])('%j is a script of a shell: %s', (text, is) => {
  expect(isShellScript(text)).toBe(is);
});
