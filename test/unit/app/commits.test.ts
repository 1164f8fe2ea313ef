import { dirname } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CommitSync } from '../../../src/app/commits/commitSync.js';
import { Commits } from '../../../src/app/commits/commits.js';
import type { Orchestrator } from '../../../src/app/orchestrator.js';
import type { PlanChange } from '../../../src/app/plan.js';
import { ProjectSettings } from '../../../src/app/settings/projectSettings.js';
import { changedFiles, gitCommits, recentCommits } from '../../../src/platform/gitCommits.js';
import { refusalOf } from '../../support/refusal.js';
import { linesOf, Repository } from '../../support/repository.js';
import { storePath, temporaryFolder } from '../../support/stores.js';
import { openPlan } from './openPlan.js';

/** A plan in a repository with one commit. */
async function project(path = storePath(), actor = 'ann') {
  const plan = await openPlan(path, { actor: () => actor });
  const folder = dirname(dirname(path));
  return { plan, folder, commits: new Commits(plan.plan, gitCommits(folder)) };
}

function repositoryIn(folder: string): Repository {
  const repository = new Repository(folder);
  repository.commit('Begin', { 'a.txt': linesOf(2) });
  return repository;
}

function hashes({ plan }: Orchestrator, commits: Commits): string[] {
  plan.store.refresh();
  return commits.list({ task_id: 1 }).commits.map(({ commit_hash }) => commit_hash);
}

describe('commits of a task', () => {
  test('are linked by the names of seed 002, its number first', async () => {
    const { plan, folder, commits } = await project();
    repositoryIn(folder);
    await plan.tasks.create({ title: 'One' });
    const given = { commit_hash: 'abcd1234', commit_message: 'Complete task: One', author: 'developer@example.com' };
    const { message, commit } = await commits.link({ task_id: 1, ...given });
    expect(message).toBe(
      'T-1 is linked to abcd1234 “Complete task: One”, not verified: the repository has no such commit',
    );
    expect(commit).toMatchObject({ ...given, name: 'T-1', verified: false });
    for (const task_id of [0, -1, 1.5]) {
      expect((await refusalOf(commits.link({ task_id, commit_hash: 'HEAD' }))).code).toBe('INVALID_INPUT');
    }
  });

  test('touch their task alone', async () => {
    const { plan, folder, commits } = await project();
    repositoryIn(folder);
    const { id } = await plan.tasks.create({ title: 'One' });
    await plan.tasks.create({ title: 'Two', dependsOn: [id] });
    const changes: PlanChange[] = [];
    plan.plan.onDidChange((change) => changes.push(change));
    await commits.link({ task_id: id, commit_hash: 'HEAD' });
    await commits.link({ task_id: id, commit_hash: 'HEAD' });
    expect(changes).toEqual([{ structure: false, tasks: new Set([id]), files: new Set() }]);
  });

  test('keep a task from being undone', async () => {
    const { plan, folder, commits } = await project();
    repositoryIn(folder);
    await plan.tasks.create({ title: 'One' });
    await commits.link({ task_id: 1, commit_hash: 'HEAD' });
    const refusal = await refusalOf(plan.history.undo({ seq: 1 }));
    expect([refusal.code, refusal.message]).toEqual(['CONFLICT', expect.stringContaining('it has commits')]);
    await plan.history.undo();
    await plan.history.undo();
    expect(plan.tasks.list().total).toBe(0);
  });

  test('may be linked by everybody under the policy owner, and taken away by who linked them or may change the task', async () => {
    const path = storePath();
    const [ann, bob] = [await project(path, 'ann'), await project(path, 'bob')];
    const repository = repositoryIn(ann.folder);
    await new ProjectSettings(ann.plan.plan).setAccess('owner');
    await ann.plan.tasks.create({ title: 'One' });
    await bob.commits.link({ task_id: 1, commit_hash: 'HEAD' });
    await ann.commits.link({ task_id: 1, commit_hash: 'abc1234' });
    const refusal = await refusalOf(bob.commits.unlink({ task_id: 1, commit_hash: 'abc1234' }));
    expect(refusal.code).toBe('PERMISSION_DENIED');
    await bob.commits.unlink({ task_id: 1, commit_hash: 'HEAD' });
    await bob.commits.link({ task_id: 1, commit_hash: 'HEAD' });
    await ann.commits.unlink({ task_id: 1, commit_hash: 'HEAD' });
    // What git knows by now takes the place of what somebody else gave.
    const elsewhere = repositoryIn(temporaryFolder());
    elsewhere.commit('Elsewhere', { 'b.txt': 'b\n' });
    const head = elsewhere.git('rev-parse', 'HEAD').trim();
    await ann.commits.link({ task_id: 1, commit_hash: head.slice(0, 8) });
    repository.git('fetch', '--quiet', elsewhere.folder, 'main');
    await bob.commits.verify();
    expect(hashes(ann.plan, ann.commits).sort()).toEqual([head, 'abc1234'].sort());
    ann.plan.plan.store.refresh();
    await ann.plan.tasks.delete('1');
    await ann.plan.trash.restore('1');
    expect(hashes(ann.plan, ann.commits).length).toBe(2);
  });

  test('of two that sync at once are linked once', async () => {
    const path = storePath();
    const [one, two] = [await project(path, 'ann'), await project(path, 'bob')];
    const repository = repositoryIn(one.folder);
    await one.plan.tasks.create({ title: 'One' });
    for (let at = 0; at < 5; at += 1) repository.commit(`T-1 part ${at}`, { 'a.txt': linesOf(at + 3) });
    const syncs = [one, two].map(({ plan, folder }) =>
      new CommitSync(plan.plan, plan.tasks, gitCommits(folder)).sync(),
    );
    const linked = (await Promise.all(syncs)).map((result) => result.linked.length);
    expect(linked.reduce((sum, count) => sum + count, 0)).toBe(5);
    expect(hashes(two.plan, two.commits).length).toBe(5);
  });
});

test('the files of a commit are known with where they were before', async () => {
  const folder = temporaryFolder();
  const repository = new Repository(folder);
  repository.commit('Begin', { 'a b.txt': linesOf(20), 'ä.txt': 'ä\n', 'gone.txt': 'gone\n' });
  repository.git('mv', 'a b.txt', 'c d.txt');
  repository.git('rm', '--quiet', 'gone.txt');
  repository.commit('Change', { 'ä.txt': 'ö\n', 'new.txt': 'new\n' });
  const [change, begin] = await recentCommits(folder, 10);
  expect([change?.message, begin?.message]).toEqual(['Change', 'Begin']);
  expect(await changedFiles(folder, change?.hash ?? '')).toEqual([
    { path: 'c d.txt', before: 'a b.txt', isDeleted: false },
    { path: 'gone.txt', before: 'gone.txt', isDeleted: true },
    { path: 'new.txt', before: undefined, isDeleted: false },
    { path: 'ä.txt', before: 'ä.txt', isDeleted: false },
  ]);
  expect((await changedFiles(folder, begin?.hash ?? '')).every(({ before }) => before === undefined)).toBe(true);
  expect(await recentCommits(temporaryFolder(), 10)).toEqual([]);
});
