import { type Command, Option } from 'commander';
import { type CliContext, type CommonOptions, glancing, wholeNumber, withJson } from '../context.js';
import { withExamples } from '../definition.js';
import { formatOf, LIST_FORMATS, type ListFormat, printLines, printList } from '../tasks/printList.js';

interface ReadyOptions extends CommonOptions {
  readonly limit?: string;
  readonly format?: ListFormat;
}

/** `tm ready`. */
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
}
