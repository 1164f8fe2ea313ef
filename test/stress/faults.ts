import { execFileSync } from 'node:child_process';
import { accessSync, chmodSync, chownSync, constants, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ErrorCode } from '../../src/core/model/errors.js';
import type { HistoryEntry } from './checkHistory.js';
import { Worker } from './processes.js';
import { count, demand, emptySummary, journalOf, newStorePath, type Rig, type Summary, withStore } from './scenario.js';

/** A user who owns nothing. */
const NOBODY = 65534;

/** A cause of failure, on a store that works. */
interface Fault {
  readonly path: string;
  /** What starts the process that meets it. */
  readonly prefix?: readonly string[];
  readonly begin: (worker: Worker) => unknown;
  readonly end: (worker: Worker) => unknown;
  readonly remove?: () => void;
  readonly code: ErrorCode;
  /** What the message says of the cause. */
  readonly words: RegExp;
  /** Who meets it: the process that is at work, or one that starts when it is there. */
  readonly meets: 'present' | 'next';
  /** The process itself goes on when the cause is gone; false where another one has to. */
  readonly recovers: boolean;
}

/** Why it cannot be tried on this machine. */
class Skipped extends Error {}

const FAULTS: Readonly<Record<string, (rig: Rig) => Fault>> = {
  'a full disk': fullDisk,
  'a limit on the size of files': sizeLimit,
  'ENOSPC when syncing': failingSync,
  'a read-only folder': (rig) => permission(rig, dirname, 0o555, 'next'),
  'a read-only journal': (rig) => permission(rig, journalOf, 0o444, 'next'),
  'a right that is revoked between two commits': (rig) => permission(rig, dirname, 0o555, 'present'),
};

/**
 * Disks and permissions that fail while a process works: each commit is refused with an error that names the cause, what
 * was acknowledged is there, to others as well, and commits work again when the cause is gone (G9).
 */
export async function faults(rig: Rig, { rounds }: { readonly rounds: number }): Promise<Summary> {
  const summary = emptySummary();
  for (let round = 1; round <= rounds; round += 1) {
    for (const [name, make] of Object.entries(FAULTS)) {
      try {
        await meet(rig, name, make(rig), summary);
      } catch (error) {
        if (!(error instanceof Skipped)) throw error;
        if (round === 1) summary.notes.push(`skipped ${name}: ${error.message}`);
      }
    }
    summary.rounds = round;
  }
  rig.say(`${rounds} rounds of ${Object.keys(FAULTS).length} faults`);
  return summary;
}

async function meet(rig: Rig, name: string, fault: Fault, summary: Summary): Promise<void> {
  const { path, code, words } = fault;
  const start = (actor: string) => new Worker(rig, { path, actor }, { prefix: fault.prefix ?? [] });
  const first = start('first');
  const worker = fault.meets === 'present' ? first : start('next');
  const entries: HistoryEntry[] = [];
  const add = async (by: Worker) => {
    const title = `${name} ${entries.length} ${'x'.repeat(400)}`;
    const entry = await by.perform({ kind: 'add', title, dependsOn: [], places: ['src/a.ts:1'] });
    entries.push(entry);
    return entry.outcome;
  };
  const acknowledged = () => entries.filter(({ outcome }) => outcome.kind === 'done').length;
  const requireAll = (when: string) =>
    withStore(rig, path, (store) => {
      const there = store.all('SELECT 1 FROM tasks JOIN file_refs ON task_id = tasks.id').length;
      demand(
        there === acknowledged() && store.problem === undefined,
        () =>
          `${name}, ${when}: ${there} of ${acknowledged()} tasks are there; ${store.problem?.message ?? 'no problem'}`,
      );
    });
  try {
    for (let at = 0; at < 3; at += 1) demand((await add(first)).kind === 'done', () => `${name}: refused before it`);
    await fault.begin(worker);
    let refusals = 0;
    // A disk is full and a file at its limit only after some more commits.
    for (let at = 0; at < 2_000 && refusals < 3; at += 1) {
      const outcome = await add(worker);
      if (outcome.kind === 'done') continue;
      refusals += 1;
      demand(
        outcome.code === code && words.test(outcome.message ?? ''),
        () => `${name} is told as ${outcome.code}: ${outcome.message}`,
      );
    }
    demand(refusals === 3, () => `${name}: commits were not refused`);
    const checkpoint = await worker.order({ do: 'checkpoint' });
    demand(checkpoint !== undefined, () => `${name}: the process died of a checkpoint: ${worker.errors}`);
    await requireAll('while it lasts');
    await fault.end(worker);
    await worker.order({ do: 'checkpoint' });
    const next = fault.recovers ? worker : new Worker(rig, { path, actor: 'lucky' });
    try {
      const outcome = await add(next);
      demand(
        outcome.kind === 'done',
        () => `${name}: commits are still refused when it is over: ${JSON.stringify(outcome)}`,
      );
      await next.mustDo({ do: 'checkpoint' });
    } finally {
      await next.kill();
    }
    await requireAll('when it is over');
    count(
      summary,
      entries.filter(({ outcome }) => outcome.kind === 'done'),
    );
  } finally {
    await Promise.all([first.kill(), worker.kill()]);
    fault.remove?.();
  }
}

