import { type Command, Option } from 'commander';
import type { FeedbackAverages, FeedbackMetricsView } from '../../app/feedback/feedbackInputs.js';
import { feedbackMetrics, metrics } from '../../app/metrics/metrics.js';
import type { MetricsView } from '../../app/metrics/metricsInputs.js';
import { counted } from '../../core/model/counted.js';
import { InvalidInputError } from '../../core/model/errors.js';
import { plain } from '../../core/model/plainText.js';
import { PERIODS, type Period } from '../../core/time/period.js';
import { type CliContext, type CommonOptions, reading, withJson } from '../context.js';
import { withExamples } from '../definition.js';
import { measureLines } from '../measureLines.js';
import { lengthOf, percent } from '../numbers.js';
import type { Output } from '../terminal/output.js';
import { rows } from '../terminal/rows.js';

interface MetricsOptions extends CommonOptions {
  readonly feedback?: boolean;
  readonly period?: Period;
  readonly by?: 'assignee' | 'type';
  readonly byAssignee?: boolean;
  readonly bottlenecks?: boolean;
  readonly cycleTime?: boolean;
  readonly databaseStats?: boolean;
  readonly format: 'text' | 'json';
}

/** `tm metrics`: how work goes, every number with what it is reckoned from. */
export function addMetrics(program: Command, context: CliContext): void {
  withExamples(
    withJson(program.command('metrics').description('measure how work goes: throughput, times, estimates, deadlines'))
      .option('--feedback', 'averages of the feedback on completed tasks')
      .addOption(new Option('--period <period>', 'what was completed in the last day, week, month').choices(PERIODS))
      .addOption(new Option('--by <what>', 'feedback by assignee or type').choices(['assignee', 'type']))
      .option('--by-assignee', 'throughput and times by assignee')
      .option('--bottlenecks', 'what most wait for, and what has been in progress for long')
      .option('--cycle-time', 'from start to completion, and from creation to completion')
      .option('--database-stats', 'how large the store is')
      .addOption(new Option('--format <format>', 'what to print').choices(['text', 'json']).default('text'))
      .action(async (options: MetricsOptions) =>
        reading(context, async ({ plan }) => {
          const { output } = context;
          if (options.by !== undefined && !options.feedback)
            throw new InvalidInputError('by', '--by goes with --feedback; for the others there is --by-assignee.');
          const view = options.feedback ? feedbackMetrics(plan, options) : metrics(plan, options);
          if (options.json || options.format === 'json') output.data(JSON.stringify(view));
          else if ('coverage' in view) output.data(feedbackText(output, view, options.period !== undefined));
          else await output.page(sections(output, view, options).join('\n\n'));
        }),
      ),
    ['tm metrics --period month', 'the last 30 days in numbers'],
    ['tm metrics --feedback --period week --by assignee', 'what others think of the work'],
    ['tm metrics --bottlenecks', 'what holds most up'],
  );
}

/** Only what was asked for; without that, the overview. */
function sections(output: Output, view: MetricsView, options: MetricsOptions): string[] {
  const { byAssignee, bottlenecks, cycleTime, databaseStats } = options;
  const asked = byAssignee || bottlenecks || cycleTime || databaseStats;
  const lines = measureLines(view);
  const shown = asked ? lines.filter(({ name }) => cycleTime && / time$/.test(name)) : lines;
  return [
    ...(shown.length > 0 ? [overview(output, view, shown)] : []),
    ...(byAssignee ? [assignees(output, view)] : []),
    ...(bottlenecks ? [bottleneckText(output, view)] : []),
    ...(databaseStats ? [databaseText(output, view)] : []),
  ];
}

function heading({ period, since }: MetricsView): string {
  return period === 'all' ? 'Metrics of all time' : `Metrics of the last ${period}, since ${since?.slice(0, 10)}`;
}

function overview(output: Output, view: MetricsView, lines: ReturnType<typeof measureLines>): string {
  const width = Math.max(...lines.map(({ name }) => name.length));
  return [
    output.style.bold(heading(view)),
    ...lines.flatMap(({ name, value, basis }) => [
      `  ${name.padEnd(width)}  ${value}`,
      output.style.dim(`  ${''.padEnd(width)}  (${basis})`),
    ]),
  ].join('\n');
}

