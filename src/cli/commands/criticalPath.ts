import { type Command, Option } from 'commander';
import { CriticalPath, type CriticalPathView } from '../../app/analysis/criticalPath.js';
import { plain } from '../../core/model/plainText.js';
import { type CliContext, type CommonOptions, reading, withJson } from '../context.js';
import { withExamples } from '../definition.js';
import { writeText } from '../files.js';
import type { Output } from '../terminal/output.js';
import { rows } from '../terminal/rows.js';
import type { Column } from '../terminal/table.js';

interface CriticalPathOptions extends CommonOptions {
  readonly dot?: string | true;
  readonly format: 'text' | 'json' | 'dot' | 'mermaid';
  readonly verbose?: boolean;
}

type Entry = CriticalPathView['tasks'][number];

/** Where seed 000's tool wrote the graph, beside the store. */
const DOT_FILE = 'critical-path.dot';

/** `tm critical-path`: the longest chain of open work. */
export function addCriticalPath(program: Command, context: CliContext): void {
  withExamples(
    withJson(program.command('critical-path').description('show the longest chain of open tasks by estimated hours'))
      .option('--dot [file]', `write a Graphviz graph to a file (${DOT_FILE} beside the store; - for stdout)`)
      .addOption(
        new Option('--format <format>', 'what to print').choices(['text', 'json', 'dot', 'mermaid']).default('text'),
      )
      .option('--verbose', 'every open task with its earliest and latest start and its slack')
      .action(async (options: CriticalPathOptions) =>
        reading(context, async ({ plan }) => {
          const { output } = context;
          const critical = new CriticalPath(plan);
          if (options.dot !== undefined && options.dot !== '-') {
            const file = options.dot === true ? DOT_FILE : options.dot;
            if (options.dot === true) plan.world.folder.write(file, `${critical.dot()}\n`);
            else writeText(context, file, `${critical.dot()}\n`);
            output.message(`Graph written to ${file}${options.dot === true ? ' beside the store' : ''}`);
          }
          if (options.dot === '-' || options.format === 'dot') output.data(critical.dot());
          else if (options.format === 'mermaid') printMermaid(output, critical);
          else if (options.json || options.format === 'json') output.data(JSON.stringify(critical.find()));
          else await output.page(lines(output, critical.find(), options.verbose ?? false));
        }),
      ),
    ['tm critical-path', 'what has to be done one after the other, and how long that takes'],
    ['tm critical-path --verbose', 'earliest and latest start and slack of every open task'],
    ['tm critical-path --dot - | dot -Tsvg > plan.svg', 'draw it with Graphviz'],
  );
}

function printMermaid(output: Output, critical: CriticalPath): void {
  const { text, drawn, total } = critical.mermaid();
  output.data(text.trimEnd());
  if (drawn < total) output.message(`${drawn} of ${total} tasks drawn: those with the least slack.`);
}

function lines(output: Output, found: CriticalPathView, verbose: boolean): string {
  const { path, tasks, basis, cyclic } = found;
  const head = output.style.bold('🎯 CRITICAL PATH ANALYSIS');
  const loop =
    cyclic.length === 0
      ? []
      : ['', `Left out, in a cycle of dependencies or behind one: ${cyclic.map((task) => task.name).join(', ')}`];
  if (path.length === 0) return [head, 'No open tasks: nothing is critical.', ...loop].join('\n');
  const substitute = basis.substitute === 'median' ? `the median of ${basis.known} estimates` : 'no estimate is known';
  const missing =
    basis.unestimated === 0
      ? ''
      : `; ${basis.unestimated} without one count as ${basis.substituteHours} h (${substitute}), marked *`;
  return [
    head,
    `${found.hours} h of work in ${path.length} of ${tasks.length} open tasks, one after the other`,
    `Basis: ${basis.estimated} tasks with an estimate${missing}`,
    '',
    rows(output, columns(false), path),
    ...(verbose ? ['', output.style.bold('All open tasks'), rows(output, columns(true), tasks)] : []),
    ...loop,
  ].join('\n');
}

function columns(whole: boolean): Column<Entry>[] {
  const hours = (head: string, cell: (entry: Entry) => number): Column<Entry> => ({
    head,
    cell: (entry) => `${cell(entry)} h`,
    right: true,
  });
  return [
    { head: 'Task', cell: (entry) => entry.name },
    { head: 'Id', cell: (entry) => entry.id },
    { head: 'Hours', cell: ({ hours, estimated }) => `${hours} h${estimated ? '' : '*'}`, right: true },
    hours('Start', (entry) => entry.earliestStart),
    ...(whole
      ? [hours('Latest', (entry) => entry.latestStart), hours('Slack', (entry) => entry.slack)]
      : [hours('Finish', (entry) => entry.earliestFinish)]),
    { head: 'State', cell: (entry) => entry.state.replace('_', ' ') },
    { head: 'Assignee', cell: (entry) => plain(entry.assignee ?? '') },
    { head: 'Title', cell: (entry) => plain(entry.title), flexible: true },
  ];
}
