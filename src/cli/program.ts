import { Command } from 'commander';
import { addDependencyCommands, addReferenceCommands } from './commands/edges.js';
import { addGraphCommand } from './commands/graph.js';
import { addTaskCommands } from './commands/tasks.js';
import type { CliContext } from './context.js';
import { newStoreLocation, openSession, storeExists } from './session.js';

/** The command line: what can be typed, and which use case each command calls. */
export function createProgram(context: CliContext, version: string): Command {
  const program = new Command('tm')
    .description('Tasks as a dependency graph, beside the code. The store is found upward from the working folder.')
    .version(version)
    .configureOutput({
      writeOut: (text) => context.output.data(text.trimEnd()),
      writeErr: (text) => context.output.message(text.trimEnd()),
    })
    .showSuggestionAfterError()
    .exitOverride();
  program
    .command('init')
    .description('make a task store in this folder')
    .action(async () => {
      const location = newStoreLocation(context.workingFolder);
      const existed = storeExists(location);
      const { store } = await openSession(location, context.output);
      await store.initialise();
      context.output.data(existed ? 'Task database exists already' : 'Task database initialized');
    });
  addTaskCommands(program, context);
  addDependencyCommands(program, context);
  addReferenceCommands(program, context);
  addGraphCommand(program, context);
  return program;
}
