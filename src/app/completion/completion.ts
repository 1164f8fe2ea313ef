import { normaliseCriteria } from '../../core/criteria/criteria.js';
import type { Evaluate } from '../../core/criteria/evaluate.js';
import { topologicalOrder } from '../../core/graph/order.js';
import { InvalidInputError, NotFoundError, OrchestratorError } from '../../core/model/errors.js';
import type { Task } from '../../core/model/task.js';
import type { TaskId } from '../../core/model/taskId.js';
import { isClosed } from '../../core/model/workState.js';
import { hoursBetween } from '../../core/time/hours.js';
import { readTask, resolveTask } from '../../store/repositories/taskRows.js';
import { readTimeEntries, type TimeEntry } from '../../store/repositories/timeRows.js';
import type { Transaction } from '../../store/transaction.js';
import { loadEvaluate, validate } from '../criteria/criteria.js';
import type { ValidationView } from '../criteria/criteriaInputs.js';
import { type Output, parseInput } from '../input.js';
import type { Plan } from '../plan.js';
import type { References } from '../references/references.js';
import { changeTask } from '../tasks/changeTask.js';
import { applyChange } from '../tasks/taskChange.js';
import type { Tasks } from '../tasks/tasks.js';
import { type CompleteInput, type CompletionsView, type CompletionView, completeInput } from './completionInputs.js';
import { reviewImpact } from './impactReview.js';

type Given = Output<typeof completeInput>;
type Done = Omit<CompletionView, 'task' | 'stopped'> & { readonly id: TaskId; readonly stopped: readonly TimeEntry[] };

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
  readonly #references: References;

  constructor(plan: Plan, tasks: Tasks, references: References) {
    this.#plan = plan;
    this.#tasks = tasks;
    this.#references = references;
  }

  /**
   * Completes tasks in one transaction, all of them or none: their clocks stop, their claims end, what waited only for
   * them is released. With `validate` the criteria are judged in that transaction, those that are found to be met are
   * checked off, and one that is not met refuses everything (CriteriaUnmetError) unless forced. A task that is completed
   * already takes the summary and hours that are given, and keeps what is not. Throws NOT_FOUND, also where no open task
   * fits the filter, and what `Tasks.change` does.
   */
  async complete(input: CompleteInput): Promise<CompletionsView> {
    const given = parseInput(completeInput, input);
    const ids = this.meant(given);
    if (ids.length > 1 && given.actualHours !== undefined)
      throw new InvalidInputError('actualHours', 'Actual hours are those of one task: complete it alone.');
    const evaluate = given.validate ? await loadEvaluate() : undefined;
    const { automation } = this.#plan.world;
    const change = { summary: given.summary || undefined, actualHours: given.actualHours, force: given.force };
    const event = { kind: 'complete', changes: { status: 'completed', ...change } } as const;
    if (automation) for (const id of ids) await automation.before({ ...event, task: this.#tasks.get(id) });
    const done = await this.#plan.commit('task.completed', (transaction) =>
      ids.map((id) => {
        try {
          return this.#complete(transaction, id, { ...given, evaluate });
        } catch (error) {
          throw ids.length > 1 ? amongMany(error) : error;
        }
      }),
    );
    const completed = done.map(({ id, stopped, ...rest }) => {
      const task = this.#tasks.get(id);
      return { task, ...rest, stopped: stopped.map((entry) => ended(entry, task.completedAt ?? this.#plan.now())) };
    });
    for (const { task } of completed) await automation?.after({ ...event, task });
    return { completed, released: this.#tasks.releasedBy(done.filter(({ already }) => !already).map(({ id }) => id)) };
  }

  /** The tasks that are meant, each after what it depends on. */
  meant({ tasks: names = [], query }: Pick<CompleteInput, 'tasks' | 'query'>): TaskId[] {
    if (query !== undefined && query.trim() === '')
      throw new InvalidInputError('query', 'An empty filter would be every task. Write what you mean.');
    const named = names.map((name) => resolveTask(this.#plan.store, name));
    const open = query === undefined ? [] : this.#tasks.select(query).filter(({ status }) => !isClosed(status));
    if (query !== undefined && open.length === 0) throw new NotFoundError(`No open task fits “${query}”.`, { query });
    const ids = [...new Set([...named, ...open.map((task) => task.id)])];
    if (ids.length === 0) throw new InvalidInputError('tasks', 'Name the tasks, or give a filter such as tag:api.');
    if (ids.length === 1) return ids;
    const position = new Map(topologicalOrder(this.#plan.graph).map((task, at) => [task.id, at]));
    return ids.sort((a, b) => (position.get(a) ?? 0) - (position.get(b) ?? 0));
  }

  #complete(transaction: Transaction, id: TaskId, given: Given & { evaluate: Evaluate | undefined }): Done {
    const { evaluate, actualHours, summary, force, lease } = given;
    const before = readTask(transaction, id);
    const already = before.status === 'completed';
    const stopped = readTimeEntries(transaction, { task: id, running: true });
    const found: { validation?: ValidationView; review?: CompletionView['review'] } = {};
    const within = (_: Transaction, task: Task) => {
      if (evaluate) found.validation = this.#validate(transaction, task, { ...given, evaluate });
      if (already && summary) changeTask(transaction, id, { completion_summary: summary });
      if (given.impactReview) found.review = reviewImpact(this.#plan, transaction, task);
    };
    const status = already ? {} : ({ status: 'completed', summary: summary || undefined, force } as const);
    applyChange(transaction, this.#plan, this.#references, id, { actualHours, lease, ...status }, within);
    return { id, already, stopped, ...found };
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

function ended(entry: TimeEntry, endedAt: string): CompletionView['stopped'][number] {
  return { ...entry, endedAt, hours: hoursBetween(entry.startedAt, endedAt) };
}

/** Says of a refusal in the middle of many that it stopped them all. */
function amongMany(error: unknown): unknown {
  if (!(error instanceof OrchestratorError) || error instanceof CriteriaUnmetError) return error;
  return new OrchestratorError(error.code, `${error.message} Nothing was changed.`, error.details);
}
