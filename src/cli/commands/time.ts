import { type Command, Option } from 'commander';
import { Time } from '../../app/time/time.js';
import type { ActualHours, TaskTimeView, TimeEntryView, TimeReportView } from '../../app/time/timeInputs.js';
import { timeReport } from '../../app/time/timeReport.js';
import { counted } from '../../core/model/counted.js';
import { InvalidInputError } from '../../core/model/errors.js';
import { plain } from '../../core/model/plainText.js';
import { toMinute } from '../../core/model/timeText.js';
import { formatHours } from '../../core/time/hours.js';
import { PERIODS, type Period } from '../../core/time/period.js';
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
import { withExamples } from '../definition.js';
import type { Session } from '../session.js';
import type { Output } from '../terminal/output.js';
import { rows } from '../terminal/rows.js';

interface StartOptions extends CommonOptions {
  readonly force?: boolean;
  readonly lease?: string;
}

interface StopOptions extends CommonOptions {
  readonly note?: string[];
}

interface TimeOptions extends CommonOptions {
  readonly report?: boolean;
  readonly period?: Period;
  readonly by?: TimeReportView['by'];
}

interface AddOptions extends CommonOptions {
  readonly at?: string;
  readonly note?: string[];
}

/** `tm start`, `tm stop` and `tm time`. */
export function addTimeCommands(program: Command, context: CliContext): void {
  addStart(program, context);
  addStop(program, context);
  addTime(program, context);
}

const TASK = 'id, start of an id, 12, #12 or T-12';

function addStart(program: Command, context: CliContext): void {
  withExamples(
    leaseOption(withJson(program.command('start').description('start a task, and the clock on it')))
      .argument('<task>', TASK)
      .option('--force', 'although dependencies are open')
      .action(async (task: string, options: StartOptions) =>
        writing(context, async (session) => {
          const { output } = context;
          const started = await timeOf(session).start({ task, force: options.force, lease: leaseOf(options) });
          const { id, name } = started.task;
          for (const entry of started.stopped)
            output.message(`Clock on ${nameOf(session)(entry.task)} stopped after ${formatHours(entry.hours)}`);
          if (options.json) output.data(JSON.stringify(started));
          else if (started.resumed)
            output.message(`Task ${id} started already (${name}); its clock runs since ${started.entry.startedAt}`);
          else output.message(`Task ${id} started (${name})`);
        }),
      ),
    ['tm start 12', 'in progress, and your clock runs on it'],
    ['tm stop', 'your clock stops; the task stays in progress'],
  );
}

function addStop(program: Command, context: CliContext): void {
  withExamples(
    withJson(program.command('stop').description('stop the clock; the task stays in progress'))
      .argument('[task]', `${TASK}; whatever you are timing if absent`)
      .option('--note <words...>', 'what was done')
      .action(async (task: string | undefined, options: StopOptions) =>
        writing(context, async (session) => {
          const { output } = context;
          const view = await timeOf(session).stop({ task, note: options.note?.join(' ') });
          if (options.json) output.data(JSON.stringify(view));
          else
            for (const { name, hours, actual } of view.stopped)
              output.message(`Clock on ${name} stopped after ${formatHours(hours)} · ${against(actual)}`);
        }),
      ),
    ['tm stop --note Parser works, printer does not', 'stop, and say how far you came'],
  );
}

