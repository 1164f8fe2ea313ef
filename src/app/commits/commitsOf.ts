import type { TaskId } from '../../core/model/taskId.js';
import { countCommits, readCommits } from '../../store/repositories/commitRows.js';
import { readNumber } from '../../store/repositories/taskRows.js';
import type { Plan } from '../plan.js';
import type { CommitView } from './commitInputs.js';
import { toCommitView } from './commitView.js';

/** The commits of a task, the newest first: as they are kept, without asking git. */
export function commitsOf({ store }: Plan, task: TaskId): CommitView[] {
  return readCommits(store, task).map((commit) => toCommitView(commit, readNumber(store, task)));
}

/** True where a commit is linked to the task. */
export function hasCommits({ store }: Plan, task: TaskId): boolean {
  return countCommits(store, task) > 0;
}
