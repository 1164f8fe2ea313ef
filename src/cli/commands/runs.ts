import type { Command } from 'commander';
import { Executions } from '../../app/execution/executions.js';
import { counted } from '../../core/model/counted.js';
import { plain } from '../../core/model/plainText.js';
import { type CliContext, type CommonOptions, reading, wholeNumber, withJson } from '../context.js';
import { withExamples } from '../definition.js';
import { runTable, runText } from '../execution/runLines.js';

interface RunsOptions extends CommonOptions {
  readonly limit?: string;
}

/** `tm runs`: what was run for a task. */
export function addRuns(program: Command, context: CliContext): void {
  const { output } = context;
  const command = withJson(program.command('runs').description('code that was run for a task, and how it ended'))
    .argument('<task>', 'id, start of an id, 12, #12 or T-12')
    .argument('[run]', 'id of a run, or the start of it: shows its code and what it said')
    .option('--limit <n>', 'at most so many, the newest first (20)')
    .action((task: string, run: string | undefined, { json, limit }: RunsOptions) =>
      reading(context, async ({ plan }) => {
        const executions = new Executions(plan);
        if (run !== undefined) {
          const execution = executions.show({ task, run });
          if (json) output.data(JSON.stringify({ execution }));
          else await output.page(runText(execution));
          return;
        }
        const list = executions.list({ task, ...(limit !== undefined && { limit: wholeNumber('limit', limit) }) });
        if (json) output.data(JSON.stringify(list));
        else if (list.total === 0) output.message(`Nothing was run for ${plain(task)} yet.`);
        else await output.page(runTable(list, output));
        if (!json && list.truncated)
          output.message(`${list.executions.length} of ${counted(list.total, 'run')}; --limit shows more.`);
      }),
    );
  withExamples(
    command,
    ['tm runs 12', 'the runs of T-12, the newest first'],
    ['tm runs 12 3f2a', 'code, output and error of the run whose id begins so'],
  );
}
