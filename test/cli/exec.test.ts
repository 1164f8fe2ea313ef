import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, inject, test } from 'vitest';
import type { ExecuteCodeResult, ExecutionList, ExecutionView } from '../../src/app/execution/executionInputs.js';
import { temporaryFolder } from '../support/stores.js';
import { allowed, execute, result } from './runs.js';
import { expectRefused, type Shell, start } from './shell.js';
import { CTRL_C, ENTER, hasTerminal, Terminal } from './terminal.js';

const runs = (tm: Shell): ExecutionList => tm.json<ExecutionList>('runs', '1');
const leftBehind = () => readdirSync(tmpdir()).filter((name) => name.startsWith('task-orchestrator-run-'));

describe('tm exec: whether it may', () => {
  test('is off until the person allows it on this machine, whatever the project says', () => {
    const tm = start();
    tm.say('add', 'One');
    tm.say('config', 'set', 'execution.enabled', 'true');
    const before = tm.disk();
    expectRefused(
      tm.run('exec', '1', '-l', 'bash', '-c', 'echo hi', '--yes'),
      1,
      'tm execution allow',
      'Nothing was run',
    );
    expect(tm.disk()).toEqual(before);
    expect(tm.json('execution')).toMatchObject({ enabled: false, project: true, allowed: null });
    tm.say('execution', 'allow');
    expect(tm.json('execution')).toMatchObject({ enabled: true, project: true, allowed: true, without_asking: [] });
    expect(tm.say('exec', '1', '-l', 'bash', '-c', 'echo hi', '--yes')).toBe('hi');
    tm.say('execution', 'deny');
    expectRefused(tm.run('exec', '1', '-l', 'bash', '-c', 'echo hi', '--yes'), 1, 'You do not want code to be run');
    // Another person's machine: the project alone is not enough.
    const other = tm.with({ env: { XDG_CONFIG_HOME: temporaryFolder() } });
    expectRefused(
      other.run('exec', '1', '-l', 'bash', '-c', 'echo hi', '--yes'),
      1,
      'until you allow it on this machine',
    );
  });

  test('is off where the project’s settings say so, though the person allowed it', () => {
    const tm = allowed();
    tm.say('config', 'set', 'execution.enabled', 'false');
    expectRefused(
      tm.run('exec', '1', '-l', 'bash', '-c', 'echo hi', '--yes'),
      1,
      'tm config set execution.enabled true',
    );
  });

  test('each call is approved; off a terminal it is refused and names the way out', () => {
    const tm = allowed();
    const before = tm.disk();
    expectRefused(
      tm.run('exec', '1', '-l', 'bash', '-c', 'echo hi'),
      1,
      'nobody to ask',
      'tm execution allow --without-asking',
    );
    expect(tm.disk()).toEqual(before);
  });

  test('a rule spares the question for plain calls in its languages only', () => {
    const tm = allowed();
    tm.say('execution', 'allow', '--without-asking', 'bash');
    expect(tm.say('exec', '1', '-l', 'bash', '-c', 'echo hi')).toBe('hi');
    for (const more of [
      ['-l', 'python'],
      ['-l', 'bash', '--network'],
      ['-l', 'bash', '--env', 'EDITOR'],
      ['-l', 'bash', '--sandbox', 'none'],
    ])
      expectRefused(tm.run('exec', '1', '-c', 'exit', ...more), 1, 'nobody to ask');
    expectRefused(tm.run('exec', '1', '-l', 'js', '-c', '1', '--package', 'lodash'), 1, 'nobody to ask');
  });

  test.runIf(hasTerminal)('a person at a terminal sees the code, answers, and may end it by Ctrl-C', async () => {
    const tm = allowed();
    const no = new Terminal(tm.folder, 'exec', '1', '-l', 'bash', '-c', 'echo made > made');
    await no.sees('│ echo made > made');
    await no.answer('Run this? [y/N]', ENTER);
    await no.sees('It was not approved. Nothing was run.');
    expect([await no.end(), runs(tm).total]).toEqual([1, 0]);
    const yes = new Terminal(tm.folder, 'exec', '1', '-l', 'bash', '-c', 'printf "\\033[2Jseen"; echo; exec sleep 600');
    await yes.answer('Run this? [y/N]', `y${ENTER}`);
    await yes.sees('seen');
    yes.type(CTRL_C);
    await yes.sees('because it was cancelled');
    expect(await yes.end()).toBe(1);
    // A script's terminal would have obeyed; this one shows a space.
    expect(runs(tm).executions).toMatchObject([{ status: 'cancelled', stopped_by: 'person', language: 'bash' }]);
  });
});

