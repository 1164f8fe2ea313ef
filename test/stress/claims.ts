import type { HistoryEntry } from './checkHistory.js';
import { Worker } from './processes.js';
import { count, demand, emptySummary, newStorePath, type Rig, type Summary } from './scenario.js';

export interface ClaimsOptions {
  readonly processes: number;
  readonly rounds: number;
}

/**
 * Processes that claim the same task at once, round after round: each time exactly one gets it, the others hear who holds
 * it, and the lease's version is one higher than before (G4).
 */
export async function claims(rig: Rig, { processes, rounds }: ClaimsOptions): Promise<Summary> {
  const summary = emptySummary();
  const path = newStorePath(rig);
  const workers = Array.from({ length: processes }, (_, at) => new Worker(rig, { path, actor: `claimer-${at + 1}` }));
  try {
    const added = await workers[0]!.perform({ kind: 'add', title: 'Wanted', dependsOn: [], places: [] });
    const task = added.outcome.kind === 'done' ? (added.outcome.result as { id: string }).id : '';
    for (let round = 1; round <= rounds; round += 1) {
      const asked = workers.map((worker) => worker.perform({ kind: 'claim', task }));
      const entries = await Promise.all(asked);
      count(summary, entries);
      const winner = winnerOf(entries, round);
      const released = await workers[winner]!.perform({ kind: 'release', task });
      demand(released.outcome.kind === 'done', () => `round ${round}: the winner could not release its claim`);
      count(summary, [released]);
      summary.rounds = round;
      if (round % 200 === 0) rig.say(`round ${round} of ${rounds}`);
    }
  } finally {
    await Promise.all(workers.map((worker) => worker.kill()));
  }
  return summary;
}

/** The index of the one that got the claim; throws unless there is one and the lease's version is the round's. */
function winnerOf(entries: readonly HistoryEntry[], round: number): number {
  const winners = entries.filter(({ outcome }) => outcome.kind === 'done');
  const [winner] = winners;
  demand(
    winner !== undefined && winners.length === 1,
    () => `round ${round}: ${winners.length} claims succeeded: ${winners.map(({ actor }) => actor).join(', ')}`,
  );
  const version = winner.outcome.kind === 'done' && winner.outcome.result;
  demand(version === round, () => `round ${round}: the lease has version ${version}`);
  for (const { outcome, actor } of entries) {
    if (outcome.kind === 'done') continue;
    demand(
      outcome.code === 'LEASE_HELD' && (outcome.message ?? '').includes(winner.actor),
      () => `round ${round}: ${actor} was refused with ${outcome.code}: ${outcome.message}`,
    );
  }
  return entries.indexOf(winner);
}
