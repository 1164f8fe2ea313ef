import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { Agent, emptyProject } from './agent.js';

test('a commit is linked as git knows it, once, and stands under its task', async () => {
  const project = emptyProject();
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=ann', '-c', 'user.email=ann@example.com', ...args], {
      cwd: project.folder,
      encoding: 'utf8',
    });
  git('init', '-q');
  project.file('a.txt', 3);
  git('add', 'a.txt');
  git('commit', '-qm', 'Add a file');
  const hash = git('rev-parse', 'HEAD').trim();
  project.say('add', 'Implement user authentication');
  const agent = await Agent.start(project.folder);

  expect(await agent.call('link_git_commit', { task_id: 1, commit_hash: hash.slice(0, 8) })).toMatchObject({
    commit: {
      task_id: 1,
      commit_hash: hash,
      commit_message: 'Add a file',
      author: expect.stringContaining('ann'),
      verified: true,
      insertions: 3,
    },
    changed: true,
  });
  expect(await agent.call('link_git_commit', { task_id: 1, commit_hash: 'HEAD' })).toMatchObject({ changed: false });
  const given = {
    task_id: 1,
    commit_hash: 'abcdef12',
    commit_message: 'Complete task',
    author: 'developer@example.com',
  };
  expect(await agent.call('link_git_commit', given)).toMatchObject({
    commit: { commit_hash: 'abcdef12', verified: false, commit_message: 'Complete task' },
    unresolved: expect.any(String),
  });
  expect(await agent.refused('link_git_commit', { task_id: 1, commit_hash: 'not-a-hash' })).toMatchObject({
    code: 'INVALID_INPUT',
  });
  const { commits } = await agent.call<{ commits: { commit_hash: string }[] }>('get_task', {
    task_id: 1,
    include_analysis: true,
  });
  expect(new Set(commits.map(({ commit_hash }) => commit_hash))).toEqual(new Set([hash, 'abcdef12']));
});
