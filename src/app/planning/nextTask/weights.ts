import { InvalidInputError } from '../../../core/model/errors.js';
import { areWeights, FACTORS, type Weights } from '../../../core/planning/nextTask/weights.js';
import type { StoreFolder } from '../../ports.js';
import { readWeights } from '../../settings/settingsFile.js';
import { type Environment, weightIn } from '../weightIn.js';

const PREFIX = 'NEXT_TASK_WEIGHTS_';

/** The project's weights (`next_task.weights` of its settings), with what the environment says otherwise. Throws INVALID_INPUT. */
export function weightsOf(folder: StoreFolder, environment: Environment): Weights {
  const kept = readWeights(folder);
  const given = FACTORS.flatMap((name) => {
    const weight = weightIn(environment, PREFIX + name.toUpperCase());
    return weight === undefined ? [] : [[name, weight] as const];
  });
  if (given.length === 0) return kept;
  const weights = { ...kept, ...Object.fromEntries(given) };
  if (areWeights(weights)) return weights;
  throw new InvalidInputError('weights', `Every weight of the next task is 0: raise one of ${PREFIX}….`);
}
