import {
  type CallToolRequest,
  type CallToolResult,
  type InputRequiredResult,
  ProtocolError,
  ProtocolErrorCode,
  type Server,
  type ServerContext,
  type Tool as WireTool,
} from '@modelcontextprotocol/server';
import { BulkChangeError, bulkQuestion } from '../app/tools/bulkLimit.js';
import { inputJsonSchema, outputJsonSchema } from '../app/tools/jsonSchema.js';
import { NO_PLAN } from '../app/tools/refusal.js';
import type { Question, Tool } from '../app/tools/tool.js';
import { type Consent, ConsentNeeded, canAsk, consentIn, consentTo } from './consent.js';
import { errorResult } from './errors.js';
import type { Host } from './host.js';
import type { ServedPlan } from './servedPlan.js';

/** Registers listing and calling of the tools. */
export function serveTools(
  server: Server,
  host: Host,
  tools: readonly Tool[],
  actorOf: (context: ServerContext) => string,
) {
  const byName = new Map(tools.map((tool) => [tool.name, tool]));
  server.setRequestHandler('tools/list', () => ({ tools: tools.map(describe) }));
  server.setRequestHandler('tools/call', (request, context) => {
    const tool = byName.get(request.params.name);
    if (!tool)
      throw new ProtocolError(
        ProtocolErrorCode.InvalidParams,
        `There is no tool “${request.params.name.slice(0, 80)}”. There are: ${[...byName.keys()].join(', ')}.`,
      );
    return call(host, tool, request, { context, actor: actorOf(context), canAsk: canAsk(server, context) });
  });
}

/** A tool as the protocol lists it. */
export function describe(tool: Tool): WireTool {
  const { name, title, description, annotations } = tool;
  return {
    name,
    title,
    description,
    inputSchema: inputJsonSchema(tool),
    outputSchema: outputJsonSchema(tool),
    annotations: { ...annotations },
  } as WireTool;
}

interface Calling {
  readonly context: ServerContext;
  readonly actor: string;
  /** Whether the client puts questions to a person. */
  readonly canAsk: boolean;
}

async function call(
  host: Host,
  tool: Tool,
  { params }: CallToolRequest,
  { context, actor, canAsk }: Calling,
): Promise<CallToolResult | InputRequiredResult> {
  const { signal } = context.mcpReq;
  const consent = consentIn(context);
  let plan: ServedPlan;
  try {
    plan = await host.plan();
  } catch (error) {
    return errorResult(error, NO_PLAN);
  }
  try {
    const caller = { actor, notes: [], confirmed: consent?.tasks };
    const how = { signal, onProgress: reporter(context), approve: canAsk ? approver(consent) : undefined };
    return result(await plan.call(tool, params.arguments, caller, how));
  } catch (error) {
    // Nobody waits for the answer any more.
    if (signal.aborted) throw error;
    if (error instanceof ConsentNeeded) return consentTo(error);
    if (error instanceof BulkChangeError && consent === undefined && canAsk)
      return consentTo(new ConsentNeeded(bulkQuestion(error.count, tool.title), { tasks: error.count }));
    return errorResult(error);
  }
}

/** Asks first; once a person answered, says what that was, for exactly what was asked. */
function approver(consent: Consent | undefined) {
  return ({ message, subject }: Question): boolean => {
    if (consent === undefined) throw new ConsentNeeded(message, { subject });
    return consent.subject === subject;
  };
}

function result(reply: Record<string, unknown>): CallToolResult {
  return { content: [{ type: 'text', text: JSON.stringify(reply) }], structuredContent: reply };
}

/** Reports progress to whoever asked for it. */
function reporter({ mcpReq }: ServerContext) {
  const progressToken = mcpReq._meta?.progressToken;
  if (progressToken === undefined) return undefined;
  return ({ done, total, message }: { done: number; total?: number | undefined; message?: string | undefined }) => {
    const params = {
      progressToken,
      progress: done,
      ...(total !== undefined && { total }),
      ...(message && { message }),
    };
    // A client that went away is noticed elsewhere.
    mcpReq.notify({ method: 'notifications/progress', params }).catch(() => undefined);
  };
}
