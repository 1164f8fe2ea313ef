import { tasksWithNumbers } from '../../app/commits/tasksWithNumbers.js';
import { findTaskNames, type TaskNameInText } from '../../core/commits/taskNames.js';
import type { PlanFolder } from '../workspace/planFolder.js';

/** Longer texts are not looked through (characters), nor are more names made links: nobody reads them one by one. */
const LONGEST_TEXT = 1_000_000;
const MOST_LINKS = 2_000;

/** A `T-12` that a task has. */
export interface LinkedName extends TaskNameInText {
  readonly folder: PlanFolder;
  readonly task: string;
  readonly title: string;
}

/** The names in a text that tasks of a plan have; cheap where there are none. */
export function linkedNames(text: string, folder: PlanFolder | undefined): LinkedName[] {
  const plan = folder?.plan;
  if (!plan) return [];
  const names = namesIn(text);
  if (names.length === 0) return [];
  const tasks = tasksWithNumbers(
    plan.plan.store,
    names.map(({ number }) => number),
  );
  return names.flatMap((name) => {
    const task = tasks.get(name.number);
    return task ? [{ ...name, folder, task: task.id, title: task.title }] : [];
  });
}

/** All names in a text, whether there are such tasks or not. */
export function namesIn(text: string): TaskNameInText[] {
  return text.length > LONGEST_TEXT || !text.includes('T-') ? [] : findTaskNames(text).slice(0, MOST_LINKS);
}
