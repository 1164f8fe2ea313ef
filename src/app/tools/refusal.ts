import type { ErrorCode, OrchestratorError } from '../../core/model/errors.js';
import { plainLines } from '../../core/model/plainText.js';
import { cutToFit } from './fit.js';

/** Characters of a message at most: what somebody wrote into a parameter may stand in it. */
const LONGEST_MESSAGE = 1_000;

/** What to do next: a look or a question, never something that would change or remove anything when it is pasted. */
const NEXT: Readonly<Record<ErrorCode, string>> = {
  NOT_FOUND: 'Look for the task with search_tasks or list_tasks.',
  AMBIGUOUS: 'Name one of the candidates by its number or its whole key.',
  INVALID_INPUT: 'Correct what is named and call again.',
  INVALID_TRANSITION: 'Read the task with get_task and choose a status that it can take.',
  CYCLE: 'Look at the chain with get_task_graph, and ask which dependency is wrong.',
  CONFLICT: 'Read it again with get_task, then decide.',
  LEASE_HELD: 'Take other work with next_work, or read the task with get_task to see who holds it.',
  DEPENDENCY_OPEN: 'Read the task with get_task to see what is open; a person decides about exceptions.',
  PERMISSION_DENIED: 'Ask the person.',
  EXECUTION_DISABLED: 'Ask the person: it is switched off in this project.',
  PROVIDER_UNAVAILABLE: 'Ask the person to set one up, or choose the provider “template”, which asks nobody.',
  TIMEOUT: 'Try again later.',
  STORE_LOCKED: 'Another program is writing: try again in a moment.',
  STORE_CORRUPT: 'Ask the person to run “tm doctor”, which only looks.',
  SCHEMA_TOO_NEW: 'Ask the person to update Task Orchestrator.',
  SCHEMA_TOO_OLD: 'Ask the person: the store has to be brought to the present version first.',
};

/** What to do where there is no plan to work on. */
export const NO_PLAN = 'Ask the person: the project has no plan that can be opened yet.';

/** A refusal as a model reads it, which can do better then. Cut to a small reply. */
export interface Refusal {
  readonly [field: string]: unknown;
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly next: string;
    readonly details?: Readonly<Record<string, unknown>>;
  };
}

/** What a tool answers that was refused: `next` in place of what its code says. */
export function refusalOf({ code, message, details }: OrchestratorError, next = NEXT[code]): Refusal {
  const { issues: _, ...facts } = details;
  return cutToFit({ error: { code, message: bounded(message), next, details: facts } }) as unknown as Refusal;
}

/** What a tool answers where something is wrong in our own program; `where` says more. */
export function internalError(where: string): Refusal {
  const message = `Something went wrong that should not have; ${where} says more.`;
  return { error: { code: 'INTERNAL', message, next: 'Tell the person.' } };
}

/** The start and the end: what is wrong stands there, and what to do. */
function bounded(text: string): string {
  const words = plainLines(text);
  if (words.length <= LONGEST_MESSAGE) return words;
  const half = LONGEST_MESSAGE / 2 - 2;
  return `${words.slice(0, half)} … ${words.slice(-half)}`;
}
