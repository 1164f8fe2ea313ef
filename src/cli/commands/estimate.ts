import type { Command } from 'commander';
import { Verdicts } from '../../app/planning/effort/accuracy.js';
import { Effort } from '../../app/planning/effort/effort.js';
import type { AccuracyView, EstimateView } from '../../app/planning/effort/effortInputs.js';
import { rounded } from '../../core/metrics/statistics.js';
import { counted } from '../../core/model/counted.js';
import { InvalidInputError } from '../../core/model/errors.js';
import { plain } from '../../core/model/plainText.js';
import { isClosed } from '../../core/model/workState.js';
import { type CliContext, type CommonOptions, reading, withJson, writing } from '../context.js';
import { withExamples } from '../definition.js';
import { accuracyWords } from '../measureLines.js';
import { readSelectionOrAll, selectionOrAllOptions } from '../tasks/selection.js';
import type { Output } from '../terminal/output.js';
import { rows } from '../terminal/rows.js';

interface EstimateOptions extends CommonOptions {
  readonly all?: boolean;
  readonly query?: string;
  readonly explain?: boolean;
  readonly apply?: boolean;
  readonly accuracy?: boolean;
  readonly history: boolean;
}

/** `tm estimate`: how long tasks will likely take, learnt from those that are finished. */
export function addEstimate(program: Command, context: CliContext): void {
  withExamples(
    selectionOrAllOptions(
      withJson(program.command('estimate').description('estimate how long tasks take, from finished ones like them')),
    )
      .option('--explain', 'show what it is reckoned from')
      .option('--apply', 'also set the estimated hours of the tasks; tm undo takes that back')
      .option('--no-history', 'leave finished tasks aside')
      .option('--accuracy', 'how good the estimates were so far')
      .action(async (words: string[], options: EstimateOptions) => {
        if (options.accuracy) await accuracy(context, words, options);
        else await writing(context, ({ plan, tasks }) => estimate(context, new Effort(plan, tasks), words, options));
      }),
    ['tm estimate 12 --explain', 'hours for one task, and which finished tasks say so'],
    ['tm estimate --all', 'every open task'],
    ['tm estimate tag:api --apply', 'also sets their estimated hours'],
    ['tm estimate --accuracy', 'how far off the estimates were'],
  );
}

async function accuracy({ output, ...context }: CliContext, words: string[], options: EstimateOptions): Promise<void> {
  if (words.length > 0 || options.all || options.query !== undefined || options.apply)
    throw new InvalidInputError('accuracy', '--accuracy is about all finished tasks: give it alone.');
  await reading({ output, ...context }, ({ plan }) => {
    const view = new Verdicts(plan).accuracy();
    output.data(options.json ? JSON.stringify(view) : accuracyText(view));
  });
}

function accuracyText(view: AccuracyView): string {
  return [`Error of tm estimate: ${accuracyWords(view)}`, `n=${view.n}: ${view.basis}`].join('\n');
}

async function estimate({ output }: CliContext, effort: Effort, words: string[], options: EstimateOptions) {
  const common = { use_historical_data: options.history, apply: options.apply };
  const { one, ...selection } = readSelectionOrAll(words, options);
  if (one !== undefined) {
    const view = await effort.estimate({ task: one, ...common });
    output.data(options.json ? JSON.stringify(view) : text(output, view, options));
    return;
  }
  const view = await effort.estimateMany({ ...selection, ...common });
  if (options.json) output.data(JSON.stringify(view));
  else if (options.explain) await output.page(view.estimates.map((one) => text(output, one, options)).join('\n\n'));
  else if (view.total === 0) output.message('No task is open.');
  else await output.page(table(output, view.estimates));
  if (options.apply && !options.json) output.message(`${counted(view.total, 'task')} estimated and set`);
}

function text(output: Output, view: EstimateView, { explain }: EstimateOptions): string {
  const { task, basis } = view;
  const { style } = output;
  const lines = [
    `${task.name} ${plain(task.title)}`,
    `  ${style.bold(`${view.estimatedHours} h`)}  as likely more as less: ${view.p50} h; four of five such tasks take at most ${view.p80} h`,
    style.dim(`  n=${basis.n}: ${basis.source}`),
  ];
  if (view.applied) lines.push(`  estimated hours set to ${view.estimatedHours}`);
  if (view.stored === 'not_kept' && isClosed(task.state))
    lines.push(`  ${task.state}: not kept, so that what was said before is judged`);
  if (!explain) return lines.join('\n');
  lines.push(`  one of ten takes less than ${view.low} h, and one of ten more than ${view.high} h`);
  if (view.spent) lines.push(`  spent so far: ${rounded(view.spent.hours, 2)} h (${SOURCES[view.spent.source]})`);
  if (basis.subtasks) lines.push(...basis.subtasks.map(subtaskLine));
  else {
    const score = basis.score === null ? 'not known' : `${basis.score} of 10`;
    lines.push(
      `  complexity: ${score}; expected before any experience: ${basis.prior.hours} h, which counts as ${basis.prior.weight} tasks`,
    );
    lines.push(...basis.similar.map(similarLine));
  }
  return lines.join('\n');
}

const SOURCES = { by_hand: 'set by hand', tracked: 'tracked', in_progress: 'in progress, within working hours' };

function similarLine({ name, title, hours, weight, source }: EstimateView['basis']['similar'][number]): string {
  return `    ${name} ${plain(title)}: ${rounded(hours, 2)} h (${SOURCES[source]}), ${Math.round(weight * 100)}% alike`;
}

function subtaskLine({ name, title, p50, p80, actual }: NonNullable<EstimateView['basis']['subtasks']>[number]) {
  return `    ${name} ${plain(title)}: ${actual === null ? `${p50} h, at most ${p80} h` : `took ${actual} h`}`;
}

function table(output: Output, estimates: readonly EstimateView[]): string {
  return rows(
    output,
    [
      { head: 'Task', cell: ({ task }) => task.name },
      { head: 'Id', cell: ({ task }) => task.id },
      { head: 'Hours', cell: ({ estimatedHours }) => `${estimatedHours} h`, right: true },
      { head: 'p50', cell: ({ p50 }) => `${p50} h`, right: true },
      { head: 'p80', cell: ({ p80 }) => `${p80} h`, right: true },
      { head: 'n', cell: ({ basis }) => String(basis.n), right: true },
      { head: 'Title', cell: ({ task }) => plain(task.title), flexible: true },
    ],
    estimates,
  );
}
