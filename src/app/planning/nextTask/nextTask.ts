import { NotFoundError } from '../../../core/model/errors.js';
import { type TaskId, taskName } from '../../../core/model/taskId.js';
import { independent, parentsIn } from '../../../core/planning/nextTask/assign.js';
import { type RankedTask, type Ranking, rank } from '../../../core/planning/nextTask/choose.js';
import type { Criteria } from '../../../core/planning/nextTask/criteria.js';
import type { OpenPlan } from '../../../core/planning/nextTask/plan.js';
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
import { toSelection } from './selection.js';
import { weightsOf } from './weights.js';
import { noneSentence } from './words.js';

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

  constructor(plan: Plan, tasks: Tasks, claims: Claims, environment: Environment) {
    this.#plan = plan;
    this.#tasks = tasks;
    this.#claims = claims;
    this.#environment = environment;
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
      const { reason, relaxations } = choice.ranking;
      throw new NotFoundError(this.noneSentence(choice), { reason, relaxations });
    });
    return { ...this.#view(choice as Choice, claimed), task: claimed };
  }

  /** Why there is none, and what would help. */
  noneSentence({ ranking }: Choice): string {
    return noneSentence(ranking, (id) => readSummary(this.#plan.store, id));
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
    const selection = toSelection(choice, { task, plan: this.#plan, tasks: this.#tasks });
    const message = task ? `${task.name} is next: ${selection.reasoning.primaryReason}` : this.noneSentence(choice);
    return { task, selection, message };
  }
}

/** What is not given needs no schema: making one takes longer than to choose. */
function ask(input: NextTaskInput): NextTaskAsked {
  if (Object.values(input).every((value) => value === undefined))
    return { enable_grouping: true, minimize_context_switching: true, priority_threshold: undefined };
  return parseInput(nextTaskInput, input);
}

function criteriaOf(asked: NextTaskAsked): Criteria {
  const limits = [asked.max_complexity, asked.max_complexity_limit].filter((limit) => limit !== undefined);
  return {
    project: asked.project_id,
    maxComplexity: limits.length > 0 ? Math.min(...limits) : undefined,
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
