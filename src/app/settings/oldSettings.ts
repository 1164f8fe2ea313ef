import { parse } from 'yaml';
import {
  DEFAULT_SETTINGS,
  ENFORCEMENT_LEVELS,
  type EnforcementLevel,
  type Settings,
} from '../../core/settings/settings.js';
import type { StoreFolder } from '../ports.js';
import { checked, invalid, OLD_ENFORCEMENT, OLD_SETTINGS, parseJson, readWith } from './settingsFile.js';

/** What seed 000's tool was set to, as far as somebody decided it. Throws INVALID_INPUT naming the file. */
export function readOldSettings(folder: StoreFolder): Settings {
  const level = readOldLevel(folder);
  const enforcement = { ...DEFAULT_SETTINGS.enforcement, ...(level && { level }) };
  const text = folder.read(OLD_SETTINGS);
  if (text === undefined) return { ...DEFAULT_SETTINGS, enforcement };
  const { features = {}, minimal_mode = false } = asObject(readWith(parse, text, OLD_SETTINGS), OLD_SETTINGS);
  const known = Object.entries(asObject(features, OLD_SETTINGS)).filter(([name]) => name in DEFAULT_SETTINGS.features);
  // There telemetry was on unless somebody switched it off: that is nobody's decision, so it counts for nothing here.
  const flags = { ...Object.fromEntries(known), telemetry: false };
  return { ...checked({ features: flags, minimal_mode }, OLD_SETTINGS), enforcement };
}

/** Only the level: that tool was on by itself, so its file does not say that anybody wanted it. */
function readOldLevel(folder: StoreFolder): EnforcementLevel | undefined {
  const text = folder.read(OLD_ENFORCEMENT);
  if (text === undefined) return undefined;
  const { enforcement_level } = asObject(parseJson(text, OLD_ENFORCEMENT), OLD_ENFORCEMENT);
  return ENFORCEMENT_LEVELS.find((level) => level === enforcement_level);
}

function asObject(value: unknown, file: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  if (value === null || value === undefined) return {};
  throw invalid(file, 'the whole', 'is not an object');
}
