import type { Command } from 'commander';
import { Archive, type ArchiveView } from '../../app/archive/archive.js';
import { plain } from '../../core/model/plainText.js';
import { type CliContext, type CommonOptions, withJson, writing } from '../context.js';
import { withExamples } from '../definition.js';
import type { Session } from '../session.js';
import { readSelection, type Selected, type SelectionOptions, selectionOptions } from '../tasks/selection.js';
import { confirmMany } from '../terminal/confirm.js';

interface ArchiveOptions extends CommonOptions, SelectionOptions {
  readonly olderThan?: string;
  readonly force?: boolean;
}

/** How old a closed task is that `tm cleanup` puts away. */
const CLEANUP_AGE = '30d';

/** `tm archive`, `tm unarchive` and `tm cleanup`. */
export function addArchiveCommands(program: Command, context: CliContext): void {
  const archive = withJson(
    selectionOptions(
      program
        .command('archive')
        .description('put closed tasks away: out of lists, still there for what depends on them'),
    ),
  )
    .option('--older-than <time>', 'all that were closed longer ago: 30d, 2w, 6mo')
    .option('--force', 'also tasks that are still open')
    .action((words: string[], options: ArchiveOptions) => run(context, 'archive', words, options));
  withExamples(
    archive,
    ['tm archive 12 13', 'two tasks'],
    ['tm archive --older-than 30d --dry-run', 'what was closed more than 30 days ago'],
    ["tm archive 'milestone:v1 -status:open'", 'with a filter'],
  );
  const unarchive = withJson(
    selectionOptions(program.command('unarchive').description('bring archived tasks back to the lists')),
  ).action((words: string[], options: ArchiveOptions) => run(context, 'unarchive', words, options));
  withExamples(unarchive, ['tm unarchive 12', 'one task'], ['tm list --archived', 'what there is to bring back']);
  const cleanup = withJson(
    program.command('cleanup').description(`archive what was closed more than ${CLEANUP_AGE} ago`),
  )
    .option('--older-than <time>', 'another age', CLEANUP_AGE)
    .option('--dry-run', 'only show which tasks it would be')
    .option('-y, --yes', 'do not ask, however many tasks it is about')
    .action((options: ArchiveOptions) => run(context, 'archive', [], options));
  withExamples(
    cleanup,
    ['tm cleanup --dry-run', 'what would be put away'],
    ['tm cleanup --older-than 1y', 'only the old'],
  );
}

async function run(
  context: CliContext,
  action: 'archive' | 'unarchive',
  words: readonly string[],
  options: ArchiveOptions,
): Promise<void> {
  const { dryRun = false, force, json, olderThan, yes } = options;
  await writing(context, async (session) => {
    const input = { ...selectionOf(words, options), olderThan, force };
    const view = await planned(context, session, action, input, yes || dryRun);
    const result = dryRun ? view : await new Archive(session.plan, session.tasks)[action](input);
    print(context, result, action, json);
  });
}

function selectionOf(words: readonly string[], options: ArchiveOptions): Omit<Selected, 'one'> {
  if (options.olderThan !== undefined && words.length === 0 && options.query === undefined) return {};
  const { one: _one, ...selection } = readSelection(words, options);
  return selection;
}

/** Which tasks it would be; a person is asked first where these are many. */
async function planned(
  { output }: CliContext,
  { plan, tasks }: Session,
  action: 'archive' | 'unarchive',
  input: Parameters<Archive['archive']>[0],
  yes: boolean,
): Promise<ArchiveView> {
  const view = await new Archive(plan, tasks)[action]({ ...input, dryRun: true });
  confirmMany(output, view.total, `${action === 'archive' ? 'Archive' : 'Bring back'} ${view.total} tasks?`, yes);
  return view;
}

function print({ output }: CliContext, { tasks, total, dryRun }: ArchiveView, action: string, json?: boolean): void {
  if (json) output.data(JSON.stringify({ tasks, total, dryRun }));
  else if (dryRun) {
    if (total > 0) output.data(tasks.map((task) => `[${task.id}] ${plain(task.title)}`).join('\n'));
    output.message(`${total} ${total === 1 ? 'task' : 'tasks'} would be ${action}d`);
  } else {
    if (total > 0) output.data(tasks.map((task) => `Task ${task.id} ${action}d`).join('\n'));
    if (total !== 1) output.message(`${total} tasks ${action}d`);
  }
}
