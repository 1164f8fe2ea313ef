import type { TaskSummary } from '../../../core/model/task.js';
import { type TaskId, taskName } from '../../../core/model/taskId.js';
import type { SimilarTask } from '../../../core/planning/complexity/facts.js';
import { nearest } from '../../../core/planning/complexity/similarity.js';
import { readTasksOfCommits } from '../../../store/repositories/commitRows.js';
import { readAllReferences } from '../../../store/repositories/referenceRows.js';
import { namedTasks } from '../../commits/namedTasks.js';
import type { Plan } from '../../plan.js';
import { trackedHours } from '../../time/clocks.js';
import type { Commit } from './surroundings.js';

/** Of tasks that are alike, so many speak for the rest. */
const NEAREST = 5;

/** What finished tasks tell about one. */
export interface RelatedTasks {
  readonly similar: readonly SimilarTask[];
  /** Files of finished tasks that are linked with it, else of those that are alike. */
  readonly files: readonly string[];
}

/** Finished tasks that are like a task, or linked with it: what their commits changed, and how their estimates held. */
export function relatedTasks(
  plan: Plan,
  task: TaskSummary,
  files: readonly string[],
  commits: readonly Commit[],
): RelatedTasks {
  const references = readAllReferences(plan.store);
  const finished = plan.graph
    .tasks()
    .filter((other) => other.status === 'completed' && other.id !== task.id)
    .map((other) => ({ ...other, files: (references.get(other.id) ?? []).map(({ path }) => path) }));
  const ranked = nearest({ ...task, files }, finished, finished.length);
  const changes = changesByTask(plan, commits);
  const measured = ranked.flatMap(({ task: other, similarity }) => {
    const changedLines = changes.get(other.id)?.lines;
    const ratio = ratioOf(plan, other);
    if (changedLines === undefined && ratio === undefined) return [];
    return [{ id: other.id, name: taskName(other.number), similarity, changedLines, ratio }];
  });
  const withLines = new Set(measured.filter((one) => one.changedLines !== undefined).slice(0, NEAREST));
  const withRatio = new Set(measured.filter((one) => one.ratio !== undefined).slice(0, NEAREST));
  const similar = measured
    .filter((one) => withLines.has(one) || withRatio.has(one))
    .map((one): SimilarTask => {
      const { changedLines, ratio, ...known } = one;
      return {
        ...known,
        ...(changedLines !== undefined && withLines.has(one) && { changedLines }),
        ...(ratio !== undefined && withRatio.has(one) && { ratio }),
      };
    });
  const linked = linkedWith(plan, task);
  const filesOf = (ids: Iterable<TaskId>) => [
    ...new Set(
      [...ids].flatMap((id) => [
        ...(references.get(id) ?? []).map(({ path }) => path),
        ...(changes.get(id)?.files ?? []),
      ]),
    ),
  ];
  const ofLinked = filesOf(finished.filter(({ id }) => linked.has(id)).map(({ id }) => id));
  return {
    similar,
    files: (ofLinked.length > 0
      ? ofLinked
      : filesOf(ranked.slice(0, NEAREST).map(({ task: other }) => other.id))
    ).sort(),
  };
}

/** Its parent, what it depends on, what depends on it, and what is linked with it. */
function linkedWith(plan: Plan, { id, parent }: TaskSummary): ReadonlySet<TaskId> {
  const node = plan.graph.require(id);
  const links = plan.store.all<{ id: TaskId }>(
    'SELECT target_id AS id FROM links WHERE task_id = ?1 UNION SELECT task_id FROM links WHERE target_id = ?1',
    [id],
  );
  return new Set([
    ...(parent === undefined ? [] : [parent]),
    ...[...node.dependsOn.keys(), ...node.dependants].map((other) => other.task.id),
    ...links.map((row) => row.id),
  ]);
}

/** Actual hours by estimated ones; undefined where one of them is not known. */
function ratioOf(plan: Plan, { id, estimatedHours }: TaskSummary): number | undefined {
  if (!estimatedHours) return undefined;
  const row = plan.store.get<{ hours: number | null }>('SELECT actual_hours AS hours FROM tasks WHERE id = ?', [id]);
  const actual = row?.hours ?? trackedHours(plan.store, id);
  return actual ? actual / estimatedHours : undefined;
}

/** What the commits changed that are linked to one task, or whose message names one, and no other. */
function changesByTask(
  plan: Plan,
  commits: readonly Commit[],
): ReadonlyMap<TaskId, { lines: number; files: Set<string> }> {
  const { byCommit } = namedTasks(plan.store, commits);
  const linked = readTasksOfCommits(plan.store);
  const found = new Map<TaskId, { lines: number; files: Set<string> }>();
  for (const { hash, files } of commits) {
    const named = (byCommit.get(hash) ?? []).map(({ task }) => task);
    const [task, ...others] = new Set([...named, ...(linked.get(hash) ?? [])]);
    if (task === undefined || others.length > 0) continue;
    const known = found.get(task) ?? { lines: 0, files: new Set<string>() };
    found.set(task, known);
    for (const file of files) {
      known.lines += file.lines;
      known.files.add(file.path);
    }
  }
  return found;
}