describe('tm exec: what it runs', () => {
  test('the seed’s three examples: python prints 2, javascript 7, bash 42', () => {
    const tm = allowed();
    expect(execute(tm, 'python', 'print(1 + 1)').output).toBe('2\n');
    expect(execute(tm, 'javascript', 'console.log(3 + 4)').output).toBe('7\n');
    expect(execute(tm, 'bash', 'echo 42').output).toBe('42\n');
  });

  test('each language: as modules and scripts, beside the files of the workspace', () => {
    const tm = allowed();
    writeFileSync(join(tm.folder, 'own.py'), 'ANSWER = 42\n');
    writeFileSync(join(tm.folder, 'own.mjs'), 'export const answer = 42;\n');
    writeFileSync(join(tm.folder, 'own.cjs'), 'exports.answer = 42;\n');
    expect(execute(tm, 'python', 'import own\nprint(own.ANSWER)')).toMatchObject({ output: '42\n', exit_code: 0 });
    expect(execute(tm, 'js', "import { answer } from './own.mjs';\nconsole.log(await answer);").output).toBe('42\n');
    expect(execute(tm, 'js', "console.log(require('./own.cjs').answer)").output).toBe('42\n');
    expect(execute(tm, 'bash', 'cat own.cjs; cat').output).toBe('exports.answer = 42;\n');
    expect(readdirSync(tm.folder).filter((name) => name.startsWith('__pycache__'))).toEqual([]);
  });

  test.each(inject('nodes'))('typescript on %s, or says what it needs', (node) => {
    const tm = allowed().with({ node, env: { PATH: `${join(node, '..')}:${process.env.PATH}` } });
    const code = 'interface A { readonly b: number }\nenum C { x = 7 }\nconst a: A = { b: C.x };\nconsole.log(a.b)';
    const run = tm.run('exec', '1', '-l', 'ts', '-c', code, '--yes');
    if (run.code === 0) expect(run.stdout).toBe('7\n');
    else expectRefused(run, 1, 'Put Node 22.13 or later on the PATH', 'Nothing was run');
  });

  test('nothing of the project is loaded before somebody approved', () => {
    const tm = allowed();
    mkdirSync(join(tm.folder, 'node_modules/esbuild'), { recursive: true });
    const spoil = "require('fs').writeFileSync('spoiled', '')";
    writeFileSync(join(tm.folder, 'node_modules/esbuild/index.js'), spoil);
    writeFileSync(join(tm.folder, 'sitecustomize.py'), "open('spoiled', 'w')");
    for (const language of ['typescript', 'python', 'javascript'])
      expect(tm.run('exec', '1', '-l', language, '-c', 'print(1)').code).toBe(1);
    expect(existsSync(join(tm.folder, 'spoiled'))).toBe(false);
  });

  test('what is no TypeScript is refused before it runs', () => {
    const node = inject('nodes')[1] as string;
    const tm = allowed().with({ node });
    expectRefused(
      tm.run('exec', '1', '-l', 'ts', '-c', 'const a: = 1', '--yes'),
      2,
      'no TypeScript',
      'Nothing was run',
    );
    expect(runs(tm).total).toBe(0);
  });

  test('sql: rows as lines of JSON, from a copy that nothing comes back from', () => {
    const tm = allowed();
    const before = JSON.stringify(tm.list());
    const sql = `SELECT number, title FROM tasks; DELETE FROM tasks;
      CREATE TRIGGER t AFTER INSERT ON tasks BEGIN DELETE FROM tasks; SELECT 1; END;
      SELECT count(*) AS n, 'a;b' AS text, x'0aff' AS bytes FROM tasks -- the end;`;
    const { execution, confinement } = result(tm, 'sql', sql);
    expect(execution.output).toBe(`{"number":1,"title":"Login for users"}\n{"n":0,"text":"a;b","bytes":"x'0aff'"}\n`);
    expect(confinement).toMatchObject({ files: 'memory', network: 'off' });
    expect(JSON.stringify(tm.list())).toBe(before);
    const outside = join(temporaryFolder(), 'out.db');
    execute(tm, 'sql', `ATTACH '${outside}' AS o; CREATE TABLE o.t (a); VACUUM INTO '${outside}2';`);
    expect(readdirSync(join(outside, '..'))).toEqual([]);
    expect(execute(tm, 'sql', 'SELECT a FROM nowhere')).toMatchObject({
      ...{ status: 'failed', exit_code: 1, output: '' },
      error: expect.stringContaining('no such table: nowhere'),
    });
  });

  test('the language comes from the option, the file’s name or the task', () => {
    const tm = allowed();
    writeFileSync(join(tm.folder, 'hello.py'), 'print("by name")');
    expect(tm.say('exec', '1', '--file', 'hello.py', '--yes')).toBe('by name');
    expectRefused(tm.run('exec', '1', '-c', 'echo 1', '--yes'), 2, '--language python|javascript|typescript|bash|sql');
    tm.say('update', '1', '--code-language', 'bash');
    expect(tm.say('exec', '1', '-c', 'echo "by task"', '--yes')).toBe('by task');
    expectRefused(tm.run('exec', '1', '-l', 'cobol', '-c', '1', '--yes'), 2, 'cobol', 'python');
    expectRefused(tm.run('exec', '1', '-l', 'bash', '--yes'), 2, '--file FILE');
    expectRefused(tm.run('exec', '1', '-l', 'bash', '-c', 'a', '--file', 'b', '--yes'), 2, 'once');
    expectRefused(tm.run('exec', '9', '-l', 'bash', '-c', 'a', '--yes'), 3, '9');
  });
});

