import type { ClaimView, FileReferenceView, TaskSummaryView, TaskView } from '../app/tasks/taskView.js';
import { formatPlace } from '../core/model/fileReference.js';
import { plain, plainLines } from '../core/model/plainText.js';
import type { WorkState } from '../core/model/workState.js';
import type { Output } from './terminal/output.js';
import type { Style } from './terminal/style.js';

/** The sign before a task on a terminal; the word stands beside it, so colour and sign are never alone. */
const SIGNS: Readonly<Record<WorkState, string>> = {
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

type Paint = (text: string) => string;

const PAINTS: Readonly<Record<WorkState, (style: Style) => Paint>> = {
  in_progress: ({ blue }) => blue,
  claimed: ({ blue }) => blue,
  ready: ({ green }) => green,
  needs_decision: ({ yellow }) => yellow,
  blocked: ({ red }) => red,
  waiting: ({ dim }) => dim,
  scheduled: ({ dim }) => dim,
  completed: ({ dim }) => dim,
  cancelled: ({ dim }) => dim,
};

/** `[1a2b3c4d] Title - status @assignee`, the form that scripts know. */
export function listLine(task: TaskSummaryView): string {
  const assignee = task.assignee === undefined ? '' : ` @${plain(task.assignee)}`;
  return `[${task.id}] ${plain(task.title)} - ${task.status}${assignee}`;
}

/** Columns for a person, fitted to the terminal: sign, name, id, state, title, priority, and what else there is to know. */
export async function listTable(
  tasks: readonly TaskSummaryView[],
  nameOf: (id: string) => string,
  { style, width }: Pick<Output, 'style' | 'width'>,
): Promise<string> {
  const { table } = await import('./terminal/table.js');
  const notes = (task: TaskSummaryView) =>
    [
      task.blockedBy.length > 0 ? `waits for ${shortList(task.blockedBy.map(nameOf))}` : '',
      task.statusReason ? plain(task.statusReason) : '',
      task.claim && !task.claim.expired ? `claimed by ${plain(task.claim.by)}` : '',
      task.assignee ? `@${plain(task.assignee)}` : '',
      ...task.tags.map((tag) => `#${plain(tag)}`),
    ].filter((note) => note !== '');
  return table<TaskSummaryView>(
    [
      {
        head: '',
        cell: ({ state, name }) => `${SIGNS[state]} ${name}`,
        paint: (text, { state }) => PAINTS[state](style)(text),
      },
      { head: '', cell: ({ id }) => id, paint: (text) => style.dim(text) },
      {
        head: '',
        cell: ({ state }) => state.replace('_', ' '),
        paint: (text, { state }) => PAINTS[state](style)(text),
      },
      { head: '', cell: ({ title }) => plain(title), flexible: true },
      {
        head: '',
        cell: ({ priority }) => (priority === 'medium' ? '' : priority),
        paint: (text, { priority }) => (priority === 'critical' ? style.red(text) : style.dim(text)),
      },
      { head: '', cell: (task) => notes(task).join(' · '), paint: (text) => style.dim(text), flexible: true },
    ],
    tasks,
    width,
  );
}

/** One `key: value` line a field, the form that scripts know. */
export function showLines(task: TaskView, nameOf: (id: string) => string, { cyan }: Pick<Style, 'cyan'>): string {
  const ids = (list: readonly string[]) => list.map((id) => `${id} (${nameOf(id)})`).join(', ');
  const lines: [string, string | undefined][] = [
    ['id', task.id],
    ['number', task.name],
    ['title', task.title],
    ['description', task.description],
    ['status', task.status],
    ['state', task.state],
    ['reason', task.statusReason],
    ['priority', task.priority],
    ['type', task.type],
    ['assignee', task.assignee],
    ['claimed_by', task.claim && claimLine(task.claim)],
    ['tags', task.tags.join(', ') || undefined],
    ['parent', task.parent && ids([task.parent])],
    ['subtasks', ids(task.subtasks) || undefined],
    ['due', task.due],
    ['not_before', task.notBefore],
    ['estimated_hours', task.estimatedHours?.toString()],
    ['dependencies', ids(task.dependsOn) || undefined],
    ['blocked_by', ids(task.blockedBy) || undefined],
    ['unblocks', ids(task.unblocks) || undefined],
    ...task.fileRefs.map((reference): [string, string] => ['file', referenceLine(reference)]),
    ['completion_summary', task.completionSummary],
    ['created_by', task.createdBy],
    ['created_at', task.createdAt],
    ['updated_at', task.updatedAt],
    ['completed_at', task.completedAt],
  ];
  return lines
    .flatMap(([key, value]) => (value === undefined ? [] : [`${cyan(`${key}:`)} ${plainLines(value)}`]))
    .join('\n');
}

/** `ann, 2026-…T12:00Z to 2026-…T12:30Z, lease 3, branch main`. */
function claimLine({ by, at, expiresAt, expired, version, branch, worktree }: ClaimView): string {
  const facts = [`${at} to ${expiresAt}`, expired ? 'expired' : '', `lease ${version}`];
  if (branch) facts.push(`branch ${branch}`);
  if (worktree) facts.push(`worktree ${worktree}`);
  return [by, ...facts.filter((fact) => fact !== '')].join(', ');
}

/** `src/a.ts:3-9  [1a2b3c4d] moved`. */
export function referenceLine(reference: FileReferenceView): string {
  const state = reference.missing ? ' (missing)' : reference.state === 'exact' ? '' : ` (${reference.state})`;
  return `${formatPlace(reference)}  [${reference.id}]${state}${reference.context ? `  ${plain(reference.context)}` : ''}`;
}

/** `T-15 and T-18 are ready`, or nothing. */
export function releasedSentence(names: readonly string[]): string {
  if (names.length === 0) return '';
  const list = names.length === 1 ? names[0] : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
  return `${list} ${names.length === 1 ? 'is' : 'are'} ready`;
}

function shortList(names: readonly string[]): string {
  return names.length <= 3 ? names.join(', ') : `${names.slice(0, 2).join(', ')} +${names.length - 2}`;
}
