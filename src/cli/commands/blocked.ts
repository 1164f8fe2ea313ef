import type { Command } from 'commander';
import { type BlockedView, type BlockerView, blockedTasks } from '../../app/analysis/blocked.js';
import { type ImpactView, impactOf } from '../../app/analysis/impact.js';
import type { TaskMention } from '../../app/analysis/mention.js';
import { counted } from '../../core/model/counted.js';
import { plain } from '../../core/model/plainText.js';
import { toMinute } from '../../core/model/timeText.js';
import { type CliContext, type CommonOptions, reading, withJson } from '../context.js';
import { withExamples } from '../definition.js';
import { listed } from '../format.js';
import { decimal, dueText } from '../numbers.js';
import type { Style } from '../terminal/style.js';

interface BlockedOptions extends CommonOptions {
  readonly explain?: boolean;
}

interface ImpactOptions extends CommonOptions {
  readonly hoursPerDay?: string;
}

/** `tm blocked` and `tm impact`: what cannot go on, and what hangs on a task. */
export function addBlockedCommands(program: Command, context: CliContext): void {
  addBlocked(program, context);
  addImpact(program, context);
}

/** Of the roots, as many as a person looks at. */
const SHOWN = 10;
/** Of what one task waits for, so many. */
const EXPLAINED = 5;

function addBlocked(program: Command, context: CliContext): void {
  withExamples(
    withJson(program.command('blocked').description('list what cannot go on: waiting, undecided or blocked tasks'))
      .argument('[query...]', 'only what this filter admits')
      .option('--explain', 'what each waits for, who has that since when, and what would release most')
      .action(async (query: string[], options: BlockedOptions) =>
        reading(context, async ({ plan, tasks }) => {
          const { output } = context;
          const admitted =
            query.length === 0 ? undefined : new Set(tasks.select(query.join(' ')).map((task) => task.id));
          const view = blockedTasks(plan, admitted);
          if (options.json) output.data(JSON.stringify(view));
          else if (view.tasks.length === 0) output.message('Nothing is blocked.');
          else await output.page((options.explain ? explain(view, output.style) : list(view)).join('\n'));
        }),
      ),
    ['tm blocked', 'what waits, and for what'],
    ['tm blocked --explain', 'who holds it up since when, and what would release most'],
  );
}

/** `[id] title - waits for T-1, T-2`. */
function list({ tasks }: BlockedView): string[] {
  return tasks.map((task) => `${line(task)} - ${why(task)}`);
}

function line({ id, title }: TaskMention): string {
  return `[${id}] ${plain(title)}`;
}

function why({ state, blockers, blockersTotal, cancelled, reason }: BlockedView['tasks'][number]): string {
  const names = (tasks: readonly TaskMention[]) => listed(tasks.map((task) => task.name));
  const parts = [
    state === 'blocked' ? `blocked${reason === undefined ? '' : `: ${plain(reason)}`}` : '',
    cancelled.length > 0 ? `needs a decision: ${names(cancelled)} was cancelled` : '',
    blockers.length > 0 ? `waits for ${someOf(blockers, blockersTotal)}` : '',
  ];
  return parts.filter((part) => part !== '').join('; ');
}

/** `T-1, T-2 and 7 more`. */
function someOf(blockers: readonly TaskMention[], total: number): string {
  const names = blockers.slice(0, EXPLAINED).map((task) => task.name);
  return listed(total > names.length ? [...names, `${total - names.length} more`] : names);
}

function explain({ tasks, release }: BlockedView, style: Style): string[] {
  const lines = tasks.flatMap((task) => [
    `${task.name} ${line(task)} - ${why(task)}`,
    ...task.blockers
      .slice(0, EXPLAINED)
      .map((blocker) => `    ${blocker.name} ${plain(blocker.title)}: ${held(blocker)}`),
    ...(task.blockersTotal > EXPLAINED ? [`    … ${task.blockersTotal - EXPLAINED} more`] : []),
    ...task.cancelled.map(
      ({ name, title }) => `    ${name} ${plain(title)}: cancelled; remove the dependency, or reopen ${name}`,
    ),
  ]);
  if (release.length === 0) return lines;
  const shown = release.slice(0, SHOWN);
  return [
    ...lines,
    '',
    style.bold('What would release most'),
    ...shown.map(
      (root) =>
        `  ${root.name} ${plain(root.title)}: ${counted(root.holdsUp, 'task waits', 'tasks wait')} for it, ${root.alone} for nothing else, ${root.readyAtOnce} ready at once · ${held(root)}`,
    ),
    ...(shown.length < release.length ? [`  … ${release.length - shown.length} more; --json gives them all`] : []),
  ];
}

