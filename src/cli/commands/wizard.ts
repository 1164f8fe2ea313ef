import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { quickTasks } from '../../app/quick/quickTasks.js';
import type { CreateTaskInput } from '../../app/tasks/taskInputs.js';
import { InvalidInputError } from '../../core/model/errors.js';
import { QUICK_SYNTAX } from '../../core/quick/quickLine.js';
import { type CliContext, type CommonOptions, withJson, writing } from '../context.js';
import { withExamples } from '../definition.js';
import type { Session } from '../session.js';

interface WizardOptions extends CommonOptions {
  readonly quick?: boolean;
  readonly batch?: boolean;
}

/** `tm wizard`: creating tasks by questions, or by lines. */
export function addWizard(program: Command, context: CliContext): void {
  withExamples(
    withJson(program.command('wizard').description('create tasks by questions, or one a line'))
      .argument('[line...]', `with --quick: ${QUICK_SYNTAX}`)
      .option('--quick', 'one task from one line')
      .option('--batch', 'many, one a line: typed, or from standard input')
      .action(async (words: string[], options: WizardOptions) =>
        writing(context, async (session) => {
          if (options.quick && options.batch)
            throw new InvalidInputError('options', '--quick and --batch are two ways: give one.');
          if (words.length > 0 && !options.quick)
            throw new InvalidInputError('line', 'A line on the command line goes with --quick.');
          if (words.length > 0)
            await createAll(context, session, quickTasks(words.join(' '), session.plan.now()), options);
          else if (isInteractive(context) && !options.json) {
            const { runWizard } = await import('../wizard/wizard.js');
            await runWizard(context, session, options.quick ? 'quick' : options.batch ? 'batch' : 'menu');
          } else await createAll(context, session, readInput(session, options), options);
        }),
      ),
    ['tm wizard', 'ask what is to be created'],
    ['tm wizard --quick "Fix login #auth @ann !high ^friday [Only on Safari]"', 'one line, one task'],
    ['tm wizard --batch < tasks.txt', 'a task from each line: all of them or none'],
  );
}

function readInput({ plan }: Session, { quick }: WizardOptions): CreateTaskInput[] {
  const tasks = quickTasks(standardInput(), plan.now());
  if (quick && tasks.length > 1)
    throw new InvalidInputError('lines', `There are ${tasks.length} lines; --quick takes one. Use --batch for more.`);
  return tasks;
}

/** All of them or none, as one change. */
async function createAll(
  { output }: CliContext,
  { tasks }: Session,
  inputs: readonly CreateTaskInput[],
  { json }: WizardOptions,
): Promise<void> {
  const created = await tasks.createAll(inputs);
  if (json) output.data(JSON.stringify({ tasks: created, total: created.length, truncated: false }));
  else output.data(created.map((task) => `✓ Task created: ${task.id}`).join('\n'));
}

function isInteractive({ output }: CliContext): boolean {
  return output.terminal && process.stdin.isTTY === true;
}

function standardInput(): string {
  try {
    return readFileSync(0, 'utf8');
  } catch {
    // Closed, or a terminal without one behind it.
    return '';
  }
}
