import type {
  ChangedFile,
  CommitMessage,
  CommitRepository,
  KnownCommit,
  Unresolved,
} from '../app/commits/repository.js';
import { InvalidInputError, NotFoundError, OrchestratorError } from '../core/model/errors.js';
import { branchOf, findWorktree } from './git.js';
import { type GitEnd, runGit } from './runGit.js';

/** So many hashes are named in one call: command lines have an end. */
const AT_ONCE = 400;
/** Between the parts of a commit: no message can hold it. */
const NUL = '\0';
const HARMLESS = ['--encoding=UTF-8', '--no-ext-diff', '--no-textconv'];

/** The commits of the repository that a folder lies in. */
export function gitCommits(folder: string): CommitRepository {
  return {
    resolve: (name) => resolve(folder, name),
    describe: (hashes, onCommit) => describe(folder, hashes, onCommit),
    messages: (range, onCommit) => messages(folder, range, onCommit),
    async isReachable(hash) {
      const { text, code } = await ask(folder, [
        'for-each-ref',
        '--count=1',
        '--format=%(refname)',
        `--contains=${hash}`,
      ]);
      return code !== 0 || text.trim() !== '';
    },
    branch() {
      const worktree = findWorktree(folder);
      return worktree && branchOf(worktree);
    },
  };
}

/** The files that a commit changed, against its first parent. */
export async function changedFiles(folder: string, hash: string): Promise<readonly ChangedFile[]> {
  const options = ['--no-walk', '-m', '--first-parent', '--name-status', '-M', '-z', '--format='];
  const { text } = await ask(folder, ['log', ...options, ...HARMLESS, hash, '--']);
  const words = text.split(NUL).map((word) => word.replace(/^\n+/, ''));
  const files: ChangedFile[] = [];
  for (let at = 0; at + 1 < words.length; ) {
    const [status = '', path = '', target = ''] = words.slice(at, at + 3);
    const isMoved = /^[RC]/.test(status);
    if (isMoved) files.push({ path: target, before: path, isDeleted: false });
    else files.push({ path, before: status === 'A' ? undefined : path, isDeleted: status === 'D' });
    at += isMoved ? 3 : 2;
  }
  return files.filter((file) => file.path !== '');
}

/** The newest commits; none where there is no repository. */
export async function recentCommits(folder: string, limit: number): Promise<readonly CommitMessage[]> {
  const { text } = await ask(folder, ['log', `--max-count=${limit}`, '--format=%H%x00%B%x00', '--encoding=UTF-8']);
  const words = text.split(NUL);
  const commits: CommitMessage[] = [];
  for (let at = 0; at + 1 < words.length; at += 2)
    commits.push({ hash: (words[at] as string).trim(), message: (words[at + 1] as string).trim() });
  return commits;
}

interface Answer extends GitEnd {
  readonly text: string;
}

async function ask(folder: string, args: readonly string[]): Promise<Answer> {
  let text = '';
  const end = await runGit(folder, args, (piece) => {
    text += piece;
    return true;
  });
  return { ...end, text };
}

async function resolve(folder: string, name: string): Promise<string | Unresolved> {
  if (name.startsWith('-')) return { why: 'unknown', reason: 'git has no commit of that name' };
  const { code, missing, text, complaint } = await ask(folder, [
    'rev-parse',
    '--verify',
    '--quiet',
    `${name}^{commit}`,
  ]);
  if (code === 0 && /^[0-9a-f]{40,64}$/.test(text.trim())) return text.trim();
  if (missing) return { why: 'no git', reason: 'git is not installed' };
  if (!(await isRepository(folder))) return { why: 'no repository', reason: 'this folder is in no git repository' };
  if (/^[0-9a-f]{4,}$/i.test(name)) await refuseAmbiguous(folder, name.toLowerCase());
  const first = complaint.split('\n')[0];
  // Without a word it looked and found none; with one, something else is wrong.
  return first && !/unknown revision|bad revision|Needed a single revision/.test(first)
    ? { why: 'failed', reason: first.replace(/^fatal: /, '') }
    : { why: 'unknown', reason: 'the repository has no such commit' };
}

async function isRepository(folder: string): Promise<boolean> {
  return (await ask(folder, ['rev-parse', '--git-dir'])).code === 0;
}

