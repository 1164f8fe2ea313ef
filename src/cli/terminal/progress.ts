import { writeSync } from 'node:fs';

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
 * Runs work whose length is not known, with a spinner that turns while it waits for something; work that keeps the
 * processor says itself how far it is, through `step`.
 */
export async function withProgress<T>(label: string, work: (progress: Progress) => Promise<T>): Promise<T> {
  const progress = startProgress(label);
  const timer = setInterval(() => progress.step(0), INTERVAL);
  try {
    return await work(progress);
  } finally {
    clearInterval(timer);
    progress.end();
  }
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
