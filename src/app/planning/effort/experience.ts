import { compareText } from '../../../core/graph/order.js';
import { isContainer, type PlanNode } from '../../../core/graph/planGraph.js';
import { median } from '../../../core/metrics/statistics.js';
import type { TaskId } from '../../../core/model/taskId.js';
import type { FinishedTask } from '../../../core/planning/effort/mostSimilar.js';
import { type Spent, spentOn } from '../../../core/planning/effort/spent.js';
import { traitsOf, type WorkTraits } from '../../../core/planning/likeness.js';
import type { WorkCalendar } from '../../../core/time/workCalendar.js';
import { readPaths, readSpent } from '../../../store/repositories/spentRows.js';
import type { Plan } from '../../plan.js';
import { workCalendar } from './workCalendar.js';

/** So many of the latest finished tasks are learnt from: those before tell less of today. */
const LATEST = 500;

/** What this store knows of how long work takes. */
export class Experience {
  readonly #spent: ReadonlyMap<TaskId, Spent>;
  readonly #paths: ReadonlyMap<TaskId, readonly string[]>;
  readonly calendar: WorkCalendar;
  /** Finished tasks without subtasks whose hours are known, the latest first. */
  readonly finished: readonly FinishedTask[];
  /** Their median hours; null where there are none. */
  readonly medianHours: number | null;
  /** Actual hours by estimated hours, of those that had an estimate of their own. */
  readonly ratios: readonly number[];

  constructor(plan: Plan) {
    this.calendar = workCalendar(plan.world.folder);
    const now = plan.now();
    this.#spent = new Map(
      readSpent(plan.store).flatMap((row) => {
        const spent = spentOn(row, this.calendar, now);
        return spent ? [[row.id, spent]] : [];
      }),
    );
    this.#paths = readPaths(plan.store);
    const done = plan.graph
      .nodes()
      .filter((node) => node.task.status === 'completed' && !isContainer(node))
      .flatMap((node) => this.#finished(node));
    done.sort((a, b) => compareText(b.completedAt, a.completedAt) || compareText(a.id, b.id));
    this.finished = done.slice(0, LATEST);
    this.medianHours = median(this.finished.map(({ hours }) => hours));
    this.ratios = this.finished.flatMap(({ id }) => this.ratio(plan.graph.require(id)) ?? []);
  }

  /** Hours that a task took so far. */
  spent(task: TaskId): Spent | undefined {
    return this.#spent.get(task);
  }

  /** Actual hours by estimated hours; undefined where one of them is not known, or it is the sum of its subtasks. */
  ratio(node: PlanNode): number | undefined {
    const { id, estimatedHours } = node.task;
    const actual = this.spent(id)?.hours;
    if (isContainer(node) || actual === undefined || !estimatedHours) return undefined;
    return actual / estimatedHours;
  }

  traits({ task }: PlanNode): WorkTraits {
    return traitsOf(task, this.#paths.get(task.id) ?? []);
  }

  #finished(node: PlanNode): FinishedTask[] {
    const { id, completedAt = '' } = node.task;
    const spent = this.#spent.get(id);
    return spent ? [{ id, ...this.traits(node), hours: spent.hours, completedAt }] : [];
  }
}
