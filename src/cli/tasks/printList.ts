import type { TaskLines } from '../../app/tasks/tasks.js';
import type { TaskListView, TaskSummaryView } from '../../app/tasks/taskView.js';
import { plain } from '../../core/model/plainText.js';
import { type GroupKey, groupTasks } from '../../core/query/group.js';
import { type CliContext, nameOf } from '../context.js';
import { listLine } from '../format.js';
import type { Session } from '../session.js';
import type { Output } from '../terminal/output.js';

export const LIST_FORMATS = ['table', 'plain', 'ids', 'json'] as const;

export type ListFormat = (typeof LIST_FORMATS)[number];

export interface PrintOptions {
  readonly json?: boolean;
  readonly format?: ListFormat;
  readonly group?: GroupKey | undefined;
  /** How a person gets to see the rest. */
  readonly more?: string;
}

/** How a list is printed: as asked for, else a table on a terminal and plain lines elsewhere. */
export function formatOf({ output }: CliContext, { json, format }: PrintOptions): ListFormat {
  if (json) return 'json';
  return format ?? (output.terminal ? 'table' : 'plain');
}

/** Prints the lines of a list of which no more is to be shown. */
export async function printLines({ output }: CliContext, list: TaskLines, options: PrintOptions): Promise<void> {
  const line = options.format === 'ids' ? (task: { id: string }) => task.id : listLine;
  if (list.tasks.length > 0) await output.page(list.tasks.map(line).join('\n'));
  conclude(output, list, options);
}

export async function printList(
  context: CliContext,
  session: Session,
  list: TaskListView,
  options: PrintOptions,
): Promise<void> {
  const { output } = context;
  const format = formatOf(context, options);
  const { group } = options;
  if (format === 'json') {
    const { tasks, ...counts } = list;
    output.data(JSON.stringify(group ? { groups: groupTasks(tasks, group), ...counts } : list));
    return;
  }
  if (list.tasks.length > 0) {
    const print = await printer(format, context, session);
    const text = group
      ? groupTasks(list.tasks, group)
          .map(({ group: value, tasks }) => `${title(session, group, value)} (${tasks.length})\n${print(tasks)}`)
          .join('\n\n')
      : print(list.tasks);
    await output.page(text);
  }
  conclude(output, list, options);
}

/** Says that there is nothing, or what was left out. */
function conclude(output: Output, { tasks, total, truncated }: TaskLines, { more }: PrintOptions): void {
  if (tasks.length === 0) output.message('No tasks found');
  else if (truncated) output.message(`${tasks.length} of ${total} shown; ${more ?? 'raise --limit for more'}.`);
}

async function printer(
  format: Exclude<ListFormat, 'json'>,
  { output }: CliContext,
  session: Session,
): Promise<(tasks: readonly TaskSummaryView[]) => string> {
  if (format === 'ids') return (tasks) => tasks.map((task) => task.id).join('\n');
  if (format === 'plain') return (tasks) => tasks.map(listLine).join('\n');
  const { taskTable } = await import('./taskTable.js');
  const options = { style: output.style, width: output.width, nameOf: nameOf(session), now: session.plan.now() };
  return (tasks) => taskTable(tasks, options);
}

function title(session: Session, key: GroupKey, value: string): string {
  if (value === '') return `no ${key}`;
  return key === 'parent' ? nameOf(session)(value) : plain(value);
}
