import { plain } from '../../core/model/plainText.js';
import { toSecond } from '../../core/model/timeText.js';
import type { ChangeView, TransactionView } from './historyInputs.js';

const SIGNS = { added: '+', changed: '~', removed: '-' } as const;
const LONGEST_VALUE = 60;
/** So many characters of a hash tell it from others. */
const HASH_SHOWN = 12;

/**
 * `#41  2026-11-21 07:30:12  ann  task.update` and one indented line a change. `when` words the time otherwise, `note`
 * what is said of one that was undone.
 */
export function transactionText(
  { seq, at, actor, action, undone, changes }: TransactionView,
  { when = toSecond, note = '(undone)' }: { when?: (at: string) => string; note?: string } = {},
): string {
  const head = `#${seq}  ${when(at)}  ${plain(actor)}  ${action}${undone ? `  ${note}` : ''}`;
  return [head, ...changes.flatMap(changeLines)].join('\n');
}

/** A change as indented lines: a sign, the task, what is another. */
export function changeLines(change: ChangeView): string[] {
  const { name, what, kind, other, path, commit, title, fields } = change;
  const sign = SIGNS[kind];
  switch (what) {
    case 'task':
      if (kind === 'removed') return [`  ${sign} ${name} ${quoted(title)}`];
      return [
        ...(kind === 'added' ? [`  ${sign} ${name} ${quoted(title)}`] : []),
        ...fields
          .filter((field) => kind === 'changed' || (field.field !== 'title' && !isPlainStart(field.field, field.after)))
          .map(({ field, before, after }) =>
            kind === 'added'
              ? `      ${field}: ${quoted(after)}`
              : `  ${sign} ${name} ${field}: ${quoted(before)} → ${quoted(after)}`,
          ),
      ];
    case 'dependency':
      return [`  ${sign} ${name} waits for ${other}`];
    case 'link':
      return [`  ${sign} ${name} is linked to ${other}`];
    case 'reference':
      return [`  ${sign} ${name} refers to ${quoted(path)}`];
    case 'commit':
      return [`  ${sign} ${name} is linked to commit ${plain(commit ?? '').slice(0, HASH_SHOWN)}`];
    case 'note':
      return noteLines(change);
    case 'trash':
      return kind === 'added' ? [`  ${name} is in the trash`] : [`  ${name} is out of the trash`];
    default:
      return [];
  }
}

/** What was shared on a task; of a private note only that there is one. */
function noteLines({ name, kind, fields }: ChangeView): string[] {
  const value = (field: string) => {
    const found = fields.find((one) => one.field === field);
    return found && (found.after ?? found.before);
  };
  const type = value('event type') ?? 'note';
  const text = value('content');
  return [`  ${SIGNS[kind]} ${name} [${plain(String(type))}]${text === undefined ? '' : ` ${quoted(text)}`}`];
}

/** What every new task has says nothing. */
function isPlainStart(field: string, value: unknown): boolean {
  return value === { status: 'pending', priority: 'medium', type: 'task' }[field];
}

function quoted(value: unknown): string {
  if (value === null || value === undefined) return 'none';
  const text = plain(String(value));
  return `“${text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text}”`;
}
