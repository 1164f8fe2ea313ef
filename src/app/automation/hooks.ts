import * as z from 'zod';
import { HOOKS, type Thresholds } from '../../core/hooks/hook.js';
import { alertsOf, type HookAlert, type HookStatistics, summarise } from '../../core/hooks/statistics.js';
import { InvalidInputError, NotFoundError, OrchestratorError } from '../../core/model/errors.js';
import { type Input, type Output, parseInput, schema } from '../input.js';
import type { Clock, PluginEnd, ProjectPrograms, StoreFolder, Trust } from '../ports.js';
import type { Tasks } from '../tasks/tasks.js';
import { HookLog } from './hookLog.js';
import { failure, hookArguments, type ProjectAutomation, succeeded } from './projectAutomation.js';
import { readThresholds, writeThresholds } from './thresholds.js';

const DAY = 86_400_000;
const HOUR = 3_600_000;

/** A hook as it is listed. */
export const hookView = schema(() =>
  z.object({
    name: z.string(),
    standard: z.boolean().describe('True where it runs by itself; others are run by “tm hooks run”'),
    runs: z.boolean().describe('True where it runs now: executable and trusted'),
    fault: z.string().optional().describe('Why it can never run as it is'),
  }),
);

export const pluginView = schema(() =>
  z.object({
    file: z.string(),
    name: z.string().optional(),
    version: z.string().optional(),
    commands: z.array(z.object({ name: z.string(), description: z.string() })),
    problem: z.string().optional().describe('Why it does not work'),
  }),
);

export const hookReportInput = schema(() =>
  z.object({
    hook: z.string().optional().describe('Only this one'),
    days: z.number().positive('must be more than 0').max(36_500).optional().describe('How far back, 7 by itself'),
  }),
);

export const hookAlertsInput = schema(() =>
  z.object({
    severity: z.enum(['warning', 'critical']).optional().describe('Only these'),
    hours: z.number().positive('must be more than 0').max(876_000).optional().describe('How far back, 24 by itself'),
  }),
);

export type HookView = Output<typeof hookView>;
export type PluginView = Output<typeof pluginView>;
export type HookReportInput = Input<typeof hookReportInput>;
export type HookAlertsInput = Input<typeof hookAlertsInput>;

export interface HookList {
  readonly trust: Trust['state'];
  /** Files that are new, changed or gone since the person decided. */
  readonly changed: readonly string[];
  readonly hooks: readonly HookView[];
  readonly plugins: readonly string[];
}

interface Parts {
  readonly programs: ProjectPrograms;
  readonly automation: ProjectAutomation;
  readonly folder: StoreFolder;
  readonly clock: Clock;
}

