import { readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

/** A git work tree, read from its files: asking git itself takes longer than a command of `tm`. */
export interface GitWorktree {
  /** The folder that `.git` lies in. */
  readonly root: string;
  /** What all worktrees of the repository share. */
  readonly commonFolder: string;
  /** This worktree's own git folder. */
  readonly gitFolder: string;
  /** Name of a linked worktree; undefined for the main one. */
  readonly name: string | undefined;
}

/** The work tree that a folder is in; undefined outside of git. */
export function findWorktree(start: string): GitWorktree | undefined {
  for (let folder = resolve(start); ; ) {
    const found = worktreeAt(folder);
    if (found) return found;
    const parent = dirname(folder);
    if (parent === folder) return undefined;
    folder = parent;
  }
}

/** The work tree whose root is this folder. */
export function worktreeAt(root: string): GitWorktree | undefined {
  const entry = join(root, '.git');
  const stat = statSync(entry, { throwIfNoEntry: false });
  if (stat?.isDirectory()) return { root, commonFolder: entry, gitFolder: entry, name: undefined };
  if (!stat?.isFile()) return undefined;
  const link = /^gitdir:\s*(.+)$/m.exec(read(entry) ?? '')?.[1]?.trim();
  if (!link) return undefined;
  const gitFolder = resolve(root, link);
  const common = read(join(gitFolder, 'commondir'))?.trim();
  // A submodule has a git folder of its own that is shared with nobody.
  if (!common) return { root, commonFolder: gitFolder, gitFolder, name: undefined };
  return { root, commonFolder: resolve(gitFolder, common), gitFolder, name: basename(gitFolder) };
}

/** The branch that is checked out, or the first characters of a detached commit. */
export function currentBranch(worktree: GitWorktree): string | undefined {
  return branchOf(worktree) ?? headOf(worktree)?.slice(0, 8);
}

/** The branch that is checked out; undefined where a commit is by itself. */
export function branchOf(worktree: GitWorktree): string | undefined {
  return /^ref: refs\/heads\/(.+)$/.exec(headOf(worktree) ?? '')?.[1];
}

function headOf({ gitFolder }: GitWorktree): string | undefined {
  return read(join(gitFolder, 'HEAD'))?.trim();
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
