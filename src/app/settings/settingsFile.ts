import * as z from 'zod';
import { InvalidInputError, OrchestratorError } from '../../core/model/errors.js';
import { checkModelAddress } from '../../core/model/modelAddress.js';
import { areWeights, FACTORS, type Weights } from '../../core/planning/nextTask/weights.js';
import {
  ACCESS_POLICIES,
  DEFAULT_SETTINGS,
  ENFORCEMENT_LEVELS,
  FEATURES,
  FIXES_CHOICES,
  isEnabled,
  MODEL_CHOICES,
  type Settings,
} from '../../core/settings/settings.js';
import { checkZone, LOCAL_ZONE, parseDays, parseStretches } from '../../core/time/workingHours.js';
import { schema } from '../input.js';
import { LARGEST_WEIGHT } from '../planning/weightIn.js';
import type { StoreFolder } from '../ports.js';

/** The settings of a project, beside its store. */
export const SETTINGS_FILE = 'config.json';
/** What seed 000's tool kept them in; they count until there is a file of our own. */
export const OLD_SETTINGS = 'config.yaml';
export const OLD_ENFORCEMENT = 'enforcement.json';

const given = DEFAULT_SETTINGS;
const features = schema(() => {
  const flags = FEATURES.map((feature) => [feature, z.boolean().default(given.features[feature])] as const);
  return z.strictObject(Object.fromEntries(flags) as Record<(typeof FEATURES)[number], z.ZodDefault<z.ZodBoolean>>);
});
const enforcement = schema(() =>
  z.strictObject({
    enabled: z.boolean().default(given.enforcement.enabled),
    level: z.enum(ENFORCEMENT_LEVELS).default(given.enforcement.level),
  }),
);
const access = schema(() =>
  z.strictObject({ policy: z.enum(ACCESS_POLICIES).default('open'), set_by: z.string().min(1).optional() }),
);
const nextTask = schema(() => {
  const weights = FACTORS.map((name) => [name, z.number().min(0).default(given.next_task.weights[name])] as const);
  const fields = Object.fromEntries(weights) as Record<(typeof FACTORS)[number], z.ZodDefault<z.ZodNumber>>;
  const valid = z.strictObject(fields).refine(areWeights, 'at least one weight must be above 0');
  return z.strictObject({ weights: valid.prefault({}) });
});

const weight = () => z.number().min(0, 'must not be negative').max(LARGEST_WEIGHT, `is more than ${LARGEST_WEIGHT}`);
const complexity = schema(() =>
  z.strictObject({
    weights: z
      .strictObject({
        code_volume: weight().default(given.complexity.weights.code_volume),
        dependencies: weight().default(given.complexity.weights.dependencies),
        technical_risk: weight().default(given.complexity.weights.technical_risk),
        historical_data: weight().default(given.complexity.weights.historical_data),
      })
      .prefault({}),
    technologies: z
      .record(z.string(), z.number().min(0, 'must not be negative').max(1, 'is more than 1'))
      .default({})
      .describe('Risk of a technology by its name, 0 to 1; 0 takes one of ours out'),
  }),
);

const models = schema(() =>
  z.strictObject({
    provider: z.enum(MODEL_CHOICES).default(given.models.provider),
    model: z.string().trim().max(200, 'is longer than 200 characters').default(given.models.model),
    base_url: z.string().default(given.models.base_url).transform(modelAddress),
  }),
);

const git = schema(() => z.strictObject({ fixes: z.enum(FIXES_CHOICES).default(given.git.fixes) }));
const execution = schema(() => z.strictObject({ enabled: z.boolean().default(given.execution.enabled) }));

const says = (fallback: string, check: (text: string) => unknown) =>
  z
    .string()
    .default(fallback)
    .superRefine((text, context) => {
      try {
        check(text);
      } catch (error) {
        context.addIssue({ code: 'custom', message: (error as Error).message });
      }
    });
const workingHours = schema(() =>
  z.strictObject({
    days: says(given.working_hours.days, parseDays),
    hours: says(given.working_hours.hours, parseStretches),
    time_zone: says(given.working_hours.time_zone, (zone) => zone.toLowerCase() === LOCAL_ZONE || checkZone(zone)),
  }),
);

