import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ComplexitiesView, ComplexityView } from '../../src/app/planning/complexity/complexityInputs.js';
import { linesOf, Repository } from '../support/repository.js';
import { expectRefused, type Shell, start } from './shell.js';

/** A store in a repository: src/a.ts is imported twice and changes with each commit; T-1 refers to it. */
function inRepository(commits = 3): { tm: Shell; repository: Repository } {
  const tm = start();
  const repository = new Repository(tm.folder);
  repository.commit('Begin', {
    '.gitignore': 'made/\n.task-orchestrator/\n',
    'src/a.ts': linesOf(80),
    'src/b.ts': "import './a.js';\n",
    'src/c.py': 'import b\n',
    'test/b.test.ts': "import '../src/a.js';\n",
  });
  for (let at = 1; at < commits; at += 1)
    repository.commit(`Change ${at}`, { 'src/a.ts': linesOf(80, `work(${at});`) });
  tm.say('add', 'Speed up sorting', '--file', 'src/a.ts', '--tag', 'typescript');
  return { tm, repository };
}

describe('tm complexity', () => {
  test('tells the score, the risk and what each factor adds', () => {
    const { tm } = inRepository();
    expect(tm.say('complexity', '1').split('\n')).toEqual([
      'T-1  Speed up sorting',
      'Complexity 3.7 of 10 · risk medium · 85 % of the weights have data',
      '  Code volume     0.36 × 0.41 → +1.32  20 lines: a quarter of 1 file that the task names, at most 400 lines of each.',
      '  Dependencies    0.10 × 0.29 → +0.25  2 files import its files, 0 open dependencies, 0 imports across packages: 1 − e^(−(2 + 2·0 + 0)/20).',
      '  Technical risk  0.44 × 0.29 → +1.16  1 − Π(1 − risk): typescript (tag) 0.1; src/a.ts changes often for its size: ahead of 75 % of the files 0.375.',
      '  Experience         –        dropped: No finished task like it has both an estimate and actual hours.',
    ]);
  });

  test('--explain tells the files, the findings by line and the basis', () => {
    const { tm, repository } = inRepository();
    repository.write('src/a.ts', `// TODO: not now\n${linesOf(79)}`);
    const text = tm.say('complexity', '1', '--explain');
    expect(text).toContain(
      '  src/a.ts · 80 lines · imported by 2 · 3 commits · hotter than 75 % of the files · 1 test',
    );
    expect(text).toContain(
      '  src/a.ts:1  Work is marked here; 1 marker in the file, 1.25 in 100 lines.  “// TODO: not now”',
    );
    expect(text).toContain('  medium Marked Work: 1 place marked TODO, FIXME, HACK or XXX');
    expect(text).toContain('weights from the defaults');
    expect(text).toContain('5 files of the workspace, imports of 4, 3 commits');
  });

  test('--json has the names of the seed, and the same again for the same inputs, without a write', () => {
    const { tm } = inRepository();
    const first = tm.json<ComplexityView>('complexity', '1');
    const disk = tm.disk();
    const second = tm.json<ComplexityView>('complexity', 'T-1');
    expect(second).toEqual({ ...first, stored: 'unchanged' });
    expect(first.stored).toBe('kept');
    expect(tm.disk()).toEqual(disk);
    const { complexity, message } = first;
    expect(Object.keys(complexity)).toEqual(
      expect.arrayContaining([
        ...['score', 'estimatedHours', 'factors', 'riskAssessment', 'dependencies', 'estimatedLinesOfCode'],
        ...['confidence', 'metadata', 'basis', 'findings'],
      ]),
    );
    expect(Object.keys(complexity.factors.details)).toEqual([
      ...['linesOfCode', 'fileCount', 'importCount', 'externalDependencies', 'newTechnologies', 'riskFactors'],
    ]);
    expect(Object.keys(complexity.riskAssessment)).toEqual(['level', 'factors', 'mitigations', 'technicalDebt']);
    expect(message).toBe('T-1 has a complexity of 3.7 of 10; 85 % of the weights are backed by data.');
  });

  test('tasks of which different things are known have different scores, and of nothing none', () => {
    const { tm } = inRepository();
    tm.say('add', 'Look at c', '-d', 'See src/c.py.');
    tm.say('add', 'Water the plants');
    const scores = ['1', '2', '3'].map((task) => tm.json<ComplexityView>('complexity', task).complexity.score);
    expect(scores).toEqual([3.7, expect.any(Number), null]);
    expect(scores[1]).not.toBe(3.7);
    expect(tm.say('complexity', '3')).toContain('Complexity unknown: no factor has data');
  });

  test('finished tasks teach: what their commits changed, and how their estimates held', () => {
    const { tm, repository } = inRepository();
    tm.say('add', 'Before', '--tag', 'typescript', '--estimate', '2');
    repository.commit('Sort anew, T-2', { 'src/new.ts': linesOf(50) });
    tm.say('complete', '2', '--force', '--actual-hours', '4');
    const { complexity } = tm.json<ComplexityView>('complexity', '1');
    expect(complexity.estimatedLinesOfCode).toBe(50);
    expect(complexity.factors.historicalData).toBe(1);
    expect(complexity.confidence).toBe(1);
    const text = tm.say('complexity', '1', '--explain');
    expect(text).toContain('T-2 67 % alike · 50 lines changed · took 2.00 × its estimate');
    const without = tm.json<ComplexityView>('complexity', '1', '--no-history', '--no-store');
    expect([without.complexity.factors.historicalData, without.stored]).toEqual([null, 'not_kept']);
  });

  test('parts can be left out, and it can be kept to a folder', () => {
    const { tm } = inRepository();
    const factors = (...args: string[]) =>
      tm.json<ComplexityView>('complexity', '1', '--no-store', ...args).complexity.factors;
    expect(factors('--no-risk').technicalRisk).toBeNull();
    expect(factors('--no-volume').codeVolume).toBeNull();
    expect(factors('--no-dependencies').dependencies).toBeNull();
    const below = tm.with({ folder: join(tm.folder, 'test') });
    const { complexity } = below.json<ComplexityView>('complexity', '1', '--no-store', '--project-root', '../src');
    expect(complexity.basis.files[0]?.importedBy).toBe(1);
    expect(complexity.metadata.options.project_root).toBe('src');
    expectRefused(tm.run('complexity', '1', '--project-root', '/'), 2, '/ is no folder of this workspace');
    expect(existsSync(join(tm.folder, '.task-orchestrator', 'tasks.db'))).toBe(true);
  });

  test('several tasks, and all that are open', () => {
    const { tm } = inRepository();
    tm.say('add', 'Two', '--file', 'src/b.ts');
    tm.say('add', 'Done');
    tm.say('complete', '3', '--force');
    const names = ({ analyses }: ComplexitiesView) => analyses.map((view) => view.task.name);
    expect(names(tm.json<ComplexitiesView>('complexity', '2', '1'))).toEqual(['T-2', 'T-1']);
    expect(names(tm.json<ComplexitiesView>('complexity', '--all'))).toEqual(['T-1', 'T-2']);
    expect(names(tm.json<ComplexitiesView>('complexity', 'status:open'))).toEqual(['T-1', 'T-2']);
    expect(names(tm.json<ComplexitiesView>('complexity', '--query', 'status:completed'))).toEqual(['T-3']);
    const [head = '', ...lines] = tm.say('complexity', '--all').split('\n');
    expect(head).toMatch(/^Task +Id +Complexity +Risk +Known +Title$/);
    const scores = lines.map((line) => Number(line.split(/ +/)[2]));
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    expect(lines).toHaveLength(2);
  });

  test('refuses what is not there, and weights that are none', () => {
    const { tm } = inRepository();
    const before = tm.disk();
    for (const task of ['99', '-5', 'ffffffff']) {
      const run = tm.run('complexity', '--', task);
      expect([task, run.code, run.stdout]).toEqual([task, 3, '']);
    }
    expectRefused(tm.run('complexity', '1', '99'), 3, '99');
    expectRefused(tm.run('complexity'), 2, 'Name a task');
    expectRefused(tm.run('complexity', '1', '--all'), 2, 'Give either tasks or --all, not both.');
    expectRefused(tm.run('complexity', 'tag:none'), 3, 'No task fits');
    expectRefused(
      tm.with({ env: { COMPLEXITY_WEIGHTS_TECHNICAL_RISK: '-1' } }).run('complexity', '1'),
      2,
      'COMPLEXITY_WEIGHTS_TECHNICAL_RISK=-1: give a number from 0 to 1000',
    );
    expect(tm.disk()).toEqual(before);
  });

  test('weights of the settings count, and --show tells those that are not the usual ones', () => {
    const { tm } = inRepository();
    expect(tm.say('config', '--show')).not.toContain('weights');
    tm.say('config', 'set', 'complexity.weights.code_volume', '0');
    expect(tm.say('config', '--show')).toContain('  complexity.weights.code_volume: 0\n');
    expect(tm.say('complexity', '1', '--explain')).toContain('weights from the settings');
    expectRefused(tm.run('config', 'set', 'complexity.weights.code_volume', '-1'), 2, 'complexity.weights.code_volume');
    tm.say('config', '--preset', 'standard');
    expect(tm.say('config', '--show')).toContain('complexity.weights.code_volume: 0');
  });

  test('weights of the environment count, normalised', () => {
    const { tm } = inRepository();
    const env = {
      COMPLEXITY_WEIGHTS_CODE_VOLUME: '1',
      COMPLEXITY_WEIGHTS_DEPENDENCIES: '0',
      COMPLEXITY_WEIGHTS_TECHNICAL_RISK: '1',
      COMPLEXITY_WEIGHTS_HISTORICAL_DATA: '0',
    };
    const { basis, factors, score } = tm.with({ env }).json<ComplexityView>('complexity', '1').complexity;
    expect([basis.weightsFrom, basis.weights.codeVolume, basis.weights.technicalRisk]).toEqual([
      'environment',
      0.5,
      0.5,
    ]);
    const exact = 1 + 9 * (0.5 * (factors.codeVolume ?? 0) + 0.5 * (factors.technicalRisk ?? 0));
    expect(score).toBe(Math.round(exact * 10) / 10);
  });

  test('what is kept is undone, comes back with its task, and goes through a lossless export', () => {
    const { tm } = inRepository();
    tm.say('complexity', '1');
    tm.say('delete', '1');
    tm.say('trash', 'restore', '1');
    expect(tm.json<ComplexityView>('complexity', '1').stored).toBe('unchanged');
    tm.say('export', '--lossless', '-o', 'all.json');
    const other = start();
    other.say('import', join(tm.folder, 'all.json'));
    const rows = ({ tables }: { tables: [string, unknown][] }) =>
      tables.find(([name]) => name === 'task_analyses')?.[1];
    expect(rows(other.disk() as Parameters<typeof rows>[0])).toEqual(rows(tm.disk() as Parameters<typeof rows>[0]));
    const fresh = inRepository().tm;
    fresh.say('complexity', '1');
    fresh.say('undo');
    expect(fresh.json<ComplexityView>('complexity', '1').stored).toBe('kept');
  });

  test('of ten thousand commits the newest two thousand are looked at, and that is said', () => {
    const tm = start();
    const repository = new Repository(tm.folder);
    repository.pile(10_000, 'src/a.ts');
    tm.say('add', 'Often changed', '--file', 'src/a.ts');
    const { complexity } = tm.json<ComplexityView>('complexity', '1');
    expect(complexity.basis.files[0]?.commits).toBe(2000);
    expect(complexity.basis.notes).toEqual(['Only the newest 2,000 commits were looked at; there are more.']);
    expect(tm.say('complexity', '1')).toContain('Note: Only the newest 2,000 commits were looked at; there are more.');
  });

  test('names of files are printed so that they cannot move the cursor', () => {
    const { tm, repository } = inRepository();
    const name = 'src/\u001b[2Jx.ts';
    repository.write(name, '// TODO: \u001b[31mred\n');
    tm.say('ref', 'add', '1', name);
    const text = tm.say('complexity', '1', '--explain');
    expect(text).not.toContain('\u001b');
    expect(text).toContain('[2Jx.ts');
  });
});
