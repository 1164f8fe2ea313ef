import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, inject, test } from 'vitest';
import { type HookChange, hookChange } from '../../src/app/commits/commitHook.js';
import { type HooksStatus, hooksStatus } from '../../src/app/commits/commitHooks.js';
import type { CommitList } from '../../src/app/commits/commitInputs.js';
import { Repository } from '../support/repository.js';
import { temporaryFolder } from '../support/stores.js';
import { expectRefused, Shell } from './shell.js';

/** A repository in a folder with a space and a quote in its name, with a store and two tasks. */
function project() {
  const folder = join(temporaryFolder(), "ann's project");
  mkdirSync(folder);
  const tm = new Shell({ folder });
  const repository = new Repository(folder);
  tm.say('init');
  repository.commit('Begin', { '.gitignore': '.task-orchestrator\n' });
  tm.say('add', 'One');
  tm.say('add', 'Two');
  return { tm, repository, hook: join(folder, '.git/hooks/post-commit') };
}

const change = (tm: Shell, what: 'install' | 'remove') =>
  hookChange().strict().parse(tm.json<HookChange>('hook', what));
const status = (tm: Shell) => hooksStatus().strict().parse(tm.json<HooksStatus>('hook', 'status'));

/** Waits for what a commit started in the background. */
async function linked(tm: Shell, task: string, count: number): Promise<string[]> {
  for (;;) {
    const { commits } = tm.json<CommitList>('commits', task);
    if (commits.length >= count) return commits.map((one) => `${one.source} ${one.commit_message}`);
    await new Promise((done) => setTimeout(done, 100));
  }
}

function put(path: string, text: string | Buffer, mode = 0o755): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  chmodSync(path, mode);
}

