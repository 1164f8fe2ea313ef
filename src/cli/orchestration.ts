import { accessSync, constants, statSync } from 'node:fs';
import { basename, delimiter, dirname, join, resolve } from 'node:path';
import { guidance, type OrchestrationView, type Surroundings, violationsOf } from '../app/enforcement/surroundings.js';
import { readSettings } from '../app/settings/settingsFile.js';
import { OrchestratorError } from '../core/model/errors.js';
import { DiskFolder } from '../platform/storeFolder.js';
import { type StoreLocation, storeExists } from '../platform/storeLocation.js';
import type { CliContext } from './context.js';
import { ask } from './terminal/ask.js';

/** Refuses a command, asks, or only says so, as the level has it, where something is not set up. */
export async function requireOrchestration(context: CliContext, location: StoreLocation): Promise<void> {
  const { enforced, level, violations } = await orchestration(context, location);
  if (!enforced || violations.length === 0) return;
  const { message } = context.output;
  if (level === 'advisory') {
    message(`⚠️  Orchestration Advisory: ${violations.map(({ problem }) => problem).join('; ')}`);
    return;
  }
  message(guidance(violations));
  if (level === 'standard') {
    if (isInteractive()) {
      if (/^y(es)?$/i.test((await ask('Continue anyway? (y/N): ')).trim())) return;
    } else {
      message('Non-interactive environment detected; command blocked in STANDARD mode.');
      throw new BlockedError('Fix orchestration violations or lower enforcement level explicitly.');
    }
  }
  throw new BlockedError('🚫 Command blocked due to orchestration violations');
}

/** A refusal whose words are printed as they are: scripts know them. */
export class BlockedError extends OrchestratorError {
  constructor(message: string) {
    super('EXECUTION_DISABLED', message, { verbatim: true });
  }
}

/** What is set up where this command runs, for the project at `location` or for a folder without one. */
export async function orchestration(
  context: CliContext,
  location: StoreLocation | undefined,
): Promise<OrchestrationView> {
  const settings = await readSettings(new DiskFolder(location ? dirname(location.path) : context.workingFolder));
  const { enabled, level } = settings.enforcement;
  const violations = violationsOf(lookAround(context, location));
  return { valid: violations.length === 0, enforced: location !== undefined && enabled, level, violations };
}

function lookAround({ agent, workingFolder }: CliContext, location: StoreLocation | undefined): Surroundings {
  const own = basename(process.argv[1] ?? '') === 'tm' ? process.argv[1] : undefined;
  return {
    agent: agent ?? (process.env.TM_AGENT_ID?.trim() || undefined),
    executable: own ?? findExecutable(workingFolder),
    store: location !== undefined && storeExists(location),
  };
}

/** A `tm` on the PATH, in the working folder or in the one above it. */
function findExecutable(workingFolder: string): string | undefined {
  const names = process.platform === 'win32' ? ['tm.cmd', 'tm.exe', 'tm.bat', 'tm'] : ['tm'];
  const path = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const folders = [workingFolder, dirname(workingFolder), ...path.map((folder) => resolve(workingFolder, folder))];
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** Whether somebody is there to be asked. */
function isInteractive(): boolean {
  const automatic = process.env.CI || process.env.GITHUB_ACTIONS;
  return !automatic && process.stdin.isTTY === true && process.stderr.isTTY === true;
}
