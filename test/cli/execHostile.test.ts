import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { LIMITS } from '../../src/core/execution/limits.js';
import { temporaryFolder } from '../support/stores.js';
import { allowed, execute, result } from './runs.js';
import { expectRefused, type Shell } from './shell.js';

const LINUX = process.platform === 'linux';

/** A sleep that no other test's processes are taken for. */
let count = 0;
const longSleep = () => {
  count += 1;
  return `sleep ${600 + count}.${process.pid}`;
};

/** Processes with these arguments that still run. */
function alive(args: string): string[] {
  const { stdout } = spawnSync('ps', ['-eo', 'stat=,args='], { encoding: 'utf8' });
  return stdout.split('\n').filter((line) => line.endsWith(args) && !line.trim().startsWith('Z'));
}

/** Without the sandbox, which would hide what these are about. */
const bare = (tm: Shell, language: string, code: string, ...options: string[]) =>
  execute(tm, language, code, '--sandbox', 'none', ...options);

describe('a run that does not want to end', () => {
  test('is ended at its time limit, also when it ignores SIGTERM', () => {
    const tm = allowed();
    const sleep = longSleep();
    const run = bare(tm, 'bash', `trap '' TERM INT HUP; echo started; while :; do ${sleep}; done`, '--timeout', '1');
    expect(run).toMatchObject({
      status: 'timeout',
      stopped_by: 'time',
      signal: 'SIGKILL',
      exit_code: null,
      output: 'started\n',
    });
    expect(alive(sleep)).toEqual([]);
  });

  test('is asked first: one that cleans up on SIGTERM may, and its own exit code is kept', () => {
    const tm = allowed();
    const run = bare(tm, 'bash', `trap 'echo cleaned; exit 5' TERM; ${longSleep()} & wait`, '--timeout', '1');
    expect(run).toMatchObject({
      status: 'timeout',
      stopped_by: 'time',
      exit_code: 5,
      signal: null,
      output: 'cleaned\n',
    });
  });

  test('an endless loop in each language', () => {
    const tm = allowed();
    const loops = {
      python: 'while True: pass',
      javascript: 'for (;;);',
      sql: 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n',
    };
    for (const [language, code] of Object.entries(loops))
      expect(execute(tm, language, code, '--timeout', '1')).toMatchObject({ status: 'timeout', stopped_by: 'time' });
  });

  test.runIf(LINUX)(
    'children in the background, in other groups and sessions, without a parent: all end with it',
    () => {
      const tm = allowed();
      const sleeps = Array.from({ length: 5 }, longSleep);
      const [a, b, c, d, e] = sleeps;
      const code = `${a} &\nsetsid ${b} &\n(setsid sh -c '${c} & ${d}' &)\nset -m; ${e} &\necho left`;
      const run = bare(tm, 'bash', code);
      expect(run).toMatchObject({ status: 'completed', exit_code: 0, output: 'left\n' });
      expect(sleeps.flatMap(alive)).toEqual([]);
      const again = bare(tm, 'bash', `${code}\nwait`, '--timeout', '1');
      expect(again).toMatchObject({ status: 'timeout', output: 'left\n' });
      expect(sleeps.flatMap(alive)).toEqual([]);
    },
  );

  test.runIf(LINUX)('a bomb of grandchildren is frozen and ended as a whole', () => {
    const tm = allowed();
    const sleep = longSleep();
    // It would stop by itself at about five hundred: this machine has other work to do.
    const bomb = `b() { if [ $1 -gt 0 ]; then b $(($1 - 1)) & b $(($1 - 1)) & fi; ${sleep}; }\nb 7`;
    const run = bare(tm, 'bash', bomb, '--timeout', '60');
    expect(run).toMatchObject({ status: 'failed', stopped_by: 'processes', signal: 'SIGKILL' });
    expect(alive(sleep)).toEqual([]);
  });

  test('a zombie that it leaves is nobody’s concern', () => {
    const tm = allowed();
    const code = 'import os\nif os.fork() == 0: os._exit(0)\nprint("done")';
    expect(execute(tm, 'python', code)).toMatchObject({ status: 'completed', output: 'done\n' });
  });

  test('tm that is told to end takes the run along, and says so in the store', async () => {
    const tm = allowed();
    const sleep = longSleep();
    const mark = join(tm.folder, 'started');
    const code = `echo $PPID > ${mark}; kill -TERM $PPID; ${sleep}`;
    const run = await tm.start('exec', '1', '-l', 'bash', '-c', code, '--yes', '--sandbox', 'none');
    expect(existsSync(mark)).toBe(true);
    expect(run).toMatchObject({ code: 1, stderr: expect.stringContaining('because it was cancelled') });
    expect(alive(sleep)).toEqual([]);
    expect(tm.json('runs', '1')).toMatchObject({ executions: [{ status: 'cancelled', stopped_by: 'person' }] });
  });
});

