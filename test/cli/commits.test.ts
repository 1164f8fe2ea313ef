import { execFileSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  type CommitList,
  type CommitView,
  commitList,
  type LinkCommitResult,
  linkCommitResult,
  type SyncCommitsResult,
  syncCommitsResult,
  type VerifyCommitsResult,
  verifyCommitsResult,
} from '../../src/app/commits/commitInputs.js';
import { linesOf, Repository } from '../support/repository.js';
import { temporaryFolder } from '../support/stores.js';
import { expectRefused, type Shell, start } from './shell.js';

/** A repository with a store that it ignores, and tasks. */
function project(...titles: string[]): { tm: Shell; repository: Repository } {
  const tm = start();
  const repository = new Repository(tm.folder);
  repository.commit('Begin', { '.gitignore': '.task-orchestrator\n' });
  for (const title of titles) tm.say('add', title);
  return { tm, repository };
}

const head = (repository: Repository, name = 'HEAD') => repository.git('rev-parse', name).trim();
const commitsOf = (tm: Shell, task: string): CommitView[] =>
  commitList().strict().parse(tm.json<CommitList>('commits', task)).commits;
const link = (tm: Shell, ...args: string[]) =>
  linkCommitResult()
    .strict()
    .parse(tm.json<LinkCommitResult>('link', ...args));
const sync = (tm: Shell, ...args: string[]) =>
  syncCommitsResult()
    .strict()
    .parse(tm.json<SyncCommitsResult>('commits', 'sync', ...args));
const subjects = (commits: readonly CommitView[]) => commits.map((one) => `${one.name} ${one.commit_message}`);

