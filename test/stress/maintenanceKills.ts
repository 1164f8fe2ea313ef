import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { backUpStore, migrateStore, restoreStore, rollBackMigration } from '../../src/store/maintenance.js';
import { STEPS, type Step } from '../../src/store/steps.js';
import { Store } from '../../src/store/store.js';
import { makeOldStore } from '../fixtures/oldStores.js';
import { Violation } from './checkHistory.js';
import { Worker } from './processes.js';
import {
  demand,
  emptySummary,
  journalOf,
  newStorePath,
  type Rig,
  requireIntegrity,
  type Summary,
  storeOptions,
  withStore,
} from './scenario.js';
import type { Order } from './worker.js';

/** Something done to a store as a whole, on a store made for it; what it may leave. */
interface Work {
  readonly name: string;
  /** A folder to be copied for each death. */
  readonly template: string;
  readonly order: (path: string) => Order;
  /** The same in this process, once the other is dead. */
  readonly repeat: (path: string) => Promise<unknown>;
  readonly steps: readonly Step[];
  /** The plan before, as `fingerprintOf` gives it; undefined where it could not be read. */
  readonly before: string | undefined;
  readonly after: string;
}

const REPLACING: readonly Step[] = STEPS.filter((step) => /^(backup|image|journal)\./.test(step));
const MIGRATING: readonly Step[] = [...REPLACING, 'migrate.begun', 'migrate.done'];
const ROLLING_BACK: readonly Step[] = [...REPLACING, 'rollback.begun', 'rollback.unjournaled', 'rollback.done'];
const RESTORING: readonly Step[] = [...REPLACING, 'restore.begun', 'restore.done'];

export interface MaintenanceOptions {
  /** In each, a later occurrence of the steps. */
  readonly rounds: number;
  /** Of the steps every so many only, if not 1. */
  readonly every: number;
}

/**
 * kill -9 at each named step of migrations (also of a store of tm 2.x, and back), a backup and of restores: over a living store, over one whose history is
 * shorter than the backup's, and over a damaged one. After each death the plan is the one before or the one after, the
 * work can be repeated, and the store takes the next commit.
 */
export async function maintenanceKills(rig: Rig, { rounds, every }: MaintenanceOptions): Promise<Summary> {
  const summary = emptySummary();
  const works = await prepare(rig);
  for (let round = 1; round <= rounds; round += 1) {
    for (const work of works) {
      const reached = new Set<Step>();
      const steps = work.steps.filter((_, at) => at % every === 0);
      for (const step of steps) {
        if (await dieAndGoOn(rig, work, step, round)) {
          reached.add(step);
          summary.kills += 1;
        }
      }
      if (round > 1) continue;
      const missed = steps.filter((step) => !reached.has(step));
      demand(missed.length === 0, () => `${work.name} never reached ${missed.join(', ')}`);
    }
    summary.rounds = round;
    rig.say(`round ${round} of ${rounds}: ${summary.kills} kills`);
  }
  return summary;
}

/** False if the step does not occur so often. */
async function dieAndGoOn(rig: Rig, work: Work, step: Step, occurrence: number): Promise<boolean> {
  const path = newStorePath(rig);
  cpSync(work.template, dirname(path), { recursive: true });
  const worker = new Worker(rig, { path, actor: 'keeper', dieAt: { step, occurrence } });
  await worker.order(work.order(path));
  const died = worker.wasKilled;
  if (!died) await worker.end();
  try {
    const left = await planOf(rig, path);
    demand(
      left === work.after || left === work.before,
      () => `${left === undefined ? 'no plan' : 'neither the plan before nor the one after'} is there`,
    );
    await work.repeat(path);
    demand((await planOf(rig, path)) === work.after, () => 'repeating it does not lead to the plan after it');
    await withStore(rig, path, async (store) => {
      await addTask(store, 'Goes on');
      await store.checkpoint();
      requireIntegrity(path, store);
    });
    await withStore(rig, path, (store) => {
      demand(store.problem === undefined, () => `the store opens with ${store.problem?.message}`);
      demand(store.all("SELECT 1 FROM tasks WHERE title = 'Goes on'").length === 1, () => 'a commit after it is lost');
    });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new Violation(`${work.name}, killed at ${step} (${occurrence}): ${error.message} [${path}]`);
  }
  rmSync(dirname(dirname(path)), { recursive: true });
  return died;
}