/** Looking after the hooks and plugins of a project. */
export class Hooks {
  readonly #parts: Parts;
  readonly #log: HookLog;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#log = new HookLog(parts.folder);
  }

  list(): HookList {
    const { programs } = this.#parts;
    const trust = programs.trust();
    const hooks = programs.hooks().map(({ name, fault }) => ({
      name,
      standard: HOOKS.some((hook) => hook === name),
      runs: fault === undefined && trust.state === 'trusted',
      ...(fault !== undefined && { fault }),
    }));
    return { trust: trust.state, changed: trust.changed, hooks, plugins: [...programs.plugins()] };
  }

  /** Records that the hooks and plugins as they are may run, or may not. Returns their files. */
  decide(allowed: boolean): readonly string[] {
    return this.#parts.programs.decide(allowed);
  }

  report(input: HookReportInput = {}): { days: number; hooks: HookStatistics[] } {
    const { hook, days = 7 } = parseInput(hookReportInput, input);
    const runs = this.#log.since(this.#ago(days * DAY)).filter((run) => hook === undefined || run.hook === hook);
    return { days, hooks: summarise(runs) };
  }

  alerts(input: HookAlertsInput = {}): { hours: number; alerts: HookAlert[] } {
    const { severity, hours = 24 } = parseInput(hookAlertsInput, input);
    const alerts = alertsOf(this.#log.since(this.#ago(hours * HOUR)), this.thresholds());
    return { hours, alerts: alerts.filter((alert) => severity === undefined || alert.severity === severity) };
  }

  thresholds(): Thresholds {
    return readThresholds(this.#parts.folder);
  }

  /** Throws INVALID_INPUT where they are not positive and rising. */
  setThresholds(thresholds: Thresholds): Thresholds {
    writeThresholds(this.#parts.folder, thresholds);
    return this.thresholds();
  }

  /** Forgets the runs that are older; returns how many. */
  cleanUp(days: number): number {
    if (!(days >= 0)) throw new InvalidInputError('days', `${days}: give a number of days.`);
    return this.#log.keepSince(this.#ago(days * DAY));
  }

  /**
   * Runs a hook of any name for a task that is there. Throws NOT_FOUND where there is no such hook or task,
   * EXECUTION_DISABLED where hooks are not trusted, PERMISSION_DENIED with its words where it fails.
   */
  async run(name: string, tasks: Tasks, task: string): Promise<{ hook: string; task: string; output: string }> {
    const { programs, automation } = this.#parts;
    const file = programs.hooks().find((hook) => hook.name === name);
    if (!file) {
      const names = programs.hooks().map((hook) => hook.name);
      throw new NotFoundError(
        `There is no hook “${name}”. There ${names.length > 0 ? `are ${names.join(', ')}` : 'are none'}.`,
      );
    }
    if (file.fault !== undefined)
      throw new OrchestratorError('EXECUTION_DISABLED', `Hook ${name} is ${file.fault}.`, { hook: name });
    this.requireTrust();
    const view = tasks.get(task);
    const args = name === 'pre-task' ? [view.title] : hookArguments(view);
    const end = await automation.run(name, { event: 'run', args, task: view.id, input: { task: view } });
    if (succeeded(end)) return { hook: name, task: view.id, output: end.output };
    const words = end.output.trim();
    throw new OrchestratorError(
      end.timedOut ? 'TIMEOUT' : 'PERMISSION_DENIED',
      `Hook ${name} ${failure(end)}.${words && `\n${words}`}`,
      { hook: name, refused: true },
    );
  }

  /** What each plugin says of itself; only where they are trusted. */
  async plugins(): Promise<PluginView[]> {
    const { programs } = this.#parts;
    const files = programs.plugins();
    if (files.length === 0 || programs.trust().state !== 'trusted')
      return files.map((file) => ({ file, commands: [] }));
    const { timeout: limit } = this.thresholds();
    return Promise.all(
      files.map(async (file) => {
        const end = await programs.callPlugin(file, { kind: 'describe' }, { env: {}, limit });
        if (!end.description) return { file, commands: [], problem: succeeded(end) ? 'says nothing' : failure(end) };
        const { name, version, commands } = end.description;
        return { file, name, version, commands: [...commands] };
      }),
    );
  }

  /** Runs a plugin's command with the terminal as its own. Throws EXECUTION_DISABLED where plugins are not trusted. */
  async runCommand(file: string, name: string, args: readonly string[], actor: string): Promise<PluginEnd> {
    this.requireTrust();
    const { programs } = this.#parts;
    const running = [...programs.running, 'plugins'].join(',');
    const env = { TM_AGENT_ID: actor, TM_HOOKS_RUNNING: running };
    return programs.callPlugin(file, { kind: 'command', name, args }, { env });
  }

  requireTrust(): void {
    const { state, changed } = this.#parts.programs.trust();
    if (state === 'trusted') return;
    const why = state === 'declined' ? 'you declined them' : `new or changed: ${changed.join(', ')}`;
    throw new OrchestratorError(
      'EXECUTION_DISABLED',
      `Hooks and plugins of this project are not trusted (${why}). Look at them, then run “tm hooks trust”.`,
    );
  }

  #ago(milliseconds: number): string {
    return new Date(Date.parse(this.#parts.clock.now()) - milliseconds).toISOString();
  }
}

export type { HookAlert, HookStatistics };
