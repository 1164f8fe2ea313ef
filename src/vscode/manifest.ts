import * as vscode from 'vscode';
import { checkAgentName } from '../core/model/agentName.js';
import { parseDuration } from '../core/model/claim.js';

/** Commands that package.json declares; `npm run check` holds the two lists against each other. */
export const COMMANDS = [
  'taskOrchestrator.task.create',
  'taskOrchestrator.task.createFromSelection',
  'taskOrchestrator.task.createSubtask',
  'taskOrchestrator.task.goTo',
  'taskOrchestrator.task.setStatus',
  'taskOrchestrator.task.start',
  'taskOrchestrator.task.complete',
  'taskOrchestrator.task.block',
  'taskOrchestrator.task.cancel',
  'taskOrchestrator.task.reopen',
  'taskOrchestrator.task.toggleDone',
  'taskOrchestrator.task.rename',
  'taskOrchestrator.task.editDescription',
  'taskOrchestrator.task.setPriority',
  'taskOrchestrator.task.assign',
  'taskOrchestrator.task.setTags',
  'taskOrchestrator.task.setDueDate',
  'taskOrchestrator.task.setNotBefore',
  'taskOrchestrator.task.setEstimate',
  'taskOrchestrator.task.setParent',
  'taskOrchestrator.task.analyseComplexity',
  'taskOrchestrator.task.expand',
  'taskOrchestrator.task.estimateEffort',
  'taskOrchestrator.task.runCode',
  'taskOrchestrator.task.copyId',
  'taskOrchestrator.task.delete',
  'taskOrchestrator.task.restore',
  'taskOrchestrator.task.openNext',
  'taskOrchestrator.task.open',
  'taskOrchestrator.next.show',
  'taskOrchestrator.task.reveal',
  'taskOrchestrator.claim.claim',
  'taskOrchestrator.claim.renew',
  'taskOrchestrator.claim.release',
  'taskOrchestrator.claim.takeOver',
  'taskOrchestrator.claim.next',
  'taskOrchestrator.dependency.add',
  'taskOrchestrator.dependency.remove',
  'taskOrchestrator.reference.add',
  'taskOrchestrator.reference.open',
  'taskOrchestrator.reference.relink',
  'taskOrchestrator.reference.remove',
  'taskOrchestrator.commit.link',
  'taskOrchestrator.commit.open',
  'taskOrchestrator.commit.unlink',
  'taskOrchestrator.graph.show',
  'taskOrchestrator.forecast.show',
  'taskOrchestrator.tree.filter',
  'taskOrchestrator.tree.clearFilter',
  'taskOrchestrator.tree.groupBy',
  'taskOrchestrator.tree.showMore',
  'taskOrchestrator.history.undo',
  'taskOrchestrator.history.undoTransaction',
  'taskOrchestrator.history.show',
  'taskOrchestrator.history.showPlan',
  'taskOrchestrator.review.show',
  'taskOrchestrator.review.openDiff',
  'taskOrchestrator.review.accept',
  'taskOrchestrator.review.acceptAll',
  'taskOrchestrator.review.revert',
  'taskOrchestrator.trash.restore',
  'taskOrchestrator.trash.empty',
  'taskOrchestrator.store.migrate',
  'taskOrchestrator.store.check',
  'taskOrchestrator.store.backUp',
  'taskOrchestrator.store.restore',
  'taskOrchestrator.mcp.setUpClient',
  'taskOrchestrator.model.check',
  'taskOrchestrator.model.setKey',
  'taskOrchestrator.model.removeKey',
  'taskOrchestrator.prd.plan',
  'taskOrchestrator.prd.apply',
  'taskOrchestrator.prd.openDiff',
  'taskOrchestrator.prd.discard',
  'taskOrchestrator.run.draft',
  'taskOrchestrator.run.show',
  'taskOrchestrator.log.show',
] as const;

export type CommandId = (typeof COMMANDS)[number];

/** What some of the commands do. */
export type Handlers = Partial<Record<CommandId, (...args: unknown[]) => unknown>>;

/** Registers a declared command; another id does not compile. */
export function registerCommand(id: CommandId, handler: (...args: unknown[]) => unknown): vscode.Disposable {
  return vscode.commands.registerCommand(id, handler);
}

export const TASKS_VIEW = 'taskOrchestrator.tasks';
export const NEXT_UP_VIEW = 'taskOrchestrator.nextUp';
export const PRD_VIEW = 'taskOrchestrator.prd';
export const REVIEW_VIEW = 'taskOrchestrator.review';
export const GRAPH_PANEL = 'taskOrchestrator.graph';
export const DESCRIPTION_SCHEME = 'task-description';
export const HISTORY_SCHEME = 'task-history';
export const COMPLEXITY_SCHEME = 'task-complexity';
export const FORECAST_SCHEME = 'task-forecast';
export const PRD_SCHEME = 'task-prd';
export const REVIEW_SCHEME = 'task-review';
export const RUN_SCHEME = 'task-run';
export const CLIENT_SCHEME = 'task-client';