describe('tm link', () => {
  test('keeps what git says of a commit, once a task; show, log and undo know of it', () => {
    const { tm, repository } = project('Mend the login');
    repository.commit('Mend the form\n\nWith a body.', { 'a.txt': linesOf(3), 'b.bin': Buffer.from([0, 1, 2]) });
    const { message, commit, changed } = link(tm, 'T-1', 'HEAD', '--message', 'Not this', '--author', 'nobody');
    expect(commit).toMatchObject({
      task: tm.task('1').id,
      name: 'T-1',
      commit_hash: head(repository),
      commit_message: 'Mend the form',
      author: 'Ann',
      filesChanged: 2,
      insertions: 3,
      deletions: 0,
      verified: true,
      source: 'given',
      linkedBy: 'ann',
    });
    expect(Date.parse(commit.committedAt ?? '')).toBeGreaterThan(Date.UTC(2020));
    expect([message, changed]).toEqual([`T-1 is linked to ${head(repository).slice(0, 8)} “Mend the form”`, true]);

    const before = tm.disk();
    expect(link(tm, '1', head(repository).slice(0, 7))).toMatchObject({ changed: false, commit });
    expect(tm.disk()).toEqual(before);

    const line = `${head(repository).slice(0, 12)}  ${commit.committedAt?.slice(0, 10)}  Ann  2 files +3 -0  Mend the form`;
    expect(tm.say('show', '1')).toContain(`\ncommit: ${line}\n`);
    expect(tm.json<{ commits: unknown }>('show', '1').commits).toEqual([commit]);
    expect(tm.say('log', '--limit', '1')).toContain(`+ T-1 is linked to commit ${head(repository).slice(0, 12)}`);
    tm.say('undo');
    expect(commitsOf(tm, '1')).toEqual([]);
  });

  test('keeps what git does not know as it was given, until git knows it', () => {
    const { tm, repository } = project('Mend the login');
    const other = new Repository(temporaryFolder());
    other.commit('From elsewhere', { 'c.txt': linesOf(2) });
    const hash = head(other);
    const short = hash.slice(0, 9).toUpperCase();
    const given = link(tm, '1', short, '--message', 'Said so\n\nat length', '--author', 'bob');
    expect(given).toMatchObject({
      commit: { commit_hash: hash.slice(0, 9), commit_message: 'Said so', author: 'bob', verified: false },
      unresolved: 'the repository has no such commit',
    });
    expect(given.commit.filesChanged).toBeUndefined();
    expect(tm.say('commits', '1')).toMatch(/not verified +Said so$/m);
    expect(tm.json<VerifyCommitsResult>('commits', '--verify')).toMatchObject({
      verified: [],
      unverified: [{ author: 'bob' }],
    });

    repository.git('fetch', '--quiet', other.folder, 'main');
    const { verified } = verifyCommitsResult().strict().parse(tm.json('commits', '--verify'));
    expect(verified).toMatchObject([
      { commit_hash: hash, commit_message: 'From elsewhere', author: 'Ann', insertions: 2 },
    ]);
    expect(commitsOf(tm, '1')).toMatchObject([{ commit_hash: hash, linkedAt: given.commit.linkedAt }]);
  });

  test('works without a repository, and without git', () => {
    const tm = start();
    tm.say('add', 'Mend the login');
    expect(link(tm, '1', 'abc1234')).toMatchObject({ unresolved: 'this folder is in no git repository' });
    const bare = tm.with({ env: { PATH: join(tm.folder, 'nothing') } });
    expect(link(bare, '1', 'def5678')).toMatchObject({ unresolved: 'git is not installed' });
    expectRefused(bare.run('link', '1', 'HEAD'), 2, '“HEAD” is no commit: git is not installed');
    expectRefused(tm.run('commits', 'sync'), 3, 'is in no git repository');
    expectRefused(bare.run('commits', 'sync'), 3, 'git is not installed');
    expect(tm.json<CommitList>('commits').total).toBe(2);
  });

  test('refuses what is no commit, no task, an ambiguous start, and options of git', () => {
    const { tm, repository } = project('Mend the login');
    const before = tm.disk();
    expectRefused(tm.run('link', '1', 'not-a-hash'), 2, '“not-a-hash” is no commit', 'Nothing was linked');
    expectRefused(tm.run('link', '1', '--', '--all'), 2, '“--all” is no commit');
    expectRefused(tm.run('link', '1', 'HEAD:a.txt'), 2);
    expectRefused(tm.run('link', '424242', 'HEAD'), 3, 'Task 424242 not found');
    expectRefused(tm.run('link', '', 'HEAD'), 3);
    expectRefused(tm.run('link', '1', ' '), 2);
    const starts = new Map<string, string>();
    const tree = repository.git('write-tree').trim();
    for (let at = 0; ; at += 1) {
      const hash = repository.git('commit-tree', tree, '-m', `Commit ${at}`).trim();
      const other = starts.get(hash.slice(0, 4));
      starts.set(hash.slice(0, 4), hash);
      if (other === undefined || other === hash) continue;
      expectRefused(tm.run('link', '1', hash.slice(0, 4)), 3, 'is the start of 2 commits', hash, other);
      break;
    }
    expect(tm.disk()).toEqual(before);
  });

  test('is taken back by tm unlink, by hash or by name', () => {
    const { tm, repository } = project('Mend the login');
    link(tm, '1', 'HEAD');
    link(tm, '1', 'abc1234');
    link(tm, '1', 'abc9876');
    expectRefused(tm.run('unlink', '1', 'abc'), 3, 'is the start of 2 commits of T-1', 'abc1234', 'abc9876');
    expectRefused(tm.run('unlink', '1', 'ffff'), 3, 'T-1 has no commit ffff', 'tm commits T-1');
    expect(tm.say('unlink', '1', 'abc1')).toBe('abc1234');
    expect(tm.say('unlink', '1', 'main')).toBe(head(repository));
    expect(commitsOf(tm, '1').map(({ commit_hash }) => commit_hash)).toEqual(['abc9876']);
    tm.say('undo');
    expect(commitsOf(tm, '1').length).toBe(2);
  });
});

