import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { Maintenance } from '../app/maintenance/maintenance.js';
import { Orchestrator } from '../app/orchestrator.js';
import { InvalidInputError, NotFoundError } from '../core/model/errors.js';
import {
  findStore,
  STORE_FOLDER,
  type StoreLocation,
  sharedStoreOf,
  storeAt,
  storeExists,
  storeIn,
} from '../platform/storeLocation.js';
import { localWorld } from '../platform/world.js';
import { Store, type StoreOptions } from '../store/store.js';
import type { Output } from './output.js';

/** One run of `tm` on one store. */
export interface Session {
  readonly orchestrator: Orchestrator;
  readonly store: Store;
  readonly location: StoreLocation;
}

/** Finds the store of this run: `TM_DB_PATH`, else upward from the working folder. NOT_FOUND says how to make one. */
export function locateStore(workingFolder: string): StoreLocation {
  const variable = process.env.TM_DB_PATH;
  const found = variable ? storeAt(variable, workingFolder) : findStore(workingFolder);
  if (found && storeExists(found)) return found;
  if (found)
    throw new NotFoundError(`No task store at ${found.path}, where TM_DB_PATH points. Run “tm init” to make it.`);
  throw new NotFoundError(
    `No task store here: there is no ${STORE_FOLDER} in ${workingFolder} or above it. Run “tm init” in the project's folder first.`,
  );
}

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

/** Optimising the WebAssembly in the background takes longer than a command runs and keeps the process alive. */
const SHORT_LIVED = ['--liftoff-only', '--wasm-lazy-compilation', '--no-wasm-tier-up', '--no-wasm-dynamic-tiering'];
/** V8 complains of flags that it does not know; up to this version of Node it knows these. */
const NEWEST_NODE = 24;

export async function openSession(location: StoreLocation, output: Output): Promise<Session> {
  const store = await Store.open(storeOptions(location, output));
  if (store.problem) output.message(`Warning: ${store.problem.message}`);
  return { store, location, orchestrator: new Orchestrator(store, localWorld(location.root)) };
}

/** For what is done to a store as a whole, also to one that cannot be opened. */
export function openMaintenance(location: StoreLocation, output: Output): Maintenance {
  return new Maintenance(storeOptions(location, output), localWorld(location.root).actor);
}

/** How `tm` opens a store. */
export function storeOptions({ path }: StoreLocation, output: Output): StoreOptions {
  if (Number.parseInt(process.versions.node, 10) <= NEWEST_NODE)
    for (const flag of SHORT_LIVED) setFlagsFromString(flag);
  return {
    path,
    wasm: () => new Uint8Array(readFileSync(join(__dirname, 'sql-wasm.wasm'))),
    program: 'tm',
    now: () => new Date().toISOString(),
    onWait: (holder) => output.message(`Waiting for ${holder} to finish writing…`),
  };
}

export { storeExists };
