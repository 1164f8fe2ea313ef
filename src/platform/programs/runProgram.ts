import { type ChildProcess, spawn } from 'node:child_process';
import type { ProgramEnd } from '../../app/ports.js';

/** More output than this is thrown away (bytes). */
const LARGEST_OUTPUT = 64 * 1024;
/** How long what a program left running may keep its output open (ms). */
const GRACE = 250;

const GROUPS = process.platform !== 'win32';

export interface ProgramRun {
  readonly file: string;
  readonly args: readonly string[];
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  /** What it reads on stdin. */
  readonly input?: string;
  /** Milliseconds; without one it may take as long as it likes. */
  readonly limit?: number;
  /** Lets it have this process's terminal, input and output. */
  readonly inherit?: boolean;
  /** Exchange messages with a Node program. */
  readonly onStart?: (child: ChildProcess) => void;
}

/**
 * Runs a program to its end, in a process group of its own that is killed whole at the time limit, or when this process
 * is told to end. What goes wrong is in the answer.
 */
export function runProgram(run: ProgramRun): Promise<ProgramEnd> {
  const start = performance.now();
  const output = new Output();
  return new Promise((done) => {
    const finish = (end: Partial<ProgramEnd>) =>
      done({
        timedOut: false,
        ...end,
        output: output.text(),
        truncated: output.truncated,
        milliseconds: Math.round(performance.now() - start),
      });
    let child: ChildProcess;
    try {
      child = startChild(run);
    } catch (error) {
      finish({ problem: whyNotStarted(error as NodeJS.ErrnoException) });
      return;
    }
    let timedOut = false;
    const kill = () => killGroup(child, run.inherit === true);
    const timer = run.limit === undefined ? undefined : setTimeout(expire, run.limit);
    function expire() {
      timedOut = true;
      kill();
    }
    const release = run.inherit ? ignoreInterrupts() : endWith(kill);
    const end = (result: Partial<ProgramEnd>) => {
      clearTimeout(timer);
      release();
      for (const stream of [child.stdin, child.stdout, child.stderr]) stream?.destroy();
      finish({ ...result, timedOut });
    };
    child.once('error', (error) => end({ problem: whyNotStarted(error) }));
    child.once('exit', (code, signal) => {
      const result = { ...(code !== null && { code }), ...(signal !== null && { signal }) };
      // What it left running in the background may hold its output open for ever.
      const grace = setTimeout(() => end(result), GRACE);
      child.once('close', () => {
        clearTimeout(grace);
        end(result);
      });
    });
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data: Buffer) => output.add(data));
    // A program need not read its input.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(run.input ?? '');
    run.onStart?.(child);
  });
}

function startChild({ file, args, folder, env, inherit, onStart }: ProgramRun): ChildProcess {
  const stdio = inherit ? ('inherit' as const) : ('pipe' as const);
  return spawn(file, [...args], {
    cwd: folder,
    env,
    stdio: [stdio, stdio, stdio, ...(onStart ? (['ipc'] as const) : [])],
    detached: GROUPS && !inherit,
    windowsHide: true,
  });
}

/** What a program wrote, as far as it is kept. */
class Output {
  readonly #parts: Buffer[] = [];
  #size = 0;
  truncated = false;

  add(data: Buffer): void {
    const room = LARGEST_OUTPUT - this.#size;
    if (data.length > room) this.truncated = true;
    if (room <= 0) return;
    this.#parts.push(data.subarray(0, room));
    this.#size += Math.min(room, data.length);
  }

  text(): string {
    return Buffer.concat(this.#parts).toString('utf8');
  }
}

function killGroup(child: ChildProcess, inherit: boolean): void {
  if (child.pid === undefined) return;
  try {
    if (GROUPS && !inherit) process.kill(-child.pid, 'SIGKILL');
    else child.kill('SIGKILL');
  } catch {
    // It ended by itself in this moment.
  }
}

/** Takes the program along when this process is told to end. The returned function stops that. */
function endWith(kill: () => void): () => void {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const listeners = signals.map((signal) => {
    const listener = () => {
      kill();
      release();
      process.kill(process.pid, signal);
    };
    process.on(signal, listener);
    return { signal, listener };
  });
  process.on('exit', kill);
  function release() {
    process.off('exit', kill);
    for (const { signal, listener } of listeners) process.off(signal, listener);
  }
  return release;
}

/** Ctrl-C is for the program that has the terminal; its end is ours. */
function ignoreInterrupts(): () => void {
  const ignore = () => undefined;
  process.on('SIGINT', ignore);
  return () => process.off('SIGINT', ignore);
}

function whyNotStarted({ code, message }: NodeJS.ErrnoException): string {
  if (code === 'ENOENT') return 'cannot be started: the program that its first line (#!) names is not there';
  if (code === 'EACCES') return 'cannot be started: the system does not allow it';
  return `cannot be started: ${message}`;
}
