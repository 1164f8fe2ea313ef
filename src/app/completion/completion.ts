import { normaliseCriteria } from '../../core/criteria/criteria.js';
import type { Evaluate } from '../../core/criteria/evaluate.js';
import { OrchestratorError } from '../../core/model/errors.js';
import type { Task } from '../../core/model/task.js';
import { hoursBetween } from '../../core/time/hours.js';
import { readTimeEntries } from '../../store/repositories/timeRows.js';
import type { Transaction } from '../../store/transaction.js';
import { loadEvaluate, validate } from '../criteria/criteria.js';
import type { ValidationView } from '../criteria/criteriaInputs.js';
import { type Output, parseInput } from '../input.js';
import type { Plan } from '../plan.js';
import { changeTask } from '../tasks/changeTask.js';
import type { Tasks } from '../tasks/tasks.js';
import { type CompleteInput, type CompletionView, completeInput } from './completionInputs.js';
import { reviewImpact } from './impactReview.js';

type Given = Output<typeof completeInput>;

/** A task that was not completed because its criteria are not met; `validation` says which. */
export class CriteriaUnmetError extends OrchestratorError {
  readonly validation: ValidationView;

  constructor(task: Task, validation: ValidationView) {
    super('INVALID_TRANSITION', `Task ${task.id} not completed: criteria unmet`, { task: task.id, validation });
    this.validation = validation;
  }
}

/** Completing tasks, with everything that belongs to it. */
export class Completion {
  readonly #plan: Plan;
  readonly #tasks: Tasks;

  constructor(plan: Plan, tasks: Tasks) {
    this.#plan = plan;
    this.#tasks = tasks;
  }

  /**
   * Completes a task: its clocks stop, its claim ends, what waited only for it is released. With `validate` the criteria
   * are judged in the same transaction, those that are found to be met are checked off, and one that is not met refuses
   * the rest (CriteriaUnmetError) unless forced. A completed task takes the summary and hours that are given, and keeps
   * what is not. Throws what `Tasks.change` does.
   */
  async complete(input: CompleteInput): Promise<CompletionView> {
    const given = parseInput(completeInput, input);
    const evaluate = given.validate ? await loadEvaluate() : undefined;
    const before = this.#tasks.read(given.task);
    const running = readTimeEntries(this.#plan.store, { task: before.id, running: true });
    const already = before.status === 'completed';
    const found: Pick<CompletionView, 'validation' | 'review'> = {};
    const within = (transaction: Transaction, task: Task) => {
      if (evaluate) found.validation = this.#validate(transaction, task, { ...given, evaluate });
      if (already && given.summary) changeTask(transaction, task.id, { completion_summary: given.summary });
      if (given.impactReview) found.review = reviewImpact(this.#plan, transaction, task);
    };
    const { actualHours, lease, summary, force } = given;
    const change = await this.#tasks.change(
      {
        task: before.id,
        actualHours,
        lease,
        ...(!already && { status: 'completed', summary: summary || undefined, force }),
      },
      within,
    );
    return {
      ...change,
      released: [...change.released],
      already,
      stopped: running.map((entry) => {
        const endedAt = change.task.completedAt ?? this.#plan.now();
        return { ...entry, endedAt, hours: hoursBetween(entry.startedAt, endedAt) };
      }),
      ...found,
    };
  }

  #validate(
    transaction: Transaction,
    task: Task,
    { evaluate, values, actualHours, force }: Given & { evaluate: Evaluate },
  ): ValidationView {
    const validation = validate(transaction, task, {
      now: transaction.at,
      evaluate,
      values: { ...(actualHours !== undefined && { actual_hours: actualHours }), ...values },
    });
    if (!validation.met && !force) throw new CriteriaUnmetError(task, validation);
    const criteria = normaliseCriteria(task.criteria);
    const checked = criteria.map((criterion, at) => {
      const met = criterion.measurable !== undefined && validation.criteria[at]?.verdict === 'passed';
      return met ? { ...criterion, done: true } : criterion;
    });
    if (checked.some(({ done }, at) => done !== criteria[at]?.done))
      changeTask(transaction, task.id, { success_criteria: JSON.stringify(checked) });
    return validation;
  }
}
