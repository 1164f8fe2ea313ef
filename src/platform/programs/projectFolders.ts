import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

export const HOOKS_FOLDER = 'hooks';
export const PLUGINS_FOLDER = 'plugins';

/** Whether a store's folder has hooks or plugins at all: asked by every command, so it costs two looks at most. */
export function hasPrograms(folder: string): boolean {
  return holdsSomething(join(folder, HOOKS_FOLDER)) || holdsSomething(join(folder, PLUGINS_FOLDER));
}

function holdsSomething(folder: string): boolean {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return false;
  try {
    return readdirSync(folder).length > 0;
  } catch {
    return false;
  }
}
