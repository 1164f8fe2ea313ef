import type { Command } from 'commander';
import { Agents } from '../../app/agents/agents.js';
import type { NotificationListView, NotificationView } from '../../app/notifications/notificationInputs.js';
import { Notifications } from '../../app/notifications/notifications.js';
import { plain, plainLines } from '../../core/model/plainText.js';
import { toSecond } from '../../core/model/timeText.js';
import { type CliContext, type CommonOptions, reading, wholeNumber, withJson, writing } from '../context.js';
import { withExamples } from '../definition.js';
import { textOf } from './collaboration.js';

interface ListOptions extends CommonOptions {
  readonly all?: boolean;
  readonly unread?: boolean;
  readonly type?: string;
  readonly limit?: string;
}

interface MessageOptions extends CommonOptions {
  readonly priority?: string;
}

/** `tm notifications`, `tm messages`, `tm message`: what you are told, and telling others. */
export function addNotificationCommands(program: Command, context: CliContext): void {
  const { output } = context;

  const notifications = withJson(
    program.command('notifications').description('list what you are told and have not read, the newest first'),
  )
    .option('--all', 'what you have read too')
    .option('--type <type>', 'only of this type: unblocked, discovery, mention, message, claim_taken_over…')
    .option('-n, --limit <n>', 'at most so many')
    .action(async (options: ListOptions) =>
      reading(context, async ({ plan }) => {
        const { all, type, json } = options;
        const list = new Notifications(plan).list({ all, type, limit: limitOf(options) });
        if (json) output.data(JSON.stringify(list));
        else await showList(context, list, 'No new notifications');
      }),
    );
  addRead(notifications, context, undefined, 'notifications');
  withExamples(
    notifications,
    ['tm notifications', 'what is new; nothing is marked by looking'],
    ['tm notifications read --all', 'mark all as read, for you alone'],
  );

  const messages = withJson(program.command('messages').description('list messages to you, the newest first'))
    .option('--unread', 'only those that you have not read')
    .option('-n, --limit <n>', 'at most so many')
    .action(async (options: ListOptions) =>
      reading(context, async ({ plan }) => {
        const { unread, json } = options;
        const list = new Notifications(plan).list({ all: !unread, type: 'message', limit: limitOf(options) });
        if (json) output.data(JSON.stringify(list));
        else await showList(context, list, unread ? 'No unread messages' : 'No messages');
      }),
    );
  addRead(messages, context, 'message', 'messages');
  withExamples(
    messages,
    ['tm messages --unread', 'what you have not read; they are in “tm notifications” too'],
    ['tm messages read --all', 'mark them as read'],
  );

  withExamples(
    withJson(program.command('message').description('leave a message for an agent, or for all of them'))
      .argument('<to>', 'an agent that is known here, or broadcast')
      .argument('<text...>', 'what to say; - reads standard input')
      .option('--priority <priority>', 'critical, high, medium, low or background')
      .action(async (to: string, words: string[], { priority, json }: MessageOptions) =>
        writing(context, async ({ plan }) => {
          const message = await new Agents(plan).send({ to, text: textOf(words), priority });
          output.data(json ? JSON.stringify({ message }) : '✅ Message sent');
        }),
      ),
    ['tm message bob "The API is ready" --priority high', 'bob finds it in “tm messages”'],
    ['tm message broadcast Release at noon', 'everybody does'],
  );
}

/** `read [id…]` of a list. */
function addRead(list: Command, context: CliContext, type: string | undefined, what: string): void {
  const { output } = context;
  withJson(list.command('read').description(`mark ${what} as read, for you alone`))
    .argument('[id...]', 'these, by the start of their ids')
    .option('--all', 'all that are unread')
    .action(async (ids: string[], _options: ListOptions, command: Command) => {
      // Options of the same name belong to the list: what stands behind “read” is found in either.
      const { all, json } = command.optsWithGlobals<ListOptions>();
      return writing(context, async ({ plan }) => {
        const read = await new Notifications(plan).markRead({ ids, all, type });
        if (json) output.data(JSON.stringify(read));
        else output.message(read.total === 1 ? '1 marked as read' : `${read.total} marked as read`);
      });
    });
}

/** As the old `tm watch` wrote it: type and message, when, a blank line. */
export function oldForm({ notifications, total }: NotificationListView): string {
  const items = notifications.flatMap((one) => [`[${typeOf(one)}] ${text(one)}`, `  Time: ${one.at}`, '']);
  return [`=== ${total} New Notification(s) ===`, ...items].join('\n');
}

async function showList({ output }: CliContext, list: NotificationListView, empty: string): Promise<void> {
  const { bold, dim } = output.style;
  const line = (one: NotificationView) => {
    const urgent = one.priority && one.priority !== 'medium' ? ` (${plain(one.priority)})` : '';
    const from = one.type === 'message' ? ` from ${plain(one.from ?? 'somebody')}` : '';
    const head = `${one.id.slice(0, 8)}  ${toSecond(one.at)}  [${typeOf(one)}]${from}${urgent}`;
    return output.terminal ? `${one.read ? dim(head) : bold(head)}\n    ${text(one)}` : `${head}: ${text(one)}`;
  };
  if (list.notifications.length === 0) output.message(empty);
  else await output.page(list.notifications.map(line).join('\n'));
  if (list.truncated) output.message(`${list.notifications.length} of ${list.total} shown; raise --limit for more.`);
}

function typeOf({ type }: NotificationView): string {
  return plain(type).toUpperCase();
}

function text({ message }: NotificationView): string {
  return plainLines(message).replaceAll('\n', '\n    ');
}

function limitOf({ limit }: ListOptions): number | undefined {
  return limit === undefined ? undefined : wholeNumber('limit', limit);
}
