import type { Command } from 'commander';
import type { CliContext } from './context.js';
import { createCommand, type HelpOutput } from './definition.js';
import type { CommandReference } from './reference/reference.js';

/** Adds commands to the program. */
export type CommandMaker = (program: Command, context: CliContext) => void;

/** Where the commands are: those of one file are loaded when one of them is typed. */
const GROUPS: readonly { readonly names: readonly string[]; readonly load: () => Promise<CommandMaker> }[] = [
  { names: ['init'], load: async () => (await import('./commands/init.js')).addInit },
  { names: ['add'], load: async () => (await import('./commands/tasks.js')).addAdd },
  { names: ['list'], load: async () => (await import('./commands/tasks.js')).addList },
  { names: ['show'], load: async () => (await import('./commands/tasks.js')).addShow },
  { names: ['update'], load: async () => (await import('./commands/tasks.js')).addUpdate },
  { names: ['start', 'complete'], load: async () => (await import('./commands/tasks.js')).addStatusCommands },
  { names: ['delete'], load: async () => (await import('./commands/tasks.js')).addDelete },
  { names: ['ready', 'next'], load: async () => (await import('./commands/tasks.js')).addReady },
  { names: ['claim', 'renew', 'release'], load: async () => (await import('./commands/claims.js')).addClaimCommands },
  { names: ['dep', 'ref'], load: async () => (await import('./commands/edges.js')).addEdgeCommands },
  { names: ['graph'], load: async () => (await import('./commands/graph.js')).addGraphCommand },
  { names: ['log', 'changes', 'undo'], load: async () => (await import('./commands/history.js')).addHistoryCommands },
  { names: ['trash'], load: async () => (await import('./commands/trash.js')).addTrashCommands },
  {
    names: ['backup', 'restore', 'migrate', 'checkpoint'],
    load: async () => (await import('./commands/maintenance.js')).addMaintenanceCommands,
  },
  { names: ['doctor'], load: async () => (await import('./commands/doctor.js')).addDoctorCommand },
  { names: ['completion', 'man'], load: async () => (await import('./commands/reference.js')).addReferenceCommands },
];

/** The command line: what can be typed, and which use case each command calls. Only what `name` needs is loaded. */
export async function createProgram(
  context: CliContext,
  version: string,
  name: string | undefined,
  help: HelpOutput,
): Promise<Command> {
  const program = createCommand(help, version);
  // The one that was asked for is enough; mistakes need them all, for the nearest name.
  const asked = GROUPS.filter((group) => name !== undefined && group.names.includes(name));
  for (const { load } of asked.length > 0 ? asked : GROUPS) (await load())(program, context);
  return program;
}

/** The definitions of all commands, without running anything. */
export async function defineAll(context: CliContext): Promise<readonly CommandReference[]> {
  const silent: HelpOutput = { help: () => undefined, mistake: () => undefined, width: 80 };
  const { describeCommands } = await import('./reference/reference.js');
  return describeCommands(await createProgram(context, '', undefined, silent));
}
