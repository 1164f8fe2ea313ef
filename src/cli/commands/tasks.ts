import { Argument, type Command } from 'commander';
import type { StatusChange } from '../../app/tasks/tasks.js';
import { type CliContext, type CommonOptions, leaseOf, leaseOption, nameOf, withJson, writing } from '../context.js';
import { releasedSentence } from '../format.js';
import type { Session } from '../session.js';

interface StatusOptions extends CommonOptions {
  readonly summary?: string;
  readonly lease?: string;
  readonly reason?: string;
  readonly force?: boolean;
}

const TASK = new Argument('<task>', 'id, start of an id, 12, #12 or T-12');

export function addStatusCommands(program: Command, context: CliContext): void {
  const add = (name: string, status: string, description: string, said: string) =>
    leaseOption(withJson(program.command(name).description(description)))
      .addArgument(TASK)
      .option('--force', 'although dependencies are open')
      .action(async (task: string, options: StatusOptions) =>
        writing(context, async (session) => {
          const change = await session.tasks.setStatus({
            task,
            status,
            ...statusOptions(options),
            lease: leaseOf(options),
          });
          if (options.json) context.output.data(JSON.stringify(change));
          else context.output.message(`Task ${change.task.id} ${said} (${change.task.name})`);
          reportReleased(context, session, change);
        }),
      );
  add('start', 'in_progress', 'start a task', 'started');
  add('complete', 'completed', 'complete a task and release what waits for it', 'completed').option(
    '--summary <text>',
    'what was done',
  );
}

function statusOptions({ reason, summary, force }: StatusOptions) {
  return { reason: reason || undefined, summary: summary || undefined, force };
}

function reportReleased({ output }: CliContext, session: Session, { task, released }: StatusChange): void {
  const sentence = releasedSentence(released.map(nameOf(session)));
  if (sentence) output.message(`${task.name} done · ${sentence}`);
}
