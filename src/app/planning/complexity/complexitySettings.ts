import { InvalidInputError } from '../../../core/model/errors.js';
import {
  FACTORS,
  type Factor,
  normaliseWeights,
  WEIGHT_KEYS,
  WEIGHT_VARIABLES,
  type Weights,
} from '../../../core/planning/complexity/weights.js';
import { TECHNOLOGY_RISKS } from '../../../core/planning/complexity/words.js';
import { DEFAULT_SETTINGS } from '../../../core/settings/settings.js';
import type { StoreFolder } from '../../ports.js';
import { readSettingsFile } from '../../settings/settingsFile.js';
import { type Environment, weightIn } from '../weightIn.js';

export interface ComplexityWeighing {
  /** Their sum is 1. */
  readonly weights: Weights;
  readonly weightsFrom: 'defaults' | 'settings' | 'environment';
  readonly technologies: Readonly<Record<string, number>>;
}

/**
 * The weights: `COMPLEXITY_WEIGHTS_*` of the environment before the project's settings, each factor for itself. Throws
 * INVALID_INPUT naming the variable or the key that is no weight.
 */
export function readWeighing(folder: StoreFolder, environment: Environment): ComplexityWeighing {
  const defaults = DEFAULT_SETTINGS.complexity;
  const settings = readSettingsFile(folder)?.complexity ?? defaults;
  let weightsFrom: ComplexityWeighing['weightsFrom'] = 'defaults';
  const given = FACTORS.map((factor): [Factor, number] => {
    const key = WEIGHT_KEYS[factor];
    if (settings.weights[key] !== defaults.weights[key] && weightsFrom === 'defaults') weightsFrom = 'settings';
    const weight = weightIn(environment, WEIGHT_VARIABLES[factor]);
    if (weight === undefined) return [factor, settings.weights[key]];
    weightsFrom = 'environment';
    return [factor, weight];
  });
  const weights = normaliseWeights(Object.fromEntries(given) as Weights);
  if (!weights)
    throw new InvalidInputError('weights', 'All weights of the complexity are 0. Give one of them more than that.');
  const own = Object.entries(settings.technologies).map(([name, risk]) => [name.toLowerCase(), risk]);
  return { weights, weightsFrom, technologies: { ...TECHNOLOGY_RISKS, ...Object.fromEntries(own) } };
}
