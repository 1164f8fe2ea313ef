import type { Command } from 'commander';
import { type OverdueView, overdueTasks } from '../../app/analysis/overdue.js';
import { plain } from '../../core/model/plainText.js';
import { type CliContext, type CommonOptions, reading, withJson } from '../context.js';
import { withExamples } from '../definition.js';
import { decimal, dueText, lengthOf } from '../numbers.js';
import type { Output } from '../terminal/output.js';
import { rows } from '../terminal/rows.js';

interface OverdueOptions extends CommonOptions {
  readonly within?: string;
}

type Dated = OverdueView['overdue'][number];

/** `tm overdue`: what is late. */
export function addOverdue(program: Command, context: CliContext): void {
  withExamples(
    withJson(program.command('overdue').description('list open tasks whose due time has passed, the latest first'))
      .option('--within <days>', 'also what is due within so many days')
      .action(async (options: OverdueOptions) =>
        reading(context, async ({ plan }) => {
          const { output } = context;
          const view = overdueTasks(plan, {
            withinDays: options.within === undefined ? undefined : decimal('within', options.within),
          });
          if (options.json) output.data(JSON.stringify(view));
          else await print(output, view);
        }),
      ),
    ['tm overdue', 'what is late, and how many tasks wait for it'],
    ['tm overdue --within 3', 'and what is due in the next three days'],
  );
}

async function print(output: Output, { overdue, soon = [] }: OverdueView): Promise<void> {
  if (overdue.length + soon.length === 0) output.message('Nothing is overdue.');
  else
    await output.page(
      rows(
        output,
        [
          { head: 'Task', cell: ({ task }) => task.name },
          { head: 'Id', cell: ({ task }) => task.id },
          { head: 'Due', cell: ({ task }) => dueText(task.due) },
          {
            head: 'Late',
            cell: ({ task, late }) => (late ? lengthOf(task.hours) : `in ${lengthOf(task.hours)}`),
            paint: (text, { late }) => (late ? output.style.red(text) : text),
            right: true,
          },
          { head: 'Priority', cell: ({ task }) => task.priority },
          { head: 'Waiting', cell: ({ task }) => (task.holdsUp === 0 ? '' : String(task.holdsUp)), right: true },
          { head: 'Assignee', cell: ({ task }) => plain(task.assignee ?? '') },
          { head: 'Title', cell: ({ task }) => plain(task.title), flexible: true },
        ],
        [...overdue.map((task) => dated(task, true)), ...soon.map((task) => dated(task, false))],
      ),
    );
}

function dated(task: Dated, late: boolean): { task: Dated; late: boolean } {
  return { task, late };
}
