import type { Command } from 'commander';
import { type CliContext, type CommonOptions, leaseOf, leaseOption, withJson, writing } from '../context.js';
import { withExamples } from '../definition.js';

interface StatusOptions extends CommonOptions {
  readonly lease?: string;
}

/** `tm cancel`, `reopen`, `block` and `unblock`: changes of status by their own names. */
export function addStatusCommands(program: Command, context: CliContext): void {
  const { output } = context;
  const add = (name: string, status: string, description: string, said: string, takesReason = true) => {
    const command = leaseOption(withJson(program.command(name).description(description))).argument(
      '<task>',
      'id, start of an id, 12, #12 or T-12',
    );
    if (takesReason) command.argument('[reason...]', 'why');
    return command.action(async (task: string, ...rest: unknown[]) => {
      const [reason] = takesReason ? (rest as [string[]]) : [[]];
      const options = command.opts<StatusOptions>();
      await writing(context, async ({ tasks }) => {
        const change = await tasks.setStatus({
          task,
          status,
          reason: reason.join(' ').trim() || undefined,
          lease: leaseOf(options),
        });
        if (options.json) output.data(JSON.stringify(change));
        else output.message(`Task ${change.task.id} ${said} (${change.task.name})`);
      });
    });
  };
  withExamples(add('cancel', 'cancelled', 'give a task up; what depends on it needs a decision', 'cancelled'), [
    'tm cancel 12 not needed any more',
    'with the reason',
  ]);
  withExamples(
    add(
      'reopen',
      'pending',
      'open a completed or cancelled task again; what depends on it waits again',
      'reopened',
      false,
    ),
    ['tm reopen 12', 'back to pending'],
  );
  withExamples(add('block', 'blocked', 'mark a task as blocked by something outside the plan', 'blocked'), [
    'tm block 12 waiting for the licence',
    'with the reason',
  ]);
  withExamples(add('unblock', 'pending', 'let a blocked task go on', 'unblocked', false), [
    'tm unblock 12',
    'back to pending',
  ]);
}
