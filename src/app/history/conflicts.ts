import { OrchestratorError } from '../../core/model/errors.js';
import type { RowReader } from '../../store/transaction.js';
import type { ConflictView } from './historyInputs.js';
import type { Conflict } from './inverse.js';
import { nameOfTask } from './words.js';

const SHOWN_CONFLICTS = 5;

/** The conflicts with the names of their tasks. */
export function conflictViews(store: RowReader, conflicts: readonly Conflict[]): ConflictView[] {
  return conflicts.map((conflict) => ({ ...conflict, name: nameOfTask(store, conflict.task) }));
}

/** The refusal that names them; `what` says what cannot be done. */
export function conflictError(conflicts: readonly ConflictView[], what: string): OrchestratorError {
  const shown = conflicts.slice(0, SHOWN_CONFLICTS).map((conflict) => conflict.message);
  const more = conflicts.length > shown.length ? `; and ${conflicts.length - shown.length} more` : '';
  return new OrchestratorError('CONFLICT', `${what}: ${shown.join('; ')}${more}. Nothing was changed.`, { conflicts });
}
