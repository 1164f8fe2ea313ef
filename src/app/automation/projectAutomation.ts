import { hookOf } from '../../core/hooks/hook.js';
import type { HookRun } from '../../core/hooks/statistics.js';
import { OrchestratorError } from '../../core/model/errors.js';
import { plainLines } from '../../core/model/plainText.js';
import type {
  Automation,
  Clock,
  PluginRequest,
  ProgramEnd,
  ProjectPrograms,
  StoreFolder,
  TaskEvent,
  Trust,
} from '../ports.js';
import type { TaskView } from '../tasks/taskView.js';
import { HookLog } from './hookLog.js';
import { readThresholds } from './thresholds.js';

/** What the project's automation needs. */
export interface AutomationWorld {
  readonly programs: ProjectPrograms;
  readonly folder: StoreFolder;
  readonly clock: Clock;
  readonly actor: () => string;
  /** Says something to the person. */
  readonly report: (message: string, kind: ReportKind) => void;
  /** False where none of them may run, whatever the person decided about them. */
  readonly enabled?: () => boolean;
}

/** What a program wrote; what went wrong; that somebody has to decide whether they may run. */
export type ReportKind = 'output' | 'warning' | 'trust';

/** What a hook is told of a task. */
export interface HookSubject {
  readonly event: string;
  readonly args: readonly string[];
  readonly task?: string;
  readonly input: object;
}

const LONGEST_MESSAGE = 500;
const PLUGINS = 'plugins';

/** Runs the hooks and plugins that a project has in its store's folder, where they are trusted. */
export class ProjectAutomation implements Automation {
  readonly #world: AutomationWorld;
  readonly #log: HookLog;
  /** What the tasks were like that are being changed. */
  readonly #previous = new Map<string, TaskView>();
  /** The files that the person was asked about. */
  #asked: string | undefined;

  constructor(world: AutomationWorld) {
    this.#world = world;
    this.#log = new HookLog(world.folder);
  }

  /** Throws PERMISSION_DENIED with the hook's words where it refuses, TIMEOUT where it does not come to an end. */
  async before(event: TaskEvent): Promise<void> {
    if ((event.kind === 'update' || event.kind === 'complete') && isView(event.task))
      this.#previous.set(event.task.id, event.task);
    const hook = this.#hookFor('pre', event);
    if (hook === undefined) return;
    const subject = subjectOf(event);
    const end = await this.run(hook, subject);
    const words = said(end);
    if (end.timedOut) {
      const seconds = (end.milliseconds / 1000).toFixed(1);
      throw new OrchestratorError(
        'TIMEOUT',
        `Hook ${hook} was stopped after ${seconds} s, its time limit; nothing was changed.${words && `\n${words}`}`,
        { hook },
      );
    }
    if (succeeded(end)) {
      if (words) this.#world.report(words, 'output');
      return;
    }
    const why = words.replace(/^Error:\s*/i, '') || failure(end);
    throw new OrchestratorError('PERMISSION_DENIED', `${why}\nRefused by hook ${hook}; nothing was changed.`, {
      hook,
      refused: true,
      ...(end.code !== undefined && { exitCode: end.code }),
    });
  }

