import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { inject, onTestFinished } from 'vitest';
import { WASM } from '../support/engine.js';

/** A process that runs `worker.ts`. */
export class Worker {
  readonly #process: ChildProcessByStdio<null, Readable, Readable>;
  readonly #end: Promise<unknown[]>;
  #output = '';
  #errors = '';

  constructor(command: string, ...args: (string | number)[]) {
    this.#process = spawn(process.execPath, [inject('worker'), command, ...args.map(String)], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, SQL_WASM: WASM },
    });
    this.#process.stdout.on('data', (data) => {
      this.#output += data;
    });
    this.#process.stderr.on('data', (data) => {
      this.#errors += data;
    });
    this.#end = once(this.#process, 'close');
    onTestFinished(async () => this.kill());
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /** The lines that it has written, whole ones only. */
  get lines(): string[] {
    return this.#output.split('\n').slice(0, -1);
  }

  /** Resolves when it has written so many lines. */
  async wrote(count: number): Promise<void> {
    while (this.lines.length < count) {
      const [end] = await Promise.race([once(this.#process.stdout, 'data'), this.#end]);
      if (typeof end === 'number' && this.lines.length < count) throw new Error(`worker ended early: ${this.#errors}`);
    }
  }

  /** Resolves with its lines when it has ended by itself. */
  async done(): Promise<string[]> {
    const [code] = await this.#end;
    if (code !== 0) throw new Error(`worker ended with ${code}: ${this.#errors}`);
    return this.lines;
  }

  /** kill -9. Resolves when it is gone and everything that it wrote was read. */
  async kill(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.#end;
  }
}
