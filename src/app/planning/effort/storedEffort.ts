import type { TaskId } from '../../../core/model/taskId.js';
import { readAnalysis } from '../../../store/repositories/analysisRows.js';
import type { Plan } from '../../plan.js';

/** Hours of work that a task was estimated at, as they are kept with it; undefined where there are none. */
export function storedEffort(
  { store }: Plan,
  task: TaskId,
): { readonly p50: number; readonly p80: number } | undefined {
  const { p50, p80 } = readAnalysis(store, task, 'effort')?.result ?? {};
  return typeof p50 === 'number' && typeof p80 === 'number' ? { p50, p80 } : undefined;
}