describe('tm exec: what it says', () => {
  test('streams stdout and stderr apart, and its own words on stderr', () => {
    const tm = allowed();
    const run = tm.run('exec', '1', '-l', 'bash', '-c', 'echo out; echo err >&2; exit 3', '--yes');
    expect([run.code, run.stdout]).toEqual([1, 'out\n']);
    expect(run.stderr).toMatch(/^err\nT-1: ended after \d+\.\d s with exit code 3\. Sandbox: /);
  });

  test.each([
    [0, 0],
    [1, 1],
    [137, 137],
  ])('exit code %i stays %i', (code, stays) => {
    const tm = allowed();
    const status = code === 0 ? 'completed' : 'failed';
    expect(execute(tm, 'bash', `exit ${code}`)).toMatchObject({ exit_code: stays, signal: null, status });
    expect(execute(tm, 'javascript', `process.exit(${code})`)).toMatchObject({ exit_code: stays, status });
    expect(tm.run('exec', '1', '-l', 'bash', '-c', `exit ${code}`, '--yes', '--exit-code').code).toBe(stays);
    expect(tm.run('exec', '1', '-l', 'bash', '-c', `exit ${code}`, '--yes').code).toBe(code === 0 ? 0 : 1);
  });

  test('a signal is told from an exit code', () => {
    const tm = allowed();
    const run = execute(tm, 'bash', 'kill -9 $$', '--sandbox', 'none');
    expect(run).toMatchObject({ exit_code: null, signal: 'SIGKILL', status: 'failed', stopped_by: null });
    const exit = ['--sandbox', 'none', '--yes', '--exit-code'];
    expect(tm.run('exec', '1', '-l', 'bash', '-c', 'kill -9 $$', ...exit).code).toBe(137);
  });

  test('--json is one object with the names of seed 002, and what tm runs shows later', () => {
    const tm = allowed();
    const { execution, confinement, message } = result(
      tm,
      'bash',
      'echo $PWD; echo no >&2; exit 2',
      '--timeout',
      '7.5',
    );
    expect(execution).toMatchObject({
      ...{ task_id: tm.task('1').id, task: { number: 1, name: 'T-1' }, language: 'bash', status: 'failed' },
      code: 'echo $PWD; echo no >&2; exit 2',
      ...{ output: `${tm.folder}\n`, error: 'no\n', exit_code: 2, signal: null, truncated: false, timeout: 7.5 },
      ...{ working_directory: '.', packages: [], executed_by: 'ann', abandoned: false, stopped_by: null },
    });
    expect(execution.execution_time).toBeGreaterThanOrEqual(0);
    expect(confinement?.sandbox).toBe(execution.sandbox);
    expect(confinement?.runtime).toMatch(/^bash \d/);
    expect(message).toMatch(/^T-1: ended after .* with exit code 2\.$/);
    expect(tm.json<{ execution: ExecutionView }>('runs', '1', execution.id.slice(0, 6)).execution).toEqual(execution);
    const { code: _code, output: _output, error: _error, ...summary } = execution;
    expect(runs(tm)).toEqual({ executions: [summary], total: 1, truncated: false });
    expect(tm.say('runs', '1')).toMatch(new RegExp(`^Run .*\n${execution.id} .* bash +exit 2 `));
    expect(tm.say('runs', '1', execution.id)).toContain('Code:\necho $PWD; echo no >&2; exit 2\n\nOutput:\n');
  });

  test('runs are listed the newest first, cut and counted; a wrong one is named', () => {
    const tm = allowed();
    expect(tm.run('runs', '1')).toMatchObject({
      code: 0,
      stdout: '',
      stderr: expect.stringContaining('Nothing was run'),
    });
    const ids = ['1', '2', '3'].map((n) => execute(tm, 'bash', `echo ${n}`).id);
    const list = tm.json<ExecutionList>('runs', '1', '--limit', '2');
    expect([list.executions.map((run) => run.id), list.total, list.truncated]).toEqual([[ids[2], ids[1]], 3, true]);
    tm.say('add', 'Another');
    expectRefused(tm.run('runs', '2', ids[0] as string), 3, 'no run');
    expectRefused(tm.run('runs', '1', 'zzzz'), 3, 'no run zzzz');
  });
});

