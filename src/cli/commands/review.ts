import type { Command } from 'commander';
import { changeLines } from '../../app/history/transactionText.js';
import { factsOf } from '../../app/review/facts.js';
import { Review } from '../../app/review/review.js';
import type {
  AcceptedView,
  RevertedView,
  ReviewDiffView,
  ReviewedTaskView,
  ReviewView,
} from '../../app/review/reviewInputs.js';
import { counted } from '../../core/model/counted.js';
import { InvalidInputError } from '../../core/model/errors.js';
import { plain } from '../../core/model/plainText.js';
import { toMinute } from '../../core/model/timeText.js';
import { diffLines } from '../../core/review/lineDiff.js';
import { type CliContext, type CommonOptions, reading, wholeNumber, withJson, writing } from '../context.js';
import { withExamples } from '../definition.js';
import { listed } from '../format.js';
import { factText } from '../reviewWords.js';

interface ReviewOptions extends CommonOptions {
  readonly actor?: string;
  readonly task?: string;
  readonly diff?: string;
  readonly accept?: boolean;
  readonly revert?: boolean;
  readonly all?: boolean;
  readonly upTo?: string;
  readonly dryRun?: boolean;
  readonly limit?: string;
}

/** `tm review`: what others changed since one looked; accepting it, taking it back. */
export function addReview(program: Command, context: CliContext): void {
  const { output } = context;
  withExamples(
    withJson(
      program.command('review').description('what others changed since you looked: see it, accept it, or take it back'),
    )
      .option('--actor <name>', 'only what this one did')
      .option('--task <task>', 'only what concerns this task; also one in the trash')
      .option('--diff <task>', 'the task without and with these changes, line by line')
      .option('--accept', 'agree: it is not listed again; with --actor or --task only to that')
      .option('--revert', 'take it back as one change, which “tm undo” takes back in turn')
      .option('--all', 'with --revert: what everybody did')
      .option('--up-to <transaction>', 'only what was there at that transaction, as the list says')
      .option('--dry-run', 'with --revert: only say what would be taken back')
      .option('-n, --limit <n>', 'list at most so many tasks', '200')
      .action(async (options: ReviewOptions) => {
        requireOne(options);
        if (options.accept)
          return writing(context, async ({ plan }) => sayAccepted(await accept(plan, options), options));
        if (options.revert && !options.dryRun)
          return writing(context, async ({ plan }) => sayReverted(await revert(plan, options), options));
        return reading(context, async ({ plan }) => {
          if (options.revert) sayReverted(await revert(plan, options), options);
          else if (options.diff !== undefined)
            await showDiff(new Review(plan).diff({ task: options.diff, actor: options.actor }), options);
          else
            await show(
              new Review(plan).list({ ...filterOf(options), limit: wholeNumber('limit', options.limit ?? '200') }),
              options,
            );
        });
      }),
    ['tm review', 'what others changed since you accepted'],
    ['tm review --actor bot', 'what one of them did'],
    ['tm review --diff T-4', 'a task before and after'],
    ['tm review --accept --task T-4', 'agree to the changes of one task'],
    ['tm review --revert --actor bot --dry-run', 'what taking back would change; only look'],
    ['tm review --accept --up-to 412', 'agree to what you have seen, not to what came since'],
  );

  async function show(view: ReviewView, { json }: ReviewOptions): Promise<void> {
    const { actors, head, total, truncated } = view;
    if (json) {
      output.data(JSON.stringify(view));
      return;
    }
    if (total === 0) {
      output.message('Nobody else changed anything since you looked.');
      return;
    }
    const blocks = actors.map(({ actor, tasks }) =>
      [`${plain(actor)}  ${counted(tasks.length, 'task')}`, ...tasks.map(taskLine)].join('\n'),
    );
    await output.page(blocks.join('\n\n'));
    if (truncated) output.message(`There is more than these: name an actor or a task, or raise --limit.`);
    output.message(`Up to transaction ${head}. Accept with: tm review --accept --up-to ${head}`);
  }

  async function showDiff(view: ReviewDiffView, { json }: ReviewOptions): Promise<void> {
    if (json) {
      output.data(JSON.stringify(view));
      return;
    }
    const blocks = view.diffs.map(({ actor, before, after }) => {
      const lines = diffLines(before, after).map(({ sign, text }) => `${sign} ${plain(text)}`.trimEnd());
      return [`${view.name}  changed by ${plain(actor)}`, ...lines].join('\n');
    });
    await output.page(blocks.join('\n\n'));
  }

  function sayAccepted(view: AcceptedView, { json }: ReviewOptions): void {
    if (json) {
      output.data(JSON.stringify(view));
      return;
    }
    const { accepted, upTo, truncated } = view;
    for (const { name, title, actor } of accepted) output.data(`${name}  ${plain(title)}  ${plain(actor)}`);
    if (accepted.length === 0) output.message('There was nothing to accept.');
    else
      output.message(
        `${truncated ? 'More than ' : ''}${counted(accepted.length, 'task')} accepted, up to transaction ${upTo}`,
      );
  }

  function sayReverted(view: RevertedView, { json }: ReviewOptions): void {
    if (json) {
      output.data(JSON.stringify(view));
      return;
    }
    const { reverted, conflicts, dryRun, seq } = view;
    output.data(
      reverted
        .flatMap((task) => [`${taskHead(task)}  ${plain(task.actor)}`, ...task.changes.flatMap(changeLines)])
        .join('\n'),
    );
    for (const { message } of conflicts) output.message(`Conflict: ${plain(message)}`);
    const count = counted(reverted.length, 'task');
    if (!dryRun) output.message(`${count} taken back; “tm undo ${seq}” brings the changes again`);
    else if (conflicts.length > 0) output.message(`The changes of ${count} cannot be taken back; nothing was changed`);
    else output.message(`The changes of ${count} would be taken back; nothing was changed`);
  }
}

