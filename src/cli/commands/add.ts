import type { Command } from 'commander';
import type { TaskView } from '../../app/tasks/taskView.js';
import { criteriaWarning } from '../../core/model/criteria.js';
import { InvalidInputError } from '../../core/model/errors.js';
import { INTENT_ADVICE, intentAdvice } from '../../core/model/intent.js';
import { type CliContext, writing } from '../context.js';
import { withExamples } from '../definition.js';
import { readLines } from '../standardInput.js';
import { type FieldOptions, fieldOptions, fields } from '../tasks/fieldOptions.js';

interface AddOptions extends FieldOptions {
  readonly dependsOn?: string[];
  readonly file?: string[];
}

/** `tm add`: one task, or one a line of standard input. */
export function addAdd(program: Command, context: CliContext): void {
  const command = fieldOptions(
    program
      .command('add')
      .description('create a task and print its id')
      .argument('[title]', 'what is to be done; - makes a task of each line of standard input'),
  )
    .option('--depends-on <task...>', 'tasks that must be completed first')
    .option('--file <path:line:end...>', 'places in the code')
    .action(async (title: string | undefined, options: AddOptions) =>
      writing(context, async ({ tasks }) => {
        const titles = titlesOf(title, options);
        const common = { ...fields(options), dependsOn: options.dependsOn, fileRefs: options.file };
        const created = await tasks.createAll(titles.map((title) => ({ ...common, title })));
        report(context, created, options);
        for (const line of advice(options, created[0])) context.output.message(line);
      }),
    );
  withExamples(
    command,
    ['tm add "Write the API" -p high --tag api', 'one task'],
    ['ID=$(tm add "Test it" --depends-on 12 --file src/api.ts:10:40)', 'keeps the id in a script'],
    ['tm add "Ship" --due friday --criterion "tests pass :: failures == 0"', 'with a date and a criterion'],
    ['tm add - --tag sprint-4 < titles.txt', 'a task for each line'],
  );
}

function titlesOf(argument: string | undefined, { title: option, description }: AddOptions): string[] {
  if (argument !== undefined && option !== undefined)
    throw new InvalidInputError('title', 'Give the title once: as the first word, or with --title.');
  const title = argument ?? option;
  if (title === undefined)
    throw new InvalidInputError('title', 'A title is missing. Usage: tm add <title> [-d description] [-p priority] …');
  if (title !== '-') return [title];
  if (description === '-')
    throw new InvalidInputError(
      'description',
      'Standard input can be read once: for the titles or for the description.',
    );
  return readLines();
}

function report({ output }: CliContext, created: readonly TaskView[], { json }: AddOptions): void {
  const [only] = created;
  if (json && created.length === 1) output.data(JSON.stringify({ task: only }));
  else if (json) output.data(JSON.stringify({ tasks: created, total: created.length, truncated: false }));
  else if (output.terminal) for (const { id, name } of created) output.data(`Task created with ID: ${id} (${name})`);
  else {
    output.data(created.map((task) => task.id).join('\n'));
    // Without an id: scripts of old read both streams and take the first id that they find.
    output.message(created.length === 1 ? 'Task created' : `${created.length} tasks created`);
  }
}

/** What the one who wrote the task could do better. */
function advice({ assignee, context }: AddOptions, task: TaskView | undefined): readonly string[] {
  const criteria = criteriaWarning(task?.criteria.length ?? 0);
  const intent = context !== undefined ? intentAdvice(context) : assignee !== undefined ? INTENT_ADVICE : [];
  return [...(criteria ? [criteria] : []), ...intent];
}
