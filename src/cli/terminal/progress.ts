import { writeSync } from 'node:fs';

/** Nothing is shown of what takes less (ms). */
const PATIENCE = 1000;
const INTERVAL = 100;
const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const BAR = 20;

/** Work that may take long. */
export interface Progress {
  /** Says how much of it is done; the total may become known later. */
  step(done: number, total?: number): void;
  end(): void;
}

/** Shows work on the terminal of stderr once it has taken a second: a bar where the total is known, else a spinner. */
export function startProgress(label: string, terminal = process.stderr.isTTY === true): Progress {
  if (!terminal) return { step: () => undefined, end: () => undefined };
  const start = Date.now();
  let last = 0;
  let frame = 0;
  return {
    step(done, total) {
      const now = Date.now();
      if (now - start < PATIENCE || now - last < INTERVAL) return;
      last = now;
      frame = (frame + 1) % FRAMES.length;
      const filled = total ? Math.min(BAR, Math.round((BAR * done) / total)) : 0;
      const bar = total
        ? `${'█'.repeat(filled)}${'░'.repeat(BAR - filled)} ${done}/${total}`
        : `${FRAMES[frame]} ${done}`;
      writeSync(2, `\r\u001b[K${label} ${bar}`);
    },
    end() {
      if (last > 0) writeSync(2, '\r\u001b[K');
    },
  };
}
