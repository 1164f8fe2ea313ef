import { userInfo } from 'node:os';
import { dirname } from 'node:path';
import type { WorkPlace, World } from '../app/ports.js';
import { aesCipher, environmentKeys } from './cipher.js';
import { currentBranch, findWorktree } from './git.js';
import { gitUserName } from './gitName.js';
import { DiskFolder } from './storeFolder.js';
import { DiskFiles } from './workspaceFiles.js';

/** The world as it is on this machine, for the workspace at `root` and the store at `path`. */
export function localWorld(
  { root, path }: { readonly root: string; readonly path: string },
  actor: () => string = once(() => person(root)),
): World {
  return {
    files: new DiskFiles(root),
    folder: new DiskFolder(dirname(path)),
    clock: { now: () => new Date().toISOString() },
    ids: { next: randomId },
    actor,
    cipher: aesCipher(environmentKeys),
    place: () => workPlace(root),
  };
}

function workPlace(root: string): WorkPlace {
  const worktree = findWorktree(root);
  if (!worktree) return {};
  const branch = currentBranch(worktree);
  return { ...(branch && { branch }), ...(worktree.name && { worktree: worktree.name }) };
}

/** `TM_AGENT_ID` for an agent; for a person git's `user.name`, else the account's name. */
export function person(root: string): string {
  const agent = process.env.TM_AGENT_ID?.trim();
  if (agent) return agent;
  const written = gitUserName(root, process.env);
  if (written) return written;
  try {
    // Loaded where it is needed: most commands of `tm` need no name.
    const { execFileSync } = process.getBuiltinModule('node:child_process');
    const name = execFileSync('git', ['config', 'user.name'], { cwd: root, stdio: ['ignore', 'pipe', 'ignore'] })
      .toString()
      .trim();
    if (name) return name;
  } catch {
    // No git here, or no name set: the account's name will do.
  }
  try {
    return userInfo().username;
  } catch {
    return 'user';
  }
}

function randomId(): string {
  const [number = 0] = crypto.getRandomValues(new Uint32Array(1));
  return number.toString(16).padStart(8, '0');
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
