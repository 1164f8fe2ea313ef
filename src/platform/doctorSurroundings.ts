import { spawn } from 'node:child_process';
import { CommitHook } from '../app/commits/commitHook.js';
import { type DoctorSurroundings, RUNTIMES, type SurroundingsProbe } from '../app/doctor/surroundings.js';
import { OrchestratorError } from '../core/model/errors.js';
import { branchOf, findWorktree } from './git.js';
import { gitHooks } from './gitHooks.js';
import { ownProgram } from './ownProgram.js';

/** A program that does not say its version for so long does not count as one (ms). */
const PATIENCE = 5000;

const PROVIDERS = [
  { name: 'Anthropic', variable: 'ANTHROPIC_API_KEY' },
  { name: 'OpenAI', variable: 'OPENAI_API_KEY' },
  { name: 'OpenAI-compatible', variable: 'TM_MODEL_BASE_URL' },
] as const;

/** What there is on this machine, for work in a folder. Of keys it is told only whether there is one. */
export function doctorSurroundings(
  folder: string,
  env: Readonly<Record<string, string | undefined>>,
): SurroundingsProbe {
  return {
    async look() {
      const [git, ...runtimes] = await Promise.all([gitOf(folder), ...RUNTIMES.map(versionOf)]);
      return {
        git,
        runtimes: RUNTIMES.map((name, at) => ({ name, version: runtimes[at] ?? null })),
        providers: PROVIDERS.map((one) => ({ ...one, set: Boolean(env[one.variable]?.trim()) })),
      };
    },
  };
}

async function gitOf(folder: string): Promise<DoctorSurroundings['git']> {
  const version = await versionOf('git');
  const worktree = version === null ? undefined : findWorktree(folder);
  if (!worktree) return { version, repository: null, branch: null, hook: null };
  return { version, repository: worktree.root, branch: branchOf(worktree) ?? null, hook: await hookOf(folder) };
}

async function hookOf(folder: string): Promise<DoctorSurroundings['git']['hook']> {
  try {
    const { installed, outdated } = await new CommitHook(gitHooks(folder), ownProgram()).status();
    return outdated ? 'outdated' : installed ? 'installed' : 'not installed';
  } catch (error) {
    if (error instanceof OrchestratorError) return null;
    throw error;
  }
}

/** What `NAME --version` says; null where it cannot be run. */
function versionOf(name: string): Promise<string | null> {
  return new Promise((done) => {
    let text = '';
    const child = spawn(name, ['--version'], { stdio: ['ignore', 'pipe', 'pipe'], timeout: PATIENCE });
    const take = (piece: string) => {
      if (text.length < 1000) text += piece;
    };
    child.stdout.setEncoding('utf8').on('data', take);
    child.stderr.setEncoding('utf8').on('data', take);
    child.on('error', () => done(null));
    child.on('close', (code) => done(code === 0 ? (/\d+(?:\.\d+)+/.exec(text)?.[0] ?? null) : null));
  });
}