function requireOne({ accept, revert, diff, dryRun, all, upTo, task }: ReviewOptions): void {
  const chosen = [
    ['--accept', accept],
    ['--revert', revert],
    ['--diff', diff !== undefined],
  ].flatMap(([name, is]) => (is ? [String(name)] : []));
  if (chosen.length > 1) throw new InvalidInputError('review', `Give one of ${listed(chosen)}.`);
  if ((dryRun || all) && !revert)
    throw new InvalidInputError('revert', `${dryRun ? '--dry-run' : '--all'} goes with --revert.`);
  if (upTo !== undefined && !accept && !revert)
    throw new InvalidInputError('up-to', '--up-to goes with --accept or --revert.');
  if (diff !== undefined && task !== undefined) throw new InvalidInputError('diff', '--diff names the task already.');
}

function filterOf({ actor, task }: ReviewOptions) {
  return { actor, task };
}

type Plan = ConstructorParameters<typeof Review>[0];

function accept(plan: Plan, options: ReviewOptions): Promise<AcceptedView> {
  return new Review(plan).accept({ ...filterOf(options), upTo: upToOf(options) });
}

function revert(plan: Plan, options: ReviewOptions): Promise<RevertedView> {
  const { dryRun, all } = options;
  return new Review(plan).revert({ ...filterOf(options), upTo: upToOf(options), dryRun, all });
}

function upToOf({ upTo }: ReviewOptions): number | undefined {
  return upTo === undefined ? undefined : wholeNumber('up-to', upTo.replace(/^#/, ''));
}

function taskHead({ name, title }: ReviewedTaskView): string {
  return `${name}  ${plain(title)}`;
}

/** `  T-4  Mend the login  status: pending → completed, +2 criteria  (2026-11-21 20:10)`. */
function taskLine(task: ReviewedTaskView): string {
  const again = task.again.map(({ field, by }) => `; ${field} changed again by ${plain(by)}`).join('');
  return `  ${taskHead(task)}  ${factsOf(task).map(factText).join(', ')}${again}  (${toMinute(task.at)})`;
}
