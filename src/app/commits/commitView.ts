import { taskName } from '../../core/model/taskId.js';
import type { LinkedCommit } from '../../store/repositories/commitRows.js';
import type { CommitView } from './commitInputs.js';

/** A commit as it is shown, with the number of its task. */
export function toCommitView(commit: LinkedCommit, number: number | undefined): CommitView {
  const { hash, subject, ...fields } = commit;
  return {
    ...fields,
    name: number === undefined ? commit.task : taskName(number),
    commit_hash: hash,
    ...(subject !== undefined && { commit_message: subject }),
  };
}
