import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { currentBranch, findWorktree } from '../../../src/platform/git.js';
import { temporaryFolder } from '../../support/stores.js';

/** Writes files into a new folder, by path. */
function folderOf(files: Readonly<Record<string, string>>): string {
  const root = temporaryFolder();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

describe('a git work tree', () => {
  test('is found from below, with its branch', () => {
    const root = folderOf({ '.git/HEAD': 'ref: refs/heads/feature/a\n', 'src/deep/a.ts': '' });
    const worktree = findWorktree(join(root, 'src/deep'));
    expect(worktree).toEqual({
      root,
      commonFolder: join(root, '.git'),
      gitFolder: join(root, '.git'),
      name: undefined,
    });
    expect(worktree && currentBranch(worktree)).toBe('feature/a');
  });

  test('that is linked shares the git folder of the main one', () => {
    const root = folderOf({
      'main/.git/worktrees/second/HEAD': '0123456789abcdef0123456789abcdef01234567\n',
      'main/.git/worktrees/second/commondir': '../..\n',
      'second/.git': 'gitdir: ../main/.git/worktrees/second\n',
    });
    const worktree = findWorktree(join(root, 'second'));
    expect(worktree).toMatchObject({
      root: join(root, 'second'),
      commonFolder: join(root, 'main/.git'),
      name: 'second',
    });
    expect(worktree && currentBranch(worktree)).toBe('01234567');
  });

  test('of a submodule shares nothing', () => {
    const root = folderOf({
      '.git/modules/sub/HEAD': 'ref: refs/heads/main\n',
      'sub/.git': 'gitdir: ../.git/modules/sub\n',
    });
    const folder = join(root, '.git/modules/sub');
    expect(findWorktree(join(root, 'sub'))).toMatchObject({ commonFolder: folder, gitFolder: folder, name: undefined });
  });

  test('is none where .git says nothing', () => {
    expect(findWorktree(folderOf({ 'a/.git': 'what is this' }))).toBeUndefined();
  });
});
