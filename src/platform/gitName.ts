import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findWorktree } from './git.js';

/** What only git itself understands: other files, and values with quotes, escapes or comments. */
const FOR_GIT = /^\s*\[\s*include|worktreeconfig|["\\;#]\s*$|\\\s*$/im;
const PLAIN_VALUE = /^[^"\\;#]*$/;

/**
 * git's `user.name` for a folder, read from its files: starting git takes longer than the rest of a small command.
 * Undefined where the files do not say it in plain words; then git has to be asked.
 */
export function gitUserName(folder: string, env: NodeJS.ProcessEnv): string | undefined {
  if (Object.keys(env).some((name) => name.startsWith('GIT_CONFIG') && name !== 'GIT_CONFIG_NOSYSTEM'))
    return undefined;
  const worktree = findWorktree(folder);
  const home = env.HOME;
  const files = [
    worktree && join(worktree.commonFolder, 'config'),
    home && join(home, '.gitconfig'),
    env.XDG_CONFIG_HOME ? join(env.XDG_CONFIG_HOME, 'git/config') : home && join(home, '.config/git/config'),
  ];
  for (const file of files) {
    const text = file ? read(file) : undefined;
    if (text === undefined) continue;
    if (FOR_GIT.test(text)) return undefined;
    const name = nameIn(text);
    if (name === null) return undefined;
    if (name !== undefined) return name;
  }
  return undefined;
}

/** The last `name` of a `[user]` section; null where its value is not plain, undefined where there is none. */
function nameIn(text: string): string | null | undefined {
  let section = '';
  let found: string | null | undefined;
  for (const line of text.split(/\r?\n/)) {
    const head = /^\s*\[\s*([\w.-]+)\s*(".*")?\s*\](.*)$/.exec(line);
    if (head) section = head[2] === undefined ? (head[1] as string).toLowerCase() : '';
    const value = /^\s*name\s*=\s*(.*?)\s*$/i.exec(head ? (head[3] as string) : line)?.[1];
    if (section === 'user' && value !== undefined) found = PLAIN_VALUE.test(value) && value !== '' ? value : null;
  }
  return found;
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
