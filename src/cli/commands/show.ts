import { type Command, Option } from 'commander';
import { commitsOf } from '../../app/commits/commitsOf.js';
import { type CliContext, type CommonOptions, glancing, nameOf, withJson } from '../context.js';
import { withExamples } from '../definition.js';
import { showLines } from '../tasks/showLines.js';

interface ShowOptions extends CommonOptions {
  readonly format?: string;
}

/** `tm show`: everything about a task. */
export function addShow(program: Command, context: CliContext): void {
  const { output } = context;
  const command = withJson(program.command('show').description('show a task'))
    .argument('<task>', 'id, start of an id, 12, #12 or T-12')
    .addOption(new Option('--format <format>', 'as lines of text or as JSON').choices(['text', 'json']))
    .action(async (name: string, options: ShowOptions) =>
      glancing(context, async (session) => {
        const task = session.tasks.get(name);
        const commits = commitsOf(session.plan, task.id);
        if (options.json || options.format === 'json') {
          // Beside the task, what scripts for seed 000's tool look for in this answer.
          const { criteria, completionSummary } = task;
          const known = { success_criteria: criteria, completion_summary: completionSummary ?? null };
          output.data(JSON.stringify({ task, ...known, commits }));
        } else if (output.terminal && options.format === undefined) {
          const { taskCard } = await import('../tasks/taskCard.js');
          await output.page(taskCard({ ...task, commits }, nameOf(session), { ...output, now: session.plan.now() }));
        } else output.data(showLines({ ...task, commits }, nameOf(session)));
      }),
    );
  withExamples(
    command,
    ['tm show 12', 'a card on a terminal, key: value lines elsewhere'],
    ["tm show T-12 | grep '^status:' | cut -d' ' -f2", 'one field in a script'],
    ['tm show 1a2b3c4d --json', 'everything as JSON'],
  );
}
