import { InvalidInputError, OrchestratorError } from '../../core/model/errors.js';
import { parseQuickLine, QUICK_SYNTAX, quickLines } from '../../core/quick/quickLine.js';
import { parseInput } from '../input.js';
import { type CreateTaskInput, createTaskInput, resolveTimes } from '../tasks/taskInputs.js';

/** What a line asks for. Throws INVALID_INPUT. */
export function quickTask(line: string): CreateTaskInput {
  const { title, tags, assignee, priority, due, description } = parseQuickLine(line);
  return {
    title,
    ...(tags.length > 0 && { tags: [...tags] }),
    ...(assignee !== undefined && { assignee }),
    ...(priority !== undefined && { priority }),
    ...(due !== undefined && { due }),
    ...(description !== undefined && { description }),
  };
}

/** What several lines ask for. Throws INVALID_INPUT with every line that is wrong, and where there is none. */
export function quickTasks(text: string, now: string): CreateTaskInput[] {
  const problems: string[] = [];
  const tasks = quickLines(text).flatMap(({ number, line }) => {
    try {
      const task = quickTask(line);
      checkNewTask(task, now);
      return [task];
    } catch (error) {
      if (!(error instanceof OrchestratorError)) throw error;
      problems.push(`line ${number}: ${error.message}`);
      return [];
    }
  });
  if (problems.length > 0) throw new InvalidInputError('lines', problems.join('\n'), { problems });
  if (tasks.length === 0)
    throw new InvalidInputError('lines', `There is no task to create. Write one a line: ${QUICK_SYNTAX}`);
  return tasks;
}

/** Throws INVALID_INPUT unless a task can be created so. */
export function checkNewTask(input: CreateTaskInput, now: string): void {
  resolveTimes(parseInput(createTaskInput, input), now);
}
