import type { Command } from 'commander';
import { Relocation, type RelocationView } from '../../app/relocation/relocation.js';
import { InvalidInputError, NotFoundError } from '../../core/model/errors.js';
import { plain } from '../../core/model/plainText.js';
import { type StoreLocation, storeAt, storeExists, storeIn } from '../../platform/storeLocation.js';
import { type CliContext, type CommonOptions, withJson, writing } from '../context.js';
import { withExamples } from '../definition.js';
import { openSession } from '../session.js';
import { readSelection, type SelectionOptions, selectionOptions } from '../tasks/selection.js';
import { confirmMany } from '../terminal/confirm.js';

interface RelocateOptions extends CommonOptions, SelectionOptions {
  readonly to: string;
  readonly withDeps?: boolean;
  readonly withSubtasks?: boolean;
  readonly force?: boolean;
}

/** `tm copy` and `tm move`: tasks to another store. */
export function addRelocateCommands(program: Command, context: CliContext): void {
  const add = (name: 'copy' | 'move', description: string) =>
    withJson(selectionOptions(program.command(name).description(description)))
      .requiredOption('--to <path>', 'the other store: a project folder, its .task-orchestrator, or a tasks.db')
      .option('--with-deps', 'also everything that they depend on')
      .option('--with-subtasks', 'also their subtasks')
      .option('--force', 'move although tasks that stay depend on them')
      .action((words: string[], options: RelocateOptions) => run(context, name, words, options));
  withExamples(
    add('copy', 'copy tasks to another store, with the dependencies among them, references and notes'),
    ['tm copy 12 13 --to ../other', 'two tasks; doing it again copies nothing twice'],
    ['tm copy tag:api --with-deps --to ../api --dry-run', 'which tasks it would be'],
  );
  withExamples(
    add('move', 'move tasks to another store; here they go to the trash'),
    ['tm move milestone:v2 --to ../v2', 'a whole milestone'],
    ['tm move 12 --with-subtasks --to ../other', 'a task with its parts'],
  );
}

async function run(
  context: CliContext,
  action: 'copy' | 'move',
  words: readonly string[],
  options: RelocateOptions,
): Promise<void> {
  const { output } = context;
  const { one: _one, ...selection } = readSelection(words, options);
  await writing(context, async (session) => {
    const target = await openSession(otherStore(options.to, context.workingFolder), context);
    const relocation = new Relocation(session, target);
    const { withDeps: withDependencies, withSubtasks, force, dryRun, yes, json } = options;
    const input = { ...selection, withDependencies, withSubtasks, force };
    const planned = await relocation[action]({ ...input, dryRun: true });
    if (!dryRun)
      confirmMany(output, planned.total, `${action === 'copy' ? 'Copy' : 'Move'} ${planned.total} tasks?`, yes);
    const result = dryRun ? planned : await relocation[action](input);
    if (!dryRun) await target.store.checkpointIfDue();
    if (json) output.data(JSON.stringify(result));
    else print(context, action, result);
  });
}

/** Throws NOT_FOUND where there is no store. */
function otherStore(path: string, workingFolder: string): StoreLocation {
  if (path.trim() === '') throw new InvalidInputError('to', '--to needs the path of the other store.');
  const named = storeAt(path, workingFolder);
  const inside = path.endsWith('.db')
    ? named
    : storeIn(storeAt(`${path}/tasks.db`, workingFolder).path.replace(/[\\/]tasks\.db$/, ''));
  const found = [inside, named].find(storeExists);
  if (found) return found;
  throw new NotFoundError(`There is no task store at ${path}. Run “tm init” in that folder first.`, { path });
}

function print({ output }: CliContext, action: 'copy' | 'move', view: RelocationView): void {
  const said = { copy: 'copied', move: 'moved' }[action];
  const { tasks, cut, missingFiles, dryRun, removed, store } = view;
  output.data(
    tasks
      .map(({ from, to, title, already }) =>
        to
          ? `Task ${from.id} ${already && !removed ? 'was there already' : said}: ${from.name} → ${to.name} ${to.id}`
          : `[${from.id}] ${plain(title)}`,
      )
      .join('\n'),
  );
  const count = removed ? tasks.length : tasks.filter((task) => !task.already).length;
  const many = count === 1 ? '1 task' : `${count} tasks`;
  output.message(`${many} ${dryRun ? `would be ${said}` : said} to ${plain(store)}`);
  if (removed) output.message('Here they are in the trash: “tm trash restore” brings one back.');
  for (const { task, dependsOn } of cut)
    output.message(
      `Left out: ${task} depends on ${dependsOn}, and only one of them ${action === 'copy' ? 'is copied' : 'moves'}.`,
    );
  if (missingFiles.length > 0) output.message(`Not in that workspace: ${missingFiles.map(plain).join(', ')}`);
}
