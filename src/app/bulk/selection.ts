import * as z from 'zod';
import { InvalidInputError, NotFoundError } from '../../core/model/errors.js';
import type { TaskId } from '../../core/model/taskId.js';
import { isOpenTask } from '../../core/model/workState.js';
import { parseQuery } from '../../core/query/query.js';
import { resolveTask } from '../../store/repositories/taskRows.js';
import { schema } from '../input.js';
import type { Plan } from '../plan.js';
import { taskAddress } from '../tasks/taskInputs.js';
import type { Tasks } from '../tasks/tasks.js';

/** Which tasks something is done with: those that are named, or those that a filter admits. */
export const selectionInput = schema(() =>
  z.object({
    tasks: z.array(taskAddress()).optional(),
    query: z.string().optional().describe('A filter, such as: tag:api status:ready; never an empty one'),
  }),
);

export interface Selection {
  readonly tasks?: readonly string[] | undefined;
  readonly query?: string | undefined;
}

/**
 * The tasks that are meant, each once. Throws INVALID_INPUT where nothing is named and where a filter is empty, which is
 * never "every task", NOT_FOUND where nothing fits, and AMBIGUOUS for the start of several ids.
 */
export function selectedTasks(plan: Plan, tasks: Tasks, { tasks: names = [], query }: Selection): TaskId[] {
  if (query === undefined) {
    if (names.length === 0) throw new InvalidInputError('tasks', 'Name the tasks, or give a filter such as tag:api.');
    return [...new Set(names.map((name) => resolveTask(plan.store, name)))];
  }
  if (names.length > 0) throw new InvalidInputError('query', 'Give either tasks or a filter, not both.');
  const { terms } = parseQuery(query);
  if (terms.length === 0) {
    throw new InvalidInputError(
      'query',
      'An empty filter would be every task. Write what you mean, such as status:open.',
    );
  }
  // In a list the start of an id may fit several tasks; where something is to be changed it must not.
  for (const { key, values } of terms) {
    if (key !== 'id' && key !== 'parent') continue;
    for (const value of values) if (value.toLowerCase() !== 'none') resolveTask(plan.store, value);
  }
  const found = tasks.select(query).map((task) => task.id);
  if (found.length === 0) throw new NotFoundError(`No task fits “${query}”. Nothing was changed.`, { query });
  return found;
}

/** The same where naming neither means every open task. */
export function selectedOrOpen(plan: Plan, tasks: Tasks, selection: Selection): TaskId[] {
  if (selection.tasks !== undefined || selection.query !== undefined) return selectedTasks(plan, tasks, selection);
  return plan.graph
    .tasks()
    .filter(isOpenTask)
    .map(({ id }) => id);
}
