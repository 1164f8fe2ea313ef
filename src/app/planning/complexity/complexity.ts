import type { TaskId } from '../../../core/model/taskId.js';
import { readAnalysis, type StoredAnalysis } from '../../../store/repositories/analysisRows.js';
import type { Plan } from '../../plan.js';
import type { ComplexityInput, ComplexityView } from './complexityInputs.js';
import type { Surroundings } from './surroundings.js';

/** How far an analysis is. */
export interface ComplexityProgress {
  readonly stage: 'listing' | 'history' | 'reading';
  readonly done: number;
  readonly total?: number;
}

/** How complex tasks are, reckoned from their files, their history and finished tasks. */
export class Complexity {
  readonly #plan: Plan;
  readonly #surroundings: Surroundings;

  constructor(plan: Plan, surroundings: Surroundings) {
    this.#plan = plan;
    this.#surroundings = surroundings;
  }

  /** Throws NOT_FOUND, INVALID_INPUT for a folder outside of the workspace, and what aborted `signal`. */
  analyse(
    _input: ComplexityInput,
    _watch: { readonly signal?: AbortSignal; readonly onProgress?: (progress: ComplexityProgress) => void } = {},
  ): Promise<ComplexityView> {
    throw new Error(`not there yet: ${this.#plan} ${this.#surroundings}`);
  }

  /** What the last analysis of a task found. */
  stored(task: TaskId): StoredAnalysis | undefined {
    return readAnalysis(this.#plan.store, task, 'complexity');
  }
}
