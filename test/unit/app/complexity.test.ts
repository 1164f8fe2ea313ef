import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Commits } from '../../../src/app/commits/commits.js';
import { Encryption } from '../../../src/app/encryption/encryption.js';
import type { Orchestrator } from '../../../src/app/orchestrator.js';
import { Complexity } from '../../../src/app/planning/complexity/complexity.js';
import { complexityView } from '../../../src/app/planning/complexity/complexityInputs.js';
import { storedComplexity } from '../../../src/app/planning/complexity/storedComplexity.js';
import { Relocation } from '../../../src/app/relocation/relocation.js';
import { ProjectSettings } from '../../../src/app/settings/projectSettings.js';
import { aesCipher, randomKey } from '../../../src/platform/cipher.js';
import { gitCommits } from '../../../src/platform/gitCommits.js';
import { gitHistory } from '../../../src/platform/gitHistory.js';
import { workspaceSurvey } from '../../../src/platform/workspaceSurvey.js';
import { refusalOf } from '../../support/refusal.js';
import { linesOf, Repository } from '../../support/repository.js';
import { storeOptions, storePath, temporaryFolder } from '../../support/stores.js';
import { openPlan, writeFile } from './openPlan.js';

const rootOf = ({ plan }: Orchestrator) => dirname(dirname(plan.store.path));

/** A look at a plan's workspace as it is now. */
function look(plan: Orchestrator, environment: Record<string, string> = {}): Complexity {
  const root = rootOf(plan);
  return new Complexity(plan.plan, plan.tasks, {
    workspace: workspaceSurvey(root),
    versions: gitHistory(root),
    environment,
  });
}

/** A plan in a repository: a.ts is imported by two files and changes most; T-1 refers to it. */
async function start() {
  const plan = await openPlan();
  const repository = new Repository(rootOf(plan));
  repository.commit('Begin', {
    '.gitignore': 'made/\n.task-orchestrator/\n',
    'package.json': '{ "name": "x" }',
    'src/a.ts': `import './c.js';\n// TODO: mend\n${linesOf(98)}`,
    'src/b.ts': "import { a } from './a.js';\n",
    'src/c.ts': linesOf(5),
    'src/d.ts': "import './a';\n",
  });
  repository.commit('Again', { 'src/a.ts': `import './c.js';\n// TODO: mend\n${linesOf(98, 'more();')}` });
  const { id } = await plan.tasks.create({ title: 'Mend it', tags: ['parser'], fileRefs: ['src/a.ts:2'] });
  return { plan, repository, id };
}

const transactions = (plan: Orchestrator) => plan.history.log({ limit: 100 }).transactions.map((one) => one.action);