function addTime(program: Command, context: CliContext): void {
  const time = withExamples(
    withJson(program.command('time').description('show time spent on a task, or report on everybody'))
      .argument('[task]', TASK)
      .option('--report', 'hours of all tasks')
      .addOption(new Option('--period <period>', 'of the report').choices(PERIODS))
      .addOption(new Option('--by <what>', 'add up by').choices(['task', 'agent', 'day']))
      .action(async (task: string | undefined, options: TimeOptions) =>
        reading(context, async (session) => {
          const { output } = context;
          if ((task === undefined) !== (options.report === true))
            throw new InvalidInputError('task', 'Name a task, or give --report for all of them.');
          if (task !== undefined && (options.period !== undefined || options.by !== undefined))
            throw new InvalidInputError('report', '--period and --by go with --report.');
          const view = task === undefined ? timeReport(session.plan, options) : timeOf(session).of(task);
          if (options.json) output.data(JSON.stringify(view));
          else if ('rows' in view) await output.page(reportText(output, view));
          else printTask(output, view);
        }),
      ),
    ['tm time 12', 'its entries, and actual against estimated hours'],
    ['tm time add 12 1h30m --at "2026-12-01 09:00" --note Review', 'time that nobody timed'],
    ['tm time --report --period week --by agent', 'who spent how long'],
  );
  withJson(time.command('add').description('add time that nobody timed'))
    .argument('<task>')
    .argument('<length>', '1h30m, 90m, 1.5h or 2:15')
    .option('--at <time>', 'when it began; it ended now if absent')
    .option('--note <words...>', 'what was done')
    .action(async (task: string, spent: string, _: unknown, command: Command) =>
      writing(context, async (session) => {
        const options = command.optsWithGlobals<AddOptions>();
        const view = await timeOf(session).add({ task, spent, at: options.at, note: options.note?.join(' ') });
        said(context.output, view, options, 'added');
      }),
    );
  withJson(time.command('remove').description('remove an entry that is wrong'))
    .argument('<entry>', 'its id, which “tm time TASK” shows')
    .action(async (entry: string, _: unknown, command: Command) =>
      writing(context, async (session) =>
        said(context.output, await timeOf(session).remove(entry), command.optsWithGlobals(), 'removed'),
      ),
    );
}

function timeOf({ plan, tasks, references }: Session): Time {
  return new Time(plan, tasks, references);
}

function said(output: Output, view: TaskTimeView, { json }: CommonOptions, what: string): void {
  if (json) output.data(JSON.stringify(view));
  else output.message(`Time ${what} · ${view.task.name}: ${against(view.actual)}`);
}

/** `2h 30m tracked of 4h estimated (63%)`. */
function against({ hours, basis, trackedHours, estimatedHours, ratio }: ActualHours): string {
  if (hours === null) return 'no time yet';
  const own =
    basis === 'by_hand'
      ? `${formatHours(hours)} set by hand${trackedHours > 0 ? `, ${formatHours(trackedHours)} tracked` : ''}`
      : `${formatHours(hours)} tracked`;
  if (estimatedHours === null) return `${own}, no estimate`;
  return `${own} of ${formatHours(estimatedHours)} estimated${ratio === null ? '' : ` (${Math.round(ratio * 100)}%)`}`;
}

function printTask(output: Output, { task, actual, entries }: TaskTimeView): void {
  output.data(`${task.name} ${plain(task.title)}: ${against(actual)}`);
  if (entries.length === 0) return;
  output.data(
    rows<TimeEntryView>(
      output,
      [
        { head: 'Entry', cell: (entry) => entry.id },
        { head: 'Started', cell: (entry) => toMinute(entry.startedAt) },
        { head: 'Ended', cell: (entry) => (entry.endedAt === undefined ? 'running' : toMinute(entry.endedAt)) },
        { head: 'Time', cell: (entry) => formatHours(entry.hours), right: true },
        { head: 'Agent', cell: (entry) => plain(entry.agent) },
        { head: 'Note', cell: (entry) => plain(entry.note ?? ''), flexible: true },
      ],
      entries,
    ),
  );
}

function reportText(output: Output, report: TimeReportView): string {
  const when = report.since === null ? 'in all' : `since ${toMinute(report.since)}`;
  const total = `${formatHours(report.hours)} ${when} (${counted(report.entries, 'entry', 'entries')}, ${report.running} running)`;
  if (report.rows.length === 0) return `No time was tracked ${when}.`;
  const table = rows(
    output,
    [
      { head: 'Time', cell: (row) => formatHours(row.hours), right: true },
      {
        head: 'Estimate',
        cell: (row) => (row.estimatedHours == null ? '' : formatHours(row.estimatedHours)),
        right: true,
      },
      { head: 'Entries', cell: (row) => String(row.entries), right: true },
      { head: report.by[0]?.toUpperCase() + report.by.slice(1), cell: (row) => plain(row.label), flexible: true },
    ],
    report.rows,
  );
  return `${table}\n${total}`;
}
