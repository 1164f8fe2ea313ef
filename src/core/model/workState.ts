import type { Status } from './status.js';

/**
 * What a task's situation is, derived from its status, its dependencies and the time; never stored.
 * `scheduled` is pending with a not-before time in the future, `claimed` pending under somebody's lease.
 */
export const WORK_STATES = [
  'in_progress',
  'claimed',
  'ready',
  'needs_decision',
  'blocked',
  'waiting',
  'scheduled',
  'completed',
  'cancelled',
] as const;

export type WorkState = (typeof WORK_STATES)[number];

/** True where nothing more is to be done: completed or cancelled. */
export function isClosed(state: WorkState | Status): boolean {
  return state === 'completed' || state === 'cancelled';
}

/** True for a task that plans count with: not closed, and not put away in the archive. */
export function isOpenTask(task: { readonly status: Status; readonly archivedAt?: string | undefined }): boolean {
  return !isClosed(task.status) && task.archivedAt === undefined;
}
