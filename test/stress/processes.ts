import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import type { ErrorCode } from '../../src/core/model/errors.js';
import type { HistoryEntry } from './checkHistory.js';
import type { Operation, Result } from './operations.js';
import type { Rig } from './scenario.js';
import type { EntryLine, Order, Report, WorkerOptions } from './worker.js';

/** An operation that its process did not live to tell of. */
export interface Unfinished {
  readonly actor: string;
  readonly operation: Operation;
  readonly start: bigint;
}

/** Compiles the WebAssembly once and quickly, as `tm` does: these processes live for a moment only. */
const NODE_FLAGS = ['--liftoff-only', '--wasm-lazy-compilation', '--no-wasm-tier-up', '--no-wasm-dynamic-tiering'];

export interface Launch {
  /** A program that starts the worker, with its arguments: for another user or limits. */
  readonly prefix?: readonly string[];
}

/** A process that runs `worker.ts`. */
export class Worker {
  readonly actor: string;
  /** What it told of, in its order. */
  readonly entries: HistoryEntry[] = [];
  readonly #process: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #end: Promise<unknown>;
  readonly #waiting: ((report: Extract<Report, { told: 'done' }> | undefined) => void)[] = [];
  #unfinished: Unfinished | undefined;
  #rest = '';
  #errors = '';

  constructor(rig: Rig, options: Omit<WorkerOptions, 'wasm'>, { prefix = [] }: Launch = {}) {
    this.actor = options.actor;
    const given: WorkerOptions = { ...options, wasm: rig.wasmPath };
    const [command = '', ...args] = [...prefix, process.execPath, ...NODE_FLAGS, rig.worker, JSON.stringify(given)];
    this.#process = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    this.#process.stdin.on('error', () => undefined);
    this.#process.stdout.setEncoding('utf8').on('data', (text: string) => this.#take(text));
    this.#process.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#errors += text;
    });
    this.#end = once(this.#process, 'close').then(() => {
      for (const waiting of this.#waiting.splice(0)) waiting(undefined);
    });
  }

  /** The operation during which it died. */
  get unfinished(): Unfinished | undefined {
    return this.#unfinished;
  }

  /** True when it was ended by SIGKILL. */
  get wasKilled(): boolean {
    return this.#process.signalCode === 'SIGKILL';
  }

  /** What it wrote to stderr. */
  get errors(): string {
    return this.#errors;
  }

  /** Resolves when it has done so, with what was refused; undefined when it died over it. */
  order(order: Order): Promise<Extract<Report, { told: 'done' }> | undefined> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return Promise.resolve(undefined);
    this.#process.stdin.write(`${JSON.stringify(order)}\n`);
    return new Promise((done) => this.#waiting.push(done));
  }

  /** The same for one that must not die; throws what it wrote to stderr. */
  async mustDo(order: Order): Promise<void> {
    const report = await this.order(order);
    if (!report) throw new Error(`${this.actor} ended early: ${await this.died()}`);
    if (report.code) throw new Error(`${this.actor} was refused ${order.do}: ${report.code} ${report.message}`);
  }

  /** One operation, as it was recorded. */
  async perform(operation: Operation): Promise<HistoryEntry> {
    await this.mustDo({ do: 'perform', operation });
    return this.entries.at(-1)!;
  }

  /** Resolves when it has told of so many operations, or ended. */
  async told(count: number): Promise<void> {
    while (this.entries.length < count && this.#process.exitCode === null && this.#process.signalCode === null)
      await Promise.race([once(this.#process.stdout, 'data'), this.#end]);
  }

  /** Resolves with what it wrote to stderr when it has ended. */
  async died(): Promise<string> {
    await this.#end;
    return this.#errors;
  }

  /** Lets it end by itself. */
  async end(): Promise<void> {
    this.#process.stdin.end();
    await this.#end;
  }

  /** kill -9. */
  async kill(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.#end;
  }

  #take(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      const report = JSON.parse(line) as Report;
      if (report.told === 'begin') {
        this.#unfinished = { actor: this.actor, operation: report.operation, start: BigInt(report.start) };
      } else if (report.told === 'end') {
        this.#unfinished = undefined;
        this.entries.push(toEntry(this.actor, report.entry));
      } else this.#waiting.shift()?.(report);
    }
  }
}

function toEntry(
  actor: string,
  { operation, start, end, seq, head, result, code, message, seen }: EntryLine,
): HistoryEntry {
  return {
    actor,
    operation,
    start: BigInt(start),
    end: BigInt(end),
    seq,
    head,
    outcome:
      code === undefined
        ? { kind: 'done', result: result as Result }
        : { kind: 'refused', code: code as ErrorCode, ...(message && { message }) },
    ...(seen !== undefined && { seen }),
  };
}

/** How long an operation took, its wait for others included, ms. */
export function duration({ start, end }: HistoryEntry): number {
  return end === undefined ? 0 : Number(end - start) / 1e6;
}

/** What workers report of a plan; see `HistoryOptions.digest`. */
export function digest(text: string): string {
  return createHash('sha1').update(text).digest('hex');
}
