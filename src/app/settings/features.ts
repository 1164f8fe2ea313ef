import { OrchestratorError } from '../../core/model/errors.js';
import { type Feature, isEnabled } from '../../core/settings/settings.js';
import type { World } from '../ports.js';
import { readSettings } from './settingsFile.js';

/** The fields of tasks that belong to a feature. */
const FIELDS: Readonly<Record<string, Feature>> = {
  criteria: 'success-criteria',
  due: 'deadlines',
  estimatedHours: 'time-tracking',
  actualHours: 'time-tracking',
  summary: 'completion-summaries',
};

/** For use cases that are a feature themselves. Throws EXECUTION_DISABLED where the project has switched it off. */
export async function requireFeature({ folder }: Pick<World, 'folder'>, feature: Feature): Promise<void> {
  const settings = await readSettings(folder);
  if (isEnabled(settings, feature)) return;
  const why = settings.minimal_mode ? ' (minimal mode)' : '';
  throw new OrchestratorError(
    'EXECUTION_DISABLED',
    `${disabled(feature)}${why}. “tm config --enable ${feature}” switches it on.`,
    {
      feature,
    },
  );
}

/** For use cases of which a feature is a part: what was given, without the fields of disabled features; the surface is told. */
export async function withoutDisabled<T extends object>(
  { folder, tell }: Pick<World, 'folder' | 'tell'>,
  given: T,
): Promise<T> {
  const concerned = Object.keys(FIELDS).filter((field) => isSet((given as Record<string, unknown>)[field]));
  if (concerned.length === 0) return given;
  const settings = await readSettings(folder);
  const dropped = concerned.filter((field) => !isEnabled(settings, FIELDS[field] as Feature));
  if (dropped.length === 0) return given;
  for (const feature of new Set(dropped.map((field) => FIELDS[field] as Feature)))
    tell?.(`${disabled(feature)}; what was given for it is left out. “tm config --enable ${feature}” switches it on.`);
  return Object.fromEntries(Object.entries(given).filter(([field]) => !dropped.includes(field))) as T;
}

/** The words that scripts look for. */
function disabled(feature: Feature): string {
  return `Feature '${feature}' is disabled`;
}

/** Emptying a field is always possible. */
function isSet(value: unknown): boolean {
  return value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0);
}