/** `config.json`: what is left out has its default, what other parts keep in it stays. */
export const settingsFile = schema(() =>
  z.looseObject({
    features: features().prefault({}).describe('What is in use'),
    minimal_mode: z.boolean().default(given.minimal_mode).describe('Every feature off'),
    telemetry_enabled: z.boolean().default(given.telemetry_enabled).describe('Count events in files beside the store'),
    enforcement: enforcement().prefault({}).describe('Refuse commands whose surroundings are not set up'),
    access: access().prefault({}).describe('Who may change a task'),
    models: models().prefault({}).describe('The language model that plans; keys are kept elsewhere'),
    execution: execution()
      .prefault({})
      .describe('Run code for tasks; counts only where the person allowed it on their machine'),
    working_hours: workingHours().prefault({}).describe('When people work'),
    complexity: complexity().prefault({}).describe('What a complexity is made from'),
    next_task: nextTask().prefault({}).describe('How much each part counts where the next task is chosen'),
    git: git().prefault({}).describe('What “fixes T-12” in the message of a commit does: link or complete'),
    version: z.string().default(given.version),
  }),
);

function modelAddress(text: string, context: z.RefinementCtx): string {
  try {
    return text.trim() === '' ? '' : checkModelAddress(text);
  } catch (error) {
    context.addIssue({ code: 'custom', message: (error as Error).message });
    return z.NEVER;
  }
}

/** What is in `config.json`; undefined where there is no such file. Throws INVALID_INPUT naming the file and the key. */
export function readSettingsFile(folder: StoreFolder): Settings | undefined {
  const text = folder.read(SETTINGS_FILE);
  return text === undefined ? undefined : checked(parseJson(text, SETTINGS_FILE), SETTINGS_FILE);
}

/** What every change of the plan is subject to. */
export interface ChangeRules {
  readonly owned: boolean;
  readonly telemetry: boolean;
}

/** The settings that count for every change: what nearly every project has is seen without reading all of the file. */
export function readChangeRules(folder: StoreFolder): ChangeRules {
  const text = folder.read(SETTINGS_FILE);
  const isOpen = text === undefined || !text.includes('"access"') || /"policy"\s*:\s*"open"/.test(text);
  if (isOpen && !/"telemetry_enabled"\s*:\s*true/.test(text ?? '')) return { owned: false, telemetry: false };
  const settings = checked(parseJson(text ?? '{}', SETTINGS_FILE), SETTINGS_FILE);
  return { owned: settings.access.policy === 'owner', telemetry: isEnabled(settings, 'telemetry') };
}

/** How much the parts of a score count: what nearly every project has is seen without reading all of the file. */
export function readWeights(folder: StoreFolder): Weights {
  const text = folder.read(SETTINGS_FILE);
  if (!text?.includes('"next_task"')) return given.next_task.weights;
  return checked(parseJson(text, SETTINGS_FILE), SETTINGS_FILE).next_task.weights;
}

/** The settings of a project: its file, else what seed 000's tool left, else the defaults. */
export async function readSettings(folder: StoreFolder): Promise<Settings> {
  const own = readSettingsFile(folder);
  if (own) return own;
  // Another library to read them, which is not to be loaded where there is nothing to read.
  const isOld = folder.read(OLD_SETTINGS) !== undefined || folder.read(OLD_ENFORCEMENT) !== undefined;
  return isOld ? (await import('./oldSettings.js')).readOldSettings(folder) : DEFAULT_SETTINGS;
}

/** The value as settings. Throws INVALID_INPUT naming the file and the first key that does not fit. */
export function checked(value: unknown, file: string): Settings {
  const result = settingsFile().safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const key = [...(issue?.path ?? []), ...(issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [])].join(
    '.',
  );
  throw invalid(file, key || 'the whole', issue?.message ?? 'not valid');
}

export function parseJson(text: string, file: string): unknown {
  return readWith(JSON.parse, text, file);
}

export function readWith(parse: (text: string) => unknown, text: string, file: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof OrchestratorError) throw error;
    throw invalid(file, 'the whole', (error as Error).message.split('\n')[0] ?? 'not readable');
  }
}

export function invalid(file: string, key: string, message: string): InvalidInputError {
  return new InvalidInputError(
    key,
    `The settings in ${file} are not valid: ${key}: ${message}. Nothing was changed; mend the file, or remove it for the defaults.`,
    { file },
  );
}
