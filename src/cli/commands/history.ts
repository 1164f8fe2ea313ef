import type { Command } from 'commander';
import { History } from '../../app/history/history.js';
import type { TransactionView, UndoView } from '../../app/history/historyInputs.js';
import { transactionText } from '../../app/history/transactionText.js';
import { type CliContext, type CommonOptions, reading, wholeNumber, withJson, writing } from '../context.js';
import { addExamples } from '../definition.js';

interface HistoryOptions extends CommonOptions {
  readonly since?: string;
  readonly actor?: string;
  readonly limit?: string;
  readonly dryRun?: boolean;
}

/** `tm log` and `tm undo`: what happened, and taking it back. */
export function addHistoryCommands(program: Command, context: CliContext): void {
  const { output } = context;
  withJson(program.command('log').description('show what was changed, the newest first'))
    .argument('[task]', 'only what concerns this task; also one in the trash')
    .option('--since <when>', 'from this date, time or transaction on')
    .option('--actor <name>', 'only what this one did')
    .option('-n, --limit <n>', 'at most so many transactions', '50')
    .action(async (task: string | undefined, { since, actor, limit = '50', json }: HistoryOptions) =>
      reading(context, async ({ plan }) => {
        const log = new History(plan).log({ task, since, actor, limit: wholeNumber('limit', limit) });
        if (json) output.data(JSON.stringify(log));
        else if (log.transactions.length === 0) output.message('Nothing was changed.');
        else await output.page(log.transactions.map((entry) => transactionText(entry)).join('\n'));
        if (log.truncated && !json) output.message('There is more; raise --limit.');
      }),
    );

  withJson(
    program.command('changes').description('list the tasks that changed after a transaction, for whoever keeps a copy'),
  )
    .argument('<since>', 'the head of the last answer; 0 for the beginning')
    .option('-n, --limit <n>', 'at most about so many tasks', '200')
    .action(async (since: string, { limit = '200', json }: HistoryOptions) =>
      reading(context, ({ plan }) => {
        const changes = new History(plan).changedSince({
          seq: wholeNumber('since', since.replace(/^#/, '')),
          limit: wholeNumber('limit', limit),
        });
        if (json) {
          output.data(JSON.stringify(changes));
          return;
        }
        const lines = [
          ...changes.changed.map((id) => `changed ${id}`),
          ...changes.deleted.map((id) => `deleted ${id}`),
        ];
        if (lines.length > 0) output.data(lines.join('\n'));
        if (changes.everything) output.message('A backup was put back since then: read everything anew');
        output.message(`${changes.truncated ? 'There is more: ask' : 'Ask'} the next time with ${changes.head}`);
      }),
    );

  withJson(program.command('undo').description('take back your last change, or others, as one new change'))
    .argument('[transaction]', 'this one, by its number in “tm log”; an undo is thereby done again')
    .option('--actor <name>', 'what this one did')
    .option('--since <when>', 'everything from this date, time or transaction on')
    .option('--dry-run', 'only say what would be undone')
    .action(async (transaction: string | undefined, { actor, since, dryRun, json }: HistoryOptions) => {
      const seq = transaction === undefined ? undefined : wholeNumber('transaction', transaction.replace(/^#/, ''));
      const report = (view: UndoView) => {
        if (json) output.data(JSON.stringify(view));
        else sayUndone(view);
      };
      if (dryRun)
        return reading(context, async ({ plan }) =>
          report(await new History(plan).undo({ seq, actor, since, dryRun })),
        );
      return writing(context, async ({ plan }) => report(await new History(plan).undo({ seq, actor, since })));
    });

  function sayUndone({ undone, conflicts, dryRun }: UndoView): void {
    output.data(undone.map((entry: TransactionView) => transactionText(entry)).join('\n'));
    for (const { message } of conflicts) output.message(`Conflict: ${message}`);
    const count = undone.length === 1 ? '1 transaction' : `${undone.length} transactions`;
    if (!dryRun) output.message(`${count} undone`);
    else if (conflicts.length > 0) output.message(`${count} cannot be undone; nothing was changed`);
    else output.message(`${count} would be undone; nothing was changed`);
  }
  addExamples(
    program,
    'log',
    ['tm log -n 10', 'the last ten changes'],
    ['tm log T-3 --since 2026-11-01', 'of one task'],
  );
  addExamples(program, 'changes', ['tm changes 0 --json', 'everything; then ask with the head of the answer']);
  addExamples(
    program,
    'undo',
    ['tm undo', 'your last change'],
    ['tm undo --actor bot --since 2026-11-20 --dry-run', 'what a bot did; only look'],
  );
}
