import * as z from 'zod';
import { InvalidInputError } from '../../../core/model/errors.js';
import {
  DEFAULT_WEIGHTS,
  FACTORS,
  type Factor,
  normaliseWeights,
  WEIGHT_VARIABLES,
  type Weights,
} from '../../../core/planning/complexity/weights.js';
import { TECHNOLOGY_RISKS } from '../../../core/planning/complexity/words.js';
import { schema } from '../../input.js';
import type { StoreFolder } from '../../ports.js';
import { invalid, parseJson, SETTINGS_FILE } from '../../settings/settingsFile.js';
import { type Environment, LARGEST_WEIGHT, weightIn } from '../weightIn.js';

const weight = () =>
  z.number().min(0, 'must not be negative').max(LARGEST_WEIGHT, `is more than ${LARGEST_WEIGHT}`).optional();

/** The part `complexity` of `config.json`. */
const complexitySettings = schema(() =>
  z.strictObject({
    weights: z
      .strictObject({
        code_volume: weight(),
        dependencies: weight(),
        technical_risk: weight(),
        historical_data: weight(),
      })
      .optional(),
    technologies: z
      .record(z.string(), z.number().min(0, 'must not be negative').max(1, 'is more than 1'))
      .optional()
      .describe('Risk of a technology by its name, 0 to 1; 0 takes one of ours out'),
  }),
);

const KEYS: Readonly<Record<Factor, 'code_volume' | 'dependencies' | 'technical_risk' | 'historical_data'>> = {
  codeVolume: 'code_volume',
  dependencies: 'dependencies',
  technicalRisk: 'technical_risk',
  historicalData: 'historical_data',
};

export interface ComplexityWeighing {
  /** Their sum is 1. */
  readonly weights: Weights;
  readonly weightsFrom: 'defaults' | 'settings' | 'environment';
  readonly technologies: Readonly<Record<string, number>>;
}

/**
 * The weights: `COMPLEXITY_WEIGHTS_*` of the environment before the project's settings before the defaults, each factor
 * for itself. Throws INVALID_INPUT naming the variable or the key that is no weight.
 */
export function readWeighing(folder: StoreFolder, environment: Environment): ComplexityWeighing {
  const settings = readOwnSettings(folder);
  let weightsFrom: ComplexityWeighing['weightsFrom'] = 'defaults';
  const given = FACTORS.map((factor): [Factor, number] => {
    const set = settings.weights?.[KEYS[factor]];
    if (set !== undefined && weightsFrom === 'defaults') weightsFrom = 'settings';
    const weight = weightIn(environment, WEIGHT_VARIABLES[factor]);
    if (weight === undefined) return [factor, set ?? DEFAULT_WEIGHTS[factor]];
    weightsFrom = 'environment';
    return [factor, weight];
  });
  const weights = normaliseWeights(Object.fromEntries(given) as Weights);
  if (!weights)
    throw new InvalidInputError('weights', 'All weights of the complexity are 0. Give one of them more than that.');
  const own = Object.entries(settings.technologies ?? {}).map(([name, risk]) => [name.toLowerCase(), risk]);
  return { weights, weightsFrom, technologies: { ...TECHNOLOGY_RISKS, ...Object.fromEntries(own) } };
}

function readOwnSettings(folder: StoreFolder) {
  const text = folder.read(SETTINGS_FILE);
  if (text === undefined || !text.includes('"complexity"')) return {};
  const { complexity } = parseJson(text, SETTINGS_FILE) as { complexity?: unknown };
  if (complexity === undefined) return {};
  const result = complexitySettings().safeParse(complexity);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const unknown = issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
  throw invalid(
    SETTINGS_FILE,
    ['complexity', ...(issue?.path ?? []), ...unknown].join('.'),
    issue?.message ?? 'not valid',
  );
}
