/** What git says of a commit. Times are UTC ISO 8601. */
export interface KnownCommit {
  readonly hash: string;
  /** Whole, with its body. */
  readonly message: string;
  readonly author: string;
  /** When it was written at first: kept where a commit is amended or rebased. */
  readonly authoredAt: string;
  readonly committedAt: string;
  /** Against the first parent; a binary file has no lines. */
  readonly filesChanged: number;
  readonly insertions: number;
  readonly deletions: number;
}

export interface CommitMessage {
  readonly hash: string;
  readonly message: string;
}

/** Why git does not say which commit a name stands for. */
export interface Unresolved {
  /** `unknown`: there is a repository, which has no such commit. */
  readonly why: 'no git' | 'no repository' | 'unknown' | 'failed';
  /** In words, for a sentence in brackets. */
  readonly reason: string;
}

/** A file that a commit changed, by its path from the top of the repository. */
export interface ChangedFile {
  readonly path: string;
  /** Where it was before, if it was there. */
  readonly before?: string | undefined;
  readonly isDeleted: boolean;
}

/** The repository that work takes place in; there may be none. `platform/` has the adapter. */
export interface CommitRepository {
  /** The full hash of the commit that `HEAD`, a branch, a tag or the start of a hash names. Throws AMBIGUOUS. */
  resolve(name: string): Promise<string | Unresolved>;
  /** What is known of commits, by their full hashes; those that are not there are left out. */
  describe(hashes: readonly string[], onCommit?: (count: number) => void): Promise<ReadonlyMap<string, KnownCommit>>;
  /**
   * The messages of all commits of a range as git reads it, the newest first. Throws INVALID_INPUT for what is none,
   * NOT_FOUND where there is no repository or no git.
   */
  messages(range: string, onCommit?: (count: number) => void): Promise<readonly CommitMessage[]>;
  /** False for a commit that no branch, tag or other reference leads to any more: it was replaced, or its branch deleted. */
  isReachable(hash: string): Promise<boolean>;
  /** The branch that is checked out; undefined where none is. */
  branch(): string | undefined;
}
