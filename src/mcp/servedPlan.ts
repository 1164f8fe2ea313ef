import { AsyncLocalStorage } from 'node:async_hooks';
import { dirname } from 'node:path';
import { ProjectAutomation } from '../app/automation/projectAutomation.js';
import { projectPermission } from '../app/execution/projectPermission.js';
import { readSettings } from '../app/settings/settingsFile.js';
import { AgentPlan, type Caller } from '../app/tools/agentPlan.js';
import type { Tool, ToolCall, Workbench } from '../app/tools/tool.js';
import { ExecutionConsent } from '../platform/execution/executionConsent.js';
import { LocalRunner } from '../platform/execution/localRunner.js';
import { gitCommits } from '../platform/gitCommits.js';
import { gitHistory } from '../platform/gitHistory.js';
import { DiskPrograms } from '../platform/programs/diskPrograms.js';
import type { StoreLocation } from '../platform/storeLocation.js';
import { workspaceSurvey } from '../platform/workspaceSurvey.js';
import { localWorld } from '../platform/world.js';
import { Store } from '../store/store.js';
import { watchStore } from '../store/watch.js';
import { log } from './log.js';
import { sqlite } from './sqlite.js';

/** How long others may keep a commit waiting, ms. */
const LOCK_TIMEOUT = 60_000;
/** How long after the last change the journal is folded into `tasks.db`, ms. */
const IDLE = 3_000;

export interface ServeOptions {
  /** Tasks that one call changes at most without a person's consent. */
  readonly bulkLimit: number;
}

/** A store that is open for as long as the server runs, and the plan in it; all connections share them. */
export class ServedPlan {
  readonly #agents: AgentPlan;
  readonly #store: Store;
  readonly #stop: () => void;
  #idle: NodeJS.Timeout | undefined;

  private constructor(store: Store, location: StoreLocation, { bulkLimit }: ServeOptions) {
    const world = localWorld(location);
    const programs = new DiskPrograms({ ...location, product: __dirname });
    this.#store = store;
    this.#agents = new AgentPlan(store, {
      world,
      bulkLimit,
      log,
      nameless: 'mcp',
      callers: new AsyncLocalStorage<Caller>(),
      automation: (asked, hear) => new ProjectAutomation({ ...asked, programs, report: hear }),
      parts: {
        surroundings: () => ({
          workspace: workspaceSurvey(location.root),
          versions: gitHistory(location.root),
          environment: process.env,
        }),
        execution: () => {
          const folder = dirname(location.path);
          const consent = new ExecutionConsent(folder);
          return {
            runner: new LocalRunner({ root: location.root, store: folder, product: __dirname }),
            permission: projectPermission(world.folder, () => consent.read()),
          };
        },
        repository: () => gitCommits(location.root),
        models: async (lent) => {
          const { models } = await readSettings(world.folder);
          const { modelSource } = await import('../platform/models/modelSource.js');
          return modelSource({ env: process.env, settings: models, lent });
        },
      },
    });
    const stopWatching = watchStore(store, (error) => log(error instanceof Error ? error.message : String(error)));
    const stopSettling = this.bench.plan.onDidChange(() => this.#settleWhenIdle());
    this.#stop = () => {
      stopWatching();
      stopSettling();
    };
  }

  /** Opens a store. Throws what `Store.open` does; one that can only be read is served so, and every change refused. */
  static async open(location: StoreLocation, options: ServeOptions): Promise<ServedPlan> {
    const store = await Store.open({
      path: location.path,
      engine: sqlite,
      program: 'tm mcp',
      now: () => new Date().toISOString(),
      lockTimeout: LOCK_TIMEOUT,
    });
    if (store.problem) log(store.problem.message);
    return new ServedPlan(store, location, options);
  }

  get bench(): Workbench {
    return this.#agents.bench;
  }

  /** Works in the name of a caller, on the newest state. */
  run<T>(caller: Caller, work: () => Promise<T>): Promise<T> {
    return this.#agents.run(caller, work);
  }

  /** Calls a tool; its reply, with what there is to say beside it. Throws what the tool does. */
  call(tool: Tool, given: unknown, caller: Caller, how: ToolCall): Promise<Record<string, unknown>> {
    return this.#agents.call(tool, given, caller, how);
  }

  /** Writes out what the journal holds, and ends. */
  async close(): Promise<void> {
    this.#stop();
    clearTimeout(this.#idle);
    await this.#settle();
    this.#agents.dispose();
    this.#store.close();
  }

  #settleWhenIdle(): void {
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => void this.#settle(), IDLE).unref();
  }

  /** The work is durable in the journal: whoever writes next makes up for what fails here. */
  async #settle(): Promise<void> {
    try {
      await this.#store.checkpointIfDue();
    } catch (error) {
      log(error instanceof Error ? error.message : String(error));
    }
  }
}
