import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { Orchestrator } from '../app/orchestrator.js';
import { NotFoundError } from '../core/model/errors.js';
import {
  findStore,
  STORE_FOLDER,
  type StoreLocation,
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

/** Where `tm init` makes a store: `TM_DB_PATH`, else the working folder. */
export function newStoreLocation(workingFolder: string): StoreLocation {
  const variable = process.env.TM_DB_PATH;
  return variable ? storeAt(variable, workingFolder) : storeIn(workingFolder);
}

/** Optimising the WebAssembly in the background takes longer than a command runs and keeps the process alive. */
const SHORT_LIVED = ['--liftoff-only', '--wasm-lazy-compilation', '--no-wasm-tier-up', '--no-wasm-dynamic-tiering'];
/** V8 complains of flags that it does not know; up to this version of Node it knows these. */
const NEWEST_NODE = 24;

/** How `tm` opens a store. */
export function storeOptions({ path }: StoreLocation, output: Output): StoreOptions {
  return {
    path,
    wasm: () => new Uint8Array(readFileSync(join(__dirname, 'sql-wasm.wasm'))),
    program: 'tm',
    now: () => new Date().toISOString(),
    onWait: (holder) => output.message(`Waiting for ${holder} to finish writing…`),
  };
}

export async function openSession(location: StoreLocation, output: Output): Promise<Session> {
  if (Number.parseInt(process.versions.node, 10) <= NEWEST_NODE)
    for (const flag of SHORT_LIVED) setFlagsFromString(flag);
  const store = await Store.open(storeOptions(location, output));
  if (store.problem) output.message(`Warning: ${store.problem.message}`);
  return { store, location, orchestrator: new Orchestrator(store, localWorld(location.root)) };
}

export { storeExists };
