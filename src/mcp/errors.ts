import type { CallToolResult } from '@modelcontextprotocol/server';
import { internalError, refusalOf } from '../app/tools/refusal.js';
import { OrchestratorError } from '../core/model/errors.js';
import { log } from './log.js';

/** A refusal as a result: the model that called reads it, and can do better. */
export function errorResult(error: unknown, next?: string): CallToolResult {
  const told = describe(error, next);
  return { content: [{ type: 'text', text: JSON.stringify(told) }], structuredContent: { ...told }, isError: true };
}

function describe(error: unknown, next?: string) {
  if (error instanceof OrchestratorError) return refusalOf(error, next);
  log(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return internalError("the server's log on standard error");
}
