import { OrchestratorError } from '../../core/model/errors.js';
import type { RowChange } from '../../store/record.js';

/** Tasks that one call of an agent changes at most without a person's consent, unless whoever set it up says otherwise. */
export const BULK_LIMIT = 25;

/** A change that touches more tasks than an agent may change without being asked about it. Nothing was changed. */
export class BulkChangeError extends OrchestratorError {
  readonly count: number;

  constructor(count: number, limit: number) {
    super(
      'PERMISSION_DENIED',
      `This would change ${count} tasks; more than ${limit} at once need a person's consent. Nothing was changed.`,
      { tasks: count, limit },
    );
    this.count = count;
  }
}

/** Throws where a transaction changes more tasks than the limit, and nobody agreed to so many. */
export function reviewBulk(
  { changes }: { readonly changes: readonly RowChange[] },
  limit: number,
  confirmed = 0,
): void {
  if (changes.length <= limit) return;
  const tasks = new Set(changes.flatMap(taskOf));
  if (tasks.size > limit && tasks.size > confirmed) throw new BulkChangeError(tasks.size, limit);
}

/** The task whose row, or whose part, it is. */
function taskOf({ table, key, before, after }: RowChange): string | [] {
  if (table === 'tasks' || table === 'dependencies' || table === 'trash') return String(key[0]);
  const task = after?.task_id ?? before?.task_id;
  return typeof task === 'string' ? task : [];
}

/** What a person is asked about such a change; `title` is the tool's. */
export function bulkQuestion(count: number, title: string): string {
  return `“${title}” would change ${count} tasks at once. Do you agree? It is one change that “tm undo” takes back.`;
}
