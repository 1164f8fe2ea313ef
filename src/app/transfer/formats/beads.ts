import type { LinkType } from '../../../core/transfer/externalTask.js';
import { Readings } from '../../../core/transfer/readings.js';
import { plainText, TaskReading } from '../../../core/transfer/taskReading.js';
import { type SourceFile, textOf } from '../importSource.js';
import { checklist } from './checklist.js';
import { isObject, type JsonObject, listOf, parseJson, parseLines } from './jsonText.js';

const STATUSES = { open: 'pending', in_progress: 'in_progress', blocked: 'blocked', closed: 'completed' } as const;
/** Statuses that the model has none for, and what such an issue becomes. */
const OTHER_STATUSES = { deferred: 'pending', hooked: 'in_progress', pinned: 'pending' } as const;
const PRIORITIES = { '0': 'critical', '1': 'high', '2': 'medium', '3': 'low', '4': 'background' };
const BLOCKING = new Set(['blocks', 'conditional-blocks', 'waits-for']);
const LINKS: Readonly<Record<string, LinkType>> = {
  related: 'related',
  'relates-to': 'related',
  'discovered-from': 'discovered_from',
  duplicates: 'duplicates',
  supersedes: 'supersedes',
};

/** What is carried, with the columns and lists that it goes to; every other field becomes a custom one. */
const CARRIED = new Set(
  [
    'id title description status priority issue_type assignee owner labels dependencies comments created_at created_by',
    'updated_at closed_at close_reason acceptance_criteria due_at defer_until estimated_minutes design notes started_at',
    'dependency_count dependent_count comment_count',
  ]
    .join(' ')
    .split(' '),
);

/** The issues of beads: JSON lines as in `.beads/issues.jsonl`, or the array that `bd list --json` prints. */
export function readBeads(file: SourceFile): Readings {
  const readings = new Readings();
  const text = textOf(file);
  const issues = text.trimStart().startsWith('[')
    ? listOf(parseJson(text, file.path)).flatMap((value, at) => (isObject(value) ? [{ line: at + 1, value }] : []))
    : parseLines(text, readings);
  const known = new Set(issues.map(({ value }) => plainText(value.id)));
  for (const { line, value } of issues) {
    if (plainText(value.id) === '') readings.refuse(`line ${line}`, 'id', 'the issue has no id.');
    else if (value.status === 'tombstone')
      readings.note('status', 'tombstones are deleted issues: left out', plainText(value.id));
    else readIssue(value, known, readings);
  }
  return readings;
}

function readIssue(issue: JsonObject, known: ReadonlySet<string>, readings: Readings): void {
  const id = plainText(issue.id);
  const task = new TaskReading(readings, id, id);
  task.custom('beads_id', id);
  task.title(issue.title);
  task.description(sections(issue));
  const status = plainText(issue.status);
  task.status(status, { ...STATUSES, ...OTHER_STATUSES });
  if (Object.hasOwn(OTHER_STATUSES, status)) task.keep('beads_status', status);
  if (typeof issue.priority === 'number' && !(String(issue.priority) in PRIORITIES))
    task.keep('priority', issue.priority);
  task.priority(PRIORITIES[plainText(issue.priority ?? 2) as keyof typeof PRIORITIES] ?? 'medium');
  task.word('type', issue.issue_type);
  task.word('assignee', issue.assignee || issue.owner);
  if (issue.labels) task.tags(issue.labels);
  task.criteria(checklist(plainText(issue.acceptance_criteria)));
  for (const [column, field] of [
    ['created_at', 'created_at'],
    ['updated_at', 'updated_at'],
    ['completed_at', 'closed_at'],
    ['deadline', 'due_at'],
    ['not_before', 'defer_until'],
    ['started_at', 'started_at'],
  ] as const)
    task.time(column, issue[field]);
  task.put('created_by', plainText(issue.created_by) || null);
  // beads writes “Closed” where nobody gave a reason.
  if (plainText(issue.close_reason) !== 'Closed') task.text('completion_summary', issue.close_reason);
  if (typeof issue.estimated_minutes === 'number') task.hours('estimated_hours', issue.estimated_minutes / 60);
  readDependencies(task, issue, id);
  task.blockedFollows();
  // `bd-12.3` is a part of `bd-12`, also where no edge says so.
  const above = id.replace(/\.\d+$/, '');
  if (!task.hasParent && above !== id && known.has(above)) task.parent(above);
  for (const comment of listOf(issue.comments).filter(isObject)) {
    const at = plainText(comment.created_at);
    const content = plainText(comment.text ?? comment.comment);
    task.event({ agent: plainText(comment.author) || 'unknown', type: 'comment', content, at });
  }
  for (const [field, value] of Object.entries(issue)) if (!CARRIED.has(field)) task.keep(field, value);
  task.finish();
}

function readDependencies(task: TaskReading, issue: JsonObject, id: string): void {
  for (const edge of listOf(issue.dependencies).filter(isObject)) {
    const other = plainText(edge.depends_on_id ?? edge.id);
    const type = plainText(edge.type ?? edge.dependency_type) || 'blocks';
    const link = LINKS[type];
    if (type === 'parent-child') task.parent(other);
    else if (BLOCKING.has(type)) {
      task.dependsOn(other, type === 'conditional-blocks' ? 'conditional' : 'completion');
      if (type !== 'blocks') task.note('dependencies', `${type}: taken as a dependency that gates`);
    } else {
      task.link(other, link ?? 'related');
      if (!link) task.note('dependencies', `${type}: taken as a link “related”`);
    }
    if (plainText(edge.issue_id) !== '' && edge.issue_id !== id)
      task.note('dependencies', 'an edge that stands with another issue than its own: taken as that issue’s');
  }
}

/** One description of what beads keeps in three fields. */
function sections({ description, design, notes }: JsonObject): string {
  const parts = [plainText(description)];
  if (plainText(design) !== '') parts.push(`## Design\n\n${plainText(design)}`);
  if (plainText(notes) !== '') parts.push(`## Notes\n\n${plainText(notes)}`);
  return parts.filter((part) => part !== '').join('\n\n');
}