describe('tm commits sync', () => {
  test('links what commits name, all at once, and again nothing', () => {
    const { tm, repository } = project('One', 'Two', 'Three');
    repository.commit('First, for T-1', { 'a.txt': linesOf(2) });
    repository.commit(`Second\n\nTask: ${tm.task('2').id}\nFixes: T-3\nSee T-77`, {
      'a.txt': linesOf(1),
      'b.txt': 'b\n',
    });
    repository.commit('Names nothing', { 'c.txt': 'c\n' });
    const found = sync(tm);
    expect(found).toMatchObject({ scanned: 4, completed: [], notCompleted: [], replaced: [], unknown: ['T-77'] });
    expect(subjects(found.linked).sort()).toEqual(['T-1 First, for T-1', 'T-2 Second', 'T-3 Second']);
    expect(commitsOf(tm, '2')).toMatchObject([{ source: 'trailer', filesChanged: 2, insertions: 1, deletions: 1 }]);
    expect(commitsOf(tm, '3')).toMatchObject([{ source: 'message' }]);
    expect(tm.task('3').status).toBe('pending');
    const before = tm.disk();
    expect(sync(tm).linked).toEqual([]);
    expect(tm.disk()).toEqual(before);
    const said = tm.run('commits', 'sync');
    expect([said.stdout, said.stderr]).toEqual(['', '4 commits read, 0 linked\nNo task is called T-77.\n']);
    tm.say('undo');
    expect(tm.json<CommitList>('commits').total).toBe(0);
    expect(sync(tm, 'HEAD~2..HEAD').linked.length).toBe(2);
    expectRefused(tm.run('commits', 'sync', 'nowhere..HEAD'), 2, '“nowhere..HEAD” is no range of commits here');
    expectRefused(tm.run('commits', 'sync', '--', '--output=x'), 2, 'is no range');
    expect(existsSync(join(tm.folder, 'x'))).toBe(false);
  });

  test('counts the branch where it is asked to, for merges what they brought', () => {
    const { tm, repository } = project('One', 'Two');
    repository.git('checkout', '--quiet', '-b', 'feature/T-2-both');
    repository.commit('Begin', { 'a.txt': linesOf(4) });
    expect(sync(tm, 'main..HEAD').linked).toEqual([]);
    expect(subjects(sync(tm, 'main..HEAD', '--branch').linked)).toEqual(['T-2 Begin']);
    expect(subjects(sync(tm, 'main..HEAD', '--branch', '1-first').linked)).toEqual(['T-1 Begin']);
    expect(sync(tm, 'main..HEAD', '--branch', '').linked).toEqual([]);
    repository.git('checkout', '--quiet', 'main');
    repository.commit('Beside', { 'b.txt': 'b\n' });
    repository.git('merge', '--quiet', '--no-edit', 'feature/T-2-both');
    expect(sync(tm, 'HEAD^!').linked).toMatchObject([
      { name: 'T-2', source: 'message', filesChanged: 1, insertions: 4 },
    ]);
    // A commit that is checked out by itself is on no branch.
    repository.git('checkout', '--quiet', '--detach', 'HEAD~1');
    expect(sync(tm, 'HEAD^!', '--branch').linked).toEqual([]);
  });

  test('completes what they fix where that is wanted, but not what waits for others', () => {
    const { tm, repository } = project('One', 'Two', 'Three');
    tm.say('dep', 'add', '2', '1');
    tm.say('config', 'set', 'git.fixes', 'complete');
    repository.commit('Fixes T-2 and T-3, see T-1', { 'a.txt': 'a\n' });
    const { completed, notCompleted } = sync(tm);
    expect(completed).toEqual([tm.task('3').id]);
    expect(notCompleted).toMatchObject([{ task: tm.task('2').id, reason: expect.stringContaining('T-1') }]);
    tm.say('reopen', '3');
    expect(sync(tm).completed).toEqual([]);
    expect(tm.task('3').status).toBe('pending');
    repository.commit('Closes T-1', { 'a.txt': 'b\n' });
    expect(sync(tm, '--no-complete').completed).toEqual([]);
    expect(tm.task('1').status).toBe('pending');
    repository.commit('Really closes T-1', { 'a.txt': 'c\n' });
    expect(tm.run('commits', 'sync').stderr).toContain('T-1 completed');
    expectRefused(tm.run('config', 'set', 'git.fixes', 'perhaps'), 2, 'git.fixes');
  });

  test('takes out what an amend or a rebase has put another in the place of, and nothing else', () => {
    const { tm, repository } = project('One');
    repository.commit('T-1 first', { 'a.txt': 'a\n' });
    repository.git('checkout', '--quiet', '-b', 'side');
    repository.commit('T-1 second', { 'b.txt': 'b\n' });
    sync(tm);
    const given = head(repository);
    repository.git('commit', '--quiet', '--amend', '--message', 'T-1 second, better');
    const amended = sync(tm);
    expect(subjects(amended.replaced)).toEqual(['T-1 T-1 second']);
    expect(amended.replaced[0]?.commit_hash).toBe(given);
    expect(subjects(commitsOf(tm, '1')).sort()).toEqual(['T-1 T-1 first', 'T-1 T-1 second, better']);
    repository.git('checkout', '--quiet', 'main');
    repository.commit('Meanwhile', { 'c.txt': 'c\n' });
    repository.git('rebase', '--quiet', 'main', 'side');
    expect(subjects(sync(tm).replaced)).toEqual(['T-1 T-1 second, better']);
    expect(
      commitsOf(tm, '1')
        .map(({ commit_hash }) => commit_hash)
        .sort(),
    ).toEqual([head(repository), head(repository, 'side~2')].sort());
    // A copy of a commit leaves the one that it is a copy of where it is.
    repository.git('checkout', '--quiet', '-b', 'third', 'main~1');
    repository.git('cherry-pick', 'side');
    expect(sync(tm)).toMatchObject({ replaced: [], linked: [{ name: 'T-1' }] });
    // What somebody linked by hand stays, whatever becomes of it.
    expect(link(tm, '1', given).changed).toBe(true);
    repository.commit('T-1 last', { 'd.txt': 'd\n' });
    expect(sync(tm).replaced).toEqual([]);
    expect(commitsOf(tm, '1').length).toBe(5);
  });

  test('reads any message, and prints none that could move the cursor', () => {
    const { tm, repository } = project('One');
    repository.write('a.txt', 'a\n');
    repository.git('add', 'a.txt');
    execFileSync(
      'git',
      ['-c', 'user.name=Zoë \u001b[31m', '-c', 'user.email=z@example.org', 'commit', '-q', '-F', '-'],
      {
        cwd: tm.folder,
        input: 'Grüße 🚀 \u001b[2J T-1\n\nbody\n',
        env: { PATH: process.env.PATH, HOME: tm.folder, GIT_CONFIG_NOSYSTEM: '1' },
      },
    );
    expect(sync(tm).linked).toMatchObject([{ commit_message: 'Grüße 🚀 \u001b[2J T-1' }]);
    expect(tm.say('commits') + tm.say('show', '1')).not.toContain('\u001b');
  });
});

test('commits go with their task: into the trash and back, to another store, and through an export', () => {
  const { tm, repository } = project('One', 'Two');
  link(tm, '1', 'HEAD');
  const [commit] = commitsOf(tm, '1');
  tm.say('delete', '1');
  tm.say('trash', 'restore', '1');
  expect(commitsOf(tm, '1')).toEqual([commit]);

  const file = join(temporaryFolder(), 'plan.json');
  tm.say('export', '--lossless', '--output', file);
  const copy = start();
  copy.say('import', file);
  expect(commitsOf(copy, '1')).toEqual([commit]);

  const other = start();
  tm.say('move', '1', '--to', other.folder);
  expect(commitsOf(other, '1')).toMatchObject([{ commit_hash: head(repository), commit_message: 'Begin' }]);
});

test('of ten thousand commits every one that names a task is found', () => {
  const { tm, repository } = project('One');
  rmSync(join(tm.folder, '.gitignore'));
  repository.pile(10_000, 'a.txt');
  repository.commit('For T-1', { 'b.txt': 'b\n' });
  expect(sync(tm)).toMatchObject({ scanned: 10_001, linked: [{ name: 'T-1' }] });
});