async function prepare(rig: Rig): Promise<Work[]> {
  const old = join(rig.fixtures, 'schema-1');
  const migrated = await planOf(rig, join(old, 'tasks.db'));
  const ofOldTool = mkdtempSync(join(rig.folder, 'template-'));
  makeOldStore(join(ofOldTool, 'tasks.db'), '2.9.0');
  const broughtOver = await planOf(rig, join(ofOldTool, 'tasks.db'));
  const migratedBefore = mkdtempSync(join(rig.folder, 'template-'));
  cpSync(ofOldTool, migratedBefore, { recursive: true });
  await migrateStore(storeOptions(rig, join(migratedBefore, 'tasks.db')));
  const { template, backup, early, late } = await storeWithBackup(rig, 0);
  const longer = await storeWithBackup(rig, 40);
  const shorter = await storeOf(rig, ['Short']);
  const damaged = await storeOf(rig, ['Damaged']);
  writeFileSync(journalOf(join(damaged, 'tasks.db')), 'rubbish that no writer leaves behind\n');
  const restoring = (
    name: string,
    folder: string,
    file: string,
    plans: { before: string | undefined; after: string },
  ): Work => ({
    name,
    template: folder,
    order: () => ({ do: 'restore', file }),
    repeat: (path) => restoreStore(storeOptions(rig, path), file, 'the test'),
    steps: RESTORING,
    ...plans,
  });
  return [
    {
      name: 'a migration',
      template: old,
      order: () => ({ do: 'migrate' }),
      repeat: (path) => migrateStore(storeOptions(rig, path)),
      steps: MIGRATING,
      before: migrated,
      after: migrated!,
    },
    {
      name: 'a migration of a store of tm 2.x',
      template: ofOldTool,
      order: () => ({ do: 'migrate' }),
      repeat: (path) => migrateStore(storeOptions(rig, path)),
      steps: MIGRATING,
      before: broughtOver,
      after: broughtOver!,
    },
    {
      name: 'taking that back',
      template: migratedBefore,
      order: () => ({ do: 'rollBack' }),
      // One of tm 2.x takes no commits: it is brought over again.
      repeat: async (path) => {
        await rollBackMigration(storeOptions(rig, path));
        await migrateStore(storeOptions(rig, path));
      },
      steps: ROLLING_BACK,
      before: broughtOver,
      after: broughtOver!,
    },
    {
      name: 'a backup',
      template,
      order: () => ({ do: 'backUp' }),
      repeat: (path) => backUpStore(storeOptions(rig, path), 'again'),
      steps: STEPS.filter((step) => step.startsWith('backup.')),
      before: late,
      after: late,
    },
    restoring('a restore', template, backup, { before: late, after: early }),
    restoring('a restore of a longer history', shorter, longer.backup, {
      before: await planOf(rig, join(shorter, 'tasks.db')),
      after: longer.early,
    }),
    restoring('a restore over a damaged store', damaged, backup, { before: undefined, after: early }),
  ];
}

/** A store that changed after a backup was made of it; its plan at the backup and now. */
async function storeWithBackup(rig: Rig, changes: number) {
  const template = await storeOf(rig, ['One', 'Two', ...Array.from({ length: changes }, (_, at) => `Change ${at}`)]);
  const path = join(template, 'tasks.db');
  const early = (await planOf(rig, path))!;
  const { backup } = await backUpStore(storeOptions(rig, path));
  await withStore(rig, path, (store) => addTask(store, 'After the backup'));
  return { template, backup: backup!, early, late: (await planOf(rig, path))! };
}

/** A folder with a store in it: an image and a journal beyond it. */
async function storeOf(rig: Rig, titles: readonly string[]): Promise<string> {
  const folder = mkdtempSync(join(rig.folder, 'template-'));
  const path = join(folder, 'tasks.db');
  const [last = 'Last', ...first] = [...titles].reverse();
  await withStore(rig, path, async (store) => {
    for (const title of first.reverse()) await addTask(store, title);
    await store.checkpoint();
    await addTask(store, last);
  });
  return folder;
}

function addTask(store: Store, title: string): Promise<void> {
  return store.commit('the test', 'task.create', (transaction) => {
    const number =
      transaction.get<{ number: number }>('SELECT 1 + coalesce(max(number), 0) AS number FROM tasks')?.number ?? 1;
    const id = number.toString(16).padStart(8, '0');
    const { at } = transaction;
    transaction.insert('tasks', {
      id,
      number,
      title,
      status: 'pending',
      created_by: 'x',
      created_at: at,
      updated_at: at,
    });
    transaction.insert('file_refs', { uid: id, task_id: id, file_path: 'src/a.ts', line_start: 1 });
  });
}

/** What people see of a store, in one text; undefined where it cannot be opened or is damaged. */
async function planOf(rig: Rig, path: string): Promise<string | undefined> {
  const store = await Store.open(storeOptions(rig, path)).catch(() => undefined);
  if (!store) return undefined;
  try {
    if (store.problem && store.problem.code !== 'SCHEMA_TOO_OLD') return undefined;
    return JSON.stringify(
      ['tasks', 'dependencies', 'file_refs', 'links', 'trash'].map((table) =>
        store.all(`SELECT * FROM ${table} ORDER BY 1, 2`),
      ),
    );
  } finally {
    store.close();
  }
}
