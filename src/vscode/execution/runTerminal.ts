import { StringDecoder } from 'node:string_decoder';
import * as vscode from 'vscode';

const CTRL_C = '\u0003';

/** A terminal that shows what a run writes while it writes it. Ctrl-C, or closing it, cancels the run. */
export class RunTerminal implements vscode.Pseudoterminal {
  readonly #written = new vscode.EventEmitter<string>();
  readonly #closed = new vscode.EventEmitter<void>();
  readonly #decoders = { stdout: new StringDecoder('utf8'), stderr: new StringDecoder('utf8') };
  readonly #abort = new AbortController();
  /** What came before the terminal was there to show it. */
  #early: string | undefined = '';
  #hasEnded = false;

  readonly onDidWrite = this.#written.event;
  readonly onDidClose = this.#closed.event;

  constructor(name: string) {
    const terminal = vscode.window.createTerminal({ name, pty: this, iconPath: new vscode.ThemeIcon('play') });
    terminal.show(true);
    // Also where it is closed before it was opened: then nobody calls `close`.
    const listening = vscode.window.onDidCloseTerminal((closed) => {
      if (closed !== terminal) return;
      this.#abort.abort();
      listening.dispose();
    });
  }

  /** Aborted when the person cancels. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  open(): void {
    const early = this.#early ?? '';
    this.#early = undefined;
    this.#written.fire(early);
  }

  close(): void {
    this.#abort.abort();
  }

  handleInput(data: string): void {
    if (this.#hasEnded) this.#closed.fire();
    else if (data === CTRL_C) this.#abort.abort();
  }

  write(stream: 'stdout' | 'stderr', bytes: Uint8Array): void {
    const text = this.#decoders[stream].write(Buffer.from(bytes)).replace(/\r?\n/g, '\r\n');
    this.#put(stream === 'stderr' ? `\u001b[33m${text}\u001b[39m` : text);
  }

  /** Says how it ended; from then on any key closes the terminal. */
  end(message: string): void {
    this.#hasEnded = true;
    this.#put(`\r\n\u001b[2m${message.replace(/\r?\n/g, '\r\n')}\u001b[22m\r\n`);
  }

  #put(text: string): void {
    if (this.#early === undefined) this.#written.fire(text);
    else this.#early += text;
  }
}
