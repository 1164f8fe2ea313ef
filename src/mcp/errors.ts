import type { CallToolResult } from '@modelcontextprotocol/server';
import { cutToFit } from '../app/tools/fit.js';
import { type ErrorCode, OrchestratorError } from '../core/model/errors.js';
import { plainLines } from '../core/model/plainText.js';
import { log } from './log.js';

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

/** A refusal as a result: the model that called reads it, and can do better. */
export function errorResult(error: unknown, next?: string): CallToolResult {
  const told = describe(error, next);
  return { content: [{ type: 'text', text: JSON.stringify(told) }], structuredContent: told, isError: true };
}

function describe(error: unknown, next?: string): Record<string, unknown> {
  if (!(error instanceof OrchestratorError)) {
    log(error instanceof Error ? (error.stack ?? error.message) : String(error));
    const message = 'Something went wrong in the server that should not have; its log on standard error says more.';
    return { error: { code: 'INTERNAL', message, next: 'Tell the person.' } };
  }
  const { code, message, details } = error;
  const { issues: _, ...facts } = details;
  return cutToFit({ error: { code, message: bounded(message), next: next ?? NEXT[code], details: facts } });
}

/** The start and the end: what is wrong stands there, and what to do. */
function bounded(text: string): string {
  const words = plainLines(text);
  if (words.length <= LONGEST_MESSAGE) return words;
  const half = LONGEST_MESSAGE / 2 - 2;
  return `${words.slice(0, half)} … ${words.slice(-half)}`;
}