describe('analysing a task', () => {
  test('reckons from its files, their importers and their commits, and says so', async () => {
    const { plan, id } = await start();
    const view = await look(plan).analyse({ task: 'T-1' });
    complexityView().parse(view);
    const { complexity } = view;
    expect(complexity.basis.files).toEqual([
      { path: 'src/a.ts', from: 'reference', lines: 100, importedBy: 2, commits: 2, hotspot: 0.75, tests: 0 },
    ]);
    const { codeVolume, dependencies, technicalRisk, historicalData } = complexity.factors;
    expect(codeVolume).toBeCloseTo(Math.log(26) / Math.log(5001), 3);
    expect(dependencies).toBeCloseTo(1 - Math.exp(-2 / 20), 3);
    expect(technicalRisk).toBeCloseTo(1 - (1 - 0.375) * (1 - 0.2), 3);
    expect(historicalData).toBeNull();
    const weighed = (0.35 * (codeVolume ?? 0) + 0.25 * (dependencies ?? 0) + 0.25 * (technicalRisk ?? 0)) / 0.85;
    expect(complexity.score).toBe(Math.round((1 + 9 * weighed) * 10) / 10);
    expect(complexity.confidence).toBe(0.85);
    expect(complexity.findings.map(({ kind, path, line }) => [kind, path, line])).toEqual([
      ['marker', 'src/a.ts', 2],
      ['no_test', 'src/a.ts', 1],
    ]);
    expect(complexity.dependencies).toEqual([{ path: 'src/c.ts', type: 'import', strength: 1, external: false }]);
    expect(complexity.metadata).toMatchObject({ version: '1', options: { assess_risk: true, project_root: '.' } });
    expect(storedComplexity(plan.plan, id)).toEqual(complexity);
  });

  test('of the same inputs is the same, and writes nothing again; of others it is written again', async () => {
    const { plan, repository, id } = await start();
    const first = await look(plan).analyse({ task: id });
    const second = await look(plan).analyse({ task: id });
    expect([first.stored, second.stored]).toEqual(['kept', 'unchanged']);
    expect({ ...second, stored: 'kept' }).toEqual(first);
    expect(transactions(plan)).toEqual(['task.analyse', 'task.create']);
    repository.write('src/e.ts', "import './a.js';\n");
    const third = await look(plan).analyse({ task: id });
    expect(third.stored).toBe('kept');
    expect(third.complexity.basis.files[0]?.importedBy).toBe(3);
    expect(third.inputHash).not.toBe(first.inputHash);
  });

  test('keeps nothing when told so, and nothing where no factor is known', async () => {
    const { plan, id } = await start();
    const view = await look(plan).analyse({ task: id, store: false });
    expect([view.stored, view.complexity.metadata.analysisTime]).toEqual(['not_kept', null]);
    const { id: bare } = await plan.tasks.create({ title: 'Sort the list' });
    const unknown = await look(plan).analyse({ task: bare });
    expect([unknown.complexity.score, unknown.stored]).toEqual([null, 'not_kept']);
    expect(unknown.complexity.basis.factors.every((one) => one.value === null && one.says !== '')).toBe(true);
    expect(transactions(plan)).toEqual(['task.create', 'task.create']);
  });

  test('an analysis that no longer holds goes when nothing is known any more', async () => {
    const plan = await openPlan();
    const { id } = await plan.tasks.create({ title: 'Sort', tags: ['docker'] });
    expect((await look(plan).analyse({ task: id })).complexity.score).toBe(3.3);
    await plan.tasks.update({ task: id, tags: [] });
    expect((await look(plan).analyse({ task: id })).complexity.score).toBeNull();
    expect(look(plan).stored(id)).toBeUndefined();
  });

  test('without a repository hotspots are not known, and that is said', async () => {
    const plan = await openPlan();
    writeFile(plan, 'src/a.ts', linesOf(10));
    await plan.tasks.create({ title: 'One', fileRefs: ['src/a.ts'] });
    const { complexity } = await look(plan).analyse({ task: '1' });
    expect(complexity.basis.files[0]).toMatchObject({ commits: null, hotspot: null });
    expect(complexity.basis.notes).toEqual(['No hotspots: the workspace is in no git repository.']);
    expect(complexity.basis.workspace.ignored).toBe('names');
    new Repository(rootOf(plan));
    const { complexity: later } = await look(plan).analyse({ task: '1' });
    expect(later.basis.notes).toEqual(['No hotspots: the repository has no commits.']);
  });

  test('files that the description names count, by path, its end, or a name of one file only', async () => {
    const { plan, repository } = await start();
    repository.write('lib/d.ts', '');
    await plan.tasks.create({ title: 'About c.ts', description: 'See `src/b.ts:1`, d.ts and gone.ts.' });
    const { complexity } = await look(plan).analyse({ task: '2' });
    expect(complexity.basis.files.map(({ path, from }) => [path, from])).toEqual([
      ['src/b.ts', 'description'],
      ['src/c.ts', 'description'],
    ]);
  });

  test('open dependencies count, finished and cancelled ones do not', async () => {
    const { plan, id } = await start();
    const ids: string[] = [];
    for (const title of ['Open', 'Done', 'Cancelled']) ids.push((await plan.tasks.create({ title })).id);
    for (const dependsOn of ids) await plan.dependencies.add({ task: id, dependsOn });
    await plan.tasks.setStatus({ task: ids[1] ?? '', status: 'completed', force: true });
    await plan.tasks.setStatus({ task: ids[2] ?? '', status: 'cancelled', reason: 'no' });
    const { complexity } = await look(plan).analyse({ task: id });
    expect(complexity.factors.dependencies).toBeCloseTo(1 - Math.exp(-(2 + 2) / 20), 3);
  });

  test('finished tasks that are alike tell how much changes, and how estimates hold', async () => {
    const { plan, repository, id } = await start();
    const finish = async (title: string, hours: number | undefined) => {
      const { id: one } = await plan.tasks.create({ title, tags: ['parser'], estimatedHours: 2 });
      if (hours !== undefined) await plan.tasks.update({ task: one, actualHours: hours });
      await plan.tasks.setStatus({ task: one, status: 'completed', force: true });
    };
    await finish('Two', 4);
    await finish('Three', undefined);
    await finish('Four', 2);
    repository.commit('Mend T-2', { 'src/x.ts': linesOf(30) });
    repository.commit('Mend more\n\nTask: T-3', { 'src/x.ts': linesOf(10) });
    repository.commit('T-2 and T-3 together', { 'src/x.ts': linesOf(500) });
    const { complexity } = await look(plan).analyse({ task: id });
    expect(complexity.basis.similar.map(({ name, changedLines, ratio }) => [name, changedLines, ratio])).toEqual([
      ['T-4', null, 1],
      ['T-3', 20, null],
      ['T-2', 30, 2],
    ]);
    expect(complexity.estimatedLinesOfCode).toBe(25);
    // The median of 1 and 2 is 1.5.
    expect(complexity.factors.historicalData).toBeCloseTo(0.5 + 0.5 * Math.log2(1.5), 3);
    const without = await look(plan).analyse({ task: id, use_historical_data: false, store: false });
    expect(without.complexity.factors.historicalData).toBeNull();
    expect(without.complexity.basis.similar).toEqual([]);
    const { id: bare } = await plan.tasks.create({ title: 'Without files', tags: ['parser'] });
    const borrowed = await look(plan).analyse({ task: bare, store: false });
    expect(borrowed.complexity.basis.files.map(({ path, from }) => [path, from])).toEqual([['src/x.ts', 'similar']]);
  });

  test('commits that somebody linked tell as much as those that name their task', async () => {
    const { plan, repository, id } = await start();
    const { id: other } = await plan.tasks.create({ title: 'Other', tags: ['parser'] });
    await plan.tasks.setStatus({ task: other, status: 'completed' });
    repository.commit('Names nothing', { 'src/x.ts': linesOf(40) });
    expect((await look(plan).analyse({ task: id, store: false })).complexity.basis.similar).toEqual([]);
    const commits = new Commits(plan.plan, gitCommits(rootOf(plan)));
    await commits.link({ task_id: other, commit_hash: 'HEAD' });
    const { similar } = (await look(plan).analyse({ task: id, store: false })).complexity.basis;
    expect(similar.map(({ name, changedLines }) => [name, changedLines])).toEqual([['T-2', 40]]);
    // What belongs to two tasks says nothing of one.
    await commits.link({ task_id: id, commit_hash: 'HEAD' });
    expect((await look(plan).analyse({ task: id, store: false })).complexity.basis.similar).toEqual([]);
  });

  test('refuses a task that is not there and a folder outside of the workspace', async () => {
    const { plan, id } = await start();
    expect((await refusalOf(look(plan).analyse({ task: '99' }))).code).toBe('NOT_FOUND');
    expect((await refusalOf(look(plan).analyseMany({ tasks: [id, '99'] }))).code).toBe('NOT_FOUND');
    expect(look(plan).stored(id)).toBeUndefined();
    const outside = temporaryFolder();
    symlinkSync(outside, join(rootOf(plan), 'way-out'));
    for (const project_root of ['..', outside, 'way-out', 'src/a.ts', 'gone']) {
      const { code, message } = await refusalOf(look(plan).analyse({ task: id, project_root }));
      expect([code, message]).toEqual([
        'INVALID_INPUT',
        expect.stringContaining(`${project_root} is no folder of this workspace`),
      ]);
    }
  });

  test('a folder of the workspace bounds who counts as an importer', async () => {
    const { plan, repository, id } = await start();
    repository.write('other/e.ts', "import '../src/a.js';\n");
    const importers = async (project_root?: string) =>
      (await look(plan).analyse({ task: id, project_root, store: false })).complexity.basis.files[0]?.importedBy;
    expect([await importers(), await importers('.'), await importers('src')]).toEqual([3, 3, 2]);
  });

  test('can be cancelled while it looks through the workspace, and then nothing is kept', async () => {
    const { plan, id } = await start();
    const stages: string[] = [];
    const abort = new AbortController();
    const onProgress = ({ stage }: { stage: string }) => {
      stages.push(stage);
      if (stage === 'reading') abort.abort();
    };
    await expect(look(plan).analyse({ task: id }, { signal: abort.signal, onProgress })).rejects.toThrow('aborted');
    expect([...new Set(stages)]).toEqual(['listing', 'history', 'reading']);
    expect(look(plan).stored(id)).toBeUndefined();
  });

  test('all open tasks at once, with one look at the workspace', async () => {
    const { plan, id } = await start();
    const { id: done } = await plan.tasks.create({ title: 'Done' });
    await plan.tasks.setStatus({ task: done, status: 'completed', force: true });
    await plan.tasks.create({ title: 'Also open', fileRefs: ['src/b.ts'] });
    const stages: string[] = [];
    const { analyses, total } = await look(plan).analyseMany({}, { onProgress: ({ stage }) => stages.push(stage) });
    expect(total).toBe(2);
    expect(analyses.map((view) => view.task.name)).toEqual(['T-1', 'T-3']);
    expect(stages.filter((stage) => stage === 'listing')).toHaveLength(1);
    expect((await look(plan).analyseMany({ tasks: [id, 'T-1'] })).total).toBe(1);
    expect((await refusalOf(look(plan).analyseMany({ query: '' }))).code).toBe('INVALID_INPUT');
  });
});