describe('tm hook', () => {
  test('links each commit from then on, to what it and its branch name, until it is removed', async () => {
    const { tm, repository, hook } = project();
    const before = readdirSync(dirname(hook));
    const none = { installed: false, chained: false, outdated: false };
    expect(status(tm)).toEqual({
      ...none,
      path: hook,
      trailer: { ...none, path: hook.replace('post-commit', 'prepare-commit-msg') },
    });
    expect(change(tm, 'install')).toMatchObject({ changed: true, files: [hook] });
    expect(status(tm)).toMatchObject({ installed: true, outdated: false });
    repository.commit('For T-1', { 'a.txt': 'a\n' });
    expect(await linked(tm, '1', 1)).toEqual(['message For T-1']);
    repository.git('checkout', '--quiet', '-b', '2-second');
    repository.commit('More', { 'a.txt': 'b\n' });
    expect(await linked(tm, '2', 1)).toEqual(['branch More']);
    expect(change(tm, 'install')).toMatchObject({ changed: false, files: [] });
    expect(change(tm, 'remove')).toMatchObject({ changed: true, files: [hook] });
    expect(readdirSync(dirname(hook))).toEqual(before);
    expect(tm.run('hook', 'remove')).toMatchObject({ code: 0, stdout: '', stderr: 'It is not installed\n' });
  });

  test('works in a linked worktree, and where the repository has no commit yet', async () => {
    const { tm, repository, hook } = project();
    const second = join(temporaryFolder(), 'second tree');
    repository.git('worktree', 'add', '--quiet', second, '-b', 'T-2-second');
    const there = new Shell({ folder: second });
    expect(change(there, 'install').path).toBe(hook);
    const shared = there.with({ env: { TM_DB_PATH: tm.storePath } });
    execFileSync('git', ['commit', '--quiet', '--allow-empty', '--message', 'There'], {
      cwd: second,
      env: {
        ...{ PATH: process.env.PATH, HOME: second, GIT_CONFIG_NOSYSTEM: '1', TM_DB_PATH: tm.storePath },
        ...{ GIT_AUTHOR_NAME: 'Ann', GIT_AUTHOR_EMAIL: 'a@example.org' },
        ...{ GIT_COMMITTER_NAME: 'Ann', GIT_COMMITTER_EMAIL: 'a@example.org' },
      },
    });
    expect(await linked(shared, '2', 1)).toEqual(['branch There']);

    const empty = new Shell();
    const fresh = new Repository(empty.folder);
    empty.say('init');
    empty.say('add', 'One');
    empty.say('hook', 'install');
    fresh.commit('Begin T-1', { 'a.txt': 'a\n' });
    expect(await linked(empty, '1', 1)).toEqual(['message Begin T-1']);
  });

  test('never breaks a commit: without tm, without a store, and where the store cannot be read', () => {
    const { tm, repository, hook } = project();
    tm.say('hook', 'install');
    put(hook, readFileSync(hook, 'latin1').replaceAll(inject('tm'), '/nowhere/tm.js'));
    repository.commit('T-1 without tm', { 'a.txt': 'a\n' });
    tm.say('hook', 'install');
    put(tm.storePath, 'not a database', 0o644);
    repository.commit('T-1 with a damaged store', { 'a.txt': 'b\n' });
    expect(repository.git('log', '--format=%s', '-2')).toBe('T-1 with a damaged store\nT-1 without tm\n');
  });

  test.each([
    ['a script of a shell', '#!/bin/sh\necho foreign >> ran.txt\nexit 0\necho never\n'],
    ['one without a last line feed', '#!/bin/bash -e\necho foreign >> ran.txt'],
    ['one in another encoding', Buffer.from('#!/bin/sh\n# caf\xe9\necho foreign >> ran.txt\n', 'latin1')],
  ])('leaves the work of %s intact, and its bytes when it is removed', async (_name, text) => {
    const { tm, repository, hook } = project();
    put(hook, text, 0o750);
    expect(change(tm, 'install')).toMatchObject({ files: [hook], message: expect.stringContaining('runs as before') });
    repository.commit('For T-1', { 'a.txt': 'a\n' });
    expect(readFileSync(join(tm.folder, 'ran.txt'), 'utf8')).toBe('foreign\n');
    expect(await linked(tm, '1', 1)).toEqual(['message For T-1']);
    tm.say('hook', 'remove');
    expect(readFileSync(hook)).toEqual(Buffer.from(text));
    expect(statSync(hook).mode & 0o777).toBe(0o750);
  });

  test('keeps a hook that is no script of a shell beside its own, and puts it back', async () => {
    const { tm, repository, hook } = project();
    const node = inject('nodes')[0];
    const script = `#!${node}\nrequire('fs').appendFileSync('ran.txt', process.argv.slice(2).length + ' foreign');\nprocess.exit(3);\n`;
    put(hook, script);
    expect(change(tm, 'install').files).toEqual([`${hook}.before-tm`, hook]);
    expect(status(tm)).toMatchObject({ installed: true, chained: true });
    repository.commit('For T-1', { 'a.txt': 'a\n' });
    expect(readFileSync(join(tm.folder, 'ran.txt'), 'utf8')).toBe('0 foreign');
    expect(await linked(tm, '1', 1)).toEqual(['message For T-1']);
    expect(change(tm, 'install').changed).toBe(false);
    tm.say('hook', 'remove');
    expect(readFileSync(hook, 'utf8')).toBe(script);
    expect(existsSync(`${hook}.before-tm`)).toBe(false);
  });

  test('does not switch on a hook that is not executable, nor write where a link leads', () => {
    const { tm, repository, hook } = project();
    put(hook, '#!/bin/sh\ntouch switched-on\n', 0o644);
    tm.say('hook', 'install');
    repository.commit('One', { 'a.txt': 'a\n' });
    expect(existsSync(join(tm.folder, 'switched-on'))).toBe(false);
    tm.say('hook', 'remove');
    expect(statSync(hook).mode & 0o777).toBe(0o644);

    const second = project();
    const target = join(temporaryFolder(), 'shared-hook');
    put(target, '#!/bin/sh\necho linked >> ran.txt\n');
    symlinkSync(target, second.hook);
    second.tm.say('hook', 'install');
    second.repository.commit('One', { 'a.txt': 'a\n' });
    expect(readFileSync(join(second.tm.folder, 'ran.txt'), 'utf8')).toBe('linked\n');
    expect(readFileSync(target, 'utf8')).toBe('#!/bin/sh\necho linked >> ran.txt\n');
    second.tm.say('hook', 'remove');
    expect(lstatSync(second.hook).isSymbolicLink()).toBe(true);
  });

  test('goes where core.hooksPath leads within the repository, without paths of this machine', async () => {
    const { tm, repository } = project();
    const own = join(tm.folder, '.githooks/post-commit');
    repository.git('config', 'core.hooksPath', '.githooks');
    put(own, '#!/bin/sh\necho team >> ran.txt\n');
    const { path, note } = change(tm, 'install');
    expect([path, note]).toEqual([own, expect.stringContaining('part of the working tree')]);
    expect(readFileSync(own, 'utf8')).not.toContain(inject('tm'));
    repository.commit('One', { 'a.txt': 'a\n' });
    expect(readFileSync(join(tm.folder, 'ran.txt'), 'utf8')).toBe('team\n');
    tm.say('hook', 'remove');
    expect(readFileSync(own, 'utf8')).toBe('#!/bin/sh\necho team >> ran.txt\n');
  });

  test('goes beside the folder that husky makes anew, into the file that husky runs', () => {
    const { tm, repository } = project();
    repository.git('config', 'core.hooksPath', '.husky/_');
    put(join(tm.folder, '.husky/_/post-commit'), '#!/usr/bin/env sh\n. "$(dirname "$0")/h"\n');
    const own = join(tm.folder, '.husky/post-commit');
    put(own, 'echo husky >> ran.txt\n', 0o644);
    expect(change(tm, 'install').path).toBe(own);
    execFileSync('sh', ['-e', own], { cwd: tm.folder });
    expect(readFileSync(join(tm.folder, 'ran.txt'), 'utf8')).toBe('husky\n');
    tm.say('hook', 'remove');
    expect(readFileSync(own, 'utf8')).toBe('echo husky >> ran.txt\n');
  });

  test('names the task in messages with --trailer: by the branch, else by what the person works on, never twice', () => {
    const { tm, repository, hook } = project();
    const git = tm.with({ env: { GIT_AUTHOR_NAME: 'Ann' } });
    repository.git('config', 'user.name', 'Ann');
    git.say('add', 'Three');
    const last = () => repository.git('log', '-1', '--format=%B').trim();
    const commit = (...args: string[]) => {
      repository.git('commit', '--quiet', '--allow-empty', ...args);
      return last();
    };
    const files = [hook, hook.replace('post-commit', 'prepare-commit-msg')];
    const installed = hookChange()
      .strict()
      .parse(git.json<HookChange>('hook', 'install', '--trailer'));
    expect(installed).toMatchObject({ changed: true, files });
    expect(status(git)).toMatchObject({ installed: true, trailer: { installed: true } });
    expect(commit('-m', 'Nobody knows')).toBe('Nobody knows');
    repository.git('checkout', '--quiet', '-b', 'feature/T-2-login');
    expect(commit('-m', 'Mend it')).toBe('Mend it\n\nTask: T-2');
    expect(commit('-m', 'For T-1')).toBe('For T-1');
    expect(commit('-m', 'Signed\n\nSigned-off-by: Ann <a@b.c>')).toBe(
      'Signed\n\nSigned-off-by: Ann <a@b.c>\nTask: T-2',
    );
    repository.git('checkout', '--quiet', 'main');
    git.say('start', '1');
    expect(commit('-m', 'At work')).toBe('At work\n\nTask: T-1');
    git.say('start', '3');
    expect(commit('-m', 'Which?')).toBe('Which?');
    git.say('claim', '3');
    expect(commit('-m', 'Claimed')).toBe('Claimed\n\nTask: T-3');
    expect(commit('--amend', '--no-edit')).toBe('Claimed\n\nTask: T-3');
    expect(commit('--fixup', 'HEAD')).toBe('fixup! Claimed');
    const editor = join(tm.folder, 'edit.sh');
    put(editor, '#!/bin/sh\nprintf "From the editor\\n" | cat - "$1" > "$1.new" && mv "$1.new" "$1"\n');
    repository.git('config', 'core.editor', `'${editor.replaceAll("'", "'\\''")}'`);
    expect(commit()).toBe('From the editor\n\nTask: T-3');
  });

  test('leaves the messages of merges, reverts, squashes and commits that are made again as they are', () => {
    const { tm, repository, hook } = project();
    repository.git('config', 'user.name', 'Ann');
    const last = () => repository.git('log', '-1', '--format=%s%n%(trailers)').trim();
    repository.git('checkout', '--quiet', '-b', 'other');
    repository.commit('Plain', { 'a.txt': 'a\n' });
    repository.git('checkout', '--quiet', 'main');
    repository.commit('Before', { 'b.txt': 'b\n' });
    tm.say('hook', 'install', '--trailer');
    tm.say('start', '1');
    repository.git('cherry-pick', 'other');
    expect(last()).toBe('Plain');
    repository.git('revert', '--no-edit', 'HEAD');
    expect(last()).toBe('Revert "Plain"');
    repository.git('merge', '--no-ff', '--quiet', '-m', 'Merge', 'other');
    expect(last()).toBe('Merge');
    repository.git('checkout', '--quiet', 'other');
    repository.commit('Task of other\n\nTask: T-1', { 'c.txt': 'c\n' });
    repository.git('reset', '--quiet', '--soft', 'HEAD~1');
    repository.git('-c', `core.hooksPath=${tm.folder}`, 'commit', '--quiet', '-m', 'Without');
    repository.git('rebase', '--quiet', 'main');
    expect(last()).toBe('Without');
    repository.git('checkout', '--quiet', 'main');
    repository.git('merge', '--squash', '--quiet', 'other');
    repository.git('commit', '--quiet', '--no-edit');
    expect(repository.git('log', '-1', '--format=%B')).not.toContain('Task:');
    expect(readdirSync(dirname(hook))).toContain('prepare-commit-msg');
  });

  test('takes both out again with remove, and a hook for messages that was there runs and stays', () => {
    const { tm, repository, hook } = project();
    const own = hook.replace('post-commit', 'prepare-commit-msg');
    const script = '#!/bin/sh\necho "Foreign: $2" >> "$1"\n';
    put(own, script);
    tm.say('hook', 'install', '--trailer');
    tm.say('start', '1');
    repository.git('config', 'user.name', 'Ann');
    repository.commit('One', { 'a.txt': 'a\n' });
    expect(repository.git('log', '-1', '--format=%B')).toContain('Foreign: message');
    expect(hookChange().parse(tm.json<HookChange>('hook', 'remove')).files).toEqual([hook, own]);
    expect(readFileSync(own, 'utf8')).toBe(script);
    expect(existsSync(hook)).toBe(false);
    put(own, script);
    tm.say('hook', 'install', '--trailer');
    put(tm.storePath, 'not a database', 0o644);
    repository.commit('With a damaged store', { 'a.txt': 'b\n' });
    expect(repository.git('log', '-1', '--format=%s')).toContain('With a damaged store');
  });

  test('refuses where it would meddle: hooks of all repositories, lines that were changed, no repository', () => {
    const { tm, repository, hook } = project();
    const everywhere = temporaryFolder();
    repository.git('config', 'core.hooksPath', everywhere);
    expectRefused(tm.run('hook', 'install'), 4, 'other repositories run it too', 'Nothing was changed');
    expect(readdirSync(everywhere)).toEqual([]);
    repository.git('config', '--unset', 'core.hooksPath');
    put(hook, '#!/bin/sh\n# <<< Task Orchestrator <<<\n');
    expectRefused(tm.run('hook', 'install'), 4, 'not whole any more');
    expectRefused(tm.run('hook', 'remove'), 4, 'not whole any more');
    put(hook, '\u007fELF');
    put(`${hook}.before-tm`, 'in the way');
    expectRefused(tm.run('hook', 'install'), 4, 'is there already');
    expect(readFileSync(hook, 'utf8')).toBe('\u007fELF');
    expectRefused(new Shell().run('hook', 'install'), 3, 'is in no git working tree');
    const bare = tm.with({ env: { PATH: join(tm.folder, 'nothing') } });
    expectRefused(bare.run('hook', 'status'), 3, 'git is not installed');
  });
});
