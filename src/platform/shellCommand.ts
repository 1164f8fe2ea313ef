import { spawn } from 'node:child_process';

/** How a command ended. */
export interface CommandEnd {
  /** Undefined where a signal ended it. */
  readonly code: number | undefined;
  /** In words: `exit 1`, `SIGTERM`, or why it could not be started. */
  readonly how: string;
}

/** A command that is running. */
export interface RunningCommand {
  readonly end: Promise<CommandEnd>;
  /** Asks it to stop. */
  stop(): void;
}

/**
 * Runs a command line in the user's shell with `input` on its standard input; what it prints goes where this process
 * prints. Only the line itself is read by the shell: data belongs into `input` and `env`.
 */
export function runShellCommand(
  line: string,
  { input, env }: { input: string; env: NodeJS.ProcessEnv },
): RunningCommand {
  const child = spawn(line, { shell: true, stdio: ['pipe', 'inherit', 'inherit'], env: { ...process.env, ...env } });
  // A command that does not read its input closes it.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const end = new Promise<CommandEnd>((done) => {
    child.on('error', (error) => done({ code: undefined, how: error.message }));
    child.on('close', (code, signal) => done({ code: code ?? undefined, how: signal ?? `exit ${code}` }));
  });
  return { end, stop: () => void child.kill() };
}
