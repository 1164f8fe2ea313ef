import type { Command } from 'commander';
import type { BulkView } from '../../app/bulk/bulk.js';
import type { ChangeTaskInput } from '../../app/tasks/taskInputs.js';
import { criteriaWarning } from '../../core/model/criteria.js';
import { InvalidInputError, NotFoundError } from '../../core/model/errors.js';
import { intentAdvice } from '../../core/model/intent.js';
import { type CliContext, leaseOf, leaseOption, nameOf, wholeNumber, writing } from '../context.js';
import { withExamples } from '../definition.js';
import { releasedSentence } from '../format.js';
import { decimal } from '../numbers.js';
import type { Session } from '../session.js';
import { changedFields, type FieldOptions, fieldOptions, splitTags } from '../tasks/fieldOptions.js';
import { readSelection, type Selected, type SelectionOptions, selectionOptions } from '../tasks/selection.js';

interface UpdateOptions extends FieldOptions, SelectionOptions {
  readonly lease?: string;
  readonly status?: string;
  readonly reason?: string;
  readonly summary?: string;
  readonly force?: boolean;
  readonly addTag?: string[];
  readonly removeTag?: string[];
  readonly addDependency?: string[];
  readonly removeDependency?: string[];
  readonly file?: string[];
  readonly ifVersion?: string;
  readonly actualHours?: string;
}

/** Options that are no change by themselves. */
const CIRCUMSTANCES = ['json', 'lease', 'query', 'dryRun', 'yes', 'force', 'ifVersion'];

/** `tm update`: one task, several, or those that a filter admits. */
export function addUpdate(program: Command, context: CliContext): void {
  const command = leaseOption(
    fieldOptions(
      selectionOptions(
        program
          .command('update')
          .description('change tasks; an empty value clears a field')
          .usage('<task...> [options]'),
      ),
    ),
  )
    .option('--status <status>', 'pending, in_progress, blocked, completed or cancelled')
    .option('--reason <text>', 'why it is blocked or cancelled')
    .option('--summary <text>', 'what was done, with --status completed')
    .option('--force', 'although dependencies are open')
    .option('--add-tag <tag...>', 'add tags to those that it has')
    .option('--remove-tag <tag...>', 'take tags away')
    .option('--depends-on, --add-dependency <task...>', 'also wait for these')
    .option('--remove-dependency <task...>', 'no longer wait for these')
    .option('--file <path:line:end...>', 'add places in the code')
    .option('--actual-hours <n>', 'how long it took so far, whatever was tracked')
    .option('--if-version <n>', 'refuse if it was changed since this version')
    .action(async (words: string[], options: UpdateOptions) =>
      writing(context, async (session) => {
        const selected = readSelection(words, options);
        const change = changeOf(options);
        if (selected.one !== undefined && !options.dryRun)
          await changeOne(context, session, selected.one, change, options);
        else await changeMany(context, session, selected, change, options);
        if (options.context) for (const line of intentAdvice(options.context)) context.output.message(line);
        const warning = criteriaWarning(change.criteria?.length ?? 0);
        if (warning) context.output.message(warning);
      }),
    );
  withExamples(
    command,
    ['tm update 12 --priority high --due friday --add-tag urgent', 'one task'],
    ['tm update 12 --assignee ""', 'clears a field'],
    ["tm update 'tag:api status:ready' --assignee ann --dry-run", 'what a filter would change'],
    ['tm list is:overdue --format ids | tm update - -p critical', 'tasks from standard input'],
    ['tm update 12 --title "New" --if-version 3', 'refused (exit 4) if somebody was faster'],
  );
}

function changeOf(options: UpdateOptions): Omit<ChangeTaskInput, 'task'> {
  if (Object.keys(options).every((option) => CIRCUMSTANCES.includes(option))) {
    throw new InvalidInputError('options', 'Nothing to change: give --title, --status, --priority or another option.');
  }
  const { status, reason, summary, force } = options;
  if (status === undefined && (reason !== undefined || summary !== undefined || force))
    throw new InvalidInputError('status', '--reason, --summary and --force go with --status: give that too.');
  return {
    ...changedFields(options),
    ...{ status, reason: reason || undefined, summary: summary || undefined, force },
    addTags: options.addTag && splitTags(options.addTag),
    removeTags: options.removeTag && splitTags(options.removeTag),
    addDependencies: options.addDependency,
    removeDependencies: options.removeDependency,
    addFileRefs: options.file,
    actualHours: actualHours(options.actualHours),
    lease: leaseOf(options),
    ifVersion: options.ifVersion === undefined ? undefined : wholeNumber('if-version', options.ifVersion),
  };
}

/** An empty value clears them: then what was tracked counts again. */
function actualHours(text: string | undefined): number | null | undefined {
  if (text === undefined) return undefined;
  return text.trim() === '' ? null : decimal('actual-hours', text);
}

async function changeOne(
  { output }: CliContext,
  session: Session,
  name: string,
  given: Omit<ChangeTaskInput, 'task'>,
  { json }: UpdateOptions,
): Promise<void> {
  const task = resolve(session, name);
  const change = await session.tasks.change({ task, ...given });
  const sentence = releasedSentence(change.released.map(nameOf(session)));
  if (sentence) output.message(`${change.task.name} done · ${sentence}`);
  output.data(json ? JSON.stringify({ task: change.task }) : `Task ${change.task.id} updated`);
}

async function changeMany(
  context: CliContext,
  session: Session,
  selected: Selected,
  change: Omit<ChangeTaskInput, 'task'>,
  options: UpdateOptions,
): Promise<void> {
  const { Bulk } = await import('../../app/bulk/bulk.js');
  const { printPreview, requireAcceptance } = await import('../tasks/preview.js');
  const bulk = new Bulk(session.plan, session.tasks, session.references);
  const { one: _one, ...selection } = selected;
  const input = { ...change, ...selection };
  const { output } = context;
  const preview = bulk.preview(input);
  if (options.dryRun) {
    if (options.json) output.data(JSON.stringify(preview));
    else await printPreview(context, preview);
    requireAcceptance(preview);
    return;
  }
  if (output.terminal && !options.yes) await confirm(context, preview);
  const result = await bulk.change(input);
  report(context, session, result, options);
}

async function confirm(context: CliContext, preview: BulkView): Promise<void> {
  const [{ confirmMany }, { printPreview }] = await Promise.all([
    import('../terminal/confirm.js'),
    import('../tasks/preview.js'),
  ]);
  if (preview.changed > 1) await printPreview(context, preview);
  confirmMany(context.output, preview.changed, `Change ${preview.changed} tasks?`);
}

function report({ output }: CliContext, session: Session, result: BulkView, { json }: UpdateOptions): void {
  if (json) output.data(JSON.stringify(result));
  else {
    const changed = result.tasks.filter((task) => task.changes.length > 0);
    if (changed.length > 0) output.data(changed.map((task) => `Task ${task.id} updated`).join('\n'));
    output.message(`${result.changed} of ${result.total} tasks changed`);
  }
  const sentence = releasedSentence(result.released.map(nameOf(session)));
  if (sentence) output.message(sentence);
}

/** As `Tasks.resolve`, with the words that scripts look for. */
function resolve(session: Session, name: string): string {
  try {
    return session.tasks.resolve(name);
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
    throw new NotFoundError(`${error.message} Invalid task ID: ${name}`, error.details);
  }
}
