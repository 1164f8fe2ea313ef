import { randomBytes } from 'node:crypto';
import { dirname } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { Orchestrator } from '../../src/app/orchestrator.js';
import { OrchestratorError } from '../../src/core/model/errors.js';
import { STATUSES } from '../../src/core/model/status.js';
import { DiskFolder } from '../../src/platform/storeFolder.js';
import { Store } from '../../src/store/store.js';
import { Violation } from './checkHistory.js';
import { describePlan, type Operation, perform } from './operations.js';
import { type Outcome, PlanModel } from './planModel.js';
import { digest, Worker } from './processes.js';
import { emptySummary, newStorePath, type Rig, type Summary, storeOptions } from './scenario.js';
import { runSqlite } from './sqlite.js';

export interface ModelOptions {
  /** Random sequences of commands. */
  readonly rounds: number;
  /** The longest of them. */
  readonly commands: number;
}

/** What the commands work on: two stores of this process and one of another, on the same files. */
interface Real {
  readonly path: string;
  readonly open: () => Promise<Store>;
  readonly stores: [Store, Store];
  readonly other: Worker;
  readonly summary: Summary;
}

type Command = fc.AsyncCommand<PlanModel, Real>;

const ACTORS = ['one', 'two', 'three'] as const;
/** No task has this id. */
const NOBODY = 'ffffffff';

/**
 * Random sequences of use cases, in turns by two stores of this process and one of another, with checkpoints, reopenings
 * and rows that another SQLite client writes in between: after each, result and plan are those of a plain model. A failing
 * sequence is shrunk to a short one.
 */
export async function model(rig: Rig, { rounds, commands }: ModelOptions): Promise<Summary> {
  const summary = emptySummary();
  const other = new Worker(rig, { path: newStorePath(rig), actor: ACTORS[2] });
  try {
    const property = fc.asyncProperty(
      fc.commands([...arbitraries()], { maxCommands: commands, size: 'max' }),
      async (all) => {
        const path = newStorePath(rig);
        const open = () => Store.open(storeOptions(rig, path));
        const real: Real = { path, open, stores: [await open(), await open()], other, summary };
        await other.mustDo({ do: 'open', path });
        try {
          await fc.asyncModelRun(() => ({ model: new PlanModel(), real }), all);
        } finally {
          for (const store of real.stores) store.close();
        }
        summary.rounds += 1;
        if (summary.rounds % 50 === 0) rig.say(`${summary.rounds} sequences, ${summary.operations} commands`);
      },
    );
    await fc.assert(property, { numRuns: rounds, seed: rig.random.seed() });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const cause = error.cause instanceof Error ? error.cause.message : '';
    throw new Violation(`${cause} ${error.message}`);
  } finally {
    await other.kill();
  }
  return summary;
}

function arbitraries(): fc.Arbitrary<Command>[] {
  const by = fc.constantFrom(0, 1, 2);
  const at = fc.nat({ max: 11 });
  const act = (make: (model: PlanModel, at: number, other: number) => Operation, name: string) =>
    fc.tuple(by, at, at).map(([by, at, other]) => new Act(name, by, at, other, make));
  const task = (model: PlanModel, at: number) => model.ids[at] ?? NOBODY;
  const simple = (kind: 'claim' | 'release' | 'delete') => act((model, at) => ({ kind, task: task(model, at) }), kind);
  const edges = (kind: 'depend' | 'undepend') =>
    act((model, at, other) => ({ kind, task: task(model, at), dependsOn: task(model, other) }), kind);
  const add = act((model, at, other) => {
    const dependsOn = [...new Set([model.ids[at], model.ids[other]])].filter((id) => id !== undefined);
    return { kind: 'add', title: `Task ${at}`, dependsOn, places: [`src/a.ts:${other + 1}`] };
  }, 'add');
  return [
    add,
    add,
    act((model, at, other) => ({ kind: 'rename', task: task(model, at), title: `Title ${other}` }), 'rename'),
    act((model, at, other) => ({ kind: 'status', task: task(model, at), status: STATUSES[other % 5]! }), 'status'),
    edges('depend'),
    edges('depend'),
    edges('undepend'),
    simple('claim'),
    simple('release'),
    simple('delete'),
    act((model, at) => ({ kind: 'restore', task: model.trashed[at] ?? NOBODY }), 'restore'),
    by.map((by) => new Checkpoint(by)),
    fc.constantFrom(0 as const, 1 as const).map((at) => new Reopen(at)),
    fc.boolean().map((current) => new ForeignInsert(current)),
    fc.constant(new Compare()),
  ];
}

abstract class Step implements Command {
  check(): boolean {
    return true;
  }

  async run(model: PlanModel, real: Real): Promise<void> {
    real.summary.operations += 1;
    await this.step(model, real);
  }

  abstract step(model: PlanModel, real: Real): Promise<void>;
  abstract toString(): string;
}

