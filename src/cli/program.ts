import { Command } from 'commander';
import { addDoctorCommand } from './commands/doctor.js';
import { addDependencyCommands, addReferenceCommands } from './commands/edges.js';
import { addGraphCommand } from './commands/graph.js';
import { addAdd, addDelete, addList, addReady, addShow, addStatusCommands, addUpdate } from './commands/tasks.js';
import type { CliContext } from './context.js';
import { newStoreLocation, openSession, storeExists } from './session.js';

/** What makes each command, by its name. */
const COMMANDS: Readonly<Record<string, (program: Command, context: CliContext) => void>> = {
  init: addInit,
  add: addAdd,
  list: addList,
  show: addShow,
  update: addUpdate,
  start: addStatusCommands,
  complete: addStatusCommands,
  delete: addDelete,
  ready: addReady,
  next: addReady,
  dep: addDependencyCommands,
  ref: addReferenceCommands,
  graph: addGraphCommand,
  doctor: addDoctorCommand,
};

/** The command line: what can be typed, and which use case each command calls. */
export function createProgram(context: CliContext, version: string, words: readonly string[]): Command {
  const program = new Command('tm')
    .description('Tasks as a dependency graph, beside the code. The store is found upward from the working folder.')
    .version(version)
    .configureOutput({
      writeOut: (text) => context.output.data(text.trimEnd()),
      writeErr: (text) => context.output.message(text.trimEnd()),
    })
    .showSuggestionAfterError()
    .exitOverride();
  // The one that was asked for is enough; help and mistakes need them all.
  const name = words[0] ?? '';
  const makers = Object.hasOwn(COMMANDS, name) ? [COMMANDS[name]] : Object.values(COMMANDS);
  for (const make of new Set(makers)) make?.(program, context);
  return program;
}

function addInit(program: Command, context: CliContext): void {
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
}
