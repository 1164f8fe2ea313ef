import type { CommitView } from '../../app/commits/commitInputs.js';
import type { ClaimView, TaskView } from '../../app/tasks/taskView.js';
import { plainLines } from '../../core/model/plainText.js';
import { commitLine } from '../commitLines.js';
import { referenceLine } from '../format.js';

/** A task with its commits. */
export type ShownTask = TaskView & { readonly commits: readonly CommitView[] };

type Line = readonly [key: string, value: string | number | undefined];

/**
 * One `key: value` line a field: first those of seed 000's tool in its order, `None` where there is nothing, as scripts
 * know them; then what it did not have, where there is something.
 */
export function showLines(task: ShownTask, nameOf: (id: string) => string): string {
  const known = knownLines(task).map(
    ([key, value]) => `${key}: ${value === undefined ? 'None' : plainLines(`${value}`)}`,
  );
  const further = furtherLines(task, nameOf).flatMap(([key, value]) =>
    value === undefined || value === '' ? [] : [`${key}: ${plainLines(`${value}`)}`],
  );
  return [...known, ...further].join('\n');
}

function knownLines(task: TaskView): Line[] {
  return [
    ['id', task.id],
    ['title', task.title],
    ['description', task.description],
    ['status', task.status],
    ['priority', task.priority],
    ['assignee', task.assignee],
    ['created_by', task.createdBy],
    ['created_at', task.createdAt],
    ['updated_at', task.updatedAt],
    ['completed_at', task.completedAt],
    ['success_criteria', task.criteria.length > 0 ? JSON.stringify(task.criteria) : undefined],
    ['feedback_quality', task.feedback?.quality],
    ['feedback_timeliness', task.feedback?.timeliness],
    ['feedback_notes', task.feedback?.note],
    ['completion_summary', task.completionSummary],
    ['deadline', task.due],
    ['estimated_hours', task.estimatedHours],
    ['actual_hours', task.actualHours],
    ['context', task.context],
    ['phase_id', task.milestone],
    ['dependencies', `[${task.dependsOn.map((id) => `'${id}'`).join(', ')}]`],
  ];
}

function furtherLines(task: ShownTask, nameOf: (id: string) => string): Line[] {
  const ids = (list: readonly string[]) => list.map((id) => `${id} (${nameOf(id)})`).join(', ');
  return [
    ['number', task.name],
    ['state', task.state],
    ['reason', task.statusReason],
    ['type', task.type],
    ['claimed_by', task.claim && claimLine(task.claim)],
    ['tags', task.tags.join(', ')],
    ['parent', task.parent && ids([task.parent])],
    ['subtasks', ids(task.subtasks)],
    ['project', task.project],
    ['milestone', task.milestone],
    ['not_before', task.notBefore],
    ['business_value', task.businessValue],
    ['code_language', task.codeLanguage],
    ['execution_environment', task.executionEnvironment],
    ['impact_notes', task.impactNotes],
    ['blocked_by', ids(task.blockedBy)],
    ['unblocks', ids(task.unblocks)],
    ...task.fileRefs.map((reference): Line => ['file', referenceLine(reference)]),
    ...task.commits.map((commit): Line => ['commit', commitLine(commit)]),
    ...Object.entries(task.custom).map(([key, value]): Line => ['meta', `${key}:${customText(value)}`]),
    ['updated_by', task.updatedBy],
    ['started_at', task.startedAt],
    ['archived_at', task.archivedAt],
    ['version', task.version],
  ];
}

/** A value of the project's own as `--meta` takes it. */
export function customText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** `ann, 2026-…T12:00Z to 2026-…T12:30Z, lease 3, branch main`. */
function claimLine({ by, at, expiresAt, expired, version, branch, worktree }: ClaimView): string {
  const facts = [`${at} to ${expiresAt}`, expired ? 'expired' : '', `lease ${version}`];
  if (branch) facts.push(`branch ${branch}`);
  if (worktree) facts.push(`worktree ${worktree}`);
  return [by, ...facts.filter((fact) => fact !== '')].join(', ');
}
