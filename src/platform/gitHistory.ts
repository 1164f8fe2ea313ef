import type { Commit, Commits, VersionHistory } from '../app/planning/complexity/surroundings.js';
import { findWorktree } from './git.js';
import { runGit } from './runGit.js';

/** Before a message, and behind it. */
const [START, END] = ['\u0001', '\u0002'];

/** The commits of the repository that a folder lies in, as far as they changed files below it. */
export function gitHistory(root: string): VersionHistory {
  return { commits: (limit, signal, onCommit) => commits(root, limit, signal, onCommit) };
}

async function commits(
  root: string,
  limit: number,
  signal?: AbortSignal,
  onCommit?: (count: number) => void,
): Promise<Commits | string> {
  if (!findWorktree(root)) return 'the workspace is in no git repository';
  const found: Commit[] = [];
  let rest = '';
  const keep = (pieces: readonly string[]) => {
    for (const piece of pieces) if (piece.includes(END)) found.push(parseCommit(piece));
    onCommit?.(Math.min(found.length, limit));
  };
  const format = '--format=%x01%H %B%x02';
  const options = ['--numstat', '--no-merges', '--no-renames', '--no-ext-diff', '--no-textconv', '--relative', '-z'];
  const end = await runGit(
    root,
    ['log', ...options, format, `--max-count=${limit + 1}`, 'HEAD', '--', '.'],
    (text) => {
      const pieces = (rest + text).split(START);
      rest = pieces.pop() ?? '';
      keep(pieces);
      return true;
    },
    signal,
  );
  if (end.missing) return 'git is not installed';
  keep([rest]);
  if (end.code !== 0) return await whyNot(root, end.complaint);
  return found.length === 0
    ? 'no commit changed a file here'
    : { commits: found.slice(0, limit), cut: found.length > limit };
}

async function whyNot(root: string, complaint: string): Promise<string> {
  const head = await runGit(root, ['rev-parse', '-q', '--verify', 'HEAD'], () => true);
  if (head.code === 1) return 'the repository has no commits';
  return `git log failed: ${complaint.split('\n')[0] || 'no reason given'}`;
}

/** `hash message END NUL line-feed added TAB deleted TAB path NUL …` */
function parseCommit(piece: string): Commit {
  const at = piece.indexOf(END);
  const files = piece
    .slice(at + 1)
    .split('\0')
    .flatMap((entry) => {
      const [added, deleted, ...path] = entry.trimStart().split('\t');
      if (path.length === 0) return [];
      // Of binary files no lines are counted.
      return [{ path: path.join('\t'), lines: (Number(added) || 0) + (Number(deleted) || 0) }];
    });
  const space = piece.indexOf(' ');
  return { hash: piece.slice(0, space), message: piece.slice(space, at).trim(), files };
}
