import { readdirSync, readFileSync } from 'node:fs';

/** In the environment of everything that a run starts, with a value of its own. */
export const MARKER = 'TASK_ORCHESTRATOR_RUN';

/** How often one looks again for processes that were started while the others were stopped. */
const ROUNDS = 200;
const PAGE = 4096;

interface ProcessRow {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
  /** With the pid, the identity of a process: pids are used again. */
  readonly start: string;
  readonly isDead: boolean;
}

/** How many processes there are, and what memory they have for themselves. */
export interface TreeSize {
  readonly processes: number;
  readonly bytes: number;
}

/**
 * Everything that a run started. On Linux that is found in /proc: its process group and session, children of what belongs
 * to it, and whatever has the run's marker in its environment, also when it has left the group and lost its parent. A
 * process that did both and started a program with an emptied environment between two looks is not found; a sandbox
 * leaves no such way out. Elsewhere it is the process group.
 */
export class ProcessTree {
  readonly #root: number;
  readonly #mark: string;
  /** Processes that were found to belong to it: their children do too, even when they are gone. */
  readonly #known = new Set<string>();
  readonly #knownPids = new Set<number>();
  readonly #foreign = new Set<string>();

  /** `root` leads the group; `marker` is the value of MARKER. */
  constructor(root: number, marker: string) {
    this.#root = root;
    this.#mark = `${MARKER}=${marker}`;
  }

  /** Undefined where the system does not tell. */
  size(): TreeSize | undefined {
    if (process.platform !== 'linux') return undefined;
    const members = this.#members();
    return { processes: members.length, bytes: members.reduce((sum, { pid }) => sum + ownMemory(pid), 0) };
  }

  /** Asks all of it to end. */
  terminate(): void {
    send(-this.#root, 'SIGTERM');
    if (process.platform === 'linux') for (const { pid } of this.#members()) send(pid, 'SIGTERM');
  }

  /** Ends all of it. First nothing is let run, so that nothing can start more while the rest is being ended. */
  kill(): void {
    if (process.platform === 'win32') {
      killOnWindows(this.#root);
      return;
    }
    if (process.platform !== 'linux') {
      send(-this.#root, 'SIGKILL');
      return;
    }
    for (let round = 0; round < ROUNDS; round += 1) {
      const members = this.#frozen();
      if (members.length === 0) return;
      for (const { pid } of members) send(pid, 'SIGKILL');
    }
  }

  /** All members, stopped; looks again until there are no new ones. */
  #frozen(): readonly ProcessRow[] {
    const stopped = new Set<string>();
    for (let round = 0; ; round += 1) {
      const members = this.#members();
      const fresh = members.filter((row) => !stopped.has(identity(row)));
      if (fresh.length === 0 || round === ROUNDS) return members;
      for (const row of fresh) {
        send(row.pid, 'SIGSTOP');
        stopped.add(identity(row));
      }
    }
  }

  /** Zombies are left out: they run no more, and wait for their parent only. */
  #members(): readonly ProcessRow[] {
    const rows = readProcesses();
    // A pid that was a member's may be somebody else's now.
    for (const { pid, start } of rows)
      if (this.#knownPids.has(pid) && !this.#known.has(`${pid}:${start}`)) this.#knownPids.delete(pid);
    const found = new Set<ProcessRow>();
    for (let grown = true; grown; ) {
      grown = false;
      for (const row of rows) {
        if (found.has(row) || !this.#isMember(row)) continue;
        found.add(row);
        this.#known.add(identity(row));
        this.#knownPids.add(row.pid);
        grown = true;
      }
    }
    return [...found].filter((row) => !row.isDead);
  }

  #isMember(row: ProcessRow): boolean {
    const key = identity(row);
    if (this.#known.has(key)) return true;
    if (row.pid === process.pid) return false;
    if (row.pid === this.#root || row.group === this.#root || row.session === this.#root) return true;
    if (this.#knownPids.has(row.parent)) return true;
    if (this.#foreign.has(key)) return false;
    if (isMarked(row.pid, this.#mark)) return true;
    this.#foreign.add(key);
    return false;
  }
}

function identity({ pid, start }: ProcessRow): string {
  return `${pid}:${start}`;
}

function readProcesses(): ProcessRow[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    const text = read(`/proc/${name}/stat`)?.toString('latin1');
    // The name of the program stands in parentheses and may hold anything.
    const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ');
    if (!fields) return [];
    const [state, parent, group, session] = fields;
    return {
      pid: Number(name),
      parent: Number(parent),
      group: Number(group),
      session: Number(session),
      start: fields[19] ?? '',
      isDead: state === 'Z' || state === 'X',
    };
  });
}

/** Memory that it does not share with others, bytes. */
function ownMemory(pid: number): number {
  const [, resident = 0, shared = 0] = (read(`/proc/${pid}/statm`)?.toString('latin1') ?? '').split(' ').map(Number);
  return Math.max(0, resident - shared) * PAGE;
}

function isMarked(pid: number, mark: string): boolean {
  const bytes = read(`/proc/${pid}/environ`);
  return bytes !== undefined && `\0${bytes.toString('latin1')}\0`.includes(`\0${mark}\0`);
}

/** Undefined where the process is gone or another user's. */
function read(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended by itself in this moment.
  }
}

function killOnWindows(pid: number): void {
  const { spawnSync } = process.getBuiltinModule('node:child_process');
  spawnSync('taskkill', ['/pid', String(pid), '/T', '/F'], { stdio: 'ignore', windowsHide: true });
}
