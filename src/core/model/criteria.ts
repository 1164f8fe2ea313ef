import { InvalidInputError } from './errors.js';
import type { SuccessCriterion } from './task.js';

/** More than this, and nobody reads them; they are kept all the same. */
const MANY_CRITERIA = 10;

const FIELD = 'criteria';
const LONGEST = 1000;

/** Criteria as JSON, the form of seed 000: `[{"criterion": "…", "measurable": "…"}]`. Throws INVALID_INPUT. */
export function parseCriteria(json: string): SuccessCriterion[] {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    throw new InvalidInputError(FIELD, `Invalid JSON in success criteria: ${(error as Error).message}`);
  }
  return checkCriteria(value);
}

/** Throws INVALID_INPUT unless the value is a list of criteria. */
export function checkCriteria(value: unknown): SuccessCriterion[] {
  if (!Array.isArray(value)) throw new InvalidInputError(FIELD, 'Success criteria must be a JSON array');
  return value.map(checkCriterion);
}

function checkCriterion(value: unknown): SuccessCriterion {
  const { criterion, measurable, done } = (typeof value === 'object' && value !== null ? value : {}) as Record<
    string,
    unknown
  >;
  if (typeof criterion !== 'string' || criterion.trim() === '')
    throw new InvalidInputError(FIELD, "Each criterion must have a 'criterion' field");
  if (measurable != null && !['string', 'number', 'boolean'].includes(typeof measurable))
    throw new InvalidInputError(FIELD, `Criterion “${criterion}”: 'measurable' must be an expression in text`);
  if (done != null && typeof done !== 'boolean')
    throw new InvalidInputError(FIELD, `Criterion “${criterion}”: 'done' must be true or false`);
  const expression = measurable == null ? '' : String(measurable).trim();
  if (criterion.length > LONGEST || expression.length > LONGEST)
    throw new InvalidInputError(FIELD, `Criterion “${criterion.slice(0, 40)}…” is longer than ${LONGEST} characters`);
  return { criterion: criterion.trim(), ...(expression !== '' && { measurable: expression }), done: done === true };
}

/** Reads `text` or `text :: expression`. Throws INVALID_INPUT where the text is empty. */
export function parseCriterion(text: string): SuccessCriterion {
  const at = text.indexOf('::');
  const [criterion, measurable] = at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 2)];
  return checkCriterion({ criterion, measurable });
}

/** What to say of a list that is too long to be of use. */
export function criteriaWarning(count: number): string | undefined {
  if (count <= MANY_CRITERIA) return undefined;
  return `Warning: Maximum of ${MANY_CRITERIA} criteria recommended, ${count} given. Split the task, or keep what decides.`;
}