  async after(event: TaskEvent): Promise<void> {
    const previous = isView(event.task) ? this.#previous.get(event.task.id) : undefined;
    if (isView(event.task)) this.#previous.delete(event.task.id);
    try {
      const hook = this.#hookFor('post', event);
      if (hook !== undefined) {
        const end = await this.run(hook, subjectOf(event, previous));
        const words = said(end);
        if (words) this.#world.report(words, 'output');
        if (!succeeded(end)) this.#world.report(`Warning: hook ${hook} ${failure(end)}. The change stays.`, 'warning');
      }
      await this.#tellPlugins(event, previous);
    } catch (error) {
      // The change is made: whatever goes wrong now must not look as if it was not.
      this.#world.report(
        `Warning: ${error instanceof Error ? error.message : String(error)} The change stays.`,
        'warning',
      );
    }
  }

  /** Runs one hook and keeps it in the log; the caller has made sure that it is trusted. */
  async run(hook: string, { event, args, task, input }: HookSubject): Promise<ProgramEnd> {
    const end = await this.#world.programs.runHook(hook, {
      args,
      input: `${JSON.stringify({ hook, ...input })}\n`,
      env: { ...this.#env(hook, event), ...(task !== undefined && { TM_TASK_ID: task }) },
      limit: readThresholds(this.#world.folder).timeout,
    });
    const refusing = hook.startsWith('pre-') && end.code !== undefined && end.code !== 0;
    this.#record(hook, event, task, end, refusing ? 'refused' : undefined);
    return end;
  }

  /** True where hooks and plugins may run; says once what to do where the person has not decided. */
  allowed(): boolean {
    if (this.#world.enabled?.() === false) return false;
    const { state, changed } = this.#trust();
    if (state === 'unknown' && this.#asked !== changed.join()) {
      this.#asked = changed.join();
      const [first = 'they', ...rest] = changed;
      const files = rest.length > 0 ? `${first} and ${rest.length} more are` : `${first} is`;
      this.#world.report(
        `Hooks and plugins of this project are not run: ${plainLines(files)} new or changed. Look at them; “tm hooks trust” allows them, “tm hooks untrust” keeps them off.`,
        'trust',
      );
    }
    return state === 'trusted';
  }

  #trust(): Trust {
    try {
      return this.#world.programs.trust();
    } catch (error) {
      this.#world.report(`Hooks and plugins of this project are not run: ${(error as Error).message}`, 'warning');
      return { state: 'declined', changed: [] };
    }
  }

  /** Asks one plugin, and keeps it in the log. */
  async #tell(file: string, request: PluginRequest, event: TaskEvent): Promise<void> {
    const end = await this.#world.programs.callPlugin(file, request, {
      env: this.#env(PLUGINS, event.kind),
      limit: readThresholds(this.#world.folder).timeout,
    });
    const task = 'id' in event.task ? String(event.task.id) : undefined;
    this.#record(`plugin:${file}`, event.kind, task, end);
    const words = said(end);
    if (words) this.#world.report(words, 'output');
    if (!succeeded(end)) this.#world.report(`Warning: plugin ${file} ${failure(end)}. The change stays.`, 'warning');
  }

  async #tellPlugins(event: TaskEvent, previous: TaskView | undefined): Promise<void> {
    const { programs } = this.#world;
    if (event.kind === 'delete' || programs.running.includes(PLUGINS)) return;
    const files = programs.plugins();
    if (files.length === 0 || !this.allowed()) return;
    const requests = requestsFor(event, previous);
    // Each in a process of its own, beside the others: a slow one holds nobody up.
    await Promise.all(
      files.map(async (file) => {
        for (const request of requests) await this.#tell(file, request, event);
      }),
    );
  }

  /** The hook of this event if there is one that may run. One that is running already is not started by what it does. */
  #hookFor(phase: 'pre' | 'post', { kind }: TaskEvent): string | undefined {
    const name = hookOf(phase, kind);
    const { programs } = this.#world;
    const file = programs.hooks().find((one) => one.name === name);
    if (!file || programs.running.includes(file.name)) return undefined;
    if (file.fault !== undefined) {
      this.#world.report(`Hook ${file.name} is ignored: it is ${file.fault}.`, 'warning');
      return undefined;
    }
    return this.allowed() ? file.name : undefined;
  }

  #env(hook: string, event: string): Record<string, string> {
    const running = [...this.#world.programs.running, hook];
    return {
      TM_HOOK_TYPE: hook,
      TM_TRIGGER_EVENT: event,
      TM_AGENT_ID: this.#world.actor(),
      TM_HOOK_DEPTH: String(running.length),
      TM_HOOKS_RUNNING: running.join(','),
    };
  }

  #record(
    hook: string,
    event: string,
    task: string | undefined,
    end: ProgramEnd,
    outcome: HookRun['outcome'] = succeeded(end) ? 'ok' : 'failed',
  ): void {
    const message = (end.problem ?? end.output).trim().slice(0, LONGEST_MESSAGE);
    try {
      this.#log.add({
        at: this.#world.clock.now(),
        hook,
        event,
        ...(task !== undefined && { task }),
        actor: this.#world.actor(),
        outcome: end.timedOut ? 'timeout' : outcome,
        milliseconds: end.milliseconds,
        ...(end.code !== undefined && { code: end.code }),
        ...(message && { message }),
      });
    } catch (error) {
      this.#world.report(`Warning: the hooks' log cannot be written: ${(error as Error).message}`, 'warning');
    }
  }
}

export function succeeded({ code, timedOut, problem }: ProgramEnd): boolean {
  return code === 0 && !timedOut && problem === undefined;
}

/** What went wrong, after the name of the program. */
export function failure({ code, signal, timedOut, problem, milliseconds }: ProgramEnd): string {
  if (timedOut) return `was stopped after ${(milliseconds / 1000).toFixed(1)} s, its time limit`;
  if (problem !== undefined) return `failed: ${plainLines(problem)}`;
  return signal === undefined ? `failed (exit code ${code})` : `was ended by ${signal}`;
}

/** What a program wrote, as it may be printed. */
function said({ output, truncated }: ProgramEnd): string {
  const text = plainLines(output.trim());
  return truncated ? `${text}\n… (there was more)` : text;
}

/** The arguments that seed 000's hooks expect, and the task as JSON. */
function subjectOf(event: TaskEvent, previous?: TaskView): HookSubject {
  const { kind, task } = event;
  const input = {
    task,
    ...('changes' in event && { changes: event.changes }),
    ...(previous && { previous }),
  };
  if (!isView(task)) return { event: kind, args: [task.title], input };
  return { event: kind, args: hookArguments(task), task: task.id, input };
}

export function hookArguments({ id, title, status }: TaskView): string[] {
  return [id, title, status];
}

function isView(task: TaskEvent['task']): task is TaskView {
  return typeof task.id === 'string';
}

/** A completion is an update too. */
function requestsFor(event: TaskEvent, previous: TaskView | undefined): PluginRequest[] {
  const { task } = event;
  if (!isView(task)) return [];
  if (event.kind === 'create') return [{ kind: 'created', task }];
  if (event.kind === 'delete') return [];
  const updated = previous && differences(task, previous);
  return [
    ...(updated ? [{ kind: 'updated' as const, id: task.id, ...updated }] : []),
    ...(event.kind === 'complete' ? [{ kind: 'completed' as const, task }] : []),
  ];
}

/** The fields that changed, as they were and as they are; undefined where none did. */
function differences(now: TaskView, then: TaskView): { before: object; after: object } | undefined {
  const bookkeeping = ['version', 'updatedAt', 'updatedBy'];
  const [after, before] = [now, then].map((view) => new Map(Object.entries(view)));
  const changed = [...new Set([...(before?.keys() ?? []), ...(after?.keys() ?? [])])].filter(
    (key) => !bookkeeping.includes(key) && JSON.stringify(before?.get(key)) !== JSON.stringify(after?.get(key)),
  );
  if (changed.length === 0) return undefined;
  const pick = (fields: Map<string, unknown> | undefined) =>
    Object.fromEntries(changed.map((key) => [key, fields?.get(key) ?? null]));
  return { before: pick(before), after: pick(after) };
}
