import type { TaskId } from '../../../core/model/taskId.js';
import { readAnalysis } from '../../../store/repositories/analysisRows.js';
import type { Plan } from '../../plan.js';

/** The score of the last analysis of a task; undefined where it was not analysed. Cheap: it looks at nothing but the store. */
export function storedScore({ store }: Plan, task: TaskId): number | undefined {
  const score = readAnalysis(store, task, 'complexity')?.result.score;
  return typeof score === 'number' ? score : undefined;
}
