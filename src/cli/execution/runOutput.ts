import { StringDecoder } from 'node:string_decoder';
import { writeBytes } from '../terminal/output.js';
import { printable } from '../terminal/printable.js';

/** Passes on what running code writes: as it is into a pipe or a file, without what moves the cursor on a terminal. */
export class RunOutput {
  readonly #files = { stdout: 1, stderr: 2 } as const;
  readonly #decoders = { stdout: new StringDecoder('utf8'), stderr: new StringDecoder('utf8') };
  readonly #terminals: Readonly<Record<'stdout' | 'stderr', boolean>>;
  #endsLine = true;

  constructor(terminals: Readonly<Record<'stdout' | 'stderr', boolean>>) {
    this.#terminals = terminals;
  }

  write(stream: 'stdout' | 'stderr', bytes: Uint8Array): void {
    const isTerminal = this.#terminals[stream];
    const text = isTerminal ? printable(this.#decoders[stream].write(Buffer.from(bytes))) : undefined;
    const shown = text === undefined ? bytes : Buffer.from(text);
    writeBytes(this.#files[stream], shown);
    if (isTerminal && shown.length > 0) this.#endsLine = shown.at(-1) === 0x0a;
  }

  /** Begins a line of its own for what comes next on the terminal. */
  end(): void {
    if (this.#endsLine) return;
    writeBytes(2, Buffer.from('\n'));
    this.#endsLine = true;
  }
}
