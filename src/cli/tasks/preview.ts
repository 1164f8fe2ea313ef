import type { BulkView, PlannedChange } from '../../app/bulk/bulk.js';
import { OrchestratorError } from '../../core/model/errors.js';
import { plain } from '../../core/model/plainText.js';
import type { CliContext } from '../context.js';

const LONGEST_VALUE = 40;

/** Shows what a change would do: a table on a terminal, a line for each task elsewhere. */
export async function printPreview({ output }: CliContext, { tasks, changed, total }: BulkView): Promise<void> {
  if (output.terminal) {
    const { table } = await import('../terminal/table.js');
    const columns = [
      { head: 'Task', cell: (task: PlannedChange) => task.name },
      { head: 'Title', cell: (task: PlannedChange) => plain(task.title), flexible: true },
      { head: 'Change', cell: changeText, flexible: true },
    ];
    await output.page(table(columns, tasks, output.width, (head) => output.style.dim(head)));
  } else output.data(tasks.map((task) => `[${task.id}] ${plain(task.title)}: ${changeText(task)}`).join('\n'));
  output.message(`${changed} of ${total} tasks would change`);
}

/** Throws INVALID_TRANSITION where one of the tasks would keep all of them from being changed. */
export function requireAcceptance({ tasks, total }: BulkView): void {
  const refused = tasks.filter((task) => task.refused !== undefined);
  if (refused.length === 0) return;
  throw new OrchestratorError(
    'INVALID_TRANSITION',
    `${refused.length} of ${total} tasks refuse this; nothing would be changed: ${refused.map((task) => task.name).join(', ')}.`,
  );
}

function changeText({ changes, refused }: PlannedChange): string {
  if (refused !== undefined) return `refused: ${plain(refused)}`;
  if (changes.length === 0) return 'no change';
  return changes.map(({ field, before, after }) => `${field}: ${shown(before)} → ${shown(after)}`).join(', ');
}

function shown(value: unknown): string {
  if (value === null || value === undefined) return 'none';
  const text = plain(String(value));
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text;
}
