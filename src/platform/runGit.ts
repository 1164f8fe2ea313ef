import { spawn } from 'node:child_process';

/** What would make git run programs that a repository names, or ask the network. */
const HARMLESS = [
  '-c',
  'core.fsmonitor=false',
  '-c',
  'log.showSignature=false',
  '-c',
  'core.quotePath=false',
  '--no-pager',
];
/** Set by git for its hooks: they would lead to another repository. */
const LEFT_OUT = /^GIT_(?!CONFIG_NOSYSTEM|CONFIG_GLOBAL)/;
/** Of what git complains of, so much is kept (characters). */
const COMPLAINT = 2000;

/** How a run of git ended. */
export interface GitEnd {
  /** Null where it was stopped. */
  readonly code: number | null;
  /** True where there is no git. */
  readonly missing: boolean;
  readonly complaint: string;
}

/**
 * Runs git for what it prints, piece by piece; `take` gives false for enough. Nothing that the repository configures is
 * run. Throws where `signal` is aborted.
 */
export function runGit(
  folder: string,
  args: readonly string[],
  take: (text: string) => boolean,
  signal?: AbortSignal,
): Promise<GitEnd> {
  signal?.throwIfAborted();
  return new Promise((resolve, reject) => {
    const child = spawn('git', [...HARMLESS, ...args], {
      cwd: folder,
      env: gitEnvironment(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let complaint = '';
    let enough = false;
    const stop = () => child.kill();
    signal?.addEventListener('abort', stop, { once: true });
    const settle = (end: GitEnd) => {
      signal?.removeEventListener('abort', stop);
      if (signal?.aborted) reject(signal.reason);
      else resolve(end);
    };
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (enough || signal?.aborted) return;
      enough = !take(text);
      if (enough) stop();
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      if (complaint.length < COMPLAINT) complaint += text;
    });
    child.on('error', () => settle({ code: null, missing: true, complaint: '' }));
    child.on('close', (code) =>
      settle({ code: enough ? 0 : code, missing: false, complaint: complaint.slice(0, COMPLAINT) }),
    );
  });
}

function gitEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !LEFT_OUT.test(name));
  return { ...Object.fromEntries(kept), LC_ALL: 'C', GIT_OPTIONAL_LOCKS: '0', GIT_NO_LAZY_FETCH: '1' };
}
