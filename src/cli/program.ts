import type { Command } from 'commander';
import type { CliContext } from './context.js';
import { createCommand, type HelpOutput } from './definition.js';
import { enforce } from './enforcement.js';
import type { CommandReference } from './reference/reference.js';

/** Adds commands to the program. */
export type CommandMaker = (program: Command, context: CliContext) => void;

/** Where the commands are: those of one file are loaded when one of them is typed. */
const GROUPS: readonly { readonly names: readonly string[]; readonly load: () => Promise<CommandMaker> }[] = [
  { names: ['init'], load: async () => (await import('./commands/init.js')).addInit },
  { names: ['add'], load: async () => (await import('./everyday.js')).addAdd },
  { names: ['list', 'search'], load: async () => (await import('./everyday.js')).addListCommands },
  { names: ['show'], load: async () => (await import('./everyday.js')).addShow },
  { names: ['update'], load: async () => (await import('./everyday.js')).addUpdate },
  { names: ['start', 'stop', 'time'], load: async () => (await import('./commands/time.js')).addTimeCommands },
  { names: ['complete'], load: async () => (await import('./everyday.js')).addComplete },
  { names: ['criteria'], load: async () => (await import('./commands/criteria.js')).addCriteria },
  { names: ['feedback'], load: async () => (await import('./commands/feedback.js')).addFeedback },
  { names: ['metrics'], load: async () => (await import('./commands/metrics.js')).addMetrics },
  { names: ['report'], load: async () => (await import('./commands/report.js')).addReport },
  { names: ['critical-path'], load: async () => (await import('./commands/criticalPath.js')).addCriticalPath },
  { names: ['estimate'], load: async () => (await import('./commands/estimate.js')).addEstimate },
  { names: ['forecast'], load: async () => (await import('./commands/forecast.js')).addForecast },
  { names: ['blocked', 'impact'], load: async () => (await import('./commands/blocked.js')).addBlockedCommands },
  { names: ['overdue'], load: async () => (await import('./commands/overdue.js')).addOverdue },
  {
    names: ['cancel', 'reopen', 'block', 'unblock'],
    load: async () => (await import('./everyday.js')).addStatusCommands,
  },
  { names: ['assign'], load: async () => (await import('./everyday.js')).addAssign },
  { names: ['delete'], load: async () => (await import('./everyday.js')).addDelete },
  {
    names: ['archive', 'unarchive', 'cleanup'],
    load: async () => (await import('./commands/archive.js')).addArchiveCommands,
  },
  { names: ['copy', 'move'], load: async () => (await import('./commands/relocate.js')).addRelocateCommands },
  { names: ['ready'], load: async () => (await import('./everyday.js')).addReady },
  { names: ['next'], load: async () => (await import('./everyday.js')).addNext },
  { names: ['claim', 'renew', 'release'], load: async () => (await import('./everyday.js')).addClaimCommands },
  { names: ['dep', 'ref'], load: async () => (await import('./everyday.js')).addEdgeCommands },
  { names: ['link', 'unlink', 'commits'], load: async () => (await import('./commands/commits.js')).addCommitCommands },
  { names: ['hook'], load: async () => (await import('./commands/hook.js')).addHookCommand },
  { names: ['complexity'], load: async () => (await import('./commands/complexity.js')).addComplexity },
  { names: ['graph'], load: async () => (await import('./commands/graph.js')).addGraphCommand },
  { names: ['log', 'changes', 'undo'], load: async () => (await import('./commands/history.js')).addHistoryCommands },
  { names: ['review'], load: async () => (await import('./commands/review.js')).addReview },
  { names: ['exec'], load: async () => (await import('./commands/exec.js')).addExec },
  { names: ['runs'], load: async () => (await import('./commands/runs.js')).addRuns },
  { names: ['execution'], load: async () => (await import('./commands/execution.js')).addExecution },
  { names: ['trash'], load: async () => (await import('./commands/trash.js')).addTrashCommands },
  {
    names: ['backup', 'restore', 'checkpoint'],
    load: async () => (await import('./commands/maintenance.js')).addMaintenanceCommands,
  },
  { names: ['hooks'], load: async () => (await import('./commands/hooks.js')).addHookCommands },
  { names: ['plugins'], load: async () => (await import('./commands/plugins.js')).addPluginsCommand },
  { names: ['template'], load: async () => (await import('./commands/templates.js')).addTemplateCommands },
  { names: ['wizard'], load: async () => (await import('./commands/wizard.js')).addWizard },
  { names: ['expand'], load: async () => (await import('./commands/expand.js')).addExpand },
  { names: ['config'], load: async () => (await import('./commands/config.js')).addConfigCommand },
  { names: ['encryption'], load: async () => (await import('./commands/encryption.js')).addEncryptionCommand },
  {
    names: ['validate-orchestration', 'fix-orchestration'],
    load: async () => (await import('./commands/orchestration.js')).addOrchestrationCommands,
  },
  { names: ['migrate'], load: async () => (await import('./commands/migrate.js')).addMigrate },
  { names: ['export', 'import'], load: async () => (await import('./commands/transfer.js')).addTransferCommands },
  { names: ['prd'], load: async () => (await import('./commands/prd.js')).addPrd },
  {
    names: ['join', 'share', 'note', 'discover', 'sync', 'progress', 'context', 'participants'],
    load: async () => (await import('./everyday.js')).addCollaborationCommands,
  },
  {
    names: ['notifications', 'messages', 'message'],
    load: async () => (await import('./commands/notifications.js')).addNotificationCommands,
  },
  { names: ['watch'], load: async () => (await import('./commands/watch.js')).addWatchCommand },
  {
    names: [
      'agent',
      'agent-register',
      'agent-list',
      'agent-status',
      'agent-workload',
      'agent-metrics',
      'agent-message',
      'agent-redistribute',
      'whoami',
    ],
    load: async () => (await import('./commands/agents.js')).addAgentCommands,
  },
  { names: ['mcp'], load: async () => (await import('./commands/mcp.js')).addMcp },
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
  // What no command of ours is called may be a plugin's.
  if (
    asked.length === 0 &&
    name !== undefined &&
    /^\w/.test(name) &&
    !program.commands.some((one) => one.name() === name)
  )
    await (await import('./pluginCommands.js')).addPluginCommand(program, context, name);
  return program.hook('preAction', async (_program, command) => enforce(context, topOf(command, program)));
}

/** The name of the command, or of the one that it is a part of. */
function topOf(command: Command, program: Command): string {
  return command.parent === null || command.parent === program ? command.name() : topOf(command.parent, program);
}

/** The definitions of all commands, without running anything. */
export async function defineAll(context: CliContext): Promise<readonly CommandReference[]> {
  const silent: HelpOutput = { help: () => undefined, mistake: () => undefined, width: 80 };
  const { describeCommands } = await import('./reference/reference.js');
  return describeCommands(await createProgram(context, '', undefined, silent));
}
