import { fstatSync, writeSync } from 'node:fs';
import type { Colours } from '../arguments.js';
import { printable } from './printable.js';
import { type Style, styleFor, wantsColours } from './style.js';

/** Where a command's data and messages go. */
export interface Output {
  /** True where a person reads stdout. */
  readonly terminal: boolean;
  /** Size of the terminal in cells, as it is now. */
  readonly width: number;
  readonly height: number;
  /** For data, on stdout. */
  readonly style: Style;
  /** For messages, on stderr: the one may be a terminal where the other is a file. */
  readonly messageStyle: Style;
  /** False once it has turned out that nobody reads stdout any more. */
  readonly isRead: boolean;
  /** A line of data, on stdout. */
  data(text: string): void;
  /** A line for the person, on stderr. */
  message(text: string): void;
  /** Data that may be longer than the screen: through the pager on a terminal. */
  page(text: string): Promise<void>;
  /** Keeps what is said from now on until it is released, or forgotten. */
  hold(): Held;
}

/** What was said and not shown yet. */
export interface Held {
  release(): Promise<void>;
  forget(): void;
}

export interface OutputSettings {
  /** What `--color` says. */
  readonly colours?: Colours;
  /** False after `--no-pager`. */
  readonly pager?: boolean;
}

let isRead = true;

/** Writes at once and whole, so that the process may end right after, also into a slow pipe. */
export function createOutput({ colours = 'auto', pager = true }: OutputSettings = {}): Output {
  const terminal = isTerminal(1);
  const styled = (on: boolean) => styleFor(colours === 'auto' ? wantsColours(on, process.env) : colours === 'always');
  let messageStyle: Style | undefined;
  let held: (() => void | Promise<void>)[] | undefined;
  const say = (show: () => void) => {
    if (held) held.push(show);
    else show();
  };
  const data = (text: string) => write(1, `${printable(text)}\n`);
  const show = async (text: string) => {
    const { page } = terminal && pager ? await import('./pager.js') : {};
    if (!(await page?.(printable(text), output))) data(text);
  };
  const output: Output = {
    terminal,
    get width() {
      return (terminal && process.stdout.columns) || 80;
    },
    get height() {
      return (terminal && process.stdout.rows) || 24;
    },
    style: styled(terminal),
    get messageStyle() {
      messageStyle ??= styled(isTerminal(2));
      return messageStyle;
    },
    get isRead() {
      return isRead;
    },
    data: (text) => say(() => data(text)),
    message: (text) => say(() => write(2, `${printable(text)}\n`)),
    async page(text) {
      if (held) held.push(() => show(text));
      else await show(text);
    },
    hold() {
      const kept: NonNullable<typeof held> = [];
      held = kept;
      return {
        async release() {
          held = undefined;
          for (const one of kept) await one();
        },
        forget() {
          held = undefined;
        },
      };
    },
  };
  return output;
}

/** Asks the stream only where it can be a terminal: making that takes longer than most commands take to write. */
function isTerminal(file: 1 | 2): boolean {
  try {
    return fstatSync(file).isCharacterDevice() && (file === 1 ? process.stdout : process.stderr).isTTY === true;
  } catch {
    return false;
  }
}

const PIPE_PAUSE = new Int32Array(new SharedArrayBuffer(4));

function write(file: number, text: string): void {
  writeBytes(file, Buffer.from(text, 'utf8'));
}

/** Writes bytes as they are. */
export function writeBytes(file: number, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length; ) {
    try {
      written += writeSync(file, bytes, written);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // The reader is gone (`tm list | head`, a terminal that was closed): nobody is left to tell, and what is to be
      // done is still done.
      if (code === 'EPIPE' || code === 'EIO') {
        if (file === 1) isRead = false;
        return;
      }
      if (code !== 'EAGAIN') throw error;
      Atomics.wait(PIPE_PAUSE, 0, 0, 2);
    }
  }
}
