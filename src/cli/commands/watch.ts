import type { Command } from 'commander';
import { Notifications } from '../../app/notifications/notifications.js';
import { ChangeFeed } from '../../app/watch/changeFeed.js';
import type { WatchEventView } from '../../app/watch/watchInputs.js';
import { InvalidInputError } from '../../core/model/errors.js';
import { plain } from '../../core/model/plainText.js';
import { type RunningCommand, runShellCommand } from '../../platform/shellCommand.js';
import { watchStore } from '../../store/watch.js';
import { type CliContext, type CommonOptions, reading, wholeNumber, withJson, writing } from '../context.js';
import { withExamples } from '../definition.js';
import type { Session } from '../session.js';
import { watchLines } from '../watchLines.js';
import { oldForm } from './notifications.js';

interface WatchOptions extends CommonOptions {
  readonly once?: boolean;
  readonly since?: string;
  readonly exec?: string;
  readonly task?: string;
  readonly query?: string;
  readonly type?: string[];
  readonly actor?: string;
}

/** Keeps the process alive while it waits, ms. */
const HEARTBEAT = 60_000;

/** `tm watch`: changes as they come, or once what is unread. */
export function addWatchCommand(program: Command, context: CliContext): void {
  withExamples(
    withJson(program.command('watch').description('print the plan’s changes as they come, until it is stopped'))
      .option('--once', 'only print your unread notifications, and mark those as read')
      .option('--since <seq>', 'first what happened after this transaction; 0 for everything')
      .option(
        '--exec <command>',
        'run this command line for each change, with the change as JSON on its standard input',
      )
      .option('--task <task>', 'only changes of this task')
      .option('--query <filter>', 'only changes of tasks that this filter admits, such as tag:api')
      .option('--type <action...>', 'only actions of these beginnings: task, task.completed, collaboration, claim')
      .option('--actor <name>', 'only what this one did')
      .action(async (options: WatchOptions) => {
        if (options.once) return once(context, options);
        return reading(context, (session) => follow(context, session, options));
      }),
    ['tm watch', 'a line for each change, until Ctrl+C'],
    ['tm watch --json --since 41', 'one JSON object a line, from transaction 42 on'],
    ['tm watch --type task.completed --exec \'notify-send "$TM_EVENT_NAMES"\'', 'tell the desktop of what is done'],
    ['tm watch --once', 'what the old tool’s watch did: unread notifications'],
  );
}

/** Prints what is unread and marks exactly that. */
async function once(context: CliContext, { once: _once, json, ...others }: WatchOptions): Promise<void> {
  const [foreign] = Object.keys(others);
  if (foreign) throw new InvalidInputError(foreign, `--${foreign} has no meaning with --once.`);
  const { output } = context;
  return writing(context, async ({ plan }) => {
    const list = await new Notifications(plan).markRead({ all: true });
    if (json) output.data(JSON.stringify(list));
    else if (list.total === 0) output.data('No new notifications');
    else output.data(oldForm(list));
  });
}

async function follow(context: CliContext, { plan, tasks, store }: Session, options: WatchOptions): Promise<void> {
  const { output } = context;
  const { since, task, query, type: types, actor, json, exec } = options;
  const feed = new ChangeFeed(plan, tasks, {
    since: since === undefined ? undefined : wholeNumber('since', since.replace(/^#/, '')),
    task,
    query,
    types,
    actor,
  });
  let running: RunningCommand | undefined;
  let isStopped = false;
  const stop = () => {
    isStopped = true;
    running?.stop();
    feed.close();
  };
  const alive = setInterval(() => undefined, HEARTBEAT);
  const stopWatching = watchStore(store, reporter(context));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  if (output.terminal) output.message('Watching for changes; Ctrl+C ends it.');
  try {
    for await (const event of feed.events()) {
      if (isStopped) break;
      if (exec === undefined) output.data(json ? JSON.stringify(event) : watchLines(event));
      else {
        running = runShellCommand(exec, { input: `${JSON.stringify(event)}\n`, env: environmentOf(event) });
        const { code, how } = await running.end;
        running = undefined;
        if (code !== 0 && !isStopped)
          output.message(`The command failed for #${event.seq} (${event.action}): ${how}. Watching goes on.`);
      }
      if (!output.isRead) break;
    }
  } finally {
    clearInterval(alive);
    stopWatching();
    feed.close();
  }
}

/** Says once what is wrong with the store, and again when that is another thing. */
function reporter({ output }: CliContext): (error: unknown) => void {
  let last = '';
  return (error) => {
    const message = error instanceof Error ? error.message : String(error);
    if (message !== last) output.message(`Warning: ${plain(message)}`);
    last = message;
  };
}

/** What a command gets in its environment: the same facts as on its standard input, for commands of one line. */
function environmentOf({ seq, at, actor, action, tasks }: WatchEventView): NodeJS.ProcessEnv {
  return {
    TM_EVENT_SEQ: String(seq),
    TM_EVENT_AT: at,
    TM_EVENT_ACTOR: plain(actor),
    TM_EVENT_ACTION: action,
    TM_EVENT_TASKS: tasks.map(({ id }) => id).join(' '),
    TM_EVENT_NAMES: tasks.map(({ name }) => name).join(' '),
    TM_EVENT_TITLE: plain(tasks[0]?.title ?? ''),
  };
}