describe('tm exec: where it runs', () => {
  test('in the workspace’s root or a folder of it, links resolved; elsewhere it is refused', () => {
    const tm = allowed();
    const outside = temporaryFolder();
    mkdirSync(join(tm.folder, 'src'));
    symlinkSync(outside, join(tm.folder, 'link'));
    symlinkSync(join(tm.folder, 'src'), join(tm.folder, 'inner'));
    expect(execute(tm, 'bash', 'pwd', '--cwd', 'src').output).toBe(`${tm.folder}/src\n`);
    expect(execute(tm, 'bash', 'pwd -P', '--cwd', 'inner')).toMatchObject({
      ...{ output: `${tm.folder}/src\n`, working_directory: 'src' },
    });
    for (const folder of [
      '..',
      '/',
      'link',
      'src/../..',
      outside,
      'nowhere',
      `${tm.folder}/../${tm.folder.split('/').at(-1)}x`,
    ])
      expectRefused(
        tm.run('exec', '1', '-l', 'bash', '-c', 'pwd', '--cwd', folder, '--yes'),
        2,
        'no folder of this workspace',
      );
    expect(runs(tm).total).toBe(2);
  });

  test('with an environment of its own: no key, nothing of tm’s, a home that is thrown away', () => {
    const secrets = {
      OPENAI_API_KEY: 'sk-hidden-1',
      MY_TOKEN: 'hidden-2',
      TM_MODEL_API_KEY: 'hidden-3',
      PLAIN: 'shown',
    };
    const tm = allowed({ ...secrets, LD_PRELOAD: '', NODE_OPTIONS: '--no-warnings', BASH_ENV: '/etc/passwd' });
    const names = (run: ExecutionView) =>
      (run.output ?? '').split('\n').flatMap((line) => /^([A-Za-z_]\w*)=/.exec(line)?.[1] ?? []);
    const run = execute(tm, 'bash', 'env; echo; ls -A "$HOME" "$TMPDIR"');
    expect(run.output).not.toMatch(/hidden|shown/);
    const own = [
      'HOME',
      'LANG',
      'OLDPWD',
      'PATH',
      'PWD',
      'SHLVL',
      'TASK_ORCHESTRATOR_RUN',
      'TMPDIR',
      'TZ',
      '_',
      'LC_ALL',
      'LC_CTYPE',
      'LANGUAGE',
    ];
    expect(names(run).filter((name) => !own.includes(name))).toEqual([]);
    expect(run.output).not.toContain(`HOME=${tm.folder}\n`);
    expect(execute(tm, 'bash', 'echo $PLAIN', '--env', 'PLAIN').output).toBe('shown\n');
    for (const name of ['OPENAI_API_KEY', 'MY_TOKEN', 'TM_MODEL_API_KEY', 'TM_AGENT_ID', 'a-b'])
      expectRefused(tm.run('exec', '1', '-l', 'bash', '-c', 'env', '--yes', '--env', name), 2, name);
  });

  test('leaves nothing behind in the temporary folder', () => {
    const tm = allowed();
    const before = leftBehind();
    const run = execute(tm, 'bash', 'echo "$HOME"; mkdir -p "$TMPDIR/a/b"; chmod 000 "$TMPDIR/a"; kill -9 $$');
    expect(run.output).toContain('task-orchestrator-run-');
    expect(leftBehind().filter((name) => !before.includes(name) && run.output?.includes(name))).toEqual([]);
  });
});

