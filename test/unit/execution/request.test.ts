import { describe, expect, test } from 'vitest';
import { checkVariableNames, runEnvironment } from '../../../src/core/execution/environment.js';
import { languageOf, languageOfFile } from '../../../src/core/execution/language.js';
import { checkPackages } from '../../../src/core/execution/packages.js';
import { revealed } from '../../../src/core/execution/reveal.js';
import { isAbandoned, statusOf } from '../../../src/core/execution/run.js';

const own = { home: '/run/home', temporary: '/run/tmp' };

describe('the environment of a run', () => {
  test('has what is allowed and named, and a home of its own', () => {
    const around = {
      PATH: '/bin',
      HOME: '/home/ann',
      TZ: 'UTC',
      OPENAI_API_KEY: 'k',
      TM_DB_PATH: '/x',
      EDITOR: 'vi',
      A: 'a',
    };
    expect(runEnvironment(around, ['A', 'MISSING'], own)).toEqual({
      ...{ PATH: '/bin', TZ: 'UTC', A: 'a', LANG: 'C.UTF-8', HOME: '/run/home', TMPDIR: '/run/tmp' },
    });
    expect(runEnvironment({ LANG: 'de_DE.UTF-8' }, ['HOME'], own)).toMatchObject({
      LANG: 'de_DE.UTF-8',
      HOME: '/run/home',
    });
  });

  test('on Windows what no program starts without', () => {
    const environment = runEnvironment({ SystemRoot: 'C:\\Windows' }, [], { ...own, windows: true });
    expect(environment).toMatchObject({ SystemRoot: 'C:\\Windows', USERPROFILE: '/run/home', TEMP: '/run/tmp' });
  });

  test.each([
    'TM_ENCRYPTION_KEY',
    'tm_x',
    'OPENAI_API_KEY',
    'GH_TOKEN',
    'secret',
    'DB_PASSWORD',
    'AWS_SECRET_ACCESS_KEY',
    'A=B',
    '',
    '1A',
    'A\0',
  ])('%j is not passed on', (name) => {
    expect(() => checkVariableNames([name])).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }));
  });

  test.each(['EDITOR', 'MONKEY', 'KEYBOARD', 'AUTHOR', 'TMUX', '_'])('%s may be', (name) => {
    expect(() => checkVariableNames([name])).not.toThrow();
  });
});

describe('packages', () => {
  test.each(['requests', 'requests==2.32.3', 'requests[socks]>=2', 'a', 'zope.interface', 'x~=1.0'])(
    '%s of PyPI',
    (name) => {
      expect(() => checkPackages('python', [name])).not.toThrow();
    },
  );

  test.each(['lodash', 'lodash@4.17.21', '@scope/name', '@scope/name@^1.2.0', 'x@latest'])('%s of npm', (name) => {
    expect(() => checkPackages('typescript', [name])).not.toThrow();
  });

  test.each([
    ['python', '-r file'],
    ['python', '--pre'],
    ['python', 'a b'],
    ['python', 'a @ https://x/y.whl'],
    ['python', '.'],
    ['python', 'a;b'],
    ['javascript', 'a@file:../x'],
    ['javascript', 'user/repo'],
    ['javascript', 'https://x/y.tgz'],
    ['javascript', '../x'],
    ['javascript', '-g'],
    ['bash', 'jq'],
    ['sql', 'x'],
  ] as const)('in %s %j is refused', (language, name) => {
    expect(() => checkPackages(language, [name])).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }));
  });

  test('no more than a run may have', () => {
    const many = Array.from({ length: 21 }, (_, at) => `p${at}`);
    expect(() => checkPackages('python', many)).toThrow('more than the 20');
    expect(() => checkPackages('bash', [])).not.toThrow();
  });
});

describe('languages', () => {
  test.each([
    ['Python', 'python'],
    ['ts', 'typescript'],
    ['shellscript', 'bash'],
    ['sqlite', 'sql'],
    ['cobol', undefined],
    ['constructor', undefined],
  ])('%s is %s', (word, language) => {
    expect(languageOf(word)).toBe(language);
  });

  test('of a file', () => {
    expect(['a.py', 'b/c.d.mts', 'x.SH', 'Makefile', '.py', 'a.txt'].map(languageOfFile)).toEqual([
      ...['python', 'typescript', 'bash', undefined, 'python', undefined],
    ]);
  });
});

test('what would deceive the eye is made visible; all else stays', () => {
  expect(revealed('a\u202e = 1; // \u2066b\u200b\u00ad\u{e0041}')).toBe(
    'a\\u{202e} = 1; // \\u{2066}b\\u{200b}\\u{ad}\\u{e0041}',
  );
  expect(revealed('é = "日本"\n\t🙂')).toBe('é = "日本"\n\t🙂');
});

describe('what became of a run', () => {
  test.each([
    [{ exitCode: 0, signal: null, stoppedBy: null }, 'completed'],
    [{ exitCode: 1, signal: null, stoppedBy: null }, 'failed'],
    [{ exitCode: null, signal: 'SIGSEGV', stoppedBy: null }, 'failed'],
    [{ exitCode: null, signal: null, stoppedBy: null }, 'failed'],
    [{ exitCode: 0, signal: null, stoppedBy: 'time' }, 'timeout'],
    [{ exitCode: 0, signal: null, stoppedBy: 'person' }, 'cancelled'],
    [{ exitCode: 0, signal: null, stoppedBy: 'output' }, 'failed'],
    [{ exitCode: null, signal: 'SIGKILL', stoppedBy: 'memory' }, 'failed'],
  ] as const)('%j: %s', (end, status) => {
    expect(statusOf(end)).toBe(status);
  });

  test('it is abandoned a minute after its time is over', () => {
    const run = { status: 'running', timestamp: '2026-01-01T00:00:00.000Z', timeout: 30 } as const;
    expect(isAbandoned(run, '2026-01-01T00:01:30.000Z')).toBe(false);
    expect(isAbandoned(run, '2026-01-01T00:01:30.001Z')).toBe(true);
    expect(isAbandoned({ ...run, status: 'failed' }, '2027-01-01T00:00:00.000Z')).toBe(false);
  });
});
