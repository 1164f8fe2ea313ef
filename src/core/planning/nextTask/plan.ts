import type { Priority } from '../../model/priority.js';
import type { Status } from '../../model/status.js';
import type { TaskId } from '../../model/taskId.js';
import type { ExpectedHours } from '../effort/expected.js';

/** What makes two tasks alike. */
export interface Likeness {
  readonly tags: readonly string[];
  /** Paths of the files that it refers to. */
  readonly files: readonly string[];
  readonly language?: string | undefined;
}

/** A task that is not completed, as far as the plan around it matters. Times are UTC ISO 8601. */
export interface OpenTask {
  readonly id: TaskId;
  readonly status: Exclude<Status, 'completed'>;
  readonly priority: Priority;
  readonly archived: boolean;
  readonly parent?: TaskId | undefined;
  readonly due?: string | undefined;
  readonly hours?: ExpectedHours | undefined;
  /** In the unit of the project. */
  readonly businessValue?: number | undefined;
}

/** The rest of what a choice is made by: looked up only for tasks that wait for nothing. */
export interface TaskDetails extends Likeness {
  readonly number: number;
  readonly type: string;
  readonly createdAt: string;
  readonly project?: string | undefined;
  readonly notBefore?: string | undefined;
  /** Somebody holds a claim on it that has not run out. */
  readonly claimed: boolean;
  /** It says what is to be done: a description, or criteria. */
  readonly described: boolean;
  /** 1 to 10, from an analysis. */
  readonly complexity?: number | undefined;
}

/** A task that can be chosen. */
export interface Candidate extends OpenTask, TaskDetails {}

/** The last task that somebody worked on. */
export interface LastTask extends Likeness {
  readonly id: TaskId;
  readonly number: number;
}

/** What the next task is chosen from. */
export interface OpenPlan {
  readonly now: string;
  readonly tasks: readonly OpenTask[];
  /** Pairs, one after another: the place of a task in `tasks`, and that of one that it depends on. */
  readonly edges: readonly number[];
  /** Looks up tasks; those that are not there are left out. */
  readonly detailsOf: (ids: readonly TaskId[]) => ReadonlyMap<TaskId, TaskDetails>;
  readonly last?: LastTask | undefined;
}