describe('a run that says too much', () => {
  test('endless output is cut and then ended', () => {
    const tm = allowed();
    const run = execute(tm, 'bash', 'yes 0123456789', '--timeout', '60');
    expect(run).toMatchObject({ status: 'failed', stopped_by: 'output', truncated: true });
    expect(run.output).toHaveLength(LIMITS.output);
    expect(run.output?.startsWith('0123456789\n')).toBe(true);
  });

  test('one huge line is cut on a whole character, and the run goes on', () => {
    const tm = allowed();
    const run = execute(tm, 'python', `print("é" * 500000, end="")\nimport sys\nprint("end", file=sys.stderr)`);
    expect(run).toMatchObject({ status: 'completed', truncated: true, error: 'end\n' });
    expect(run.output).toBe('é'.repeat(LIMITS.output / 2));
  });

  test('what is no UTF-8 is shown as such, and NUL does not end a text', () => {
    const tm = allowed();
    const run = execute(tm, 'bash', `printf 'a\\377\\000b\\303'; printf '\\303\\251' >&2`);
    expect([run.output, run.error, run.truncated]).toEqual(['a\uFFFD\uFFFDb\uFFFD', 'é', false]);
    expect(tm.json('runs', '1', run.id)).toMatchObject({ execution: { output: run.output } });
  });

  test('both streams at once, deep into the pipes, lose nothing', () => {
    const tm = allowed();
    const code = 'for (let i = 0; i < 5000; i++) { console.log("o" + i); console.error("e" + i); }';
    const run = execute(tm, 'javascript', code);
    const lines = (letter: string) => Array.from({ length: 5000 }, (_, i) => `${letter}${i}\n`).join('');
    expect([run.output, run.error]).toEqual([lines('o'), lines('e')]);
  });

  test('what would move the cursor is in the store as it was, and harmless where it is printed', () => {
    const tm = allowed();
    const run = execute(tm, 'bash', "printf 'a\\033[2Jb\\007'");
    expect(run.output).toBe('a\u001b[2Jb\u0007');
    expect(tm.say('runs', '1', run.id)).toContain('a [2Jb ');
  });
});

describe('a run that takes too much', () => {
  test.runIf(LINUX)('memory of all its processes together is limited', () => {
    const tm = allowed();
    const code = `import os, time
for _ in range(3): os.fork() == 0 and None
x = bytearray(b"x") * (100 * 1024 * 1024)
time.sleep(60)`;
    const run = bare(tm, 'python', code, '--memory', '256', '--timeout', '60');
    expect(run).toMatchObject({ status: 'failed', stopped_by: 'memory', signal: 'SIGKILL' });
  });

  test.runIf(LINUX)('memory of one process is limited by the system', () => {
    const tm = allowed();
    const run = execute(tm, 'python', 'x = bytearray(1 << 40)', '--memory', '128');
    expect(run).toMatchObject({ status: 'failed', exit_code: 1, error: expect.stringContaining('MemoryError') });
  });

  test('the heap of javascript is limited', () => {
    const tm = allowed();
    const code = 'const a = []; for (;;) a.push(new Array(1e5).fill(Math.random()));';
    expect(execute(tm, 'javascript', code, '--memory', '128', '--timeout', '60').status).toBe('failed');
  });
});

describe('what a call may not ask for', () => {
  test.each([
    ['python', '--index-url=http://evil'],
    ['python', '../local'],
    ['python', 'https://evil/x.whl'],
    ['javascript', 'git+https://evil/x'],
    ['javascript', '-g'],
    ['javascript', './x'],
    ['bash', 'curl'],
  ])('%s package %s', (language, name) => {
    const tm = allowed();
    const run = tm.run('exec', '1', '-l', language, '-c', '1', '--yes', `--package=${name}`);
    expectRefused(run, 2, 'package');
    expect(tm.json('runs', '1')).toMatchObject({ total: 0 });
  });

  test.each([
    ['--timeout', '0'],
    ['--timeout', '-1'],
    ['--timeout', '3601'],
    ['--timeout', 'soon'],
    ['--memory', '1'],
    ['--memory', '99999999'],
  ])('%s %s', (option, value) => {
    const tm = allowed();
    expectRefused(tm.run('exec', '1', '-l', 'bash', '-c', 'echo', '--yes', `${option}=${value}`), 2, option.slice(2));
  });

  test('a sandbox where there is none, a program that is not there', () => {
    const tm = allowed();
    const folder = temporaryFolder();
    const poor = tm.with({ env: { PATH: folder } });
    expectRefused(poor.run('exec', '1', '-l', 'python', '-c', '1', '--yes'), 1, 'Python 3 is not on the PATH');
    expect(poor.say('exec', '1', '-l', 'js', '-c', 'console.log(1)', '--yes')).toBe('1');
    if (LINUX)
      expectRefused(poor.run('exec', '1', '-l', 'js', '-c', '1', '--yes', '--sandbox', 'required'), 1, 'bubblewrap');
  });
});

