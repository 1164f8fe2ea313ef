import { existsSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import type { Sandbox } from '../../core/execution/run.js';
import { bubblewrapArguments, type Confines, seatbeltProfile } from '../../core/execution/sandboxArguments.js';
import { answerOf, programsOnPath } from './interpreters.js';

/** A sandbox of the system that was tried and holds. */
export interface SystemSandbox {
  readonly name: Exclude<Sandbox, 'none'>;
  /** The program and arguments that run what is put behind them within the confines. */
  wrap(confines: Confines): readonly string[];
}

/** The sandbox of this machine, or why there is none. */
export type SandboxProbe = { readonly sandbox: SystemSandbox } | { readonly reason: string };

const probes = new Map<string, Promise<SandboxProbe>>();

/** Tries once whether there is a sandbox that holds: one that is installed need not work. */
export function probeSandbox(path = process.env.PATH ?? ''): Promise<SandboxProbe> {
  const known = probes.get(path) ?? probe(path);
  probes.set(path, known);
  return known;
}

async function probe(path: string): Promise<SandboxProbe> {
  if (process.platform === 'linux') {
    const [file] = programsOnPath(['bwrap'], path);
    if (!file) return { reason: 'bubblewrap (bwrap) is not installed' };
    return tried({ name: 'bubblewrap', wrap: (confines) => [file, ...bubblewrapArguments(confines)] }, 'bubblewrap');
  }
  if (process.platform === 'darwin') {
    const file = '/usr/bin/sandbox-exec';
    if (!existsSync(file)) return { reason: 'sandbox-exec is not there' };
    return tried({ name: 'sandbox-exec', wrap: (confines) => [file, '-p', seatbeltProfile(confines)] }, 'sandbox-exec');
  }
  return { reason: `there is none for ${process.platform}` };
}

/** It holds if what runs in it can write where it may and nowhere else. */
async function tried(sandbox: SystemSandbox, label: string): Promise<SandboxProbe> {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'task-orchestrator-probe-'));
  const elsewhere = mkdtempSync(join(realpathSync(tmpdir()), 'task-orchestrator-probe-'));
  try {
    const confines = {
      ...{ hidden: hiddenFolders(), readable: [], writable: [folder], guarded: [] },
      ...{ network: false, workingFolder: folder },
    };
    const [file = '', ...args] = sandbox.wrap(confines);
    const script = 'echo in > inside && ! { echo out > "$1/outside"; } 2>/dev/null && echo holds';
    const answer = await answerOf(file, [...args, '/bin/sh', '-c', script, 'sh', elsewhere]);
    const holds = answer?.trim() === 'holds' && existsSync(join(folder, 'inside'));
    if (holds && !existsSync(join(elsewhere, 'outside'))) return { sandbox };
    return { reason: `${label} is installed and does not work here` };
  } finally {
    for (const one of [folder, elsewhere]) rmSync(one, { recursive: true, force: true });
  }
}

/** Where secrets, sockets and other people's temporary files are. */
export function hiddenFolders(): string[] {
  const linux = [homedir(), '/root', '/home', tmpdir(), '/tmp', '/var/tmp', '/run'];
  const candidates = process.platform === 'darwin' ? [homedir()] : linux;
  const real = [...new Set(candidates.filter(existsSync).map((folder) => realpathSync(folder)))];
  return real.filter((folder) => folder !== '/' && !real.some((other) => isInside(folder, other)));
}

/** True for a path below a folder; not for the folder itself. */
export function isInside(path: string, folder: string): boolean {
  return path !== folder && path.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`);
}
