import { type ChildProcess, spawn } from 'node:child_process';
import type { RunEnd, RunWatch } from '../../app/execution/codeRunner.js';
import { LIMITS } from '../../core/execution/limits.js';
import type { Stop } from '../../core/execution/run.js';
import { OutputBuffer } from './outputBuffer.js';
import { MARKER, ProcessTree } from './processTree.js';

/** A program to be run within limits. */
export interface ProcessOrder {
  readonly file: string;
  readonly args: readonly string[];
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  /** An open file that is its standard input; absent: there is none. */
  readonly input?: number;
  readonly milliseconds: number;
  /** MiB, of all its processes together. */
  readonly memory: number;
  /** Tells its processes from those of other runs. */
  readonly marker: string;
}

/** How often the size of a run is looked at (ms). */
const WATCH = 250;
/** How long a run may take to end after it was asked to (ms). */
const GRACE = 2000;
/** How long its output may stay open after it has ended (ms): only what could not be found and ended holds it. */
const DRAIN = 1000;
const MIB = 1024 * 1024;

/** Runs a program to its end, with everything that it starts. Never throws: what goes wrong is in the answer. */
export function runProcess(order: ProcessOrder, { signal, onOutput }: RunWatch = {}): Promise<RunEnd> {
  const start = performance.now();
  const streams = { stdout: new OutputBuffer(LIMITS.output), stderr: new OutputBuffer(LIMITS.output) };
  return new Promise((done) => {
    let stoppedBy: Stop | null = null;
    const finish = (exitCode: number | null, ended: string | null, problem = '') =>
      done({
        ...{ exitCode, signal: ended, stoppedBy },
        output: streams.stdout.text(),
        error: `${streams.stderr.text()}${problem}`,
        truncated: streams.stdout.truncated || streams.stderr.truncated,
        milliseconds: Math.round(performance.now() - start),
      });
    let child: ChildProcess;
    try {
      child = startProcess(order);
    } catch (error) {
      finish(null, null, `It could not be started: ${(error as Error).message}`);
      return;
    }
    const tree = child.pid === undefined ? undefined : new ProcessTree(child.pid, order.marker);
    const timers: NodeJS.Timeout[] = [];
    const stop = (why: Stop, isGentle: boolean) => {
      if (stoppedBy !== null) return;
      stoppedBy = why;
      if (!isGentle) tree?.kill();
      else {
        tree?.terminate();
        timers.push(setTimeout(() => tree?.kill(), GRACE));
      }
    };
    const watch = () => {
      const size = tree?.size();
      if (size && size.processes > LIMITS.processes) stop('processes', false);
      else if (size && size.bytes > order.memory * MIB) stop('memory', false);
    };
    const cancel = () => stop('person', true);
    const killAll = () => tree?.kill();
    const release = () => {
      for (const timer of timers) clearTimeout(timer);
      signal?.removeEventListener('abort', cancel);
      process.off('exit', killAll);
    };
    timers.push(
      setInterval(watch, WATCH),
      setTimeout(() => stop('time', true), order.milliseconds),
    );
    if (signal?.aborted) cancel();
    else signal?.addEventListener('abort', cancel);
    // This process takes it along when it ends.
    process.on('exit', killAll);

    for (const name of ['stdout', 'stderr'] as const)
      child[name]?.on('data', (data: Buffer) => {
        const kept = streams[name].add(data);
        if (kept.length > 0) onOutput?.(name, kept);
        if (streams.stdout.total + streams.stderr.total > LIMITS.flood) stop('output', false);
      });
    child.once('error', (error) => {
      if (child.pid !== undefined) return;
      release();
      finish(null, null, `It could not be started: ${error.message}`);
    });
    child.once('exit', (code, ended) => {
      release();
      // What it left in the background ends with it.
      tree?.kill();
      const end = () => {
        clearTimeout(drain);
        for (const stream of [child.stdout, child.stderr]) stream?.destroy();
        finish(code, ended);
      };
      const drain = setTimeout(end, DRAIN);
      child.once('close', end);
    });
  });
}

/** In a session of its own, so that its group and what belongs to it can be told, and no terminal is within reach. */
function startProcess({ file, args, folder, environment, input, marker }: ProcessOrder): ChildProcess {
  return spawn(file, [...args], {
    cwd: folder,
    env: { ...environment, [MARKER]: marker },
    stdio: [input ?? 'ignore', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
}
