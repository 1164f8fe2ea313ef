import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Store } from '../../src/store/store.js';
import { Violation } from './checkHistory.js';
import { demand, emptySummary, journalOf, newStorePath, type Rig, type Summary, storeOptions } from './scenario.js';

export interface DamageOptions {
  /** How many of each byte's bits are flipped, one at a time: 1 to 8. */
  readonly bits: number;
  /** Of the bytes every so many only, if not 1. */
  readonly every: number;
}

/** A store's files, and what each reader of them must find. */
interface Specimen {
  readonly name: string;
  readonly image: Buffer;
  readonly journal: Buffer;
  /** Where the journal's lines end, the header's first. */
  readonly ends: readonly number[];
  /** The plan when so many lines of the journal are read. */
  readonly plans: readonly string[];
  /** Lines that the image holds as well: a journal without them is not this image's. */
  readonly covered: number;
}

const RECORDS = 3;

/**
 * Cuts a journal at every byte of its last three records, and changes every byte of it, in one process, on copies: a cut
 * line is one that its writer did not finish, so the plan is that of the whole lines and the store goes on from there;
 * every other change is STORE_CORRUPT, with the plan of the lines before it, and nothing is written. The same for a journal
 * that repeats, after a checkpoint, what the image holds.
 */
export async function damage(rig: Rig, { bits, every }: DamageOptions): Promise<Summary> {
  const summary = emptySummary();
  for (const specimen of [await specimenOf(rig, 'plain', 0), await specimenOf(rig, 'after a checkpoint', 2)]) {
    const { journal, ends, name } = specimen;
    const length = journal.length;
    for (let cut = ends.at(-1 - RECORDS)!; cut < length; cut += every) {
      await examine(rig, specimen, `cut at byte ${cut}`, journal.subarray(0, cut), verdictOfCut(specimen, cut));
      summary.operations += 1;
    }
    for (let at = 0; at < length; at += every) {
      for (let bit = 0; bit < bits; bit += 1) {
        const changed = Buffer.from(journal);
        changed[at]! ^= 1 << ((at + bit) % 8);
        const read = linesWithin(specimen, at);
        await examine(rig, specimen, `byte ${at}, bit ${(at + bit) % 8} flipped`, changed, {
          plan: planAfter(specimen, read),
          corrupt: true,
        });
        summary.operations += 1;
      }
    }
    summary.rounds += 1;
    rig.say(`a journal ${name}: ${summary.operations} damaged copies`);
  }
  return summary;
}

interface Verdict {
  readonly plan: string;
  readonly corrupt: boolean;
}

function verdictOfCut(specimen: Specimen, cut: number): Verdict {
  const lines = linesWithin(specimen, cut);
  // What the image holds was synced before it was named: no writer leaves a journal without it.
  return { plan: planAfter(specimen, lines), corrupt: lines - 1 < specimen.covered };
}

/** Whole lines before a byte. */
function linesWithin({ ends }: Specimen, at: number): number {
  return ends.filter((end) => end <= at).length;
}

function planAfter({ plans, covered }: Specimen, lines: number): string {
  return plans[Math.max(lines - 1, covered, 0)]!;
}

async function examine(rig: Rig, specimen: Specimen, what: string, journal: Buffer, verdict: Verdict): Promise<void> {
  const path = newStorePath(rig);
  writeFileSync(path, specimen.image);
  writeFileSync(journalOf(path), journal);
  try {
    const store = await Store.open(storeOptions(rig, path));
    try {
      const code = store.problem?.code;
      demand(code === (verdict.corrupt ? 'STORE_CORRUPT' : undefined), () => `the verdict is ${code ?? 'sound'}`);
      demand(planOf(store) === verdict.plan, () => 'the plan is not that of the whole lines before it');
      const written = await addTask(store, 'Goes on').then(
        () => true,
        () => false,
      );
      demand(written !== verdict.corrupt, () => (written ? 'a damaged store was written' : 'the store does not go on'));
      if (verdict.corrupt)
        demand(readFileSync(journalOf(path)).equals(journal), () => 'the damaged journal was changed');
    } finally {
      store.close();
    }
    if (!verdict.corrupt) await requireGoesOn(rig, path);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new Violation(`a journal ${specimen.name}, ${what}: ${error.message}`);
  }
  rmSync(dirname(dirname(path)), { recursive: true });
}

async function requireGoesOn(rig: Rig, path: string): Promise<void> {
  const store = await Store.open(storeOptions(rig, path));
  try {
    demand(store.problem === undefined, () => `after the next commit it opens with ${store.problem?.message}`);
    demand(planOf(store).includes('Goes on'), () => 'the next commit is not there');
  } finally {
    store.close();
  }
}

/** A store of three small transactions, of which a checkpoint has taken up the first ones. */
async function specimenOf(rig: Rig, name: string, covered: number): Promise<Specimen> {
  const path = newStorePath(rig);
  const store = await Store.open(storeOptions(rig, path));
  await store.initialise();
  const plans = [planOf(store)];
  for (let record = 1; record <= RECORDS; record += 1) {
    await addTask(store, `Task ${record}`);
    plans.push(planOf(store));
    if (record === covered) await store.checkpoint();
  }
  store.close();
  const journal = readFileSync(journalOf(path));
  const ends = [...journal.entries()].filter(([, byte]) => byte === 0x0a).map(([at]) => at + 1);
  demand(ends.length === RECORDS + 1, () => `the journal ${name} has ${ends.length - 1} records`);
  const image = readFileSync(path);
  return { name, image, journal, ends, plans, covered };
}

function addTask(store: Store, title: string): Promise<void> {
  return store.commit('the test', 'task.create', (transaction) => {
    const { at, actor } = transaction;
    const id = (store.head + 1).toString(16).padStart(8, '0');
    transaction.insert('tasks', {
      id,
      title,
      status: 'pending',
      created_by: actor,
      created_at: at,
      updated_at: at,
      number: store.head + 1,
    });
    transaction.insert('file_refs', { uid: id, task_id: id, file_path: 'src/a.ts', line_start: 1 });
  });
}

function planOf(store: Store): string {
  return JSON.stringify(['tasks', 'file_refs'].map((table) => store.all(`SELECT * FROM ${table} ORDER BY 1`)));
}
