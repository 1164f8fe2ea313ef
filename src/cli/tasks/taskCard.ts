import type { TaskView } from '../../app/tasks/taskView.js';
import { plain, plainLines } from '../../core/model/plainText.js';
import { isOverdue } from '../../core/model/time.js';
import { toMinute } from '../../core/model/timeText.js';
import { isClosed } from '../../core/model/workState.js';
import { commitLine } from '../commitLines.js';
import { referenceLine, SIGNS } from '../format.js';
import type { Output } from '../terminal/output.js';
import { customText, type ShownTask } from './showLines.js';
import { paintPriority, paintState } from './taskTable.js';

interface CardOptions extends Pick<Output, 'style' | 'width'> {
  /** UTC ISO 8601. */
  readonly now: string;
}

/** A task as a person reads it: its name and situation, then what is known of it, then its texts. */
export function taskCard(task: ShownTask, nameOf: (id: string) => string, { style, width, now }: CardOptions): string {
  const names = (ids: readonly string[]) => ids.map(nameOf).join(', ');
  const state = paintState(style, task.state, `${SIGNS[task.state]} ${task.state.replace('_', ' ')}`);
  const facts: [string, string | undefined][] = [
    ['Priority', paintPriority(style, task.priority, task.priority)],
    ['Type', task.type === 'task' ? undefined : plain(task.type)],
    ['Assignee', task.assignee && plain(task.assignee)],
    [
      'Claimed by',
      task.claim &&
        `${plain(task.claim.by)} until ${moment(task.claim.expiresAt)}${task.claim.expired ? ' (over)' : ''}`,
    ],
    ['Tags', task.tags.map((tag) => `#${tag}`).join(' ')],
    ['Project', task.project && plain(task.project)],
    ['Milestone', task.milestone && plain(task.milestone)],
    ['Due', task.due && dueText(task, task.due, { style, now })],
    ['Not before', task.notBefore && moment(task.notBefore)],
    ['Hours', hours(task)],
    ['Value', task.businessValue?.toString()],
    ['Language', task.codeLanguage && plain(task.codeLanguage)],
    ['Runs in', task.executionEnvironment && plain(task.executionEnvironment)],
    ['Part of', task.parent && nameOf(task.parent)],
    ['Subtasks', names(task.subtasks)],
    ['Depends on', names(task.dependsOn)],
    ['Waits for', names(task.blockedBy)],
    ['Unblocks', names(task.unblocks)],
    ...Object.entries(task.custom).map(([key, value]): [string, string] => [plain(key), plain(customText(value))]),
    ['Created', `${moment(task.createdAt)} by ${plain(task.createdBy)}`],
    [
      'Changed',
      task.version > 1 ? `${moment(task.updatedAt)}${task.updatedBy ? ` by ${plain(task.updatedBy)}` : ''}` : undefined,
    ],
    ['Completed', task.completedAt && moment(task.completedAt)],
    ['Archived', task.archivedAt && moment(task.archivedAt)],
  ];
  const shown = facts.filter((fact): fact is [string, string] => Boolean(fact[1]));
  const label = Math.max(...shown.map(([name]) => name.length));
  const head = `${style.bold(`${task.name}  ${plain(task.title)}`)}\n${state}${task.statusReason ? `: ${plain(task.statusReason)}` : ''}  ${style.dim(task.id)}`;
  const blocks = [
    head,
    shown.map(([name, value]) => `${style.dim(name.padEnd(label))}  ${value}`).join('\n'),
    ...[
      block('Files', task.fileRefs.map(referenceLine)),
      block('Commits', task.commits.map(commitLine)),
      block(
        'Criteria',
        task.criteria.map(
          ({ criterion, measurable, done }) =>
            `${done ? '✓' : '○'} ${plain(criterion)}${measurable ? style.dim(`  :: ${plain(measurable)}`) : ''}`,
        ),
      ),
      block('Context', lines(task.context)),
      block('Description', lines(task.description)),
      block('Impact', lines(task.impactNotes)),
      block('Summary', lines(task.completionSummary)),
    ].filter((text) => text !== ''),
  ];
  return blocks.join('\n\n');

  function block(title: string, content: readonly string[]): string {
    if (content.length === 0) return '';
    return [style.bold(title), ...content.flatMap((line) => wrap(line, width - 2)).map((line) => `  ${line}`)].join(
      '\n',
    );
  }
}

function dueText(task: TaskView, due: string, { style, now }: Pick<CardOptions, 'style' | 'now'>): string {
  const late = !isClosed(task.state) && isOverdue(due, now);
  return late ? style.red(`${moment(due)} (overdue)`) : moment(due);
}

function hours({ estimatedHours, actualHours }: TaskView): string | undefined {
  const facts = [
    ...(estimatedHours === undefined ? [] : [`${estimatedHours} estimated`]),
    ...(actualHours === undefined ? [] : [`${actualHours} spent`]),
  ];
  return facts.join(', ') || undefined;
}

/** A day as such, a moment to the minute, in UTC as everywhere. */
function moment(time: string): string {
  return time.endsWith('T00:00:00.000Z') ? time.slice(0, 10) : `${toMinute(time)} UTC`;
}

function lines(text: string | undefined): string[] {
  return text === undefined || text === '' ? [] : plainLines(text).split('\n');
}

/** A line broken between words, so that it fits; a longer word stays whole. */
function wrap(line: string, width: number): string[] {
  // Colours take no room; lines that hold them are short.
  if (line.length <= width || line.includes('\u001b')) return [line];
  const wrapped: string[] = [];
  let rest = line;
  while (rest.length > width) {
    const space = rest.lastIndexOf(' ', width);
    const cut = space > 0 ? space : (rest.indexOf(' ') + 1 || rest.length + 1) - 1;
    wrapped.push(rest.slice(0, cut));
    rest = rest.slice(cut + 1);
  }
  return rest === '' ? wrapped : [...wrapped, rest];
}
