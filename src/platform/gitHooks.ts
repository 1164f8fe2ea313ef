import {
  accessSync,
  chmodSync,
  constants,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import type { HookFile, HookFiles, HookPlace } from '../app/commits/commitHook.js';
import type { HookName } from '../core/commits/hookFile.js';
import { NotFoundError } from '../core/model/errors.js';
import { runGit } from './runGit.js';

/** The hooks of the repository that a folder lies in, wherever git looks for it. */
export function gitHooks(folder: string): HookFiles {
  return { place: (hook) => place(folder, hook), read, write, rename: renameSync, remove: (path) => rmSync(path) };
}

async function place(folder: string, hook: HookName): Promise<HookPlace> {
  let text = '';
  const asked = ['rev-parse', '--show-toplevel', '--git-common-dir', '--git-path', 'hooks'];
  const end = await runGit(folder, asked, (piece) => {
    text += piece;
    return true;
  });
  if (end.missing) throw new NotFoundError('git is not installed: there is no hook to install.');
  if (end.code !== 0) throw new NotFoundError(`${folder} is in no git working tree: there is no hook to install.`);
  const [root = '', common = '', hooks = ''] = text.split('\n').map((line) => resolve(folder, line));
  const within = (outer: string, inner: string) => !relative(outer, inner).startsWith('..');
  const isInGit = within(common, hooks);
  const isShared = !isInGit && within(root, hooks);
  // Husky's own folder is made anew whenever it likes; what it runs lies beside it.
  const isHusky = isShared && /[\\/]\.husky[\\/]_$/.test(hooks);
  return {
    path: join(isHusky ? dirname(hooks) : hooks, hook),
    isShared,
    isForeign: !isInGit && !isShared,
    ...(isHusky && { manager: 'husky' }),
  };
}

function read(path: string): HookFile | undefined {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (!stat) return undefined;
  const isLink = stat.isSymbolicLink();
  try {
    // A link is not looked into: what it leads to is somebody else's file.
    return { text: isLink ? '' : readFileSync(path, 'latin1'), isExecutable: isExecutable(path), isLink };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EISDIR') return { text: '', isExecutable: false, isLink: true };
    throw error;
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  const before = lstatSync(path, { throwIfNoEntry: false });
  const temporary = `${path}.${process.pid}.tmp`;
  writeFileSync(temporary, text, 'latin1');
  // Who may read it stays as it is; a new one is as git's own samples are.
  chmodSync(temporary, before?.isFile() ? before.mode & 0o7777 : 0o755);
  renameSync(temporary, path);
}
