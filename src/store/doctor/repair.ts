import { dirname } from 'node:path';
import { StoreError } from '../../core/model/errors.js';
import { explainFileError, sibling } from '../files.js';
import { FileLock, lookAtLock } from '../lock.js';
import { Store, type StoreOptions } from '../store.js';
import { type Diagnosis, diagnose } from './diagnose.js';
import type { Finding } from './finding.js';
import { repairFiles } from './repairFiles.js';
import { rowFaults } from './rowFaults.js';

/** In whose name rows are repaired. */
const ACTOR = 'tm doctor';
/** How long to wait for a live holder of the lock, and between two looks at it, ms. */
const LOCK_TIMEOUT = 5_000;
const PAUSE = 50;

export interface Repair {
  /** How the store is afterwards. */
  readonly after: Diagnosis;
  /** What was found before and is no more. */
  readonly fixed: readonly Finding[];
  /** The folder with the files as they were; undefined where there was nothing to repair. */
  readonly backup: string | undefined;
}

/**
 * Repairs what can be repaired, after a backup, and says what is left. Throws STORE_LOCKED naming a live holder of the
 * lock that does not let go, PERMISSION_DENIED or STORE_LOCKED where no backup can be made; nothing was repaired then.
 */
export async function repair(options: StoreOptions): Promise<Repair> {
  const engine = await options.engine();
  const before = await diagnose(options);
  if (!before.findings.some((finding) => finding.fix)) return { after: before, fixed: [], backup: undefined };
  const { backup, findings } = await exclusively(options, () => repairFiles(engine, options.path, options.now()));
  await repairRows(options);
  const after = await diagnose(options);
  const found = new Map([...before.findings, ...findings].map((finding) => [nameOf(finding), finding]));
  for (const finding of after.findings) found.delete(nameOf(finding));
  return { after, fixed: [...found.values()].filter((finding) => finding.fix), backup };
}

function nameOf({ code, what }: Finding): string {
  return `${code} ${what}`;
}

async function exclusively<T>(options: StoreOptions, work: () => T): Promise<T> {
  const { path, program, lockTimeout = LOCK_TIMEOUT, onWait } = options;
  const lockPath = sibling(path, 'lock');
  const lock = new FileLock(lockPath, program);
  try {
    await waitWhileHeld(lockPath, lockTimeout, onWait);
    await lock.acquire(lockTimeout, onWait);
    try {
      return work();
    } finally {
      lock.release();
    }
  } catch (error) {
    throw explainFileError(error, dirname(path));
  }
}

/** A commit gives up the holder of a lock that is too old; a repair takes none from a live process. */
async function waitWhileHeld(lockPath: string, timeout: number, onWait?: (holder: string) => void): Promise<void> {
  const start = performance.now();
  for (let told = false; ; told = true) {
    const lock = lookAtLock(lockPath);
    if (lock?.state !== 'held') return;
    if (!told) onWait?.(lock.holder);
    if (performance.now() - start >= timeout) {
      throw new StoreError(
        'STORE_LOCKED',
        `The task store is locked by ${lock.holder}, since ${lock.since}. Nothing was repaired; try again when it is done, or end that process.`,
        { holder: lock.holder },
      );
    }
    await new Promise((done) => setTimeout(done, PAUSE));
  }
}

/** As one transaction, so that it stands in the history and can be undone. */
async function repairRows(options: StoreOptions): Promise<void> {
  let store: Store;
  try {
    store = await Store.open(options);
  } catch (error) {
    // Still damaged: the diagnosis that follows says how.
    if (error instanceof StoreError) return;
    throw error;
  }
  try {
    if (store.problem || rowFaults(store, options.now()).length === 0) return;
    await store.commit(ACTOR, 'doctor.repair', (transaction) => {
      for (const fault of rowFaults(transaction, transaction.at)) fault.repair(transaction);
    });
    await store.checkpointIfDue();
  } finally {
    store.close();
  }
}
