import type { Task } from '../model/task.js';
import { escapeBraces } from './placeholders.js';

/** What a template is to be called, and which words of the tasks become variables. */
export interface NewTemplate {
  readonly name: string;
  readonly description: string;
  /** Variable to the text that it replaces. */
  readonly variables: Readonly<Record<string, string>>;
}

/** A template that makes tasks like these again: with their order, subtasks, criteria and dependencies among them. */
export function templateFromTasks(
  { name, description, variables }: NewTemplate,
  tasks: readonly Task[],
  dependencies: ReadonlyMap<string, readonly string[]>,
): object {
  const chosen = new Map(tasks.map((task) => [task.id, task]));
  const labels = labelsOf(tasks);
  const fill = (text: string) => withVariables(text, variables);
  const isTop = (task: Task) => task.parent === undefined || !chosen.has(task.parent);
  const entry = (task: Task): object => {
    const waits = (dependencies.get(task.id) ?? []).filter((id) => chosen.has(id));
    const subtasks = tasks.filter((other) => other.parent === task.id);
    return present({
      id: labels.get(task.id),
      title: fill(task.title),
      description: task.description && fill(task.description),
      type: task.type === 'task' ? undefined : task.type,
      priority: task.priority === 'medium' ? undefined : task.priority,
      tags: task.tags.length > 0 ? task.tags.map(fill) : undefined,
      assignee: task.assignee && fill(task.assignee),
      estimated_hours: task.estimatedHours,
      project: task.project && fill(task.project),
      context: task.context && fill(task.context),
      criteria:
        task.criteria.length > 0
          ? task.criteria.map(({ criterion, measurable }) =>
              present({ criterion: fill(criterion), measurable: measurable && fill(measurable) }),
            )
          : undefined,
      depends_on: waits.length > 0 ? waits.map((id) => labels.get(id)) : undefined,
      subtasks: subtasks.length > 0 ? subtasks.map(entry) : undefined,
    });
  };
  const declared = Object.entries(variables).map(([variable, text]) => [
    variable,
    { type: 'string', description: `In the place of “${text}”`, required: true },
  ]);
  return present({
    name,
    version: '1.0.0',
    description,
    variables: declared.length > 0 ? Object.fromEntries(declared) : undefined,
    tasks: tasks.filter(isTop).map(entry),
  });
}

/** A word from each title, with a number where several would be the same. */
function labelsOf(tasks: readonly Task[]): Map<string, string> {
  const labels = new Map<string, string>();
  const taken = new Set<string>();
  for (const { id, title } of tasks) {
    const words = title
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .slice(0, 30)
      .replace(/^-+|-+$/g, '');
    const base = words === '' || /^[\d-]+$/.test(words) ? `task${words && `-${words}`}` : words;
    let label = base;
    for (let number = 2; taken.has(label); number += 1) label = `${base}-${number}`;
    taken.add(label);
    labels.set(id, label);
  }
  return labels;
}

/** The longest words first, so that one which is a part of another does not cut it. */
function withVariables(text: string, variables: Readonly<Record<string, string>>): string {
  const entries = Object.entries(variables).sort(([, a], [, b]) => b.length - a.length);
  const [first, ...rest] = entries;
  if (!first) return escapeBraces(text);
  const [name, words] = first;
  return text
    .split(words)
    .map((part) => withVariables(part, Object.fromEntries(rest)))
    .join(`{{${name}}}`);
}

function present(fields: Record<string, unknown>): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== ''));
}
