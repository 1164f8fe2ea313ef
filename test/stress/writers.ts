import { checkHistory, type HistoryEntry, Violation } from './checkHistory.js';
import { describePlan } from './operations.js';
import { PlanModel } from './planModel.js';
import { digest, Worker } from './processes.js';
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

export interface WritersOptions {
  readonly processes: number;
  readonly rounds: number;
  /** Of each process in each round. */
  readonly operations: number;
}

/**
 * Processes that add, change, connect, claim, delete and read at once, on one store for all rounds. After each round:
 * the history is linearizable, every acknowledged operation is there once, in the plan and in the audit log, and SQLite
 * finds the file whole (G1, G2, G3, G7).
 */
export async function writers(rig: Rig, { processes, rounds, operations }: WritersOptions): Promise<Summary> {
  const summary = emptySummary();
  const path = newStorePath(rig);
  const model = new PlanModel();
  const workers = Array.from({ length: processes }, (_, at) => new Worker(rig, { path, actor: `agent-${at + 1}` }));
  let base = 0;
  try {
    for (let round = 1; round <= rounds; round += 1) {
      await Promise.all(
        workers.map((worker) => {
          // Some checkpoint often, some never, as windows and commands do.
          const checkpointEvery = rig.random.pick([0, 0, 3, 10]) ?? 0;
          return worker.mustDo({ do: 'run', seed: rig.random.seed(), operations, checkpointEvery });
        }),
      );
      const entries = workers.flatMap((worker) => worker.entries.splice(0));
      count(summary, entries);
      base = await checkRound(rig, path, { entries, model, base });
      summary.rounds = round;
      rig.say(`round ${round} of ${rounds}: ${summary.operations} operations, ${base} transactions`);
    }
  } finally {
    await Promise.all(workers.map((worker) => worker.kill()));
  }
  return summary;
}

/** Checks what a round left; the sequence number of its last transaction. */
async function checkRound(
  rig: Rig,
  path: string,
  { entries, model, base }: { entries: readonly HistoryEntry[]; model: PlanModel; base: number },
): Promise<number> {
  checkHistory(entries, { model, base, digest });
  return withStore(rig, path, async (store) => {
    const last = Math.max(base, ...entries.map((entry) => entry.seq ?? 0));
    demand(store.problem === undefined, () => `the store opens with ${store.problem?.message}`);
    demand(
      store.head === last,
      () => `the store ends with transaction ${store.head}, the last acknowledged is ${last}`,
    );
    if (describePlan(store) !== model.describe())
      throw new Violation(`the plan on disk is not what ${last} acknowledged transactions make`);
    const logged = store.all<{ seq: number }>('SELECT DISTINCT seq FROM audit_log WHERE seq > ? ORDER BY seq', [base]);
    demand(
      logged.length === last - base && logged.every((row, at) => row.seq === base + at + 1),
      () => `the audit log has ${logged.length} of the transactions from ${base + 1} to ${last}`,
    );
    await store.checkpoint();
    requireIntegrity(path, store);
    return last;
  });
}
