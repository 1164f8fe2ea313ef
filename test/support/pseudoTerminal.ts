import { spawnSync } from 'node:child_process';

/** What a program showed on a terminal, and what it ended with. */
export interface Screen {
  readonly code: number | null;
  /** stdout and stderr as they came, control sequences included, with line feeds alone. */
  readonly text: string;
  /** The same without colours. */
  readonly plain: string;
  readonly lines: readonly string[];
}

export interface TerminalOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly columns?: number;
  readonly rows?: number;
}

/** False where util-linux's `script` is missing, which makes the terminal. */
export const hasTerminals = spawnSync('script', ['-qec', 'exit 7', '/dev/null']).status === 7;

/** Runs a shell's command line with a real terminal of that size as its stdin, stdout and stderr. */
export function inTerminal(command: string, { cwd, env, columns = 80, rows = 24 }: TerminalOptions): Screen {
  const { status, stdout } = spawnSync(
    'script',
    ['-qec', `stty cols ${columns} rows ${rows}; ${command}`, '/dev/null'],
    {
      cwd,
      env: { TERM: 'xterm-256color', SHELL: '/bin/sh', ...env },
      encoding: 'utf8',
    },
  );
  const text = stdout.replaceAll('\r\n', '\n');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  const plain = text.replace(/\u001b\[[0-9;]*m/g, '');
  return { code: status, text, plain, lines: plain.replace(/\n$/, '').split('\n') };
}

/** A word as a shell takes it whole. */
export function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
