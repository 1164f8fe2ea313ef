import type { SuccessCriterion } from '../model/task.js';

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
