import { type Command, Option } from 'commander';
import { GraphPictures } from '../../app/graph/graphPictures.js';
import { type CliContext, type CommonOptions, reading, wholeNumber, withJson } from '../context.js';
import { addExamples } from '../definition.js';

interface GraphOptions extends CommonOptions {
  readonly depth?: string;
  readonly all?: boolean;
  readonly format: 'mermaid' | 'json';
}

/** `tm graph`: the plan as Mermaid text. */
export function addGraphCommand(program: Command, context: CliContext): void {
  withJson(program.command('graph').description('draw a task and what is around it, or what can be worked on now'))
    .argument('[task]')
    .option('--depth <n>', 'how many dependencies away; 2 by itself')
    .option('--all', 'completed and cancelled tasks too')
    .addOption(new Option('--format <format>').choices(['mermaid', 'json']).default('mermaid'))
    .action(async (focus: string | undefined, options: GraphOptions) =>
      reading(context, ({ plan }) => {
        const picture = new GraphPictures(plan).picture({
          focus,
          hops: options.depth === undefined ? undefined : wholeNumber('depth', options.depth),
          showDone: options.all,
        });
        const { output } = context;
        if (options.json || options.format === 'json') output.data(JSON.stringify(picture));
        else if (picture.nodes.length === 0)
          output.message('Nothing to draw: no open tasks. --all draws the finished ones.');
        else output.data(picture.mermaid);
        if (picture.truncated)
          output.message(`${picture.nodes.length} of ${picture.total} tasks drawn; name a task to see around it.`);
      }),
    );
  addExamples(
    program,
    'graph',
    ['tm graph T-3 --depth 3', 'what is around a task'],
    ['tm graph --all > plan.mmd', 'everything, for Mermaid'],
  );
}
