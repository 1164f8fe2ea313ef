import { fstatSync, writeSync } from 'node:fs';
import { type Style, styleFor, wantsColours } from './style.js';

/** Where a command's data and messages go. */
export interface Output {
  /** True where a person reads stdout. */
  readonly terminal: boolean;
  /** Size of the terminal in cells. */
  readonly width: number;
  readonly height: number;
  readonly style: Style;
  /** False once it has turned out that nobody reads stdout any more. */
  readonly isRead: boolean;
  /** A line of data, on stdout. */
  data(text: string): void;
  /** A line for the person, on stderr. */
  message(text: string): void;
  /** Data that may be longer than the screen: through the pager on a terminal. */
  page(text: string): Promise<void>;
}

const terminal = isTerminal();
let isRead = true;

/** Writes at once and whole, so that the process may end right after, also into a slow pipe. */
export const standardOutput: Output = {
  terminal,
  width: (terminal && process.stdout.columns) || 80,
  height: (terminal && process.stdout.rows) || 24,
  style: styleFor(wantsColours(terminal, process.env)),
  get isRead() {
    return isRead;
  },
  data: (text) => write(1, `${text}\n`),
  message: (text) => write(2, `${text}\n`),
  async page(text) {
    const { page } = terminal ? await import('./pager.js') : {};
    if (!(await page?.(text, standardOutput))) standardOutput.data(text);
  },
};

/** Asks `process.stdout` only where it can be one: making that takes longer than most commands take to write. */
function isTerminal(): boolean {
  try {
    return fstatSync(1).isCharacterDevice() && process.stdout.isTTY === true;
  } catch {
    return false;
  }
}

const PIPE_PAUSE = new Int32Array(new SharedArrayBuffer(4));

function write(file: number, text: string): void {
  const bytes = Buffer.from(text, 'utf8');
  for (let written = 0; written < bytes.length; ) {
    try {
      written += writeSync(file, bytes, written);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // The reader is gone (`tm list | head`): nobody is left to tell, and what is to be done is still done.
      if (code === 'EPIPE') {
        if (file === 1) isRead = false;
        return;
      }
      if (code !== 'EAGAIN') throw error;
      Atomics.wait(PIPE_PAUSE, 0, 0, 2);
    }
  }
}
