import type { Command } from 'commander';
import { Completion, CriteriaUnmetError } from '../../app/completion/completion.js';
import type { CompletionsView, CompletionView } from '../../app/completion/completionInputs.js';
import { parseValues } from '../../core/criteria/values.js';
import { InvalidInputError } from '../../core/model/errors.js';
import { plain } from '../../core/model/plainText.js';
import {
  type CliContext,
  type CommonOptions,
  leaseOf,
  leaseOption,
  nameOf,
  reading,
  withJson,
  writing,
} from '../context.js';
import { validationReport } from '../criteriaLines.js';
import { withExamples } from '../definition.js';
import { listed, releasedSentence } from '../format.js';
import { decimal, lengthOf } from '../numbers.js';
import type { Session } from '../session.js';
import { readSelection, type Selected, type SelectionOptions, selectionOptions } from '../tasks/selection.js';
import { confirmMany } from '../terminal/confirm.js';
import type { Output } from '../terminal/output.js';

interface CompleteOptions extends CommonOptions, SelectionOptions {
  readonly summary?: string[];
  readonly actualHours?: string;
  readonly validate?: boolean;
  readonly value?: string[];
  readonly force?: boolean;
  readonly impactReview?: boolean;
  readonly lease?: string;
}

/** `tm complete`: nothing on stdout, as the scripts of seed 000's users expect. */
export function addComplete(program: Command, context: CliContext): void {
  withExamples(
    selectionOptions(
      leaseOption(withJson(program.command('complete').description('complete tasks and release what waits for them'))),
    )
      .option('--summary <words...>', 'what was done, up to the next option')
      .option('--actual-hours <n>', 'how long it took; what was tracked if absent')
      .option('--validate', 'refuse while a success criterion is not met')
      .option('--value <name=value...>', 'what the expressions of criteria may name; goes with --validate')
      .option('--impact-review', 'tell those whose open tasks refer to the same files')
      .option('--force', 'although criteria are not met or dependencies are open')
      .action(async (words: string[], options: CompleteOptions) =>
        options.dryRun
          ? reading(context, (session) => list(context.output, session, readSelection(words, options)))
          : writing(context, (session) => complete(context, session, words, options)),
      ),
    ['tm complete 12 --summary Token refresh, with tests', 'done; what waited for it is ready now'],
    ['tm complete 12 --validate --value coverage=82', 'only if every success criterion is met'],
    ["tm complete 'tag:api status:in_progress' --dry-run", 'what a filter would complete'],
    ['tm list tag:api | tm complete -', 'the tasks of a list'],
  );
}

async function complete(
  { output }: CliContext,
  session: Session,
  words: string[],
  options: CompleteOptions,
): Promise<void> {
  if (options.value !== undefined && !options.validate)
    throw new InvalidInputError('value', '--value goes with --validate: give that too.');
  const { plan, tasks, references } = session;
  const completion = new Completion(plan, tasks, references);
  const { one: _one, ...selection } = readSelection(words, options);
  if (output.terminal) {
    const { length } = completion.meant(selection);
    confirmMany(output, length, `Complete ${length} tasks?`, options.yes);
  }
  try {
    const done = await completion.complete({
      ...selection,
      summary: options.summary?.join(' '),
      actualHours: options.actualHours === undefined ? undefined : decimal('actual-hours', options.actualHours),
      validate: options.validate,
      values: options.value && parseValues(options.value),
      force: options.force,
      impactReview: options.impactReview,
      lease: leaseOf(options),
    });
    const [first, ...more] = done.completed;
    if (options.json)
      output.data(JSON.stringify(first && more.length === 0 ? { ...first, released: done.released } : done));
    else report(output, session, done);
  } catch (error) {
    if (error instanceof CriteriaUnmetError) output.message(validationReport(error.validation, output.style));
    throw error;
  }
}

function report(output: Output, session: Session, { completed, released }: CompletionsView): void {
  for (const one of completed) reportOne(output, one);
  const sentence = releasedSentence(released.map(nameOf(session)));
  if (sentence) output.message(`${listed(completed.map(({ task }) => task.name))} done · ${sentence}`);
}

function reportOne(output: Output, { task, already, validation, review, stopped }: CompletionView): void {
  if (validation) {
    output.message(validationReport(validation, output.style));
    if (!validation.met) output.message('Warning: Not all success criteria met');
  }
  output.message(`Task ${task.id} completed${already ? ' already' : ''} (${task.name})`);
  for (const { agent, hours } of stopped) output.message(`Clock of ${plain(agent)} stopped after ${lengthOf(hours)}`);
  if (!review) return;
  output.message('\n=== Impact Review ===');
  if (review.files.length === 0) output.message('This task referenced no files.');
  else {
    output.message('This task referenced files. Other tasks may be affected.');
    for (const { id, name, title, paths } of review.affected)
      output.message(`  [${id}] ${name} ${plain(title)}: ${paths.map(plain).join(', ')}`);
    output.message(
      review.affected.length === 0
        ? 'No open task references the same files.'
        : 'Consider reviewing tasks that reference the same files.',
    );
  }
}

function list(output: Output, { plan, tasks, references }: Session, selection: Selected): void {
  const ids = new Completion(plan, tasks, references).meant(selection);
  output.data(
    ids
      .map((id) => tasks.get(id))
      .map(({ id, title, status }) => `[${id}] ${plain(title)} - ${status}`)
      .join('\n'),
  );
  output.message(`${ids.length} to be completed; nothing was changed.`);
}