describe('the weights', () => {
  const weights = async (plan: Orchestrator, environment: Record<string, string> = {}) =>
    (await look(plan, environment).analyse({ task: '1', store: false })).complexity.basis;

  test('come from the environment, else the settings, else the defaults; their sum is 1', async () => {
    const { plan } = await start();
    expect((await weights(plan)).weightsFrom).toBe('defaults');
    writeFile(
      plan,
      '.task-orchestrator/config.json',
      '{ "complexity": { "weights": { "code_volume": 3, "dependencies": 1, "technical_risk": 0, "historical_data": 0 } } }',
    );
    expect(await weights(plan)).toMatchObject({
      weightsFrom: 'settings',
      weights: { codeVolume: 0.75, dependencies: 0.25, technicalRisk: 0, historicalData: 0 },
    });
    expect(await weights(plan, { COMPLEXITY_WEIGHTS_CODE_VOLUME: '1' })).toMatchObject({
      weightsFrom: 'environment',
      weights: { codeVolume: 0.5, dependencies: 0.5 },
    });
  });

  test('that are none are refused, naming where they stand', async () => {
    const { plan } = await start();
    const refused = async (environment: Record<string, string>) => {
      const { code, message } = await refusalOf(weights(plan, environment));
      return `${code}: ${message}`;
    };
    expect(await refused({ COMPLEXITY_WEIGHTS_DEPENDENCIES: 'much' })).toContain(
      'INVALID_INPUT: COMPLEXITY_WEIGHTS_DEPENDENCIES=much: give a number from 0 to 1000, or unset it.',
    );
    writeFile(plan, '.task-orchestrator/config.json', '{ "complexity": { "weights": { "code": 1 } } }');
    expect(await refused({})).toContain('complexity.weights.code');
  });

  test('the table of technologies can be added to', async () => {
    const { plan } = await start();
    await plan.tasks.update({ task: '1', tags: ['cobol', 'docker'] });
    writeFile(
      plan,
      '.task-orchestrator/config.json',
      '{ "complexity": { "technologies": { "COBOL": 0.5, "docker": 0 } } }',
    );
    const { complexity } = await look(plan).analyse({ task: '1' });
    const named = complexity.riskAssessment.factors.filter((one) => one.category === 'technology');
    expect(named.map(({ description, impact }) => [description, impact])).toEqual([['cobol (tag)', 0.5]]);
  });
});

