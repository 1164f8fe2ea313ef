import type { Command } from 'commander';
import { Forecast } from '../../app/planning/forecast/forecast.js';
import type { ForecastView } from '../../app/planning/forecast/forecastInputs.js';
import { counted } from '../../core/model/counted.js';
import { InvalidInputError } from '../../core/model/errors.js';
import { plain } from '../../core/model/plainText.js';
import { WorkCalendar } from '../../core/time/workCalendar.js';
import { type CliContext, type CommonOptions, reading, wholeNumber, withJson } from '../context.js';
import { withExamples } from '../definition.js';
import { dueText } from '../numbers.js';
import { readSelection } from '../tasks/selection.js';
import type { Output } from '../terminal/output.js';
import { startProgress } from '../terminal/progress.js';
import { rows } from '../terminal/rows.js';

interface ForecastOptions extends CommonOptions {
  readonly milestone?: string;
  readonly query?: string;
  readonly workers?: string;
  readonly runs?: string;
  readonly seed?: string;
  readonly verbose?: boolean;
}

/** So many tasks are listed without --verbose. */
const SHOWN = 20;
const BAR = 40;

/** `tm forecast`: when work is likely to be done. */
export function addForecast(program: Command, context: CliContext): void {
  const number = (option: string, text: string | undefined) =>
    text === undefined ? undefined : wholeNumber(option, text);
  withExamples(
    withJson(program.command('forecast').description('tell when the plan, a milestone or a task is likely done'))
      .argument('[task...]', 'a task by id, start of an id, 12, #12 or T-12, with all that it waits for; or a filter')
      .option('--milestone <name>', 'all tasks of a milestone')
      .option('--query <filter>', 'all tasks that this filter admits')
      .option('--workers <n>', 'so many tasks are worked on at once (default: 1)')
      .option('--runs <n>', 'how often the work is played through (default: 1000)')
      .option('--seed <n>', 'the same number gives the same forecast (default: 1)')
      .option('--verbose', 'list every task, however many')
      .action(async (words: string[], options: ForecastOptions) =>
        reading(context, async ({ plan, tasks }) => {
          const { output } = context;
          const progress = startProgress('Forecasting');
          const { milestone, workers, runs, seed } = options;
          const given = {
            ...targetOf(words, options),
            milestone,
            workers: number('workers', workers),
            runs: number('runs', runs),
            seed: number('seed', seed),
          };
          const view = await new Forecast(plan, tasks)
            .forecast(given, { onProgress: (done, total) => progress.step(done, total) })
            .finally(() => progress.end());
          if (options.json) output.data(JSON.stringify(view));
          else await output.page(text(output, view, options.verbose ?? false));
        }),
      ),
    ['tm forecast --workers 3', 'when three at once are through with the plan'],
    ['tm forecast --milestone beta', 'when a milestone is likely reached'],
    ['tm forecast 12', 'when a task is likely done, with what it waits for'],
    ['tm forecast --query tag:api --runs 10000 --json', 'more runs, as one JSON object'],
  );
}

/** What the forecast is about, if not the whole plan or a milestone. */
function targetOf(
  words: readonly string[],
  options: ForecastOptions,
): { readonly task?: string; readonly query?: string } {
  if (words.length === 0) return options.query === undefined ? {} : { query: options.query };
  const { one, query } = readSelection(words, options);
  if (query !== undefined) return { query };
  if (one !== undefined) return { task: one };
  throw new InvalidInputError('task', 'Give one task, or a filter that admits several, such as id:12,13.');
}

function text(output: Output, view: ForecastView, verbose: boolean): string {
  const { bold, dim } = output.style;
  const calendar = new WorkCalendar(view.basis.working_hours);
  const date = (iso: string | null) => (iso === null ? 'in a century' : calendar.text(Date.parse(iso)));
  const { basis } = view;
  const { days, hours, time_zone } = basis.working_hours;
  return [
    bold(heading(view)),
    `${counted(view.tasks, 'open task')}, ${counted(basis.workers, 'worker')}, ${counted(basis.runs, 'run')}${basis.runs < basis.askedRuns ? ` (of ${basis.askedRuns}: more would take too much memory)` : ''}, seed ${basis.seed}`,
    ...quantileLines(view, date),
    ...limits(view),
    ...(view.histogram.length > 1 ? ['', bold('How the runs ended, in hours of work'), ...bars(view)] : []),
    ...(view.bottlenecks.length > 0 ? ['', bold('What it hangs on'), bottlenecks(output, view)] : []),
    ...(view.entries.length > 0 ? ['', bold('When each task is likely done'), tasks(output, view, date, verbose)] : []),
    ...leftOut(view),
    '',
    ...[
      ...basis.sources.map(({ tasks, says }) => `Hours of ${counted(tasks, 'task')}: ${says}`),
      `Working hours: ${days} ${hours} (${time_zone})`,
      basis.says,
    ].map(dim),
  ].join('\n');
}