function assignees(output: Output, { assignees = [] }: MetricsView): string {
  const table = rows(
    output,
    [
      { head: 'Assignee', cell: (row) => plain(row.assignee ?? '(nobody)'), flexible: true },
      { head: 'Completed', cell: (row) => String(row.throughput.completed), right: true },
      { head: 'In progress', cell: (row) => String(row.workInProgress.inProgress), right: true },
      { head: 'Overdue', cell: (row) => String(row.deadlines.overdueNow), right: true },
      { head: 'Cycle time', cell: (row) => lengthOf(row.cycleTime.medianHours), right: true },
      { head: 'n', cell: (row) => String(row.cycleTime.n), right: true },
      { head: 'Estimate error', cell: (row) => errorOf(row.estimates.medianRelativeError), right: true },
      { head: 'n', cell: (row) => String(row.estimates.n), right: true },
    ],
    assignees,
  );
  return `${output.style.bold('By assignee')}\n${assignees.length === 0 ? '  no tasks' : table}`;
}

function errorOf(error: number | null): string {
  return error === null ? 'no data' : `${Math.round(error * 100)}%`;
}

function bottleneckText(output: Output, { bottlenecks }: MetricsView): string {
  const { release = [], aging = [], thresholdHours = null, n = 0 } = bottlenecks ?? {};
  const limit =
    thresholdHours === null ? 'no task was completed to compare with' : `85 % of ${n} took ${lengthOf(thresholdHours)}`;
  return [
    output.style.bold('Bottlenecks'),
    ...release.map(
      (root) =>
        `  ${root.name} ${plain(root.title)}: ${counted(root.holdsUp, 'task waits', 'tasks wait')} for it, ${root.alone} for nothing else${root.holder === undefined ? '; nobody has it' : `; ${plain(root.holder)} has it`}`,
    ),
    ...(release.length === 0 ? ['  nothing waits for anything'] : []),
    output.style.bold(`In progress for long (${limit})`),
    ...aging.map((task) => `  ${task.name} ${plain(task.title)}: ${lengthOf(task.hours)}`),
    ...(aging.length === 0 ? ['  nothing'] : []),
  ].join('\n');
}

function databaseText(output: Output, { database }: MetricsView): string {
  if (!database) return '';
  const counts = Object.entries(database.rows).filter(([, rows]) => rows > 0);
  return [
    output.style.bold('Database'),
    `  Schema version: ${database.schemaVersion}`,
    `  Size: ${(database.bytes / 1024).toFixed(0)} KB`,
    `  Transactions: ${database.transactions}`,
    ...counts.map(([table, rows]) => `  ${table}: ${rows}`),
  ].join('\n');
}

/** The text that scripts know from seed 000's tool, and the period and the groups where they are asked for. */
function feedbackText(output: Output, view: FeedbackMetricsView, withPeriod: boolean): string {
  const average = (value: number | null) => (value === null ? 'no data' : `${value.toFixed(1)}/5`);
  const lines = [
    'Feedback metrics:',
    ...(withPeriod
      ? [`  Period: ${view.period}${view.since === null ? '' : ` (since ${view.since.slice(0, 10)})`}`]
      : []),
    `  Average quality: ${average(view.quality)}`,
    `  Average timeliness: ${average(view.timeliness)}`,
    `  Tasks with feedback: ${view.withFeedback}`,
    `  Total tasks: ${view.total}`,
    `  Feedback coverage: ${view.coverage === null ? 'no data' : `${view.coverage.toFixed(1)}%`}`,
    ...(withPeriod ? [`  Quality scores: ${view.qualityScores}, Timeliness scores: ${view.timelinessScores}`] : []),
  ];
  if (!view.groups) return lines.join('\n');
  const table = rows<FeedbackAverages & { key: string | null }>(
    output,
    [
      { head: view.by === 'type' ? 'Type' : 'Assignee', cell: (row) => plain(row.key ?? '(nobody)'), flexible: true },
      { head: 'Quality', cell: (row) => average(row.quality), right: true },
      { head: 'n', cell: (row) => String(row.qualityScores), right: true },
      { head: 'Timeliness', cell: (row) => average(row.timeliness), right: true },
      { head: 'n', cell: (row) => String(row.timelinessScores), right: true },
      { head: 'Coverage', cell: (row) => percent(row.coverage), right: true },
    ],
    view.groups,
  );
  return [...lines, '', table].join('\n');
}