describe('an analysis that is kept', () => {
  test('may be written by everybody, whoever may change the task', async () => {
    const path = storePath();
    const [ann, eve] = [await openPlan(path, { actor: () => 'ann' }), await openPlan(path, { actor: () => 'eve' })];
    await new ProjectSettings(ann.plan).setAccess('owner');
    const { id } = await ann.tasks.create({ title: 'One', tags: ['docker'] });
    expect((await refusalOf(eve.tasks.update({ task: id, title: 'Mine' }))).code).toBe('PERMISSION_DENIED');
    expect((await look(eve).analyse({ task: id })).stored).toBe('kept');
    ann.plan.store.refresh();
    expect(look(ann).stored(id)?.by).toBe('eve');
  });

  test('is undone and redone, and goes into the trash and back with its task', async () => {
    const { plan, id } = await start();
    await look(plan).analyse({ task: id });
    const kept = look(plan).stored(id);
    await plan.history.undo();
    expect(look(plan).stored(id)).toBeUndefined();
    const { transactions: all } = plan.history.log({ limit: 1 });
    await plan.history.undo({ seq: all[0]?.seq });
    expect(look(plan).stored(id)).toEqual(kept);
    await plan.tasks.delete(id);
    expect(look(plan).stored(id)).toBeUndefined();
    await plan.trash.restore(id);
    expect(look(plan).stored(id)).toEqual(kept);
    expect((await look(plan).analyse({ task: id })).stored).toBe('unchanged');
  });

  test('goes with a copy into another store', async () => {
    const { plan, id } = await start();
    await look(plan).analyse({ task: id });
    const other = await openPlan();
    await new Relocation(plan, other).copy({ tasks: [id] });
    expect(look(other).stored(id)?.result).toEqual(look(plan).stored(id)?.result);
  });

  test('is encrypted with the rest, as it repeats what the task says', async () => {
    const [path, key] = [storePath(), randomKey()];
    const cipher = aesCipher((name) => (name === 'current' ? key : undefined));
    const plan = await openPlan(path, { cipher });
    const { id } = await plan.tasks.create({ title: 'One', description: 'About the security of secret.ts' });
    writeFile(plan, 'secret.ts', '// TODO: plugh-xyzzy\n');
    await look(plan).analyse({ task: id });
    await new Encryption(storeOptions(path), plan.plan.world).enable();
    plan.plan.store.refresh();
    const disk = () => {
      const folder = dirname(path);
      return ['tasks.db', 'tasks.journal'].map((name) => readFileSync(join(folder, name), 'latin1')).join();
    };
    expect(disk()).not.toContain('plugh');
    expect(JSON.stringify(look(plan).stored(id)?.result)).toContain('plugh-xyzzy');
    const blind = await openPlan(path);
    expect(look(blind).stored(id)?.result).toEqual({});
    expect(storedComplexity(blind.plan, id)).toBeUndefined();
    const { complexity } = await look(blind).analyse({ task: id, store: false });
    expect(complexity.basis.notes).toContain(
      'The description is encrypted and there is no key for it: it was left out.',
    );
    expect(complexity.factors.details.riskFactors).toEqual([]);
    writeFile(plan, 'secret.ts', '// TODO: again\n// FIXME: plugh\n');
    expect((await look(plan).analyse({ task: id })).stored).toBe('kept');
    expect(disk()).not.toContain('plugh');
  });
});

