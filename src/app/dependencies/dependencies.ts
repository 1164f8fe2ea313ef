import * as z from 'zod';
import { DEPENDENCY_TYPES, type DependencyType } from '../../core/model/dependency.js';
import { NotFoundError } from '../../core/model/errors.js';
import { type TaskId, taskName } from '../../core/model/taskId.js';
import { resolveTask } from '../../store/repositories/taskRows.js';
import type { Transaction } from '../../store/transaction.js';
import { type Input, parseInput, schema } from '../input.js';
import type { Plan } from '../plan.js';
import { taskAddress } from '../tasks/taskInputs.js';

export const dependencyInput = schema(() =>
  z.object({
    task: taskAddress(),
    dependsOn: taskAddress().describe('The task that must be completed first'),
    type: z.enum(DEPENDENCY_TYPES).optional(),
  }),
);

export type DependencyInput = Input<typeof dependencyInput>;

/** The edges of the plan. */
export class Dependencies {
  readonly #plan: Plan;

  constructor(plan: Plan) {
    this.#plan = plan;
  }

  /** Makes a task wait for another. Nothing happens if it does already. Throws NOT_FOUND, AMBIGUOUS, and CYCLE with the path. */
  async add(input: DependencyInput): Promise<{ task: TaskId; dependsOn: TaskId }> {
    const given = parseInput(dependencyInput, input);
    return this.#plan.commit('dependency.add', (transaction) => {
      const task = resolveTask(transaction, given.task);
      const dependsOn = resolveTask(transaction, given.dependsOn);
      this.#plan.graph.requireAcyclic(task, dependsOn);
      insertDependency(transaction, task, dependsOn, given.type);
      return { task, dependsOn };
    });
  }

  /** Returns the transaction too, for undoing just that. Throws NOT_FOUND if there is no such dependency. */
  async remove(input: DependencyInput): Promise<{ task: TaskId; dependsOn: TaskId; seq: number }> {
    const given = parseInput(dependencyInput, input);
    return this.#plan.commit('dependency.remove', (transaction) => {
      const task = resolveTask(transaction, given.task);
      const dependsOn = resolveTask(transaction, given.dependsOn);
      if (!exists(transaction, task, dependsOn)) {
        const name = (id: TaskId) => taskName(this.#plan.graph.require(id).task.number);
        throw new NotFoundError(`${name(task)} does not depend on ${name(dependsOn)}.`, { task, dependsOn });
      }
      transaction.delete('dependencies', [task, dependsOn]);
      return { task, dependsOn, seq: transaction.seq };
    });
  }

  /** The tasks that `task` could be made to wait for: everything that neither is it, nor waits for it, nor is a dependency already. */
  candidates(task: TaskId): TaskId[] {
    const { graph } = this.#plan;
    const node = graph.require(task);
    const excluded = new Set([node, ...node.dependsOn.keys()]);
    const stack = [...node.dependants];
    for (let next = stack.pop(); next; next = stack.pop()) {
      if (excluded.has(next)) continue;
      excluded.add(next);
      stack.push(...next.dependants);
    }
    return graph
      .nodes()
      .filter((candidate) => !excluded.has(candidate))
      .map((candidate) => candidate.task.id);
  }
}

/** Adds the edge unless it is there; the caller has made sure that it closes no cycle. */
export function insertDependency(
  transaction: Transaction,
  task: TaskId,
  dependsOn: TaskId,
  type: DependencyType = 'completion',
): void {
  if (exists(transaction, task, dependsOn)) return;
  transaction.insert('dependencies', { task_id: task, depends_on: dependsOn, type, created_at: transaction.at });
}

function exists(transaction: Transaction, task: TaskId, dependsOn: TaskId): boolean {
  return (
    transaction.get('SELECT 1 FROM dependencies WHERE task_id = ? AND depends_on = ?', [task, dependsOn]) !== undefined
  );
}
