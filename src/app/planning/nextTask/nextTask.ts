import { NotFoundError } from '../../../core/model/errors.js';
import { type TaskId, taskName } from '../../../core/model/taskId.js';
import { independent, parentsIn } from '../../../core/planning/nextTask/assign.js';
import { type RankedTask, type Ranking, rank } from '../../../core/planning/nextTask/choose.js';
import type { Criteria } from '../../../core/planning/nextTask/criteria.js';
import type { OpenPlan } from '../../../core/planning/nextTask/plan.js';
import { USUAL_COMPLEXITY } from '../../../core/planning/nextTask/score.js';
import type { Weights } from '../../../core/planning/nextTask/weights.js';
import { readNumber, readSummary } from '../../../store/repositories/taskRows.js';
import type { RowReader } from '../../../store/transaction.js';
import type { Claims } from '../../claims/claims.js';
import { parseInput } from '../../input.js';
import type { Plan } from '../../plan.js';
import type { Tasks } from '../../tasks/tasks.js';
import type { TaskView } from '../../tasks/taskView.js';
import type { Environment } from '../weightIn.js';
import { type NextTaskAsked, type NextTaskInput, type NextTaskView, nextTaskInput } from './nextTaskInputs.js';
import { readOpenPlan } from './readOpenPlan.js';
import { relaxationsView, toSelection } from './selection.js';
import { weightsOf } from './weights.js';
import { noneSentence, type ParameterNames } from './words.js';

/** The tasks that were chosen, and what they were chosen from. */
export interface Choice {
  readonly asked: NextTaskAsked;
  readonly plan: OpenPlan;
  readonly ranking: Ranking;
  readonly weights: Weights;
  /** One a developer, or the best so many; none where nothing fits. */
  readonly chosen: readonly RankedTask[];
  /** The name of a task that the plan knows. */
  readonly nameOf: (id: TaskId) => string;
}

/** Which task to do next, and why. */
export class NextTask {
  readonly #plan: Plan;
  readonly #tasks: Tasks;
  readonly #claims: Claims;
  readonly #environment: Environment;
  readonly #parameterNames: ParameterNames;

  /** `parameterNames`: what those who ask call the parameters, where that is not their name here. */
  constructor(plan: Plan, tasks: Tasks, claims: Claims, environment: Environment, parameterNames: ParameterNames = {}) {
    this.#plan = plan;
    this.#tasks = tasks;
    this.#claims = claims;
    this.#environment = environment;
    this.#parameterNames = parameterNames;
  }

  /** The best ready tasks with their scores. Throws INVALID_INPUT. */
  choose(input: NextTaskInput): Choice {
    return this.#choose(this.#plan.store, ask(input), this.#plan.now());
  }

  /** The same with all that is known of it, as seed 002's get_next_task answers. Throws INVALID_INPUT. */
  select(input: NextTaskInput): NextTaskView {
    return this.#view(this.choose(input));
  }

  /**
   * Claims the best task for the actor in the transaction that chooses it: of all who ask at once, each gets another one.
   * Throws NOT_FOUND, saying why, where there is none.
   */
  async claim(
    input: NextTaskInput,
    { for: lasting }: { readonly for?: string | undefined } = {},
  ): Promise<NextTaskView> {
    const asked = ask(input);
    let choice: Choice | undefined;
    const claimed = await this.#claims.claim({ for: lasting }, (transaction) => {
      choice = this.#choose(transaction, asked, transaction.at);
      const best = choice.chosen[0];
      if (best) return best.task.id;
      const { reason } = choice.ranking;
      throw new NotFoundError(this.noneSentence(choice), { reason, relaxations: relaxationsView(choice.ranking) });
    });
    return { ...this.#view(choice as Choice, claimed), task: claimed };
  }

  /** Why there is none, and what would help. */
  noneSentence({ ranking }: Choice): string {
    return noneSentence(ranking, (id) => readSummary(this.#plan.store, id), this.#parameterNames);
  }

  #choose(reader: RowReader, asked: NextTaskAsked, now: string): Choice {
    const { actor, folder } = this.#plan.world;
    const read = readOpenPlan(reader, actor(), now);
    const plan = asked.minimize_context_switching ? read : { ...read, last: undefined };
    const weights = weightsOf(folder, this.#environment);
    const ranking = rank(plan, { criteria: criteriaOf(asked), weights });
    const { available_developers: workers, limit = 1 } = asked;
    const chosen =
      workers === undefined
        ? ranking.ranked.slice(0, limit)
        : independent(ranking.ranked, workers, parentsIn(plan.tasks));
    return { asked, plan, ranking, weights, chosen, nameOf: (id) => nameIn(reader, id) };
  }

  #view(choice: Choice, claimed?: TaskView): NextTaskView {
    const best = choice.chosen[0];
    const task = best ? (claimed ?? this.#tasks.get(best.task.id)) : null;
    const none = best ? '' : this.noneSentence(choice);
    const selection = toSelection(choice, { task, none, plan: this.#plan, tasks: this.#tasks });
    const message = task ? `${task.name} is next: ${selection.reasoning.primaryReason}` : none;
    return { task, selection, message };
  }
}

/** With seed 002's default of the complexity. What is not given needs no schema: making one takes longer than to choose. */
function ask(input: NextTaskInput): NextTaskAsked {
  const asked = Object.values(input).every((value) => value === undefined)
    ? { enable_grouping: true, minimize_context_switching: true, priority_threshold: undefined }
    : parseInput(nextTaskInput, input);
  const { max_complexity_limit: limit, max_complexity: most = limit ?? USUAL_COMPLEXITY } = asked;
  return { ...asked, max_complexity: limit === undefined ? most : Math.min(most, limit) };
}

function criteriaOf(asked: NextTaskAsked): Criteria {
  return {
    project: asked.project_id,
    maxComplexity: asked.max_complexity,
    maxHours: asked.max_estimated_hours,
    minHours: asked.min_estimated_hours,
    minPriority: asked.priority_threshold,
    requiredTags: asked.required_tags,
    excludedTags: asked.excluded_tags,
    preferredTypes: asked.preferred_task_types,
    preferredLanguages: asked.preferred_languages,
    hoursToday: asked.hours_available_today,
  };
}

function nameIn(reader: RowReader, id: TaskId): string {
  const number = readNumber(reader, id);
  return number === undefined ? id : taskName(number);
}
