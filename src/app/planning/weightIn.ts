import { InvalidInputError } from '../../core/model/errors.js';

/** Variables of the environment, such as NEXT_TASK_WEIGHTS_URGENCY=0.4. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** More would only be a slip of the finger. */
export const LARGEST_WEIGHT = 1000;

/** The weight that a variable gives; undefined where it is not set. Throws INVALID_INPUT naming it. */
export function weightIn(environment: Environment, variable: string): number | undefined {
  const text = environment[variable]?.trim();
  if (!text) return undefined;
  const weight = Number(text);
  if (Number.isFinite(weight) && weight >= 0 && weight <= LARGEST_WEIGHT) return weight;
  throw new InvalidInputError(variable, `${variable}=${text}: give a number from 0 to ${LARGEST_WEIGHT}, or unset it.`);
}