describe('runs and the rest of the store', () => {
  test('are encrypted with the other texts, and read with the key only', () => {
    const blind = allowed();
    const tm = blind.with({ env: { TM_ENCRYPTION_KEY: blind.say('encryption', 'new-key') } });
    const [before] = [execute(tm, 'bash', 'echo plugh-out; echo plugh-err >&2')];
    tm.run('encryption', 'enable');
    const after = execute(tm, 'bash', 'echo plugh-later');
    const texts = () =>
      readdirSync(join(tm.folder, '.task-orchestrator'), { withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
        .join('');
    expect(texts()).not.toContain('plugh');
    for (const run of [before, after])
      expect(tm.json<{ execution: ExecutionView }>('runs', '1', run.id).execution).toEqual(run);
    const hidden = blind.json<{ execution: ExecutionView }>('runs', '1', after.id).execution;
    expect([hidden.code, hidden.output]).toEqual(Array(2).fill('(encrypted; set TM_ENCRYPTION_KEY)'));
    expect(hidden.exit_code).toBe(0);
    expect(execute(tm, 'sql', 'SELECT code FROM code_executions').output).not.toContain('plugh');
    tm.run('encryption', 'rotate');
    tm.run('encryption', 'disable');
    expect(blind.json<{ execution: ExecutionView }>('runs', '1', after.id).execution).toEqual(after);
  });

  test('go with their task into the trash and back, and are not undone', () => {
    const tm = allowed();
    const { id } = execute(tm, 'bash', 'echo kept');
    tm.say('update', '1', '--title', 'Renamed');
    tm.say('undo');
    expect(tm.task('1').title).toBe('Login for users');
    tm.say('update', '1', '--title', 'Again');
    execute(tm, 'bash', 'echo last');
    tm.say('undo');
    expect([tm.task('1').title, runs(tm).total]).toEqual(['Login for users', 2]);
    const uid = tm.task('1').id;
    tm.say('delete', uid);
    tm.say('trash', 'restore', uid);
    expect(tm.say('runs', '1', id)).toContain('kept');
  });

  test('a request that is repeated runs nothing again', () => {
    const tm = allowed();
    const named = tm.with({ env: { TM_REQUEST_ID: 'r-1' } });
    const first = result(named, 'bash', 'echo once >> count; cat count');
    const again = result(named, 'bash', 'echo once >> count; cat count');
    expect([again.execution, again.confinement]).toEqual([first.execution, null]);
    expect(readFileSync(join(tm.folder, 'count'), 'utf8')).toBe('once\n');
    const other = named.pipe('echo other', 'exec', '1', '-', '-l', 'bash', '--yes', '--json');
    expect([other.code, other.stdout]).toEqual([4, '']);
  });

  test('eight at once are all kept, each with its own output', async () => {
    const tm = allowed();
    const done = await Promise.all(
      Array.from({ length: 8 }, (_, n) =>
        tm.start('exec', '1', '-l', 'bash', '-c', `for i in 1 2 3; do echo ${n}; done`, '--yes', '--json'),
      ),
    );
    for (const [n, run] of done.entries())
      expect((JSON.parse(run.stdout) as ExecuteCodeResult).execution).toMatchObject({
        output: `${n}\n`.repeat(3),
        exit_code: 0,
      });
    expect(runs(tm).executions.filter((run) => run.status === 'completed')).toHaveLength(8);
  });
});
