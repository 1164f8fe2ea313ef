import type { TaskId } from '../../../core/model/taskId.js';
import { readAnalysis } from '../../../store/repositories/analysisRows.js';
import type { Plan } from '../../plan.js';
import type { ComplexityView } from './complexityInputs.js';

/** The last analysis that is kept with a task; undefined where it was not analysed, or is encrypted and there is no key. */
export function storedComplexity({ store }: Plan, task: TaskId): ComplexityView['complexity'] | undefined {
  const kept = readAnalysis(store, task, 'complexity');
  if (typeof kept?.result.score !== 'number') return undefined;
  const result = kept.result as unknown as ComplexityView['complexity'];
  return { ...result, metadata: { ...result.metadata, analysisTime: kept.at } };
}
