import { InvalidInputError } from '../../../core/model/errors.js';
import { areWeights, FACTORS, type Weights } from '../../../core/planning/nextTask/weights.js';
import type { StoreFolder } from '../../ports.js';
import { readWeights } from '../../settings/settingsFile.js';

/** Variables of the environment, such as NEXT_TASK_WEIGHTS_URGENCY=0.4. */
export type Environment = Readonly<Record<string, string | undefined>>;

const PREFIX = 'NEXT_TASK_WEIGHTS_';

/** The project's weights (`next_task.weights` of its settings), with what the environment says otherwise. Throws INVALID_INPUT. */
export function weightsOf(folder: StoreFolder, environment: Environment): Weights {
  const kept = readWeights(folder);
  const given = FACTORS.flatMap((name) => {
    const variable = PREFIX + name.toUpperCase();
    const text = environment[variable]?.trim();
    if (!text) return [];
    const weight = Number(text);
    if (Number.isFinite(weight) && weight >= 0) return [[name, weight] as const];
    throw new InvalidInputError(variable, `${variable}=${text}: give a number from 0 up, or unset it.`);
  });
  if (given.length === 0) return kept;
  const weights = { ...kept, ...Object.fromEntries(given) };
  if (areWeights(weights)) return weights;
  throw new InvalidInputError('weights', `Every weight of the next task is 0: raise one of ${PREFIX}….`);
}