const CONTEXT_PREFIX = 'taskOrchestrator.';

/** Context keys that the manifest's `when` clauses read. */
interface ContextKeys {
  /** There is a store with at least one task. */
  hasTasks: boolean;
  /** A filter is set on the tree. */
  filtered: boolean;
  /** The store could not be opened, or only for reading. */
  problem: boolean;
  /** Why *Next up* is empty, once it was ranked: nothing is ready of what is open, or nothing is open. */
  nothingNext: 'ready' | 'open' | undefined;
  /** A document is shown as the tasks that it would make. */
  prdPreview: boolean;
  /** Others changed something since the person looked. */
  toReview: boolean;
  /** The active editor holds code that was begun for a task. */
  codeDraft: boolean;
}

const known = new Map<keyof ContextKeys, unknown>();

/** Sets a context key where it changed. */
export function setContext<K extends keyof ContextKeys>(key: K, value: ContextKeys[K]): void {
  if (known.get(key) === value) return;
  known.set(key, value);
  void vscode.commands.executeCommand('setContext', CONTEXT_PREFIX + key, value);
}

/** How the tree groups tasks. */
export const GROUPINGS = ['state', 'priority', 'assignee', 'tag', 'none'] as const;

export type Grouping = (typeof GROUPINGS)[number];

const DEFAULT_DURATION = '30m';

/** Whether `tm` is put on the PATH of the editor's terminals. */
export const TM_IN_TERMINAL = 'taskOrchestrator.terminal.tm';

/** The section of the settings about the editor's agents. */
export const AGENTS = 'taskOrchestrator.agents';

/** How the editor's agents come to the plan. */
const AGENT_ACCESS = ['tools', 'mcp', 'off'] as const;
/** Which tools they get. */
const AGENT_TOOL_SETS = ['planning', 'core'] as const;
/** In whose name they act unless the setting says otherwise. */
const AGENT_NAME = 'vscode-agent';

/** The settings, with what a damaged value falls back to. */
export const settings = {
  gutterIcons: (scope?: vscode.ConfigurationScope) => read('gutter.enabled', true, scope),
  graphDepth: () => clamp(read('graph.depth', 2), 1, 10),
  /** How long a claim lasts, as `tm claim --for` takes it. */
  claimDuration: () => duration(read('claim.duration', DEFAULT_DURATION)),
  sharedStore: (scope: vscode.ConfigurationScope) => read('store.shared', false, scope),
  lockTimeout: () => clamp(read('store.lockTimeout', 10), 1, 60) * 1000,
  /** Whether commits of this window are linked to the tasks that they name. */
  linkCommits: (scope: vscode.ConfigurationScope) => read('git.linkCommits', true, scope),
  /** Whether `T-12` is a link in editors and terminals. */
  taskLinks: (scope?: vscode.ConfigurationScope) => read('taskLinks.enabled', true, scope),
  /** Whether code may be run for tasks, in a workspace that is trusted. */
  executionEnabled: (scope: vscode.ConfigurationScope) => read('execution.enabled', false, scope),
  agentAccess: () => oneOf(AGENT_ACCESS, read('agents.access', 'tools')),
  agentToolSets: () => oneOf(AGENT_TOOL_SETS, read('agents.toolSets', 'planning')),
  /** In whose name the editor's agents act. */
  agentName: () => agentName(read('agents.name', AGENT_NAME)),
  tmInTerminal: () => read('terminal.tm', true),
  /** Who is asked for plans; empty texts leave it to the project's own settings. */
  model: () => ({
    provider: read('model.provider', 'auto'),
    model: read('model.name', ''),
    base_url: read('model.baseUrl', ''),
  }),
};

function read<T extends boolean | number | string>(name: string, fallback: T, scope?: vscode.ConfigurationScope): T {
  const value: unknown = vscode.workspace.getConfiguration('taskOrchestrator', scope).get(name);
  return typeof value === typeof fallback && !Number.isNaN(value) ? (value as T) : fallback;
}

/** One of some values; the first where it is none of them. */
function oneOf<T extends string>(values: readonly [T, ...T[]], value: string): T {
  return values.find((one) => one === value) ?? values[0];
}

function agentName(text: string): string {
  try {
    return checkAgentName(text);
  } catch {
    return AGENT_NAME;
  }
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}

function duration(text: string): string {
  try {
    parseDuration(text);
    return text;
  } catch {
    return DEFAULT_DURATION;
  }
}
