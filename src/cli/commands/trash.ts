import type { Command } from 'commander';
import { Trash, type TrashedTaskView } from '../../app/trash/trash.js';
import { plain } from '../../core/model/plainText.js';
import { type CliContext, type CommonOptions, reading, withJson, writing } from '../context.js';
import { addExamples } from '../definition.js';
import type { Session } from '../session.js';

interface PurgeOptions extends CommonOptions {
  readonly all?: boolean;
}

/** `tm trash`: deleted tasks, putting them back, and removing them for good. */
export function addTrashCommands(program: Command, context: CliContext): void {
  const { output } = context;
  const trashOf = ({ plan, tasks }: Session) => new Trash(plan, tasks);
  const line = ({ id, title, deletedAt, deletedBy }: TrashedTaskView) =>
    `[${id}] ${plain(title)} - deleted ${deletedAt} by ${plain(deletedBy)}`;
  const trash = program.command('trash').description('deleted tasks');
  withJson(trash.command('list', { isDefault: true }).description('list them, the last deleted first')).action(
    async ({ json }: CommonOptions) =>
      reading(context, (session) => {
        const tasks = trashOf(session).list();
        if (json) output.data(JSON.stringify({ tasks, total: tasks.length, truncated: false }));
        else if (tasks.length === 0) output.message('The trash is empty');
        else output.data(tasks.map(line).join('\n'));
      }),
  );
  withJson(trash.command('restore').description('put a task back with its dependencies and references'))
    .argument('<task>')
    .action(async (name: string, { json }: CommonOptions) =>
      writing(context, async (session) => {
        const task = await trashOf(session).restore(name);
        output.data(json ? JSON.stringify({ task }) : `Task ${task.id} restored`);
      }),
    );
  withJson(trash.command('purge').description('remove tasks from the trash for good'))
    .argument('[task...]')
    .option('--all', 'everything in the trash')
    .action(async (tasks: string[], { all, json }: PurgeOptions) =>
      writing(context, async (session) => {
        const purged = await trashOf(session).purge({ tasks, all });
        if (json) output.data(JSON.stringify({ tasks: purged, total: purged.length, truncated: false }));
        else output.message(purged.length === 1 ? `${purged[0]?.name} purged` : `${purged.length} tasks purged`);
      }),
    );
  addExamples(program, 'trash list', ['tm trash', 'what was deleted']);
  addExamples(program, 'trash restore', ['tm trash restore T-12', 'with its dependencies and references']);
  addExamples(program, 'trash purge', ['tm trash purge --all', 'for good']);
}
