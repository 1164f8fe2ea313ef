import { type Command, Option } from 'commander';
import { type CliContext, type CommonOptions, glancing, wholeNumber, withJson } from '../context.js';
import { withExamples } from '../definition.js';
import { formatOf, LIST_FORMATS, type ListFormat, printLines, printList } from '../tasks/printList.js';

interface ReadyOptions extends CommonOptions {
  readonly limit?: string;
  readonly format?: ListFormat;
}

/** `tm ready` and `tm next`. */
export function addReady(program: Command, context: CliContext): void {
  const ready = withJson(program.command('ready').description('list what can be started now, most urgent first'))
    .option('-n, --limit <n>', 'at most so many')
    .addOption(new Option('--format <format>', 'how to print').choices([...LIST_FORMATS]))
    .action(async (options: ReadyOptions) =>
      glancing(context, async (session) => {
        const limit = options.limit === undefined ? undefined : wholeNumber('limit', options.limit);
        const format = formatOf(context, options);
        if (format === 'plain' || format === 'ids')
          await printLines(context, session.tasks.readyLines(limit), { format });
        else await printList(context, session, session.tasks.ready(limit), options);
      }),
    );
  withExamples(ready, ['tm ready -n 5', 'the five most urgent'], ['tm ready --json', 'for an agent']);
  const next = withJson(program.command('next').description('show the ready task to start next')).action(
    async (options: CommonOptions) =>
      glancing(context, async (session) => {
        const task = session.tasks.next();
        if (options.json) context.output.data(JSON.stringify({ task: task ?? null }));
        else if (task) await printList(context, session, { tasks: [task], total: 1, truncated: false }, options);
        else context.output.message('Nothing is ready.');
      }),
  );
  withExamples(next, ['tm next', 'what to do now'], ['tm claim "$(tm next --json | jq -r .task.id)"', 'and take it']);
}