/** Who has a task, and since when: `in progress by ann since 2026-11-21 10:00 UTC`. */
function held({ state, holder, since, sinceWhat, claimExpired }: BlockerView): string {
  const at = `${toMinute(since)} UTC`;
  const who = holder === undefined ? 'nobody has it' : plain(holder);
  const what = state.replace('_', ' ');
  if (sinceWhat === 'claimed')
    return `${what}, claimed by ${who} since ${at}${claimExpired ? '; the claim ran out: it can be taken over' : ''}`;
  if (sinceWhat === 'started') return `${what}${holder === undefined ? '' : ` by ${who}`} since ${at}`;
  return holder === undefined ? `${what}, ${who}, created ${at}` : `${what}, assigned to ${who}, created ${at}`;
}

function addImpact(program: Command, context: CliContext): void {
  withExamples(
    withJson(program.command('impact').description('show what hangs on a task: what waits for it, files, due times'))
      .argument('<task>')
      .option('--hours-per-day <n>', 'hours of work in a day, by which estimates become dates (8)')
      .action(async (task: string, options: ImpactOptions) =>
        reading(context, async ({ plan }) => {
          const { output } = context;
          const hoursPerDay =
            options.hoursPerDay === undefined ? undefined : decimal('hours-per-day', options.hoursPerDay);
          const view = impactOf(plan, { task, hoursPerDay });
          if (options.json) output.data(JSON.stringify(view));
          else await output.page(impactLines(view, output.style).join('\n'));
        }),
      ),
    ['tm impact 12', 'what waits for it, what becomes ready at once, who else changes its files'],
    ['tm impact 12 --hours-per-day 6', 'the due times at risk, at six hours of work a day'],
  );
}

function impactLines(view: ImpactView, style: Style): string[] {
  const { task, downstream, open, readyAtOnce, sharedFiles, deadlines, basis } = view;
  const section = (title: string, lines: string[], none: string) => [
    '',
    style.bold(title),
    ...(lines.length > 0 ? lines : [`  ${none}`]),
  ];
  const mentioned = (one: TaskMention) => `  ${one.name} ${line(one)} - ${one.state.replace('_', ' ')}`;
  const risks = { overdue: 'overdue', late: 'cannot be met', tight: 'less than a day to spare' } as const;
  return [
    `${task.name} ${line(task)} - ${task.state.replace('_', ' ')}`,
    ...section(
      `Waiting for it: ${counted(downstream.length, 'task')}, ${open} open`,
      downstream.map((one) => `${mentioned(one)}${one.distance > 1 ? ` (${one.distance} steps away)` : ''}`),
      'nothing',
    ),
    ...section('Ready as soon as it is completed', readyAtOnce.map(mentioned), 'nothing'),
    ...section(
      'Files that other open tasks refer to as well',
      sharedFiles.flatMap(({ path, tasks }) =>
        tasks.map(
          (other) => `  ${plain(path)}: ${other.name} ${line(other)}${other.overlaps ? ', the same lines' : ''}`,
        ),
      ),
      'none',
    ),
    ...section(
      'Due times at risk',
      deadlines.map(
        (one) =>
          `  ${one.name} ${line(one)} due ${dueText(one.due)}: ${risks[one.risk]}${one.earliestFinish === undefined ? '' : `; finished ${toMinute(one.earliestFinish)} at the earliest`}`,
      ),
      'none',
    ),
    '',
    `Basis: ${basis.estimated} open tasks with an estimate, ${basis.unestimated} without one count as ${basis.substituteHours} h; ${basis.hoursPerDay} hours of work a day`,
  ];
}
