import { dirname } from 'node:path';
import { deferredAutomation } from '../app/automation/deferred.js';
import { Plan } from '../app/plan.js';
import type { World } from '../app/ports.js';
import { References } from '../app/references/references.js';
import { Tasks } from '../app/tasks/tasks.js';
import { InvalidInputError, NotFoundError } from '../core/model/errors.js';
import { hasPrograms } from '../platform/programs/projectFolders.js';
import { type StoreLocation, sharedStoreOf, storeAt, storeIn } from '../platform/storeLocation.js';
import { localWorld } from '../platform/world.js';
import { Store, type StoreOptions } from '../store/store.js';
import type { CliContext } from './context.js';
import { isQuicker, sqlite } from './sqlite.js';

/** One run of `tm` on one store. A command makes the other use cases that it calls over this plan. */
export interface Session {
  readonly plan: Plan;
  readonly tasks: Tasks;
  readonly references: References;
  readonly store: Store;
  readonly location: StoreLocation;
}

export { locateStore } from '../platform/storeLocation.js';

/** Where `tm init` makes a store: `TM_DB_PATH`, else the working folder, or for all worktrees of its repository. */
export function newStoreLocation(workingFolder: string, shared: boolean): StoreLocation {
  const variable = process.env.TM_DB_PATH;
  if (shared) {
    if (variable)
      throw new InvalidInputError('shared', `--shared has no meaning while TM_DB_PATH is ${variable}. Unset it.`);
    const location = sharedStoreOf(workingFolder);
    if (location) return location;
    throw new NotFoundError(`${workingFolder} is in no git repository: there are no worktrees to share a store.`);
  }
  return variable ? storeAt(variable, workingFolder) : storeIn(workingFolder);
}

/**
 * A hundred at once on a small machine take longer than the store's own patience, and whoever waits is told so; ms.
 */
const LOCK_TIMEOUT = 60_000;

export async function openSession(location: StoreLocation, context: CliContext): Promise<Session> {
  const store = await Store.open({ ...storeOptions(location, context), lockTimeout: LOCK_TIMEOUT });
  if (store.problem) context.output.message(`Warning: ${store.problem.message}`);
  return sessionOn(store, location, context);
}

/** A session that reads the store's files without SQLite; undefined where that cannot be. */
export function openDirectly(location: StoreLocation, context: CliContext): Session | undefined {
  const store = Store.openDirectly(storeOptions(location, context), isQuicker);
  return store && sessionOn(store, location, context);
}

function sessionOn(store: Store, location: StoreLocation, context: CliContext): Session {
  const plan = new Plan(store, worldOf(location, context));
  const references = new References(plan);
  return { plan, references, tasks: new Tasks(plan, references), store, location };
}

/** This machine, with the actor that the command line names, and the request that `TM_REQUEST_ID` does. */
export function worldOf(location: StoreLocation, context: CliContext): World {
  const { agent, output } = context;
  const request = process.env.TM_REQUEST_ID?.trim();
  const world = {
    ...localWorld(location, agent === undefined ? undefined : () => agent),
    tell: (message: string) => output.message(message),
    ...(request && { request }),
  };
  if (!hasPrograms(dirname(location.path))) return world;
  const load = async () => (await import('./automation.js')).automationOf(location, world, context);
  return { ...world, automation: deferredAutomation(load) };
}

/** How `tm` opens a store. */
export function storeOptions({ path }: StoreLocation, { output }: CliContext): StoreOptions {
  return {
    path,
    engine: sqlite,
    program: 'tm',
    now: () => new Date().toISOString(),
    onWait: (holder) => output.message(`Waiting for ${holder} to finish writing…`),
  };
}
