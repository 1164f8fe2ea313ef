import type { CommitView } from '../app/commits/commitInputs.js';
import { plain } from '../core/model/plainText.js';
import { toMinute } from '../core/model/timeText.js';

/** So many characters of a hash tell it from others. */
const HASH_SHOWN = 12;

export function shortHash({ commit_hash }: Pick<CommitView, 'commit_hash'>): string {
  return plain(commit_hash.slice(0, HASH_SHOWN));
}

/** `3 files +12 −4`; why there is none where git does not know the commit. */
export function statOf({ verified, filesChanged, insertions, deletions }: CommitView): string {
  if (!verified) return 'not verified';
  const files = filesChanged === 1 ? '1 file' : `${filesChanged ?? 0} files`;
  return `${files} +${insertions ?? 0} -${deletions ?? 0}`;
}

export function dayOf({ committedAt }: CommitView): string {
  return committedAt === undefined ? '' : toMinute(committedAt).slice(0, 10);
}

/** `a1b2c3d4e5f6  2026-11-21  Ann  3 files +12 -4  Mend the login`. */
export function commitLine(commit: CommitView): string {
  const { author, commit_message } = commit;
  return [shortHash(commit), dayOf(commit), plain(author ?? ''), statOf(commit), plain(commit_message ?? '')]
    .filter((part) => part !== '')
    .join('  ');
}
