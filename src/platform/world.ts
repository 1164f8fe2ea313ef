import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import type { WorkPlace, World } from '../app/ports.js';
import { aesCipher, environmentKeys } from './cipher.js';
import { currentBranch, findWorktree } from './git.js';
import { gitUserName } from './gitName.js';
import { DiskFolder } from './storeFolder.js';
import { DiskFiles } from './workspaceFiles.js';

/** The world as it is on this machine, for the workspace at `root` and the store at `path`. */
export function localWorld(
  { root, path }: { readonly root: string; readonly path: string },
  actor: () => string = once(() => person(root, dirname(path)).name),
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

/** Where somebody's name comes from. */
export type NameSource = 'TM_AGENT_ID' | 'config/agent-id' | 'git' | 'account';

/** Who acts, and how that is known. */
export interface Identity {
  readonly name: string;
  readonly source: NameSource;
}

/** The file beside the store that names the agent of this folder, if somebody wrote one. Nothing here writes it. */
const SAVED_NAME = 'config/agent-id';

/** `TM_AGENT_ID`, else the name that is saved beside the store; for a person git's `user.name`, else the account's name. */
export function person(root: string, storeFolder: string): Identity {
  const agent = process.env.TM_AGENT_ID?.trim();
  if (agent) return { name: agent, source: 'TM_AGENT_ID' };
  const saved = savedName(storeFolder);
  if (saved) return { name: saved, source: SAVED_NAME };
  const written = gitUserName(root, process.env);
  if (written) return { name: written, source: 'git' };
  try {
    // Loaded where it is needed: most commands of `tm` need no name.
    const { execFileSync } = process.getBuiltinModule('node:child_process');
    const name = execFileSync('git', ['config', 'user.name'], { cwd: root, stdio: ['ignore', 'pipe', 'ignore'] })
      .toString()
      .trim();
    if (name) return { name, source: 'git' };
  } catch {
    // No git here, or no name set: the account's name will do.
  }
  try {
    return { name: userInfo().username, source: 'account' };
  } catch {
    return { name: 'user', source: 'account' };
  }
}

/** The first line of that file; undefined where there is none, or nothing in it. */
function savedName(storeFolder: string): string | undefined {
  try {
    const text = readFileSync(join(storeFolder, SAVED_NAME), 'utf8');
    return text.split('\n', 1)[0]?.trim() || undefined;
  } catch {
    return undefined;
  }
}

function randomId(): string {
  // No secret, and looked up before it is used: loading node's cryptography would take a third of what `node -e 0` does.
  return Math.floor(Math.random() * 2 ** 32)
    .toString(16)
    .padStart(8, '0');
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
