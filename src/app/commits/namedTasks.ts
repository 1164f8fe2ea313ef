import { mentionsInBranch, mentionsInMessage, strongerSource, type TaskMention } from '../../core/commits/mentions.js';
import { type TaskId, taskName } from '../../core/model/taskId.js';
import type { CommitSource } from '../../store/repositories/commitRows.js';
import type { RowReader } from '../../store/transaction.js';
import type { CommitMessage } from './repository.js';
import { tasksWithNumbers } from './tasksWithNumbers.js';

/** A task that a commit is about. */
export interface NamedTask {
  readonly task: TaskId;
  readonly source: Exclude<CommitSource, 'given'>;
  /** True where the commit says that it completes the task. */
  readonly closes: boolean;
}

/** What commits name, by their hashes, and the names that no task has. */
export interface NamedTasks {
  readonly byCommit: ReadonlyMap<string, readonly NamedTask[]>;
  /** In the order in which they were found. */
  readonly unknown: readonly string[];
}

/** The tasks that commits name by message, or all of them by the branch that they were made on. */
export function namedTasks(reader: RowReader, commits: readonly CommitMessage[], branch?: string): NamedTasks {
  const ofBranch = branch === undefined ? [] : mentionsInBranch(branch);
  const mentions = commits.map(({ hash, message }) => ({ hash, of: [...mentionsInMessage(message), ...ofBranch] }));
  const ids = existing(
    reader,
    mentions.flatMap(({ of }) => of.map(({ task }) => task)),
  );
  const unknown = new Set<string>();
  const byCommit = new Map<string, readonly NamedTask[]>();
  for (const { hash, of } of mentions) {
    const found = new Map<TaskId, NamedTask>();
    for (const { task: name, source, closes } of of) {
      const task = ids(name);
      // That no task has the number of a branch says nothing: it may count something else.
      if (task === undefined && source !== 'branch') unknown.add(nameOf(name));
      if (task === undefined) continue;
      const known = found.get(task);
      found.set(task, {
        task,
        source: known ? strongerSource(known.source, source) : source,
        closes: closes || known?.closes === true,
      });
    }
    if (found.size > 0) byCommit.set(hash, [...found.values()]);
  }
  return { byCommit, unknown: [...unknown] };
}

function existing(
  reader: RowReader,
  names: readonly TaskMention['task'][],
): (name: TaskMention['task']) => TaskId | undefined {
  const byNumber = tasksWithNumbers(
    reader,
    names.flatMap((name) => ('number' in name ? name.number : [])),
  );
  const ids = [...new Set(names.flatMap((name) => ('id' in name ? name.id : [])))];
  const rows = reader.all<{ id: TaskId }>('SELECT id FROM tasks WHERE id IN (SELECT value FROM json_each(?))', [
    JSON.stringify(ids),
  ]);
  const known = new Set(rows.map(({ id }) => id));
  return (name) => ('number' in name ? byNumber.get(name.number)?.id : known.has(name.id) ? name.id : undefined);
}

function nameOf(task: TaskMention['task']): string {
  return 'number' in task ? taskName(task.number) : task.id;
}