describe('a workspace that means harm', () => {
  test('binary and huge files, loops of links, lost files and links that lead out', async () => {
    const { plan, repository, id } = await start();
    const root = rootOf(plan);
    repository.write('src/binary.ts', Buffer.from([1, 0, 2, 255]));
    repository.write('src/huge.ts', '// TODO\n'.repeat(200_000));
    mkdirSync(join(root, 'loop'));
    symlinkSync(root, join(root, 'loop', 'again'));
    symlinkSync('round.ts', join(root, 'round.ts'));
    const outside = temporaryFolder();
    writeFileSync(join(outside, 'secret.ts'), '// TODO: secret\n');
    symlinkSync(join(outside, 'secret.ts'), join(root, 'out.ts'));
    for (const place of ['src/binary.ts', 'src/huge.ts', 'round.ts', 'out.ts', 'src/gone.ts', 'loop'])
      await plan.references.add({ task: id, place });
    const { complexity } = await look(plan).analyse({ task: id });
    expect(complexity.basis.notes).toEqual([
      'Imports of a source file of more than 1 MB were not read.',
      'src/binary.ts was not read: it is no text, or larger than 1 MB.',
      'src/huge.ts was not read: it is no text, or larger than 1 MB.',
      'out.ts was not read: it is no text, or larger than 1 MB.',
      'loop was not read: it is no text, or larger than 1 MB.',
    ]);
    const missing = complexity.findings.filter(({ kind }) => kind === 'missing_file').map(({ path }) => path);
    expect(missing).toEqual(['round.ts', 'src/gone.ts']);
    expect(JSON.stringify(complexity)).not.toContain('secret');
    expect(complexity.factors.details.linesOfCode).toBe(100);
  });

  test('programs that the repository names are not run', async () => {
    const { plan, repository, id } = await start();
    const root = rootOf(plan);
    const trap = join(root, 'trap.sh');
    writeFileSync(trap, `#!/bin/sh\ntouch ${join(root, 'sprung')}\ncat\n`, { mode: 0o755 });
    for (const setting of [
      'core.fsmonitor',
      'diff.external',
      'diff.trap.textconv',
      'gpg.program',
      'core.pager',
      'filter.trap.smudge',
      'filter.trap.clean',
    ])
      repository.git('config', setting, trap);
    repository.git('config', 'log.showSignature', 'true');
    repository.write('.git/info/attributes', '*.ts diff=trap\n');
    await look(plan).analyse({ task: id });
    expect(existsSync(join(root, 'sprung'))).toBe(false);
  });
});
