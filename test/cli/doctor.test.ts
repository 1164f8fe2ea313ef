import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, inject, onTestFinished, test } from 'vitest';
import { type DoctorReport, doctorReport } from '../../src/app/doctor/doctor.js';
import { FAULTS, type FaultName, faultyStore, healthyStore } from '../fixtures/faults.js';
import { ModelServer } from '../support/modelServer.js';
import { Repository } from '../support/repository.js';
import { Shell } from './shell.js';

/** A terminal in the folder of a store. */
const shellAt = (path: string) => new Shell({ folder: dirname(dirname(path)) });

/** The report of a run that may fail, in the form that the schema says. */
function reportOf(tm: Shell, ...args: string[]): { code: number | null; report: DoctorReport } {
  const { code, stdout } = tm.run('doctor', '--json', ...args);
  return { code, report: doctorReport().strict().parse(JSON.parse(stdout)) };
}

describe('tm doctor', () => {
  test('says of a healthy store what it looked at, and that nothing is wrong', async () => {
    const path = await healthyStore();
    const { code, stdout, stderr } = shellAt(path).run('doctor');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout.split('\n')).toEqual([
      expect.stringMatching(/tasks\.db: \d+ bytes, schema \d+, transaction 3$/),
      expect.stringMatching(/tasks\.journal: \d+ bytes, after transaction 3, up to 6$/),
      '4 tasks',
      expect.stringMatching(/^git \d+\.\d+[\d.]*: no repository here$/),
      expect.stringMatching(/^runtimes: python3 (missing|[\d.]+), node [\d.]+, bash (missing|[\d.]+)$/),
      'models: no service is set up in the environment',
      'Healthy: nothing is wrong.',
      '',
    ]);
    expect(reportOf(shellAt(path))).toMatchObject({
      code: 0,
      report: {
        healthy: true,
        findings: [],
        examined: { image: { head: 3 }, journal: { base: 3, head: 6 }, tasks: 4 },
      },
    });
  });

  test('says what is wrong and what it would do, exits with 5, and does it only with --fix', async () => {
    const path = await faultyStore('flipped byte in the middle');
    const tm = shellAt(path);
    const { code, stdout, stderr } = tm.run('doctor');
    expect(code).toBe(5);
    expect(stdout).toMatch(/^error JOURNAL_DAMAGED: tasks\.journal is damaged at bytes \d+–\d+ \(line 3\)/m);
    expect(stdout).toMatch(/^ {2}--fix: /m);
    expect(stderr).toContain('tm doctor --fix');
    expect(existsSync(join(dirname(path), 'backups'))).toBe(false);
    const fixed = tm.run('doctor', '--fix');
    expect([fixed.code, fixed.stderr]).toEqual([0, '']);
    expect(fixed.stdout).toMatch(/^backup: .*-before-doctor$/m);
    expect(fixed.stdout).toMatch(/^fixed JOURNAL_DAMAGED: /m);
    expect(fixed.stdout).toMatch(/^Healthy/m);
    expect(tm.list().total).toBe(4);
    expect(tm.run('doctor').stdout).toMatch(/^Healthy/m);
  });

  test('says what there is of git, and which model services are set up, but never a key', async () => {
    const tm = shellAt(await healthyStore());
    const repository = new Repository(tm.folder);
    repository.commit('Begin', { 'a.txt': 'a' });
    tm.say('hook', 'install');
    const asked = tm.with({ env: { OPENAI_API_KEY: 'sk-very-secret', ANTHROPIC_API_KEY: ' ' } });
    const { stdout } = asked.run('doctor');
    expect(stdout).toContain(`: ${tm.folder}, branch main, hook installed`);
    expect(stdout).toContain('\nmodels: OpenAI (OPENAI_API_KEY)\n');
    expect(stdout + asked.run('doctor', '--json').stdout).not.toContain('very-secret');
    const { surroundings } = reportOf(asked).report;
    expect(surroundings?.git).toMatchObject({ repository: tm.folder, branch: 'main', hook: 'installed' });
    const bare = tm.with({ env: { PATH: join(tm.folder, 'nothing') } });
    expect(reportOf(bare)).toMatchObject({
      code: 0,
      report: { healthy: true, surroundings: { git: { version: null, repository: null, hook: null } } },
    });
    expect(bare.run('doctor').stdout).toContain('git: not installed\nruntimes: python3 missing, node missing');
  });

  describe('--providers', () => {
    const KEY = 'sk-ant-very-secret-1';
    const check = async (tm: Shell) => {
      const { code, stdout, stderr } = await tm.start('doctor', '--providers', '--json');
      expect(stdout + stderr).not.toContain(KEY);
      const report = doctorReport().strict().parse(JSON.parse(stdout));
      return { code, services: Object.fromEntries(report.services?.map((one) => [one.name, one]) ?? []) };
    };

    test('asks each service that is set up for its models, with its key, and nothing else', async () => {
      const server = await ModelServer.start();
      onTestFinished(() => server.stop());
      server.models = ['one', 'two'];
      const tm = shellAt(await healthyStore()).with({
        env: { ANTHROPIC_API_KEY: KEY, ANTHROPIC_BASE_URL: server.address, TM_MODEL_BASE_URL: `${server.address}/v1` },
      });
      expect((await tm.start('doctor', '--json')).stdout).not.toContain('"services"');
      expect(server.listings).toEqual([]);
      const { code, services } = await check(tm);
      expect(code).toBe(0);
      expect(services).toMatchObject({
        anthropic: { result: 'reachable', models: 2, says: 'it offers 2 models' },
        compatible: { result: 'reachable', models: 2 },
        openai: { result: 'not configured', says: expect.stringContaining('Set OPENAI_API_KEY') },
      });
      expect(server.questions).toEqual([]);
      const [own] = server.listings.filter(({ path }) => path.startsWith('/v1/models?'));
      expect(own?.headers.authorization).toBe(`Bearer ${KEY}`);
      const { stdout } = await tm.start('doctor', '--providers');
      expect(stdout).not.toContain(KEY);
      expect(stdout).toContain(`\nAnthropic at ${server.address}: reachable (it offers 2 models)\n`);
    });

    test('tells a refused key from a service that is not there, and never gets stuck; the store stays healthy', async () => {
      const server = await ModelServer.start();
      const tm = shellAt(await healthyStore()).with({
        env: { ANTHROPIC_API_KEY: KEY, ANTHROPIC_BASE_URL: server.address },
      });
      const anthropic = async () => (await check(tm)).services.anthropic;
      server.listing = { kind: 'error', status: 401, message: `wrong: ${KEY}` };
      expect(await anthropic()).toMatchObject({ result: 'key refused', models: null });
      server.listing = { kind: 'error', status: 500, message: `broken ${KEY}` };
      expect(await anthropic()).toMatchObject({ result: 'not reachable', says: expect.stringContaining('[key]') });
      server.listing = { kind: 'error', status: 429, message: 'slowly' };
      expect(await anthropic()).toMatchObject({ result: 'reachable' });
      const asked = server.listings.length;
      server.listing = { kind: 'silent', text: '' };
      const { code, services } = await check(tm.with({ env: { TM_MODEL_TIMEOUT: '1' } }));
      expect(services.anthropic).toMatchObject({
        result: 'not reachable',
        says: expect.stringContaining('within 1 s'),
      });
      expect([code, server.listings.length]).toEqual([0, expect.toSatisfy((count: number) => count <= asked + 1)]);
      await server.stop();
      expect(await anthropic()).toMatchObject({ result: 'not reachable' });
    });
  });

  test('gives the same as one JSON object, of the schema', async () => {
    const tm = shellAt(await faultyStore('git conflict markers'));
    const found = reportOf(tm);
    expect(found).toMatchObject({ code: 5, report: { healthy: false, examined: { tasks: 5 } } });
    const done = reportOf(tm, '--fix');
    expect(done).toMatchObject({ code: 0, report: { healthy: true, findings: [], fixed: found.report.findings } });
    expect(readdirSync(done.report.backup!)).toEqual(['tasks.db', 'tasks.journal']);
    expect(tm.list().total).toBe(5);
  });

  test.each<[FaultName, number]>([
    ['torn last line', 0],
    ['expired lease', 0],
    ['lock held by a live process', 0],
    ['missing journal', 0],
    ['cycle of dependencies', 0],
    ['missing database', 5],
    ['zero-byte journal', 5],
    ['CRLF added by an editor', 5],
    ['database of another program', 5],
    ['schema of a newer version', 5],
  ])('exits for a %s with %i', async (name, code) => {
    expect(shellAt(await faultyStore(name)).run('doctor').code).toBe(code);
  });

  test.each<[FaultName, number]>([
    ['missing database', 0],
    ['database and journal of two stores', 0],
    ['rows of tasks that are gone', 0],
    ['stale lock of a dead process', 0],
    ['database of another program', 5],
    ['schema of a newer version', 5],
  ])('--fix exits for a %s with %i', async (name, code) => {
    const run = shellAt(await faultyStore(name)).run('doctor', '--fix');
    expect(run.code).toBe(code);
    if (code > 0) expect(run.stderr).toContain('only you can end');
  });

  test('--fix refuses while a live process holds the lock, naming it', async () => {
    const path = await faultyStore('flipped byte in the middle');
    FAULTS['lock held by a live process'].plant(path);
    const { code, stdout, stderr } = shellAt(path).run('doctor', '--fix');
    expect([code, stdout]).toEqual([5, '']);
    expect(stderr).toContain(`locked by VS Code (process ${process.pid}`);
  });

  test('notes files that tasks refer to and that are gone', () => {
    const tm = new Shell();
    tm.say('init');
    tm.file('src/there.ts', 5);
    tm.say('add', 'Task', '--file', 'src/there.ts:1', '--file', 'src/gone.ts:3');
    expect(reportOf(tm)).toMatchObject({
      code: 0,
      report: {
        findings: [{ code: 'REFERENCE_MISSING', severity: 'note', what: expect.stringContaining('src/gone.ts') }],
      },
    });
    expect(tm.say('doctor')).toContain('T-1 refers to src/gone.ts, which is not there.');
  });

  test('without a store is NOT_FOUND', () => {
    const tm = new Shell();
    expect(tm.run('doctor')).toMatchObject({ code: 3, stdout: '', stderr: expect.stringContaining('tm init') });
    expect(tm.run('doctor', '--fix').code).toBe(3);
    expect(readdirSync(tm.folder)).toEqual([]);
  });

  test('of a journal alone finds the store', async () => {
    const path = await healthyStore();
    rmSync(path);
    expect(shellAt(path).run('doctor').stdout).toContain('tasks.db is missing');
  });

  test('of an older version is a note, and repaired in its own schema', () => {
    const shell = new Shell();
    cpSync(join(import.meta.dirname, '../fixtures/stores/schema-1'), dirname(shell.storePath), { recursive: true });
    expect(shell.run('doctor')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^note SCHEMA_OLD: .*schema 1/m),
    });
    const path = shell.storePath.replace(/db$/, 'journal');
    const journal = readFileSync(path);
    journal.writeUInt8((journal[600] ?? 0) ^ 1, 600);
    writeFileSync(path, journal);
    expect(shell.run('doctor').code).toBe(5);
    shell.say('doctor', '--fix');
    shell.say('migrate', '--apply');
    expect(shell.list().total).toBe(4);
  });

  test.runIf(process.platform === 'linux' && process.getuid?.() === 0)(
    'as a person without rights to the folder says so, and --fix is refused',
    async () => {
      const path = await faultyStore('torn last line');
      const folder = dirname(path);
      const nobody = 65_534;
      for (const place of [dirname(folder), folder, path, join(folder, 'tasks.journal')])
        chownSync(place, nobody, nobody);
      chmodSync(folder, 0o555);
      const run = (...args: string[]) =>
        spawnSync(inject('nodes')[0]!, [inject('tm'), 'doctor', ...args], {
          cwd: dirname(folder),
          uid: nobody,
          gid: nobody,
          env: { PATH: process.env.PATH },
          encoding: 'utf8',
        });
      const found = run();
      expect([found.status, found.stdout]).toEqual([
        5,
        expect.stringMatching(/^error NO_ACCESS: .*EACCES.*\n {2}you: .*chmod/m),
      ]);
      const fixed = run('--fix');
      expect([fixed.status, fixed.stderr]).toEqual([5, expect.stringContaining('cannot be written (EACCES)')]);
    },
  );
});
