import type { ChangeView, TransactionView } from '../app/history/historyInputs.js';
import { plain } from './output.js';

const SIGNS = { added: '+', changed: '~', removed: '-' } as const;
const LONGEST_VALUE = 60;

/** `#41  2026-11-21 07:30:12  ann  task.update` and one indented line a change. */
export function transactionLines({ seq, at, actor, action, undone, changes }: TransactionView): string {
  const head = `#${seq}  ${at.slice(0, 19).replace('T', ' ')}  ${plain(actor)}  ${action}${undone ? '  (undone)' : ''}`;
  return [head, ...changes.flatMap(changeLines)].join('\n');
}

function changeLines(change: ChangeView): string[] {
  const { name, what, kind, other, path, title, fields } = change;
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
    case 'trash':
      return kind === 'added' ? [`  ${name} is in the trash`] : [`  ${name} is out of the trash`];
    default:
      return [];
  }
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
