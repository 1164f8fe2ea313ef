import { isContainer } from '../../../core/graph/planGraph.js';
import type { TaskId } from '../../../core/model/taskId.js';
import { accuracyOf, type Verdict } from '../../../core/planning/effort/accuracy.js';
import { readAnalyses } from '../../../store/repositories/analysisRows.js';
import type { Plan } from '../../plan.js';
import type { AccuracyView } from './effortInputs.js';
import { Experience } from './experience.js';

const BASIS =
  'completed tasks with an estimate of tm made before they were completed, and hours set by hand, tracked, or in progress within working hours';

/** The estimates of `tm` that came true or did not, read once for several questions. */
export class Verdicts {
  readonly #plan: Plan;
  #all: ReadonlyMap<TaskId, Verdict> | undefined;

  constructor(plan: Plan) {
    this.#plan = plan;
  }

  /** How good they were, of these tasks or of all. */
  accuracy(among?: ReadonlySet<TaskId>): AccuracyView {
    this.#all ??= judged(this.#plan);
    const verdicts = [...this.#all].flatMap(([id, verdict]) => (among?.has(id) === false ? [] : [verdict]));
    return { ...accuracyOf(verdicts), basis: BASIS };
  }
}

function judged(plan: Plan): ReadonlyMap<TaskId, Verdict> {
  const kept = readAnalyses(plan.store, 'effort');
  // Without any there is nothing to learn from the rest.
  if (kept.size === 0) return new Map();
  const experience = new Experience(plan);
  return new Map(
    plan.graph.nodes().flatMap((node): [TaskId, Verdict][] => {
      const { id, status, completedAt } = node.task;
      const estimate = kept.get(id);
      const actual = experience.spent(id)?.hours;
      if (status !== 'completed' || completedAt === undefined || isContainer(node)) return [];
      if (estimate === undefined || estimate.at >= completedAt || actual === undefined) return [];
      const { p50, p80 } = estimate.result;
      return typeof p50 === 'number' && typeof p80 === 'number' && p50 > 0 ? [[id, { p50, p80, actual }]] : [];
    }),
  );
}
