import type { TaskSummary } from '../../core/model/task.js';
import type { TaskId } from '../../core/model/taskId.js';
import { readTask } from '../../store/repositories/taskRows.js';
import type { Plan } from '../plan.js';
import type { References } from '../references/references.js';
import type { FileReferenceView } from '../tasks/taskView.js';

/** Lines shown above and below a referenced place. */
const AROUND = 3;
/** Lines of one excerpt at most, and characters of a line. */
const MOST_LINES = 24;
const LONGEST_LINE = 160;
const MOST_EXCERPTS = 5;
const MOST_RELATED = 5;

/** What came out of a task that this one was waiting for. */
export interface Outcome {
  readonly task: TaskSummary;
  readonly summary?: string | undefined;
  readonly impactNotes?: string | undefined;
}

/** A place in the code with its lines as they are now. */
export interface Excerpt {
  readonly place: FileReferenceView;
  /** First line of the text, from 1. */
  readonly from: number;
  readonly text: string;
}

/** Another task that one should know of. */
export interface RelatedTask {
  readonly task: TaskSummary;
  readonly because: string;
}

/** What somebody needs to begin with a task, beside the task itself. */
export interface WorkPackage {
  readonly outcomes: readonly Outcome[];
  readonly excerpts: readonly Excerpt[];
  readonly related: readonly RelatedTask[];
}

/** Gathers it; the same plan and files give the same. */
export function workPackage(plan: Plan, references: References, id: TaskId): WorkPackage {
  return {
    outcomes: outcomesOf(plan, id),
    excerpts: excerptsOf(plan, references, id),
    related: relatedTo(plan, id),
  };
}

function outcomesOf({ graph, store }: Plan, id: TaskId): Outcome[] {
  return byNumber([...graph.require(id).dependsOn.keys()].map((node) => node.task)).map((task) => {
    const { completionSummary, impactNotes } = readTask(store, task.id);
    return { task, summary: completionSummary, impactNotes };
  });
}

function excerptsOf({ world: { files } }: Plan, references: References, id: TaskId): Excerpt[] {
  return references
    .of(id)
    .filter(({ line, missing }) => line !== undefined && !missing)
    .slice(0, MOST_EXCERPTS)
    .flatMap((place) => {
      // A link may lead out of the workspace: whoever made the reference may not read what is there.
      const lines = files.isInside(place.path) ? files.readLines(place.path) : undefined;
      if (!lines) return [];
      const first = place.line ?? 1;
      const from = Math.max(1, first - AROUND);
      const to = Math.min(lines.length, (place.endLine ?? first) + AROUND, from + MOST_LINES - 1);
      const text = lines.slice(from - 1, to).map((line) => line.slice(0, LONGEST_LINE));
      return [{ place, from, text: text.join('\n') }];
    });
}

/** What it is a part of, what is linked with it, then open tasks that touch the same files. */
function relatedTo({ graph, store }: Plan, id: TaskId): RelatedTask[] {
  const known = new Set([id, ...[...graph.require(id).dependsOn.keys()].map((node) => node.task.id)]);
  const related: RelatedTask[] = [];
  const add = (other: TaskId, because: string) => {
    const task = graph.get(other)?.task;
    if (!task || known.has(other)) return;
    known.add(other);
    related.push({ task, because });
  };
  const { parent } = graph.require(id).task;
  if (parent !== undefined) add(parent, 'it is a part of this one');
  const links = store.all<{ other: TaskId; type: string }>(
    `SELECT CASE task_id WHEN ?1 THEN target_id ELSE task_id END AS other, type FROM links
     WHERE task_id = ?1 OR target_id = ?1 ORDER BY type, 1`,
    [id],
  );
  for (const { other, type } of links) add(other, type.replaceAll('_', ' '));
  const sharing = store.all<{ other: TaskId; path: string }>(
    `SELECT theirs.task_id AS other, min(theirs.file_path) AS path FROM file_refs AS ours
     JOIN file_refs AS theirs USING (file_path) JOIN tasks ON tasks.id = theirs.task_id
     WHERE ours.task_id = ?1 AND theirs.task_id != ?1 AND status NOT IN ('completed', 'cancelled')
     GROUP BY theirs.task_id ORDER BY count(*) DESC, tasks.number LIMIT ${MOST_RELATED}`,
    [id],
  );
  for (const { other, path } of sharing) add(other, `it touches ${path} too`);
  return related.slice(0, MOST_RELATED);
}

function byNumber(tasks: readonly TaskSummary[]): TaskSummary[] {
  return [...tasks].sort((a, b) => a.number - b.number);
}
