import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { STEPS, type Step } from '../../src/store/steps.js';
import type { Store } from '../../src/store/store.js';
import { checkHistory, type HistoryEntry, Violation } from './checkHistory.js';
import { describePlan, type Operation } from './operations.js';
import { PlanModel } from './planModel.js';
import { digest, type Unfinished, Worker } from './processes.js';
import {
  count,
  demand,
  emptySummary,
  newStorePath,
  type Rig,
  requireIntegrity,
  type Summary,
  withStore,
} from './scenario.js';
import { SeededRandom } from './seededRandom.js';

export interface KillsOptions {
  /** Kills at named steps of commits and checkpoints. */
  readonly atSteps: number;
  /** Kills from outside, at any moment, of processes that write at once. */
  readonly atRandom: number;
}

/** The steps that a process passes while it commits and checkpoints. */
const WRITING_STEPS: readonly Step[] = STEPS.filter((step) => /^(commit|image|journal)\./.test(step));

/** A store is begun anew after so many deaths, so that making it is died at too. */
const DEATHS_OF_A_STORE = 30;
const WRITERS_AT_ONCE = 3;
/** Stores that are worked on at once. */
const LANES = 2;

/**
 * kill -9 while processes commit and checkpoint, at each named step and at any moment. After each death the store opens,
 * the history with the unfinished operations is linearizable, so that acknowledged ones are there and unfinished ones
 * wholly or not at all, and the store takes the next commit (G1, G2, G7).
 */
export async function kills(rig: Rig, { atSteps, atRandom }: KillsOptions): Promise<Summary> {
  const summary = emptySummary();
  const progress = () => {
    summary.rounds += 1;
    if (summary.rounds % 50 === 0) rig.say(`${summary.kills} kills, ${summary.operations} operations`);
  };
  const lanes = Array.from({ length: LANES }, async (_, lane) => {
    const own = { ...rig, random: new SeededRandom(rig.random.seed()) };
    let store = new MortalStore(own, summary);
    const next = () => {
      if (store.deaths < DEATHS_OF_A_STORE) return store;
      store.remove();
      store = new MortalStore(own, summary);
      return store;
    };
    for (let at = lane; at < atSteps; at += LANES) {
      const step = WRITING_STEPS[at % WRITING_STEPS.length]!;
      await next().dieAt(step, 1 + (Math.floor(at / WRITING_STEPS.length) % 4));
      progress();
    }
    for (let at = lane * WRITERS_AT_ONCE; at < atRandom; at += LANES * WRITERS_AT_ONCE) {
      await next().dieTogether(WRITERS_AT_ONCE);
      progress();
    }
    store.remove();
  });
  await Promise.all(lanes);
  return summary;
}

/** A store whose writers die, with the plan that it has to hold. */
class MortalStore {
  deaths = 0;
  readonly #rig: Rig;
  readonly #summary: Summary;
  readonly #path: string;
  readonly #model = new PlanModel();
  #base = 0;
  #processes = 0;

  constructor(rig: Rig, summary: Summary) {
    this.#rig = rig;
    this.#summary = summary;
    this.#path = newStorePath(rig);
  }

