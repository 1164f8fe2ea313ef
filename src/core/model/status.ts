import { InvalidInputError, OrchestratorError } from './errors.js';

/** The statuses that are stored; ready and waiting follow from them (see `workState.ts`). */
export const STATUSES = ['pending', 'in_progress', 'blocked', 'completed', 'cancelled'] as const;

export type Status = (typeof STATUSES)[number];

/** From each status, the statuses that may follow it. */
const TRANSITIONS: Readonly<Record<Status, readonly Status[]>> = {
  pending: ['in_progress', 'blocked', 'completed', 'cancelled'],
  in_progress: ['pending', 'blocked', 'completed', 'cancelled'],
  blocked: ['pending', 'in_progress', 'completed', 'cancelled'],
  completed: ['pending', 'in_progress'],
  cancelled: ['pending'],
};

/** The statuses that a task in `from` may take next, in a stable order. */
export function nextStatuses(from: Status): readonly Status[] {
  return TRANSITIONS[from];
}

/** Throws INVALID_TRANSITION, naming the legal ones, unless `from` may become `to`. */
export function requireTransition(name: string, from: Status, to: Status): void {
  if (TRANSITIONS[from].includes(to)) return;
  const legal = TRANSITIONS[from].join(', ');
  throw new OrchestratorError(
    'INVALID_TRANSITION',
    from === to
      ? `${name} is ${from} already. From there it can become ${legal}.`
      : `${name} cannot go from ${from} to ${to}. From ${from} it can become ${legal}.`,
    { from, to, legal: TRANSITIONS[from] },
  );
}

/** Reads a status name; `-`, space and case are forgiven (`In-Progress`), and `done` is `completed`. Throws INVALID_INPUT otherwise. */
export function parseStatus(text: string): Status {
  const name = text.trim().toLowerCase().replace(/[-\s]/g, '_');
  const status = STATUSES.find((candidate) => candidate === (name === 'done' ? 'completed' : name));
  if (!status) {
    throw new InvalidInputError('status', `Invalid status: “${text}”. Use one of ${STATUSES.join(', ')}.`);
  }
  return status;
}
