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

/** What an option with several values gives: `--tag api,ui` and `--tag api ui` are the same. */
export function separated(values: readonly string[] | undefined): string[] | undefined {
  return values?.flatMap((value) => value.split(',').map((one) => one.trim())).filter((value) => value !== '');
}