  remove(): void {
    rmSync(dirname(dirname(this.#path)), { recursive: true, force: true });
  }

  /** One process that dies at an occurrence of a step. */
  async dieAt(step: Step, occurrence: number): Promise<void> {
    const worker = this.#start({ step, occurrence });
    await worker.order({ do: 'run', seed: this.#rig.random.seed(), operations: 60, checkpointEvery: 2 });
    demand(worker.wasKilled, () => `a process did not reach ${step} ${occurrence} times in 60 operations`);
    await this.#examine([worker], `a death at ${step} (${occurrence})`);
  }

  /** Several processes that are killed one after the other while they write. */
  async dieTogether(processes: number): Promise<void> {
    const { random } = this.#rig;
    const workers = Array.from({ length: processes }, () => this.#start());
    const first = random.between(1, 6);
    await Promise.all(
      workers.map(async (worker) => {
        void worker.order({
          do: 'run',
          seed: random.seed(),
          operations: 10_000,
          checkpointEvery: random.pick([0, 1, 3])!,
        });
        await worker.told(first);
        await new Promise((done) => setTimeout(done, random.next() * 12));
        await worker.kill();
      }),
    );
    await this.#examine(workers, `${processes} deaths at random`);
  }

  #start(dieAt?: { step: Step; occurrence: number }): Worker {
    this.#processes += 1;
    return new Worker(this.#rig, { path: this.#path, actor: `mortal-${this.#processes}`, ...(dieAt && { dieAt }) });
  }

  async #examine(workers: readonly Worker[], after: string): Promise<void> {
    try {
      for (const worker of workers) {
        if (worker.errors) throw new Error(`${worker.actor}: ${worker.errors}`);
        if (!worker.wasKilled) throw new Error(`${worker.actor} did not die`);
        this.deaths += 1;
        this.#summary.kills += 1;
      }
      const entries = workers.flatMap((worker) => worker.entries);
      count(this.#summary, entries);
      const unfinished = workers.map((worker) => worker.unfinished).filter((one) => one !== undefined);
      await withStore(this.#rig, this.#path, (store) => this.#check(store, entries, unfinished));
      await this.#goOn();
    } catch (error) {
      if (error instanceof Violation) throw new Violation(`after ${after}: ${error.message} [${this.#path}]`);
      throw error;
    }
  }

  #check(store: Store, entries: readonly HistoryEntry[], unfinished: readonly Unfinished[]): void {
    demand(store.problem === undefined, () => `the store opens with ${store.problem?.message}`);
    const history = [...entries, ...committedUnfinished(store, this.#base, entries, unfinished)];
    checkHistory(history, { model: this.#model, base: this.#base, digest });
    const last = Math.max(this.#base, ...history.map((entry) => entry.seq ?? 0));
    demand(
      store.head === last,
      () => `the store ends with transaction ${store.head}, the last acknowledged is ${last}`,
    );
    if (describePlan(store) !== this.#model.describe())
      throw new Violation(`the plan on disk is not what ${last} transactions make`);
    this.#base = last;
  }

  /** Another process commits and checkpoints at once, as if nothing had happened. */
  async #goOn(): Promise<void> {
    await withStore(this.#rig, this.#path, async (store) => {
      await store.checkpoint();
      if (store.exists) requireIntegrity(this.#path, store);
    });
    const worker = this.#start();
    const tasks = this.#model.ids.slice(0, 2);
    const operation: Operation = {
      kind: 'add',
      title: `After ${worker.actor}`,
      dependsOn: tasks,
      places: ['src/after.ts:1'],
    };
    const entry = await worker.perform(operation).finally(() => worker.kill());
    count(this.#summary, [entry]);
    checkHistory([entry], { model: this.#model, base: this.#base });
    this.#base += 1;
  }
}

/** Of the operations that were under way at a death those that the store holds, as the audit log tells of them. */
function committedUnfinished(
  store: Store,
  base: number,
  entries: readonly HistoryEntry[],
  unfinished: readonly Unfinished[],
): HistoryEntry[] {
  const acknowledged = new Set(entries.map((entry) => entry.seq));
  const rows = store.all<{ seq: number; actor: string; task: string }>(
    'SELECT seq, min(changed_by) AS actor, min(task_id) AS task FROM audit_log WHERE seq > ? GROUP BY seq',
    [base],
  );
  return rows
    .filter((row) => !acknowledged.has(row.seq))
    .map((row) => {
      const one = unfinished.find(({ actor }) => actor === row.actor);
      demand(one !== undefined, () => `transaction ${row.seq} of ${row.actor} was never asked for`);
      const { actor, operation, start } = one;
      const task = store.get<{ number: number }>(
        'SELECT number FROM tasks WHERE id = ?1 UNION SELECT number FROM trash WHERE task_id = ?1',
        [row.task],
      );
      const result = operation.kind === 'add' ? { id: row.task, number: task?.number ?? 0 } : undefined;
      return {
        actor,
        operation,
        start,
        end: undefined,
        seq: row.seq,
        head: row.seq,
        outcome: { kind: 'done', result },
      };
    });
}
