import type { Command } from 'commander';
import { plain } from '../../core/model/plainText.js';
import { type CliContext, type CommonOptions, withJson, writing } from '../context.js';
import { withExamples } from '../definition.js';
import type { Session } from '../session.js';
import { readSelection, type Selected, type SelectionOptions, selectionOptions } from '../tasks/selection.js';

interface DeleteOptions extends CommonOptions, SelectionOptions {
  readonly force?: boolean;
}

/** `tm delete`: to the trash. */
export function addDelete(program: Command, context: CliContext): void {
  const command = withJson(
    selectionOptions(
      program.command('delete').description('move tasks, their dependencies, references and notes to the trash'),
    ),
  )
    .option('--force', 'although other tasks depend on them')
    .action(async (words: string[], options: DeleteOptions) =>
      writing(context, async (session) => {
        const selected = readSelection(words, options);
        if (selected.one === undefined || options.dryRun) await deleteMany(context, session, selected, options);
        else {
          const task = await session.tasks.delete(selected.one, { force: options.force });
          context.output.data(options.json ? JSON.stringify({ task }) : `Task ${task.id} deleted`);
        }
      }),
    );
  withExamples(
    command,
    ['tm delete 12', 'one task; tm trash restore 12 brings it back'],
    ["tm delete 'status:cancelled tag:old' --dry-run", 'what a filter would delete'],
  );
}

async function deleteMany(
  { output }: CliContext,
  session: Session,
  { one: _one, ...selection }: Selected,
  { force, dryRun, yes, json }: DeleteOptions,
): Promise<void> {
  const [{ Bulk }, { selectedTasks }, { confirmMany }] = await Promise.all([
    import('../../app/bulk/bulk.js'),
    import('../../app/bulk/selection.js'),
    import('../terminal/confirm.js'),
  ]);
  const meant = selectedTasks(session.plan, session.tasks, selection).map((id) => session.tasks.get(id));
  if (dryRun) {
    if (json) output.data(JSON.stringify({ tasks: meant, total: meant.length, truncated: false, dryRun: true }));
    else output.data(meant.map((task) => `[${task.id}] ${plain(task.title)}`).join('\n'));
    output.message(`${meant.length} tasks would be deleted`);
    return;
  }
  confirmMany(output, meant.length, `Delete ${meant.length} tasks?`, yes);
  const tasks = await new Bulk(session.plan, session.tasks, session.references).delete({ ...selection, force });
  if (json) output.data(JSON.stringify({ tasks, total: tasks.length, truncated: false }));
  else output.data(tasks.map((task) => `Task ${task.id} deleted`).join('\n'));
}