/** A disk of one megabyte that a file fills. */
function fullDisk(rig: Rig): Fault {
  const folder = dirname(dirname(newStorePath(rig)));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    throw new Skipped('no right to mount a small disk');
  }
  const path = join(folder, '.task-orchestrator', 'tasks.db');
  const filler = join(folder, 'filler');
  mkdirSync(dirname(path));
  return {
    path,
    begin: () => {
      try {
        writeFileSync(filler, Buffer.alloc(2 ** 20));
      } catch {
        // As much as there was room for.
      }
    },
    end: () => rmSync(filler),
    remove: () => execFileSync('umount', [folder]),
    code: 'STORE_LOCKED',
    words: /disk is full/,
    meets: 'present',
    recovers: true,
  };
}

function sizeLimit(rig: Rig): Fault {
  if (process.platform === 'win32') throw new Skipped('no such limit on Windows');
  return {
    path: newStorePath(rig),
    // In blocks of 512 bytes or 1 KB, by the shell: more than an empty store, less than one of a thousand tasks.
    prefix: ['sh', '-c', 'ulimit -f 480; exec "$@"', 'sh'],
    begin: () => undefined,
    end: () => undefined,
    code: 'STORE_LOCKED',
    words: /limit on the size of files/,
    meets: 'present',
    recovers: false,
  };
}

/** The step before the journal is synced fails as a full disk does. */
function failingSync(rig: Rig): Fault {
  return {
    path: newStorePath(rig),
    begin: (worker) => worker.mustDo({ do: 'failToSync', fail: true }),
    end: (worker) => worker.mustDo({ do: 'failToSync', fail: false }),
    code: 'STORE_LOCKED',
    words: /disk is full/,
    meets: 'present',
    recovers: true,
  };
}

/** A right that is taken away. */
function permission(rig: Rig, of: (path: string) => string, mode: number, meets: Fault['meets']): Fault {
  const path = newStorePath(rig);
  return {
    path,
    prefix: asNobody(rig, dirname(path)),
    begin: () => chmodSync(of(path), mode),
    end: () => chmodSync(of(path), mode | 0o200),
    code: 'PERMISSION_DENIED',
    words: /check its permissions/,
    meets,
    recovers: true,
  };
}

/** What starts a program without root's rights over files. */
function asNobody(rig: Rig, folder: string): readonly string[] {
  if (process.platform === 'win32') throw new Skipped('Windows has no such permissions');
  if (process.getuid?.() !== 0) return [];
  const prefix = ['setpriv', `--reuid=${NOBODY}`, '--clear-groups'];
  try {
    for (const path of [rig.worker, rig.wasmPath]) accessSync(path, constants.R_OK);
    const [command = '', ...args] = [
      ...prefix,
      process.execPath,
      '-e',
      `require('fs').readFileSync(${JSON.stringify(rig.wasmPath)})`,
    ];
    execFileSync(command, args, { stdio: 'ignore' });
  } catch {
    throw new Skipped('root may write everywhere, and this cannot be run as another user');
  }
  for (const above of [rig.folder, dirname(folder)]) chmodSync(above, 0o755);
  chownSync(folder, NOBODY, NOBODY);
  return prefix;
}
