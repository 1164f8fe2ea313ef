import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findStore, type StoreLocation, storeAt, storeIn } from '../platform/storeLocation.js';
import type { CliContext } from './context.js';

/** The commands by which agents work with each other. Those that only read, and those that repair, are always run. */
const ENFORCED: ReadonlySet<string> = new Set([
  'add',
  'join',
  'share',
  'note',
  'discover',
  'sync',
  'context',
  'assign',
  'watch',
  'template',
]);

/** Before a command: where the project enforces that agents are set up, and they are not, it is refused. */
export async function enforce(context: CliContext, name: string): Promise<void> {
  if (!ENFORCED.has(name)) return;
  const location = projectLocation(context.workingFolder);
  // Off until a project turns it on: then nothing more is loaded or looked at.
  if (!location || !readText(settingsPath(location))?.includes('"enforcement"')) return;
  const { requireOrchestration } = await import('./orchestration.js');
  await requireOrchestration(context, location);
}

/** Where the store is, or is to be: the settings of a project can be there before, from version control. */
export function projectLocation(workingFolder: string): StoreLocation | undefined {
  const variable = process.env.TM_DB_PATH;
  if (variable) return storeAt(variable, workingFolder);
  return findStore(workingFolder) ?? findSettings(workingFolder);
}

function findSettings(start: string): StoreLocation | undefined {
  for (let folder = start; ; ) {
    const location = storeIn(folder);
    if (readText(settingsPath(location)) !== undefined) return location;
    const parent = dirname(folder);
    if (parent === folder) return undefined;
    folder = parent;
  }
}

function settingsPath({ path }: StoreLocation): string {
  return join(dirname(path), 'config.json');
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
