import { Command } from 'commander';
import { findStore } from '../platform/storeLocation.js';
import { addClaimCommands } from './commands/claims.js';
import { addDoctorCommand } from './commands/doctor.js';
import { addDependencyCommands, addReferenceCommands } from './commands/edges.js';
import { addGraphCommand } from './commands/graph.js';
import { addHistoryCommands } from './commands/history.js';
import { addMaintenanceCommands } from './commands/maintenance.js';
import { addAdd, addDelete, addList, addReady, addShow, addStatusCommands, addUpdate } from './commands/tasks.js';
import { addTrashCommands } from './commands/trash.js';
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
  claim: addClaimCommands,
  renew: addClaimCommands,
  release: addClaimCommands,
  ready: addReady,
  next: addReady,
  dep: addDependencyCommands,
  ref: addReferenceCommands,
  graph: addGraphCommand,
  log: addHistoryCommands,
  changes: addHistoryCommands,
  undo: addHistoryCommands,
  trash: addTrashCommands,
  backup: addMaintenanceCommands,
  restore: addMaintenanceCommands,
  migrate: addMaintenanceCommands,
  checkpoint: addMaintenanceCommands,
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
    .option('--shared', 'one for all git worktrees of this repository, in its git folder')
    .action(async ({ shared = false }: { shared?: boolean }) => {
      const location = newStoreLocation(context.workingFolder, shared);
      const existed = storeExists(location);
      const other = shared && !existed ? findStore(context.workingFolder) : undefined;
      if (other) context.output.message(`Note: ${other.path} is nearer and is used as long as it exists.`);
      const { store } = await openSession(location, context.output);
      await store.initialise();
      context.output.data(existed ? 'Task database exists already' : 'Task database initialized');
    });
}
