import type { Command } from 'commander';
import { Claims } from '../../app/claims/claims.js';
import { type Choice, NextTask } from '../../app/planning/nextTask/nextTask.js';
import type { NextTaskInput, NextTaskView } from '../../app/planning/nextTask/nextTaskInputs.js';
import { InvalidInputError } from '../../core/model/errors.js';
import { plain } from '../../core/model/plainText.js';
import { describeReasons } from '../../core/planning/nextTask/words.js';
import { readSummary } from '../../store/repositories/taskRows.js';
import { type CliContext, type CommonOptions, glancing, wholeNumber, withJson, writing } from '../context.js';
import { withExamples } from '../definition.js';
import { separated } from '../format.js';
import { decimal } from '../numbers.js';
import type { Session } from '../session.js';
import { printLines, printList } from '../tasks/printList.js';

interface NextOptions extends CommonOptions {
  readonly limit?: string;
  readonly workers?: string;
  readonly hours?: string;
  readonly tag?: readonly string[];
  readonly exclude?: readonly string[];
  readonly project?: string;
  readonly priority?: string;
  readonly maxComplexity?: string;
  readonly maxHours?: string;
  readonly minHours?: string;
  readonly type?: readonly string[];
  readonly language?: readonly string[];
  readonly grouping: boolean;
  readonly continuity: boolean;
  readonly explain?: boolean;
  readonly claim?: boolean;
  readonly for?: string;
}

/** `tm next`: which ready task to do now, and why. */
export function addNext(program: Command, context: CliContext): void {
  const next = withJson(program.command('next').description('show the ready task to start next, and why'))
    .option('-n, --limit <n>', 'the best so many')
    .option('--workers <n>', 'so many that can be worked on at once: no two touch the same file')
    .option('--hours <h>', 'only tasks that fit into so many hours; with --explain, a plan of them')
    .option('--tag <tag...>', 'only tasks with all of these tags')
    .option('--exclude <tag...>', 'no task with any of these tags')
    .option('--project <name>', 'only tasks of this project')
    .option('--priority <least>', 'no task of a lower priority')
    .option('--max-complexity <n>', 'no task that is known to be more complex (1 to 10); 8 if not given')
    .option('--max-hours <h>', 'no task that is known to take longer')
    .option('--min-hours <h>', 'no task that is known to take less')
    .option('--type <type...>', 'tasks of other types score lower')
    .option('--language <language...>', 'tasks in other languages score lower')
    .option('--no-grouping', 'in the plan of the hours, do not put what is alike together')
    .option('--no-continuity', 'whatever you worked on last')
    .option('--explain', 'show what the score is made of, what comes after it, and the risks')
    .option('--claim', 'claim the best one for you, in the same step')
    .option('--for <time>', 'with --claim: how long it lasts: 90s, 30m, 2h, 1d')
    .action(async (options: NextOptions) => {
      const input = inputOf(options);
      const show = (view: NextTaskView) => print(context, options, view);
      if (options.claim) {
        if (input.limit !== undefined || input.available_developers !== undefined)
          throw new InvalidInputError('claim', '--claim takes one task: leave out -n and --workers.');
        await writing(context, async (session) => show(await nextTask(session).claim(input, { for: options.for })));
        return;
      }
      if (options.for !== undefined)
        throw new InvalidInputError('for', '--for says how long a claim lasts: add --claim.');
      await glancing(context, async (session) => {
        const chooser = nextTask(session);
        if (options.json || options.explain) await show(chooser.select(input));
        else await printChoice(context, session, chooser, chooser.choose(input));
      });
    });
  withExamples(
    next,
    ['tm next', 'what to do now'],
    ['tm next --explain --hours 3', 'why, and what fits into three hours'],
    ['tm next --workers 3 --exclude ui', 'one each for three, without getting in the way of each other'],
    ['tm next --claim --json', 'for an agent: take the best one'],
  );
}

function nextTask({ plan, tasks }: Session): NextTask {
  return new NextTask(plan, tasks, new Claims(plan, tasks), process.env, OPTIONS);
}

/** The options by the parameters that they give. */
const OPTIONS = {
  project_id: '--project',
  required_tags: '--tag',
  excluded_tags: '--exclude',
  priority_threshold: '--priority',
  max_complexity: '--max-complexity',
  max_estimated_hours: '--max-hours',
  min_estimated_hours: '--min-hours',
  hours_available_today: '--hours',
} as const satisfies Partial<Record<keyof NextTaskInput, string>>;

/** What was typed, in the names of the use case; what was not is left out. */
function inputOf(options: NextOptions): NextTaskInput {
  const number = (option: string, text: string | undefined) => (text === undefined ? undefined : decimal(option, text));
  const whole = (option: string, text: string | undefined) =>
    text === undefined ? undefined : wholeNumber(option, text);
  return {
    limit: whole('limit', options.limit),
    available_developers: whole('workers', options.workers),
    hours_available_today: number('hours', options.hours),
    required_tags: separated(options.tag),
    excluded_tags: separated(options.exclude),
    project_id: options.project,
    priority_threshold: options.priority === undefined ? undefined : leastPriority(options.priority),
    max_complexity: number('max-complexity', options.maxComplexity),
    max_estimated_hours: number('max-hours', options.maxHours),
    min_estimated_hours: number('min-hours', options.minHours),
    preferred_task_types: separated(options.type),
    preferred_languages: separated(options.language),
    enable_grouping: options.grouping ? undefined : false,
    minimize_context_switching: options.continuity ? undefined : false,
  };
}

function leastPriority(text: string): string | number {
  return /^\d$/.test(text) ? Number(text) : text;
}

/** The tasks, and on a terminal the reasons. */
async function printChoice(context: CliContext, session: Session, chooser: NextTask, choice: Choice): Promise<void> {
  const { output } = context;
  const { chosen, ranking, asked } = choice;
  if (chosen.length === 0) {
    output.message(plain(chooser.noneSentence(choice)));
    return;
  }
  const ids = chosen.map(({ task }) => task.id);
  const total = ids.length;
  if (output.terminal) {
    await printList(context, session, { tasks: session.tasks.summaries(ids), total, truncated: false }, {});
  } else {
    const tasks = ids.flatMap((id) => readSummary(session.store, id) ?? []);
    await printLines(context, { tasks, total, truncated: false }, { format: 'plain' });
  }
  const { available_developers: workers } = asked;
  if (workers !== undefined && chosen.length < workers)
    output.message(
      `${chosen.length} of ${ranking.ranked.length} ready tasks can be worked on at once: the others touch the same files, or are parts of each other.`,
    );
  if (output.terminal && chosen[0]) {
    const reasons = describeReasons(chosen[0].factors, choice.nameOf);
    output.message(plain(`${choice.nameOf(chosen[0].task.id)} first: ${reasons.join(' · ')}. --explain says more.`));
  }
}

async function print({ output }: CliContext, options: NextOptions, view: NextTaskView): Promise<void> {
  if (options.json) {
    output.data(JSON.stringify(view));
    return;
  }
  if (!view.task) {
    output.message(plain(view.message));
    return;
  }
  const { claim, name } = view.task;
  if (options.claim && !options.explain) output.data(view.task.id);
  else {
    const { explanation } = await import('../planning/nextLines.js');
    await output.page(explanation(view, output.style).join('\n'));
  }
  if (options.claim && claim)
    output.message(
      `${name} is yours until ${claim.expiresAt} (lease ${claim.version}): ${plain(view.selection.reasoning.primaryReason)}`,
    );
}
