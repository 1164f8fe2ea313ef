import { closeSync, openSync, readFileSync, rmSync, statSync, unlinkSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { StoreError } from '../core/model/errors.js';
import { nonce } from './files.js';
import { elapsed } from './patience.js';

/** What the lock file says of its holder. */
interface Holder {
  readonly pid: number;
  readonly host: string;
  /** Start of the process in clock ticks after boot, where the system tells; a reused pid has another. */
  readonly born: string;
  readonly nonce: string;
  /** What runs there, for the message: `tm`, `VS Code`. */
  readonly program: string;
}

/** A lock file that could not be read is taken for one being written, until it is this old (ms). */
const UNREADABLE_AGE = 2_000;
/** A holder on another machine or one that never returns is given up after this long (ms). */
const ABANDONED_AGE = 30_000;
/** Between two tries, ms, on average. */
const LONGEST_PAUSE = 20;
const SHORT_PAUSE = 2;
/** What the pause grows by at most where the machine has more to do than it can, ms. */
const LONGEST_WAIT = 250;
/** Who has waited this long (ms) tries more often than others, who would go on taking the lock before it. */
const OVERDUE = 300;
/** How often a wait looks whether the holder is alive, ms: that costs more than a try. */
const LOOK_INTERVAL = 20;

/**
 * The store's lock between processes: a file that exists while somebody commits. Its holder's death is noticed at once
 * on the same machine. It keeps writers from wasting each other's work; that nothing is lost even if it fails rests on
 * the journal's chain (see `journalLine.ts`).
 */
export class FileLock {
  readonly #path: string;
  readonly #program: string;
  readonly #born = processBirth(process.pid);
  #text = '';

  constructor(path: string, program: string) {
    this.#path = path;
    this.#program = program;
  }

  /**
   * Waits for the lock, at most `timeout` ms. `onWait` is called once when the wait passes `patience` ms.
   * Throws STORE_LOCKED naming the holder when the time is up.
   */
  async acquire(timeout: number, onWait?: (holder: string) => void, patience = 1_000): Promise<void> {
    const start = elapsed();
    let told = false;
    let nextLook = 0;
    let late = 0;
    for (let attempt = 1; ; attempt += 1) {
      const waited = elapsed() - start;
      const isLook = waited >= Math.min(nextLook, timeout);
      if (isLook ? this.tryAcquire() : this.#create()) return;
      if (isLook) nextLook = waited + LOOK_INTERVAL;
      if (waited >= timeout) {
        const holder = this.#describeHolder();
        throw new StoreError(
          'STORE_LOCKED',
          `The task store is locked by ${holder}, for ${Math.round(waited / 100) / 10} s now. Nothing was changed; try again, or end that process.`,
          { holder },
        );
      }
      if (!told && waited >= patience) {
        told = true;
        onWait?.(this.#describeHolder());
      }
      const pause = waited > OVERDUE ? SHORT_PAUSE : Math.min(LONGEST_PAUSE, attempt);
      const planned = (pause + late) * (0.5 + Math.random());
      const asleep = elapsed();
      await new Promise((done) => setTimeout(done, planned));
      // Where so many wait that they get the processor late, trying takes it from the holder: they try less often.
      const delay = elapsed() - asleep - planned;
      late = delay > SHORT_PAUSE ? Math.min(LONGEST_WAIT, (late + SHORT_PAUSE) * 2) : late / 2;
    }
  }

  /** Takes the lock if it is free or its holder is dead. */
  tryAcquire(): boolean {
    if (this.#create()) return true;
    if (!this.#removeDead()) return false;
    return this.#create();
  }

  /** True while the lock file is the one that this object wrote. */
  isHeld(): boolean {
    return this.#text !== '' && readText(this.#path) === this.#text;
  }

  release(): void {
    if (this.isHeld()) unlinkSync(this.#path);
    this.#text = '';
  }

  #create(): boolean {
    const holder: Holder = {
      pid: process.pid,
      host: hostname(),
      born: this.#born,
      nonce: nonce(),
      program: this.#program,
    };
    let file: number;
    try {
      file = openSync(this.#path, 'wx');
    } catch (error) {
      if (isCode(error, 'EEXIST')) return false;
      throw error;
    }
    const text = JSON.stringify(holder);
    try {
      writeSync(file, text);
    } catch (error) {
      unlinkSync(this.#path);
      throw error;
    } finally {
      closeSync(file);
    }
    this.#text = text;
    return true;
  }

  /**
   * Removes a dead holder's lock file. Only one process at a time may: another could have taken the lock between a look
   * at the file and its removal, and its lock would be removed instead.
   */
  #removeDead(): boolean {
    const seen = readText(this.#path);
    if (seen === undefined) return true;
    if (!isDead(seen, this.#path)) return false;
    const guard = `${this.#path}.removal`;
    try {
      closeSync(openSync(guard, 'wx'));
    } catch (error) {
      if (!isCode(error, 'EEXIST')) throw error;
      // Its maker died at this very moment.
      if (ageOf(guard) > UNREADABLE_AGE) rmSync(guard, { force: true });
      return false;
    }
    try {
      if (readText(this.#path) === seen) rmSync(this.#path, { force: true });
      return true;
    } finally {
      rmSync(guard, { force: true });
    }
  }

  #describeHolder(): string {
    return describe(parseHolder(readText(this.#path)));
  }
}

/** A lock as it is found by one who only looks. */
export interface LockState {
  /** Program, process and machine. */
  readonly holder: string;
  /** When it was taken, UTC ISO 8601. */
  readonly since: string;
  /** `held` by a live process of this machine, `left` by a dead one, or of a process that cannot be seen from here. */
  readonly state: 'held' | 'left' | 'unseen';
}

/** Who holds the lock at `path`; undefined where nobody does. Changes nothing. */
export function lookAtLock(path: string): LockState | undefined {
  const text = readText(path);
  if (text === undefined) return undefined;
  const holder = parseHolder(text);
  const isHere = holder?.host === hostname() && isRunning(holder.pid, holder.born);
  return {
    holder: describe(holder),
    since: new Date(Date.now() - ageOf(path)).toISOString(),
    state: isHere ? 'held' : isDead(text, path) ? 'left' : 'unseen',
  };
}

function describe(holder: Holder | undefined): string {
  return holder ? `${holder.program} (process ${holder.pid} on ${holder.host})` : 'another process';
}

function isDead(text: string, path: string): boolean {
  const holder = parseHolder(text);
  const age = ageOf(path);
  if (!holder) return age > UNREADABLE_AGE;
  if (holder.host !== hostname()) return age > ABANDONED_AGE;
  return !isRunning(holder.pid, holder.born) || age > ABANDONED_AGE;
}

/** Whether a process of this machine is there; `born` tells it from a later one of the same id. */
export function isRunning(pid: number, born = ''): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return isCode(error, 'EPERM');
  }
  return born === '' || processBirth(pid) === born;
}

/** Field 22 of `/proc/<pid>/stat`, or empty where there is no such file. */
function processBirth(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

function parseHolder(text: string | undefined): Holder | undefined {
  try {
    const holder = JSON.parse(text ?? '') as Holder;
    return typeof holder.pid === 'number' ? holder : undefined;
  } catch {
    return undefined;
  }
}

function ageOf(path: string): number {
  try {
    return Date.now() - statSync(path).mtimeMs;
  } catch {
    return 0;
  }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

function isCode(error: unknown, code: string): boolean {
  return (error as NodeJS.ErrnoException).code === code;
}
