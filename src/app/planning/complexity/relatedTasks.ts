import type { TaskSummary } from '../../../core/model/task.js';
import { type TaskId, taskName } from '../../../core/model/taskId.js';
import type { SimilarTask } from '../../../core/planning/complexity/facts.js';
import { areRelated, type FinishedWork, nearest, traitsOf } from '../../../core/planning/likeness.js';
import { readTasksOfCommits } from '../../../store/repositories/commitRows.js';
import { namedTasks } from '../../commits/namedTasks.js';
import type { Plan } from '../../plan.js';
import type { Experience } from '../effort/experience.js';
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
  experience: Experience,
): RelatedTasks {
  const finished = plan.graph
    .nodes()
    .filter((node) => node.task.status === 'completed' && node.task.id !== task.id)
    .map((node) => {
      const { id, completedAt = '' } = node.task;
      return { ...experience.traits(node), id, completedAt, node };
    });
  const ranked = nearest(traitsOf(task, files), finished, areRelated);
  const changes = changesByTask(plan, commits);
  const measured = ranked.flatMap(({ task: { id, node }, similarity }) => {
    const changedLines = changes.get(id)?.lines;
    const ratio = experience.ratio(node);
    if (changedLines === undefined && ratio === undefined) return [];
    return [{ id, name: taskName(node.task.number), similarity, changedLines, ratio }];
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
  const filesOf = (tasks: readonly FinishedWork[]) => [
    ...new Set(tasks.flatMap(({ id, files: own }) => [...own, ...(changes.get(id)?.files ?? [])])),
  ];
  const ofLinked = filesOf(finished.filter(({ id }) => linked.has(id)));
  const ofAlike = () => filesOf(ranked.slice(0, NEAREST).map(({ task: other }) => other));
  return { similar, files: (ofLinked.length > 0 ? ofLinked : ofAlike()).sort() };
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
