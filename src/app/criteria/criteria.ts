import { normaliseCriteria } from '../../core/criteria/criteria.js';
import { checkCriterion, type Evaluate, type Values } from '../../core/criteria/evaluate.js';
import { InvalidInputError } from '../../core/model/errors.js';
import type { SuccessCriterion, Task } from '../../core/model/task.js';
import { taskName } from '../../core/model/taskId.js';
import type { RowReader } from '../../store/transaction.js';
import { mention } from '../analysis/mention.js';
import { parseInput } from '../input.js';
import type { Plan } from '../plan.js';
import { changeTask } from '../tasks/changeTask.js';
import type { Tasks } from '../tasks/tasks.js';
import {
  type AddCriteriaInput,
  addCriteriaInput,
  type ChooseCriteriaInput,
  type CriteriaInput,
  type CriteriaView,
  chooseCriteriaInput,
  criteriaInput,
  type ValidationView,
} from './criteriaInputs.js';
import { taskValues } from './taskValues.js';

/** By what a task's success is told. */
export class Criteria {
  readonly #plan: Plan;
  readonly #tasks: Tasks;

  constructor(plan: Plan, tasks: Tasks) {
    this.#plan = plan;
    this.#tasks = tasks;
  }

  /** The criteria of a task, judged by what is known of it and by the values given. Throws NOT_FOUND. */
  async list(input: CriteriaInput): Promise<CriteriaView> {
    const { task: name, values } = parseInput(criteriaInput, input);
    const evaluate = await loadEvaluate();
    const task = this.#tasks.read(name);
    const now = this.#plan.now();
    return {
      task: mention(this.#plan.around([task.id]), task, now),
      ...validate(this.#plan.store, task, { now, evaluate, values: values ?? {} }),
    };
  }

  async add(input: AddCriteriaInput): Promise<CriteriaView> {
    const { task, criteria } = parseInput(addCriteriaInput, input);
    return this.#change(task, (before) => [...before, ...criteria]);
  }

  /** Removes criteria by their numbers. Throws INVALID_INPUT where there is no such number. */
  async remove(input: ChooseCriteriaInput): Promise<CriteriaView> {
    const { task, numbers } = parseInput(chooseCriteriaInput, input);
    return this.#change(task, (before, name) => {
      requireNumbers(before, numbers, name);
      return before.filter((_, at) => !numbers.includes(at + 1));
    });
  }

  /** Checks criteria off, or takes that back. Throws INVALID_INPUT where there is no such number. */
  async check(input: ChooseCriteriaInput, done = true): Promise<CriteriaView> {
    const { task, numbers } = parseInput(chooseCriteriaInput, input);
    return this.#change(task, (before, name) => {
      requireNumbers(before, numbers, name);
      return before.map((criterion, at) => (numbers.includes(at + 1) ? { ...criterion, done } : criterion));
    });
  }

  async #change(
    task: string,
    change: (before: readonly SuccessCriterion[], name: string) => readonly SuccessCriterion[],
  ): Promise<CriteriaView> {
    await this.#tasks.change({ task }, (transaction, { id, number, criteria }) => {
      const after = change(normaliseCriteria(criteria), taskName(number));
      changeTask(transaction, id, { success_criteria: after.length > 0 ? JSON.stringify(after) : null });
    });
    return this.list({ task });
  }
}

/** Loads the expression language, which only those who judge criteria need. */
export async function loadEvaluate(): Promise<Evaluate> {
  return (await import('./cel.js')).evaluateCel;
}

/** Judges a task's criteria. */
export function validate(
  store: RowReader,
  task: Task,
  { now, evaluate, values }: { now: string; evaluate: Evaluate; values: Values },
): ValidationView {
  const known = { ...taskValues(store, task, now), ...values };
  const criteria = normaliseCriteria(task.criteria).map((criterion, at) =>
    checkCriterion(criterion, at + 1, known, evaluate),
  );
  const passed = criteria.filter((criterion) => criterion.verdict === 'passed').length;
  return { criteria, passed, total: criteria.length, met: passed === criteria.length, values: known };
}

function requireNumbers(criteria: readonly SuccessCriterion[], numbers: readonly number[], name: string): void {
  const wrong = numbers.find((number) => number > criteria.length);
  if (wrong === undefined) return;
  const has = criteria.length === 0 ? 'has no criteria' : `has criteria 1 to ${criteria.length}`;
  throw new InvalidInputError('numbers', `${name} ${has}: there is no ${wrong}.`);
}
