import type { FileReferenceView, TaskSummaryView } from '../app/tasks/taskView.js';
import { formatPlace } from '../core/model/fileReference.js';
import { plain } from '../core/model/plainText.js';
import type { WorkState } from '../core/model/workState.js';

/** The sign before a task on a terminal; the word stands beside it, so colour and sign are never alone. */
export const SIGNS: Readonly<Record<WorkState, string>> = {
  in_progress: '▶',
  claimed: '▶',
  ready: '○',
  needs_decision: '?',
  blocked: '✗',
  waiting: '◌',
  scheduled: '◷',
  completed: '✓',
  cancelled: '⊘',
};

/** `[1a2b3c4d] Title - status @assignee`, the form that scripts know. */
export function listLine(task: Pick<TaskSummaryView, 'id' | 'title' | 'status' | 'assignee'>): string {
  const assignee = task.assignee === undefined ? '' : ` @${plain(task.assignee)}`;
  return `[${task.id}] ${plain(task.title)} - ${task.status}${assignee}`;
}

/** Columns for a person: sign, name, id, state, priority, title. */
export function listTable(tasks: readonly TaskSummaryView[], nameOf: (id: string) => string): string {
  const width = Math.max(0, ...tasks.map((task) => task.name.length));
  return tasks
    .map((task) => {
      const notes = [
        task.blockedBy.length > 0 ? `waits for ${shortList(task.blockedBy.map(nameOf))}` : '',
        task.statusReason ? plain(task.statusReason) : '',
        task.claim && !task.claim.expired ? `claimed by ${plain(task.claim.by)}` : '',
        task.assignee ? `@${plain(task.assignee)}` : '',
        ...task.tags.map((tag) => `#${tag}`),
      ].filter((note) => note !== '');
      const priority = task.priority === 'medium' ? '' : ` (${task.priority})`;
      const rest = notes.length > 0 ? `  · ${notes.join(' · ')}` : '';
      return `${SIGNS[task.state]} ${task.name.padEnd(width)}  ${task.id}  ${task.state.replace('_', ' ').padEnd(14)} ${plain(task.title)}${priority}${rest}`;
    })
    .join('\n');
}

/** `src/a.ts:3-9  [1a2b3c4d] moved`. */
export function referenceLine(reference: FileReferenceView): string {
  const state = reference.missing ? ' (missing)' : reference.state === 'exact' ? '' : ` (${reference.state})`;
  return `${formatPlace(reference)}  [${reference.id}]${state}${reference.context ? `  ${plain(reference.context)}` : ''}`;
}

/** `T-15 and T-18 are ready`, or nothing. */
export function releasedSentence(names: readonly string[]): string {
  if (names.length === 0) return '';
  return `${listed(names)} ${names.length === 1 ? 'is' : 'are'} ready`;
}

/** `T-1, T-2 and T-3`. */
export function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

function shortList(names: readonly string[]): string {
  return names.length <= 3 ? names.join(', ') : `${names.slice(0, 2).join(', ')} +${names.length - 2}`;
}
