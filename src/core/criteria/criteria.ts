import { InvalidInputError } from '../model/errors.js';
import type { SuccessCriterion } from '../model/task.js';

/** In Unicode code points. */
const CRITERION_LIMIT = 500;
export const EXPRESSION_LIMIT = 1000;

/** Criteria as another program may have written them: without `done`, or as anything else, which is left out. */
export function normaliseCriteria(value: unknown): SuccessCriterion[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((one: unknown): SuccessCriterion[] => {
    if (typeof one !== 'object' || one === null) return [];
    const { criterion, measurable, done } = one as Record<string, unknown>;
    if (typeof criterion !== 'string') return [];
    const expression = measurable == null ? '' : String(measurable).trim();
    return [{ criterion, ...(expression !== '' && { measurable: expression }), done: done === true }];
  });
}

/** Reads `text :: expression`, or a text alone. Throws INVALID_INPUT where it is empty or too long. */
export function parseCriterion(text: string): SuccessCriterion {
  const at = text.lastIndexOf(' :: ');
  const criterion = (at === -1 ? text : text.slice(0, at)).replace(/\s+/g, ' ').trim();
  const measurable = at === -1 ? '' : text.slice(at + 4).trim();
  if (criterion === '' || [...criterion].length > CRITERION_LIMIT) {
    throw new InvalidInputError('criterion', `“${text}”: a criterion has 1 to ${CRITERION_LIMIT} characters.`);
  }
  if (measurable.length > EXPRESSION_LIMIT) {
    throw new InvalidInputError('criterion', `An expression has at most ${EXPRESSION_LIMIT} characters.`);
  }
  return { criterion, ...(measurable !== '' && { measurable }), done: false };
}
