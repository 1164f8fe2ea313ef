import {
  DEFAULT_WEIGHTS as COMPLEXITY_WEIGHTS,
  type Factor,
  type WEIGHT_KEYS,
} from '../planning/complexity/weights.js';
import { DEFAULT_WEIGHTS, type Weights } from '../planning/nextTask/weights.js';
import type { WorkingHours } from '../time/workingHours.js';

/** What a project can do without: each can be switched off. */
export const FEATURES = [
  'success-criteria',
  'feedback',
  'telemetry',
  'completion-summaries',
  'time-tracking',
  'deadlines',
] as const;
export type Feature = (typeof FEATURES)[number];

/** How hard enforcement is: `strict` refuses, `standard` asks a person and refuses a program, `advisory` only says so. */
export const ENFORCEMENT_LEVELS = ['strict', 'standard', 'advisory'] as const;
export type EnforcementLevel = (typeof ENFORCEMENT_LEVELS)[number];

/** Who may change a task: anybody, or its creator, its assignee and the holder of its claim. */
export const ACCESS_POLICIES = ['open', 'owner'] as const;
export type AccessPolicy = (typeof ACCESS_POLICIES)[number];

export interface EnforcementSettings {
  readonly enabled: boolean;
  readonly level: EnforcementLevel;
}

export interface AccessSettings {
  readonly policy: AccessPolicy;
  /** Who turned `owner` on: nobody else may turn it off. */
  readonly set_by?: string | undefined;
}

/** Who may be asked first for a plan; `auto` leaves the choice, `template` asks nobody. */
export const MODEL_CHOICES = ['auto', 'vscode', 'anthropic', 'openai', 'compatible', 'template'] as const;

/** The language model of a project. Keys are never part of it. */
export interface ModelSettings {
  readonly provider: (typeof MODEL_CHOICES)[number];
  /** Empty: the provider's default. */
  readonly model: string;
  /** Address of an OpenAI-compatible service; empty: none. */
  readonly base_url: string;
}

/** What `fixes T-12` in a commit's message does: link it with the task, or complete the task too. */
export const FIXES_CHOICES = ['link', 'complete'] as const;

/** The settings of a project, in the names of the file. */
export interface Settings {
  readonly features: Readonly<Record<Feature, boolean>>;
  /** Every feature off, whatever `features` says. */
  readonly minimal_mode: boolean;
  readonly telemetry_enabled: boolean;
  readonly enforcement: EnforcementSettings;
  readonly access: AccessSettings;
  readonly models: ModelSettings;
  /** Whether code may be run for tasks: counts only where the person allowed it on their machine. */
  readonly execution: { readonly enabled: boolean };
  /** When people work: what estimates and forecasts count as time. */
  readonly working_hours: WorkingHours;
  /** What a complexity is made from; risks of technologies by name, 0 to 1, beside ours. */
  readonly complexity: {
    readonly weights: Readonly<Record<(typeof WEIGHT_KEYS)[Factor], number>>;
    readonly technologies: Readonly<Record<string, number>>;
  };
  /** How much each part counts where the next task is chosen. */
  readonly next_task: { readonly weights: Weights };
  readonly git: { readonly fixes: (typeof FIXES_CHOICES)[number] };
  /** Form of the file, as seed 000's tool numbered it. */
  readonly version: string;
}

export const DEFAULT_SETTINGS: Settings = {
  features: {
    'success-criteria': true,
    feedback: true,
    telemetry: false,
    'completion-summaries': true,
    'time-tracking': true,
    deadlines: true,
  },
  minimal_mode: false,
  telemetry_enabled: false,
  enforcement: { enabled: false, level: 'standard' },
  access: { policy: 'open' },
  models: { provider: 'auto', model: '', base_url: '' },
  execution: { enabled: false },
  working_hours: { days: 'mon-fri', hours: '09:00-17:00', time_zone: 'local' },
  complexity: {
    weights: {
      code_volume: COMPLEXITY_WEIGHTS.codeVolume,
      dependencies: COMPLEXITY_WEIGHTS.dependencies,
      technical_risk: COMPLEXITY_WEIGHTS.technicalRisk,
      historical_data: COMPLEXITY_WEIGHTS.historicalData,
    },
    technologies: {},
  },
  next_task: { weights: DEFAULT_WEIGHTS },
  git: { fixes: 'link' },
  version: '2.3.0',
};

export function isEnabled(
  settings: Pick<Settings, 'features' | 'minimal_mode' | 'telemetry_enabled'>,
  feature: Feature,
) {
  if (settings.minimal_mode || !settings.features[feature]) return false;
  return feature !== 'telemetry' || settings.telemetry_enabled;
}

/** What every preset starts from: everything else that is set stays. */
const { features, minimal_mode, telemetry_enabled, enforcement } = DEFAULT_SETTINGS;
const USUAL = { features, minimal_mode, telemetry_enabled, enforcement };

/** Sets of settings by name, for what is in use and what is enforced. */
export const PRESETS = {
  minimal: { ...USUAL, minimal_mode: true },
  standard: USUAL,
  strict: { ...USUAL, enforcement: { enabled: true, level: 'strict' } },
} as const satisfies Record<string, Partial<Settings>>;
export type Preset = keyof typeof PRESETS;