function heading({ target, hours, held }: ForecastView): string {
  const what = {
    plan: 'the plan',
    milestone: `milestone ${plain(target.name ?? '')}`,
    query: `what fits ${plain(target.name ?? '')}`,
    task: target.name ?? '',
  }[target.kind];
  if (hours) return `Forecast of ${what}`;
  return held.length > 0 ? `No forecast of ${what}: somebody has to decide first` : `Nothing of ${what} is open`;
}

function quantileLines({ hours, dates, work }: ForecastView, date: (iso: string | null) => string): string[] {
  if (!hours || !dates) return [];
  const line = (says: string, at: 'p50' | 'p80' | 'p95') =>
    `  ${says}  ${date(dates[at])}  ${tenth(hours[at])} h of working time from now`;
  return [
    line('half of the runs', 'p50'),
    line('80 %            ', 'p80'),
    line('95 %            ', 'p95'),
    `  work in it: ${tenth(work ?? 0)} h`,
  ];
}

/** Whether more workers would help. */
function limits({ criticalPath, hours }: ForecastView): string[] {
  if (!criticalPath || !hours) return [];
  const share = Math.round(criticalPath.share * 100);
  const help = share >= 95 ? 'more workers would hardly help' : 'the rest of the time work waits for a worker';
  return [`  longest chain of dependencies: ${tenth(criticalPath.hours)} h, ${share}% of the time; ${help}`];
}

function bars({ histogram }: ForecastView): string[] {
  const most = Math.max(...histogram.map(({ runs }) => runs));
  const width = Math.max(...histogram.map(({ to }) => tenth(to).length));
  return histogram.map(({ from, to, runs }) => {
    const bar = '█'.repeat(Math.round((BAR * runs) / most));
    return `  ${tenth(from).padStart(width)} – ${tenth(to).padStart(width)}  ${bar} ${runs}`;
  });
}

function bottlenecks(output: Output, view: ForecastView): string {
  return rows(
    output,
    [
      { head: 'Task', cell: (task) => task.name },
      { head: 'On the longest chain', cell: ({ criticality }) => percent(criticality), right: true },
      { head: 'Adds', cell: ({ hours }) => `${tenth(hours)} h`, right: true },
      { head: 'State', cell: (task) => task.state.replace('_', ' ') },
      { head: 'Title', cell: (task) => plain(task.title), flexible: true },
    ],
    view.bottlenecks,
  );
}

function tasks(output: Output, view: ForecastView, date: (iso: string | null) => string, all: boolean): string {
  const shown = all ? view.entries : view.entries.slice(0, SHOWN);
  const table = rows(
    output,
    [
      { head: 'Task', cell: (task) => task.name },
      { head: 'p50', cell: ({ dates }) => date(dates.p50) },
      { head: 'p80', cell: ({ dates }) => date(dates.p80) },
      { head: 'Due', cell: ({ due }) => (due === undefined ? '' : dueText(due)) },
      { head: 'In time', cell: ({ onTime }) => (onTime == null ? '' : percent(onTime)), right: true },
      { head: 'Chain', cell: ({ criticality }) => percent(criticality), right: true },
      { head: 'Title', cell: (task) => plain(task.title), flexible: true },
    ],
    shown,
  );
  const more = view.entries.length - shown.length;
  return more > 0 ? `${table}\n… and ${more} more; --verbose lists all` : table;
}

const WHY = {
  needs_decision: 'a dependency was cancelled',
  waits_for_decision: 'waits for one that needs a decision',
  cycle: 'in a cycle of dependencies, or behind one',
};

function leftOut({ held, blocked }: ForecastView): string[] {
  return [
    ...(held.length > 0
      ? [
          '',
          'Left out, as nobody can tell when:',
          ...held.slice(0, SHOWN).map(({ name, title, why }) => `  ${name} ${plain(title)}: ${WHY[why]}`),
        ]
      : []),
    ...(held.length > SHOWN ? [`  … and ${held.length - SHOWN} more`] : []),
    ...(blocked.length > 0
      ? ['', `Blocked by somebody, counted as if released now: ${blocked.map(({ name }) => name).join(', ')}`]
      : []),
  ];
}

function percent(share: number): string {
  return `${Math.round(share * 100)}%`;
}

function tenth(hours: number): string {
  return hours.toFixed(1);
}
