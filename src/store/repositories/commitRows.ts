import type { TaskId } from '../../core/model/taskId.js';
import type { Row } from '../record.js';
import type { RowReader } from '../transaction.js';

/** Why a commit belongs to a task: somebody said so, or what the commit or its branch names. */
export const COMMIT_SOURCES = ['given', 'trailer', 'message', 'branch'] as const;

export type CommitSource = (typeof COMMIT_SOURCES)[number];

/** A commit that belongs to a task. Times are UTC ISO 8601. */
export interface LinkedCommit {
  readonly task: TaskId;
  /** In full where git knows it, else as it was given, in lower case. */
  readonly hash: string;
  /** The first line. */
  readonly subject?: string;
  readonly author?: string;
  readonly committedAt?: string;
  readonly filesChanged?: number;
  readonly insertions?: number;
  readonly deletions?: number;
  /** True where git said all this. */
  readonly verified: boolean;
  readonly source: CommitSource;
  readonly linkedAt: string;
  readonly linkedBy: string;
}

/** The newest first; those of which no time is known by when they were linked. */
const ORDER = 'ORDER BY coalesce(committed_at, linked_at) DESC, commit_hash, task_id';

/** A task's commits, the newest first. */
export function readCommits(store: RowReader, task: TaskId): LinkedCommit[] {
  if (store.rows) return store.rows.find('git_commits', 'task_id', task).map(commitFromRow).sort(newestFirst);
  if (!hasCommits(store)) return [];
  return store.all(`SELECT * FROM git_commits WHERE task_id = ? ${ORDER}`, [task]).map(commitFromRow);
}

/** The commits of all tasks, the newest first, at most `limit`. */
export function readAllCommits(store: RowReader, limit: number): LinkedCommit[] {
  if (!hasCommits(store)) return [];
  return store.all(`SELECT * FROM git_commits ${ORDER} LIMIT ?`, [limit]).map(commitFromRow);
}

export function readUnverified(store: RowReader, task?: TaskId): LinkedCommit[] {
  if (!hasCommits(store)) return [];
  return store
    .all(`SELECT * FROM git_commits WHERE verified = 0 AND (?1 IS NULL OR task_id = ?1) ${ORDER}`, [task ?? null])
    .map(commitFromRow);
}

/** The tasks of the commits that git knows, by hash. */
export function readTasksOfCommits(store: RowReader): ReadonlyMap<string, readonly TaskId[]> {
  if (!hasCommits(store)) return new Map();
  const found = new Map<string, TaskId[]>();
  for (const { hash, task } of store.all<{ hash: string; task: TaskId }>(
    'SELECT commit_hash AS hash, task_id AS task FROM git_commits WHERE verified = 1',
  ))
    found.set(hash, [...(found.get(hash) ?? []), task]);
  return found;
}

/** How many commits belong to a task, or to any. */
export function countCommits(store: RowReader, task?: TaskId): number {
  if (!hasCommits(store)) return 0;
  const sql = 'SELECT count(*) AS n FROM git_commits WHERE ?1 IS NULL OR task_id = ?1';
  return store.get<{ n: number }>(sql, [task ?? null])?.n ?? 0;
}

/** A commit as its row's columns. */
export function commitRow(commit: LinkedCommit): Row {
  const { task, hash, subject, author, committedAt, filesChanged, insertions, deletions } = commit;
  const known = {
    commit_message: subject,
    author,
    committed_at: committedAt,
    files_changed: filesChanged,
    insertions,
    deletions,
  };
  return {
    task_id: task,
    commit_hash: hash,
    ...(Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined)) as Row),
    verified: commit.verified ? 1 : 0,
    source: commit.source,
    linked_at: commit.linkedAt,
    linked_by: commit.linkedBy,
  };
}

/** False in a store of an older version, which is open for reading. */
function hasCommits(store: RowReader): boolean {
  return store.get("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'git_commits'") !== undefined;
}

function newestFirst(one: LinkedCommit, other: LinkedCommit): number {
  const [a, b] = [one.committedAt ?? one.linkedAt, other.committedAt ?? other.linkedAt];
  if (a !== b) return a < b ? 1 : -1;
  return one.hash < other.hash ? -1 : 1;
}

function commitFromRow(row: Row): LinkedCommit {
  const source = COMMIT_SOURCES.find((one) => one === row.source) ?? 'given';
  return {
    task: row.task_id as string,
    hash: row.commit_hash as string,
    ...(row.commit_message != null && { subject: row.commit_message as string }),
    ...(row.author != null && { author: row.author as string }),
    ...(row.committed_at != null && { committedAt: row.committed_at as string }),
    ...(row.files_changed != null && { filesChanged: row.files_changed as number }),
    ...(row.insertions != null && { insertions: row.insertions as number }),
    ...(row.deletions != null && { deletions: row.deletions as number }),
    verified: row.verified === 1,
    source,
    linkedAt: row.linked_at as string,
    linkedBy: row.linked_by as string,
  };
}
