import type { Command } from 'commander';
import { Dependencies } from '../../app/dependencies/dependencies.js';
import { type CliContext, type CommonOptions, withJson, writing } from '../context.js';
import { addExamples } from '../definition.js';
import { referenceLine } from '../format.js';

/** `tm dep` and `tm ref`. */
export function addEdgeCommands(program: Command, context: CliContext): void {
  addDependencyCommands(program, context);
  addReferenceCommands(program, context);
}

/** `tm dep`: what a task waits for. */
function addDependencyCommands(program: Command, context: CliContext): void {
  const dep = program.command('dep').description('change what a task depends on');
  const edge = (name: 'add' | 'remove', description: string, said: string) =>
    withJson(dep.command(name).description(description))
      .argument('<task>')
      .argument('<depends-on>', 'the task that must be completed first')
      .action(async (task: string, dependsOn: string, options: CommonOptions) =>
        writing(context, async ({ plan, tasks }) => {
          const ends = await new Dependencies(plan)[name]({ task, dependsOn });
          const view = tasks.get(ends.task);
          const other = tasks.get(ends.dependsOn);
          if (options.json) context.output.data(JSON.stringify({ task: view }));
          else context.output.message(`${view.name} ${said} ${other.name}`);
        }),
      );
  edge('add', 'make a task wait for another', 'depends on');
  edge('remove', 'let a task no longer wait for another', 'no longer depends on');
  addExamples(program, 'dep add', ['tm dep add T-3 T-1', 'T-3 waits for T-1']);
  addExamples(program, 'dep remove', ['tm dep remove T-3 T-1', 'T-3 no longer waits']);
}

interface ReferenceOptions extends CommonOptions {
  readonly context?: string;
}

/** `tm ref`: the places in the code that a task refers to. */
function addReferenceCommands(program: Command, context: CliContext): void {
  const ref = program.command('ref').description('change the places in the code that a task refers to');
  withJson(ref.command('add').description('refer to a file or to lines of it'))
    .argument('<task>')
    .argument('<place>', 'path, path:line or path:line:end')
    .option('--context <text>', 'why this place matters')
    .action(async (task: string, place: string, options: ReferenceOptions) =>
      writing(context, async ({ references, tasks }) => {
        const reference = await references.add({ task, place, context: options.context });
        const view = tasks.get(reference.task);
        const added = view.fileRefs.find((other) => other.id === reference.id);
        if (options.json) context.output.data(JSON.stringify({ task: view }));
        else if (added) context.output.message(`${view.name} refers to ${referenceLine(added)}`);
      }),
    );
  withJson(ref.command('remove').description('remove a reference'))
    .argument('<task>')
    .argument('<reference>', 'its id, or its place as path:line')
    .action(async (task: string, reference: string, options: CommonOptions) =>
      writing(context, async ({ references, tasks }) => {
        const removed = await references.remove({ task, reference });
        const view = tasks.get(removed.task);
        if (options.json) context.output.data(JSON.stringify({ task: view }));
        else context.output.message(`${view.name} no longer refers to ${removed.path}`);
      }),
    );
  addExamples(program, 'ref add', ["tm ref add T-3 src/parse.ts:10:40 --context 'the loop'", 'lines 10 to 40']);
  addExamples(program, 'ref remove', ['tm ref remove T-3 src/parse.ts:10', 'by its place']);
}