async function refuseAmbiguous(folder: string, prefix: string): Promise<void> {
  const { text } = await ask(folder, ['rev-parse', `--disambiguate=${prefix}`]);
  const objects = text.split('\n').filter((line) => line !== '');
  if (objects.length < 2) return;
  const commits = (
    await Promise.all(objects.map(async (one) => (await kindOf(folder, one)) === 'commit' && one))
  ).filter((one) => one !== false);
  if (commits.length < 2) return;
  throw new OrchestratorError(
    'AMBIGUOUS',
    `${prefix} is the start of ${commits.length} commits: ${commits.slice(0, 5).join(', ')}. Give more of the hash.`,
    { commits },
  );
}

async function kindOf(folder: string, object: string): Promise<string> {
  return (await ask(folder, ['cat-file', '-t', object])).text.trim();
}

async function messages(
  folder: string,
  range: string,
  onCommit?: (count: number) => void,
): Promise<readonly CommitMessage[]> {
  if (range.startsWith('-') || range.trim() === '') throw noRange(range, '');
  const found: CommitMessage[] = [];
  let rest: string[] = [''];
  const end = await runGit(folder, ['log', `--format=%H%x00%B%x00`, '--encoding=UTF-8', range, '--'], (piece) => {
    const [first = '', ...further] = piece.split(NUL);
    rest[rest.length - 1] += first;
    rest.push(...further);
    const whole = rest.length - 1 - ((rest.length - 1) % 2);
    for (let at = 0; at < whole; at += 2)
      found.push({ hash: (rest[at] as string).trim(), message: (rest[at + 1] as string).trim() });
    rest = rest.slice(whole);
    onCommit?.(found.length);
    return true;
  });
  if (end.missing) throw new NotFoundError('git is not installed: no commit can be read.');
  if (end.code === 0) return found;
  if (!(await isRepository(folder)))
    throw new NotFoundError(`${folder} is in no git repository: there are no commits.`);
  if (range === 'HEAD' && (await ask(folder, ['rev-parse', '--verify', '--quiet', 'HEAD'])).code !== 0) return [];
  throw noRange(range, end.complaint);
}

function noRange(range: string, complaint: string): InvalidInputError {
  const why = complaint.split('\n')[0]?.replace(/^fatal: /, '') ?? '';
  return new InvalidInputError(
    'range',
    `“${range}” is no range of commits here${why ? ` (${why})` : ''}. Give one as git does: HEAD~20..HEAD, main..HEAD, v1.0.. or one commit.`,
  );
}

async function describe(
  folder: string,
  hashes: readonly string[],
  onCommit?: (count: number) => void,
): Promise<ReadonlyMap<string, KnownCommit>> {
  const found = new Map<string, KnownCommit>();
  for (let at = 0; at < hashes.length; at += AT_ONCE) {
    const some = hashes.slice(at, at + AT_ONCE);
    const text = await log(folder, some);
    // One that is not there makes git say nothing of the others either.
    const texts = text === undefined ? await Promise.all(some.map((one) => log(folder, [one]))) : [text];
    for (const one of texts) for (const commit of parseLog(one ?? '')) found.set(commit.hash, commit);
    onCommit?.(Math.min(at + AT_ONCE, hashes.length));
  }
  return found;
}

async function log(folder: string, hashes: readonly string[]): Promise<string | undefined> {
  const format = '--format=%H%x00%aN%x00%aI%x00%cI%x00%B%x00';
  const options = ['--no-walk=unsorted', '-m', '--first-parent', '--numstat', '-M', format, ...HARMLESS];
  const { code, text } = await ask(folder, ['log', ...options, ...hashes, '--']);
  return code === 0 ? text : undefined;
}

/** `hash NUL author NUL date NUL date NUL message NUL, empty lines, added TAB deleted TAB path …`, then the next hash. */
function parseLog(text: string): KnownCommit[] {
  const words = text.split(NUL);
  const commits: KnownCommit[] = [];
  for (let at = 0; at + 5 < words.length; at += 5) {
    const [head = '', author = '', authored = '', committed = '', message = '', tail = ''] = words.slice(at, at + 6);
    const hash = head.trimEnd().split('\n').at(-1) ?? '';
    const lines = tail.split('\n').filter((line) => /^(?:\d+|-)\t/.test(line));
    const sum = (column: 0 | 1) => lines.reduce((total, line) => total + (Number(line.split('\t')[column]) || 0), 0);
    commits.push({
      hash,
      message: message.trim(),
      author,
      authoredAt: new Date(authored).toISOString(),
      committedAt: new Date(committed).toISOString(),
      filesChanged: lines.length,
      insertions: sum(0),
      deletions: sum(1),
    });
  }
  return commits;
}
