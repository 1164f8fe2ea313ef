import { writeSync } from 'node:fs';
import { join } from 'node:path';

/** Nothing is shown of what takes less (ms). */
const PATIENCE = 1000;
const INTERVAL = 100;
const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const BAR = 20;
/** Narrower, and the bar would wrap and could not be taken away. */
const ROOM = 60;

/** Work that may take long. */
export interface Progress {
  /** Says how much of it is done; the total may become known later. */
  step(done: number, total?: number): void;
  /** Takes the line away. */
  end(): void;
}

/** Where progress is shown: a terminal that can go back in its line. */
export interface ProgressScreen {
  readonly terminal: boolean;
  readonly columns: number;
  readonly now: () => number;
  write(text: string): void;
}

/** Shows work on the terminal of stderr once it has taken a second: a bar where the total is known, else a spinner. */
export function startProgress(label: string, screen: ProgressScreen = standardError()): Progress {
  if (!screen.terminal) return { step: () => undefined, end: () => undefined };
  const start = screen.now();
  let last: number | undefined;
  let frame = 0;
  return {
    step(done, total) {
      const now = screen.now();
      if (now - start < PATIENCE || (last !== undefined && now - last < INTERVAL)) return;
      last = now;
      frame = (frame + 1) % FRAMES.length;
      screen.write(`\r\u001b[K${label} ${total ? bar(done, total, screen.columns) : `${FRAMES[frame]} ${done || ''}`}`);
    },
    end() {
      if (last !== undefined) screen.write('\r\u001b[K');
    },
  };
}

function bar(done: number, total: number, columns: number): string {
  const count = `${done.toLocaleString('en')}/${total.toLocaleString('en')}`;
  if (columns < ROOM) return count;
  const filled = Math.min(BAR, Math.max(0, Math.round((BAR * done) / total)));
  return `${'█'.repeat(filled)}${'░'.repeat(BAR - filled)} ${count}`;
}

/**
 * Runs work whose length is not known, with a spinner on the terminal of stderr once it has taken a second. It turns in a
 * thread of its own: SQLite leaves no other thread a moment.
 */
export async function withProgress<T>(label: string, work: () => Promise<T>): Promise<T> {
  const spinner = process.stderr.isTTY && process.env.TERM !== 'dumb' ? await startSpinner(label) : undefined;
  try {
    return await work();
  } finally {
    spinner?.();
  }
}

/** Whether the spinner has to end, and whether it has. */
const CELLS = { end: 0, ended: 1, shown: 2 } as const;
/** The spinner's thread looks so often, ms; longer it is not waited for. */
const LONGEST_WAIT = 5 * INTERVAL;

async function startSpinner(label: string): Promise<() => void> {
  const { Worker } = await import('node:worker_threads');
  const cells = new Int32Array(new SharedArrayBuffer(12));
  const worker = new Worker(join(__dirname, 'tm.js'), { argv: ['__spinner'], workerData: { label, cells } });
  // Without its thread the work goes on all the same.
  worker.on('error', () => undefined);
  worker.unref();
  return () => {
    Atomics.store(cells, CELLS.end, 1);
    Atomics.notify(cells, CELLS.end);
    if (Atomics.load(cells, CELLS.shown) === 0) return;
    Atomics.wait(cells, CELLS.ended, 0, LONGEST_WAIT);
    standardError().write('\r\u001b[K');
  };
}

/** The spinner's thread: waits a second, then turns until it is told to end. */
export function spin({ label, cells }: { readonly label: string; readonly cells: Int32Array }): void {
  const { write } = standardError();
  let wait = Atomics.wait(cells, CELLS.end, 0, PATIENCE);
  for (let frame = 0; wait === 'timed-out'; frame += 1) {
    Atomics.store(cells, CELLS.shown, 1);
    write(`\r\u001b[K${label} ${FRAMES[frame % FRAMES.length]}`);
    wait = Atomics.wait(cells, CELLS.end, 0, INTERVAL);
  }
  Atomics.store(cells, CELLS.ended, 1);
  Atomics.notify(cells, CELLS.ended);
}

function standardError(): ProgressScreen {
  const { stderr, env } = process;
  return {
    terminal: stderr.isTTY === true && env.TERM !== 'dumb',
    columns: stderr.columns ?? 80,
    now: Date.now,
    write: (text) => {
      try {
        writeSync(2, text);
      } catch {
        // The terminal is gone; the work goes on.
      }
    },
  };
}
