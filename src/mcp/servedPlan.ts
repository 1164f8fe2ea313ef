import { AsyncLocalStorage } from 'node:async_hooks';
import { dirname } from 'node:path';
import { ProjectAutomation } from '../app/automation/projectAutomation.js';
import { projectPermission } from '../app/execution/projectPermission.js';
import { Plan } from '../app/plan.js';
import type { World } from '../app/ports.js';
import { References } from '../app/references/references.js';
import { readSettings } from '../app/settings/settingsFile.js';
import { Tasks } from '../app/tasks/tasks.js';
import type { Workbench } from '../app/tools/tool.js';
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
import { reviewBulk } from './bulkLimit.js';
import { log } from './log.js';
import { sqlite } from './sqlite.js';

/** How long others may keep a commit waiting, ms. */
const LOCK_TIMEOUT = 60_000;
/** How long after the last change the journal is folded into `tasks.db`, ms. */
const IDLE = 3_000;

/** One call: who makes it, what a person agreed to, and what there is to say beside its result. */
export interface Caller {
  readonly actor: string;
  /** So many tasks may change at once: somebody was asked. */
  readonly confirmed?: number | undefined;
  readonly notes: string[];
}

export interface ServeOptions {
  /** Tasks that one call changes at most without a person's consent. */
  readonly bulkLimit: number;
}

/** A store that is open for as long as the server runs, and the plan in it; all connections share them. */
export class ServedPlan {
  readonly bench: Workbench;
  readonly #store: Store;
  readonly #callers: AsyncLocalStorage<Caller>;
  readonly #stop: () => void;
  #idle: NodeJS.Timeout | undefined;

  private constructor(store: Store, location: StoreLocation, { bulkLimit }: ServeOptions) {
    const callers = new AsyncLocalStorage<Caller>();
    const tell = (message: string) => void (callers.getStore()?.notes.push(message) ?? log(message));
    const world: World = {
      ...localWorld(location, () => callers.getStore()?.actor ?? 'mcp'),
      tell,
      review: (transaction) => reviewBulk(transaction, bulkLimit, callers.getStore()?.confirmed),
    };
    const programs = new DiskPrograms({ ...location, product: __dirname });
    const automation = new ProjectAutomation({ ...world, programs, report: tell });
    const plan = new Plan(store, { ...world, automation });
    const references = new References(plan);
    this.#store = store;
    this.#callers = callers;
    this.bench = {
      plan,
      references,
      tasks: new Tasks(plan, references),
      surroundings: () => ({
        workspace: workspaceSurvey(location.root),
        versions: gitHistory(location.root),
        environment: process.env,
      }),
      execution: () => {
        const store = dirname(location.path);
        const consent = new ExecutionConsent(store);
        return {
          runner: new LocalRunner({ root: location.root, store, product: __dirname }),
          permission: projectPermission(plan.world.folder, () => consent.read()),
        };
      },
      repository: () => gitCommits(location.root),
      models: async (lent) => {
        const { models } = await readSettings(plan.world.folder);
        const { modelSource } = await import('../platform/models/modelSource.js');
        return modelSource({ env: process.env, settings: models, lent });
      },
    };
    const stopWatching = watchStore(store, (error) => log(error instanceof Error ? error.message : String(error)));
    const stopSettling = plan.onDidChange(() => this.#settleWhenIdle());
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

  /** Runs one call in the name of its caller, on the newest state. */
  run<T>(caller: Caller, work: () => Promise<T>): Promise<T> {
    return this.#callers.run(caller, () => {
      this.#store.refresh();
      return work();
    });
  }

  /** Writes out what the journal holds, and ends. */
  async close(): Promise<void> {
    this.#stop();
    clearTimeout(this.#idle);
    await this.#settle();
    this.bench.plan.dispose();
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
