/**
 * A process of its own that uses a store through the use cases, as `tm` and a window do. It is told what to do by one
 * JSON line each on stdin and tells what came of it by one each on stdout, written before anything else happens.
 */
import { createHash } from 'node:crypto';
import { writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { Orchestrator } from '../../src/app/orchestrator.js';
import { OrchestratorError } from '../../src/core/model/errors.js';
import { DiskFolder } from '../../src/platform/storeFolder.js';
import { backUpStore, migrateStore, restoreStore, rollBackMigration } from '../../src/store/maintenance.js';
import type { Step } from '../../src/store/steps.js';
import { Store, type StoreOptions } from '../../src/store/store.js';
import { testEngine } from '../support/engine.js';
import { chooseOperation, describePlan, type Operation, perform } from './operations.js';
import { SeededRandom } from './seededRandom.js';

/** What a worker is started with. */
export interface WorkerOptions {
  readonly path: string;
  readonly actor: string;
  readonly wasm: string;
  /** Dies by SIGKILL at this occurrence of the step. */
  readonly dieAt?: { readonly step: Step; readonly occurrence: number };
}

export type Order =
  /** Random operations; a checkpoint after every so many (0: none). */
  | { readonly do: 'run'; readonly seed: number; readonly operations: number; readonly checkpointEvery: number }
  | { readonly do: 'perform'; readonly operation: Operation }
  /** From now on commits fail as on a full disk, or no more. */
  | { readonly do: 'failToSync'; readonly fail: boolean }
  | { readonly do: 'checkpoint' | 'migrate' | 'rollBack' | 'backUp' }
  | { readonly do: 'restore'; readonly file: string }
  /** Goes over to another store. */
  | { readonly do: 'open'; readonly path: string };

/** What a worker tells; `EntryLine` is a `HistoryEntry` in JSON. */
export type Report =
  | { readonly told: 'begin'; readonly operation: Operation; readonly start: string }
  | { readonly told: 'end'; readonly entry: EntryLine }
  | { readonly told: 'done'; readonly code?: string; readonly message?: string };

export interface EntryLine {
  readonly operation: Operation;
  readonly start: string;
  readonly end: string;
  readonly seq?: number;
  readonly head: number;
  readonly result?: unknown;
  readonly code?: string;
  readonly message?: string;
  readonly seen?: string;
}

const given = JSON.parse(process.argv[2] ?? '{}') as WorkerOptions;
const tell = (report: Report) => {
  const bytes = Buffer.from(`${JSON.stringify(report)}\n`);
  for (let written = 0; written < bytes.length; ) written += writeSync(1, bytes, written);
};
const now = () => new Date().toISOString();
let failing = false;
let occurrences = 0;

let options: StoreOptions = {
  path: given.path,
  engine: () => testEngine(given.wasm),
  program: given.actor,
  now,
  onStep: (step) => {
    if (failing && step === 'commit.appended')
      throw Object.assign(new Error('ENOSPC: no space left on device, fdatasync'), { code: 'ENOSPC' });
    if (step !== given.dieAt?.step) return;
    occurrences += 1;
    if (occurrences === given.dieAt.occurrence) process.kill(process.pid, 'SIGKILL');
  },
};

let opened: Promise<{ store: Store; orchestrator: Orchestrator }> | undefined;
let ownSeq: number | undefined;

/** Opened when the store is first needed: maintenance opens none. */
function open() {
  opened ??= Store.open(options).then((store) => {
    store.onDidChange((change) => {
      if (change.kind === 'records' && change.own) ownSeq = change.records[0]?.seq;
    });
    const ids = { next: () => crypto.getRandomValues(Buffer.alloc(4)).toString('hex') };
    const files = { readLines: () => undefined, exists: () => false, isInside: () => false };
    const folder = new DiskFolder(dirname(store.path));
    const world = { files, folder, clock: { now }, ids, actor: () => given.actor, place: () => ({}) };
    return { store, orchestrator: new Orchestrator(store, world) };
  });
  return opened;
}

async function performAndTell(operation: Operation): Promise<void> {
  const { store, orchestrator } = await open();
  ownSeq = undefined;
  const start = String(process.hrtime.bigint());
  tell({ told: 'begin', operation, start });
  let outcome: Pick<EntryLine, 'result' | 'code' | 'message'>;
  try {
    outcome = { result: await perform(orchestrator, operation) };
  } catch (error) {
    if (!(error instanceof OrchestratorError)) throw error;
    outcome = { code: error.code, message: error.message };
  }
  const end = String(process.hrtime.bigint());
  const seen = operation.kind === 'read' ? { seen: digest(describePlan(store)) } : {};
  tell({
    told: 'end',
    entry: { operation, start, end, ...own(), head: store.head, ...outcome, ...seen },
  });
}

/** The transaction that the operation made. */
const own = () => (ownSeq === undefined ? {} : { seq: ownSeq });

async function run({ seed, operations, checkpointEvery }: Extract<Order, { do: 'run' }>): Promise<void> {
  const { store } = await open();
  const random = new SeededRandom(seed);
  for (let done = 1; done <= operations; done += 1) {
    await performAndTell(chooseOperation(random, store, given.actor, `${given.actor} ${seed} ${done}`));
    if (checkpointEvery > 0 && done % checkpointEvery === 0) await store.checkpoint();
  }
}

async function obey(order: Order): Promise<void> {
  switch (order.do) {
    case 'run':
      return run(order);
    case 'perform':
      return performAndTell(order.operation);
    case 'failToSync':
      failing = order.fail;
      return;
    case 'checkpoint':
      return (await open()).store.checkpoint();
    case 'migrate':
      await migrateStore(options);
      return;
    case 'rollBack':
      await rollBackMigration(options);
      return;
    case 'backUp':
      await backUpStore(options);
      return;
    case 'restore':
      await restoreStore(options, order.file, given.actor);
      return;
    case 'open':
      if (opened) (await opened).store.close();
      opened = undefined;
      options = { ...options, path: order.path };
  }
}

function digest(text: string): string {
  return createHash('sha1').update(text).digest('hex');
}

for await (const line of createInterface({ input: process.stdin })) {
  const refusal = await obey(JSON.parse(line) as Order).then(
    () => ({}),
    (error: unknown) => {
      if (error instanceof OrchestratorError) return { code: error.code, message: error.message };
      throw error;
    },
  );
  tell({ told: 'done', ...refusal });
}
process.exit(0);
