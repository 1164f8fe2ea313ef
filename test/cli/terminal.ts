import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { inject, onTestFinished } from 'vitest';

/** Whether this machine can give a program a terminal of its own. */
export const hasTerminal = /util-linux/.test(spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout ?? '');

export const ENTER = '\r';
export const DOWN = '\u001b[B';
export const CTRL_C = '\u0003';

// biome-ignore lint/suspicious/noControlCharactersInRegex: it is how they begin
const ANSI = /\u001b\[[0-9;?]*[A-Za-z]/g;

/** `tm` at a terminal, and somebody who reads before typing. */
export class Terminal {
  readonly #child: ChildProcess;
  readonly #ended: Promise<number>;
  #text = '';
  #read = 0;
  #waiting: (() => void) | undefined;

  constructor(folder: string, ...words: string[]) {
    const quoted = [process.execPath, inject('tm'), ...words].map((word) => `'${word}'`).join(' ');
    this.#child = spawn('script', ['-qefc', `stty rows 50 cols 120; exec ${quoted}`, '/dev/null'], {
      cwd: folder,
      env: { PATH: process.env.PATH, HOME: folder, LOGNAME: 'tester', TERM: 'xterm', SHELL: '/bin/sh' },
    });
    this.#child.stdout?.on('data', (data: Buffer) => {
      this.#text += data.toString('utf8').replace(ANSI, '');
      this.#waiting?.();
    });
    this.#ended = new Promise((done) => this.#child.on('close', (code) => done(code ?? -1)));
    onTestFinished(() => {
      this.#child.kill('SIGKILL');
    });
  }

  /** Waits until this is on the screen, after what was waited for before. */
  async sees(text: string): Promise<void> {
    for (;;) {
      const at = this.#text.indexOf(text, this.#read);
      if (at !== -1) {
        this.#read = at + text.length;
        return;
      }
      await new Promise<void>((again, never) => {
        this.#waiting = again;
        void this.#ended.then(() =>
          never(new Error(`“${text}” never came. The rest was: ${this.#text.slice(this.#read)}`)),
        );
      });
    }
  }

  type(keys: string): void {
    this.#child.stdin?.write(keys);
  }

  /** Waits for a question and answers it. */
  async answer(question: string, keys: string): Promise<void> {
    await this.sees(question);
    this.type(keys);
  }

  /** The exit code, once it has ended. */
  end(): Promise<number> {
    return this.#ended;
  }

  get text(): string {
    return this.#text;
  }
}
