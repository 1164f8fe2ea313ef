import type { TaskSummaryView } from '../../app/tasks/taskView.js';
import { plain } from '../../core/model/plainText.js';
import type { Priority } from '../../core/model/priority.js';
import { isOverdue } from '../../core/model/time.js';
import { isClosed, type WorkState } from '../../core/model/workState.js';
import { SIGNS } from '../format.js';
import type { Output } from '../terminal/output.js';
import type { Style } from '../terminal/style.js';
import { type Column, table } from '../terminal/table.js';

interface TableOptions extends Pick<Output, 'style' | 'width'> {
  readonly nameOf: (id: string) => string;
  /** UTC ISO 8601. */
  readonly now: string;
}

/** Tasks as an aligned table that fits the terminal. */
export function taskTable(tasks: readonly TaskSummaryView[], { style, width, nameOf, now }: TableOptions): string {
  const columns: Column<TaskSummaryView>[] = [
    { head: 'Task', cell: (task) => task.name, paint: (text) => style.bold(text) },
    { head: 'Id', cell: (task) => task.id, paint: (text) => style.dim(text) },
    {
      head: 'State',
      cell: (task) => `${SIGNS[task.state]} ${task.state.replace('_', ' ')}`,
      paint: (text, task) => paintState(style, task.state, text),
    },
    {
      head: 'Priority',
      cell: (task) => (task.priority === 'medium' ? '' : task.priority),
      paint: (text, task) => paintPriority(style, task.priority, text),
    },
    { head: 'Title', cell: (task) => plain(task.title), flexible: true },
    { head: 'Assignee', cell: (task) => (task.assignee ? `@${plain(task.assignee)}` : '') },
    {
      head: 'Due',
      cell: (task) => task.due?.slice(0, 10) ?? '',
      paint: (text, task) => (isLate(task, now) ? style.red(text) : text),
    },
    { head: 'Notes', cell: (task) => notes(task, nameOf), flexible: true, paint: (text) => style.dim(text) },
  ];
  return table(columns, tasks, width, (head) => style.dim(head));
}

export function paintState(style: Style, state: WorkState, text: string): string {
  if (state === 'ready') return style.green(text);
  if (state === 'in_progress' || state === 'claimed') return style.blue(text);
  if (state === 'blocked' || state === 'needs_decision') return style.red(text);
  return state === 'waiting' || state === 'scheduled' ? style.yellow(text) : style.dim(text);
}

export function paintPriority(style: Style, priority: Priority, text: string): string {
  if (priority === 'critical') return style.red(text);
  if (priority === 'high') return style.yellow(text);
  return priority === 'medium' ? text : style.dim(text);
}

function isLate(task: TaskSummaryView, now: string): boolean {
  return task.due !== undefined && !isClosed(task.state) && isOverdue(task.due, now);
}

function notes(task: TaskSummaryView, nameOf: (id: string) => string): string {
  const names = task.blockedBy.map(nameOf);
  const short = names.length <= 3 ? names.join(', ') : `${names.slice(0, 2).join(', ')} +${names.length - 2}`;
  return [
    ...(names.length > 0 ? [`waits for ${short}`] : []),
    ...(task.statusReason ? [plain(task.statusReason)] : []),
    ...(task.claim && !task.claim.expired ? [`claimed by ${plain(task.claim.by)}`] : []),
    ...task.tags.map((tag) => `#${plain(tag)}`),
    ...(task.archivedAt ? ['archived'] : []),
  ].join(' · ');
}
