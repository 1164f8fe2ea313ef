import type { Command } from 'commander';
import { Claims } from '../../app/claims/claims.js';
import type { TaskView } from '../../app/tasks/taskView.js';
import { type CliContext, type CommonOptions, leaseOf, leaseOption, withJson, writing } from '../context.js';
import { addExamples } from '../definition.js';
import type { Session } from '../session.js';

interface ClaimOptions extends CommonOptions {
  readonly query?: string;
  readonly for?: string;
  readonly takeOver?: boolean;
  readonly reason?: string;
  readonly lease?: string;
}

/** `tm claim`, `tm renew`, `tm release`: who works on what, for how long. */
export function addClaimCommands(program: Command, context: CliContext): void {
  const { output } = context;
  const claims = ({ plan, tasks }: Session) => new Claims(plan, tasks);
  const report = (task: TaskView, options: CommonOptions) => {
    if (options.json) output.data(JSON.stringify({ task }));
    else output.data(task.id);
    const { claim } = task;
    if (!options.json)
      output.message(
        claim ? `${task.name} is yours until ${claim.expiresAt} (lease ${claim.version})` : `${task.name} released`,
      );
  };
  const lasting = (command: Command) => command.option('--for <time>', 'how long it lasts: 90s, 30m, 2h, 1d', '30m');

  lasting(
    withJson(program.command('claim').description('claim a task, or the most urgent ready one, and print its id')),
  )
    .argument('[task]', 'id, start of an id, 12, #12 or T-12')
    .option('--query <filter>', 'of the ready ones only these, such as tag:api')
    .option('--take-over', 'take it from whoever holds it; that is recorded, and the holder is told')
    .option('--reason <text>', 'why it is taken over')
    .action(async (task: string | undefined, options: ClaimOptions) =>
      writing(context, async (session) => {
        const { query, takeOver, reason } = options;
        report(await claims(session).claim({ task, query, for: options.for, takeOver, reason }), options);
      }),
    );
  lasting(leaseOption(withJson(program.command('renew').description('let your claim last longer'))))
    .argument('<task>')
    .action(async (task: string, options: ClaimOptions) =>
      writing(context, async (session) =>
        report(await claims(session).renew({ task, for: options.for, lease: leaseOf(options) }), options),
      ),
    );
  leaseOption(withJson(program.command('release').description('give your claim up')))
    .argument('<task>')
    .action(async (task: string, options: ClaimOptions) =>
      writing(context, async (session) =>
        report(await claims(session).release({ task, lease: leaseOf(options) }), options),
      ),
    );
  addExamples(
    program,
    'claim',
    ['tm claim --agent-id ann', 'the most urgent ready task'],
    ['tm claim --query tag:api --for 2h', 'of some only, for longer'],
    ["tm claim T-12 --take-over --reason 'ann is away'", 'from its holder, who is told'],
  );
  addExamples(program, 'renew', ['tm renew T-12 --for 1h', 'an hour from now']);
  addExamples(program, 'release', ['tm release T-12', 'somebody else may have it']);
}