describe('packages', () => {
  // Making a virtual environment takes Python a while.
  test('are there for one run, in an environment that is thrown away', () => {
    const tm = allowed();
    const index = temporaryFolder();
    // A registry with one built package, as PyPI's simple index is.
    const made = spawnSync('python3', ['-c', WHEEL, index], { encoding: 'utf8' });
    expect(made.stderr).toBe('');
    const offline = tm.with({ env: { PIP_INDEX_URL: `file://${index}/simple` } });
    const code = 'import tiny_of_ours, sys; print(tiny_of_ours.ANSWER, sys.prefix != sys.base_prefix)';
    const run = execute(offline, 'python', code, '--package', 'tiny-of-ours==1.0', '--sandbox', 'none');
    expect(run).toMatchObject({ output: '42 True\n', error: '', packages: ['tiny-of-ours==1.0'], status: 'completed' });
    expect(execute(offline, 'python', code)).toMatchObject({ status: 'failed', exit_code: 1 });
    const missing = execute(offline, 'python', code, '--package', 'nothing-of-ours', '--sandbox', 'none');
    expect(missing).toMatchObject({ status: 'failed', exit_code: null, signal: null, output: '' });
    expect(missing.error).toContain('The packages nothing-of-ours could not be installed');
  }, 240_000);
});

const WHEEL = `
import os, sys, zipfile
folder = os.path.join(sys.argv[1], 'simple', 'tiny-of-ours')
os.makedirs(folder)
name = 'tiny_of_ours-1.0-py3-none-any.whl'
with zipfile.ZipFile(os.path.join(folder, name), 'w') as wheel:
    info = 'tiny_of_ours-1.0.dist-info/'
    wheel.writestr('tiny_of_ours.py', 'ANSWER = 42\\n')
    wheel.writestr(info + 'METADATA', 'Metadata-Version: 2.1\\nName: tiny-of-ours\\nVersion: 1.0\\n')
    wheel.writestr(info + 'WHEEL', 'Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n')
    wheel.writestr(info + 'RECORD', '')
with open(os.path.join(folder, 'index.html'), 'w') as page:
    page.write('<a href="%s">%s</a>' % (name, name))
`;

/** Where the sandbox of this machine works. */
const hasSandbox = LINUX && spawnSync('bwrap', ['--ro-bind', '/', '/', '--unshare-net', 'true']).status === 0;

describe.runIf(hasSandbox)('in bubblewrap', () => {
  test('it says so; only the workspace can be written, the store not, homes are empty, the network is off', () => {
    const tm = allowed();
    const outside = temporaryFolder();
    writeFileSync(join(outside, 'secret'), 'hidden');
    const code = `echo in > made; ls -A ${outside} 2>&1; echo x > .task-orchestrator/config.json; echo x > ${outside}/y; echo x > /etc/tm-x
      ls -A ~; (exec 3<>/dev/tcp/1.1.1.1/80) && echo connected; cat /proc/net/dev | grep -c eth`;
    const { execution, confinement } = result(tm, 'bash', code, '--sandbox', 'required');
    expect(confinement).toMatchObject({ sandbox: 'bubblewrap', network: 'off', files: 'workspace' });
    expect(execution.sandbox).toBe('bubblewrap');
    expect(readFileSync(join(tm.folder, 'made'), 'utf8')).toBe('in\n');
    expect(execution.output).not.toMatch(/secret|connected/);
    expect(execution.error).toContain('Read-only file system');
    expect(existsSync(join(outside, 'y')) || existsSync('/etc/tm-x')).toBe(false);
    expect(tm.json('execution')).toMatchObject({ project: true, sandbox: 'bubblewrap' });
  });

  test('nothing gets out of its tree, not even what empties its environment and leaves its session', () => {
    const tm = allowed();
    const [a, b] = [longSleep(), longSleep()];
    const run = execute(tm, 'bash', `env -i setsid -f ${a}; setsid -f env -i ${b}; echo left`);
    expect(run).toMatchObject({ status: 'completed', output: 'left\n', sandbox: 'bubblewrap' });
    expect([...alive(a), ...alive(b)]).toEqual([]);
  });

  test('each language runs in it, and limits hold', () => {
    const tm = allowed();
    const required = ['--sandbox', 'required'];
    expect(execute(tm, 'python', 'print(1)', ...required).output).toBe('1\n');
    expect(execute(tm, 'javascript', 'console.log(1)', ...required).output).toBe('1\n');
    expect(execute(tm, 'sql', 'SELECT 1 AS a', ...required).output).toBe('{"a":1}\n');
    expect(execute(tm, 'bash', `trap '' TERM; ${longSleep()}`, ...required, '--timeout', '1').status).toBe('timeout');
    expect(execute(tm, 'bash', 'exit 7', ...required).exit_code).toBe(7);
  });
});