/** A use case, by one of the three. */
class Act extends Step {
  readonly #name: string;
  readonly #by: number;
  readonly #at: number;
  readonly #other: number;
  readonly #make: (model: PlanModel, at: number, other: number) => Operation;

  constructor(
    name: string,
    by: number,
    at: number,
    other: number,
    make: (model: PlanModel, at: number, other: number) => Operation,
  ) {
    super();
    this.#name = name;
    this.#by = by;
    this.#at = at;
    this.#other = other;
    this.#make = make;
  }

  async step(model: PlanModel, real: Real): Promise<void> {
    const operation = this.#make(model, this.#at, this.#other);
    const actor = ACTORS[this.#by]!;
    const store = real.stores[this.#by];
    const got = store ? await performHere(store, actor, operation) : await performThere(real.other, operation);
    const id = got.kind === 'done' && operation.kind === 'add' ? (got.result as { id: string }).id : '';
    same(got, model.apply(operation, actor, id), `the result of ${JSON.stringify(operation)} by ${actor}`);
    if (store) same(describePlan(store), model.describe(), `the plan as ${actor} sees it`);
  }

  override toString(): string {
    return `${this.#name}(${this.#by}, ${this.#at}, ${this.#other})`;
  }
}

class Checkpoint extends Step {
  readonly #by: number;

  constructor(by: number) {
    super();
    this.#by = by;
  }

  async step(_model: PlanModel, { stores, other }: Real): Promise<void> {
    const store = stores[this.#by];
    if (store) await store.checkpoint();
    else await other.mustDo({ do: 'checkpoint' });
  }

  override toString(): string {
    return `checkpoint(${this.#by})`;
  }
}

class Reopen extends Step {
  readonly #at: 0 | 1;

  constructor(at: 0 | 1) {
    super();
    this.#at = at;
  }

  async step(model: PlanModel, { stores, open }: Real): Promise<void> {
    stores[this.#at].close();
    stores[this.#at] = await open();
    same(describePlan(stores[this.#at]), model.describe(), 'the plan after opening');
  }

  override toString(): string {
    return `reopen(${this.#at})`;
  }
}

/** Another SQLite client adds a row, to a file that is current or to one that lacks what the journal has. */
class ForeignInsert extends Step {
  readonly #current: boolean;

  constructor(current: boolean) {
    super();
    this.#current = current;
  }

  async step(model: PlanModel, { path, stores }: Real): Promise<void> {
    const [store] = stores;
    store.refresh();
    if (!store.exists) await store.initialise();
    if (this.#current) await store.checkpoint();
    const id = randomBytes(4).toString('hex');
    await runSqlite(path, `INSERT INTO tasks (id, title) VALUES ('${id}', 'Foreign')`);
    store.refresh();
    const rows = store.all<{ id: string; number: number }>('SELECT id, number FROM tasks');
    const numbers = new Map(rows.map((row) => [row.id, row.number]));
    if (!numbers.has(id)) throw new Violation('a row of another client is not there');
    model.insertForeign(id, 'Foreign', numbers);
    same(describePlan(store), model.describe(), 'the plan with a row of another client');
  }

  override toString(): string {
    return `foreignInsert(${this.#current})`;
  }
}

/** All three see the same. */
class Compare extends Step {
  async step(model: PlanModel, { stores, other }: Real): Promise<void> {
    for (const store of stores) {
      store.refresh();
      same(describePlan(store), model.describe(), 'the plan after a refresh');
    }
    const { seen } = await other.perform({ kind: 'read' });
    same(seen, digest(model.describe()), 'the plan as the other process sees it');
  }

  override toString(): string {
    return 'compare';
  }
}

async function performHere(store: Store, actor: string, operation: Operation): Promise<Outcome> {
  const files = { readLines: () => undefined, exists: () => false, isInside: () => false };
  const clock = { now: () => new Date().toISOString() };
  const ids = { next: () => randomBytes(4).toString('hex') };
  const orchestrator = new Orchestrator(store, {
    files,
    folder: new DiskFolder(dirname(store.path)),
    clock,
    ids,
    actor: () => actor,
    place: () => ({}),
  });
  let changed = false;
  const stop = store.onDidChange((change) => {
    changed ||= change.kind === 'records' && change.own;
  });
  try {
    const result = await perform(orchestrator, operation);
    return { kind: 'done', result, changed };
  } catch (error) {
    if (error instanceof OrchestratorError) return { kind: 'refused', code: error.code };
    throw error;
  } finally {
    stop();
    orchestrator.dispose();
  }
}

async function performThere(worker: Worker, operation: Operation): Promise<Outcome> {
  const { outcome, seq } = await worker.perform(operation);
  if (outcome.kind === 'refused') return { kind: 'refused', code: outcome.code };
  return { kind: 'done', result: outcome.result ?? null, changed: seq !== undefined };
}

function same(got: unknown, expected: unknown, what: string): void {
  if (!isDeepStrictEqual(got, expected))
    throw new Violation(`${what} is ${JSON.stringify(got)}, but ${JSON.stringify(expected)} is right`);
}
