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
import { AnswerNeeded, answersIn, askModel, ClientModel } from './clientModel.js';
import { ConsentNeeded, clientCan, consentIn, consentTo } from './consent.js';
import { errorResult } from './errors.js';
import type { Host } from './host.js';
import { type Consent, takeRound } from './rounds.js';
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
    return call(host, tool, request, {
      context,
      actor: actorOf(context),
      canAsk: clientCan('elicitation', server, context),
      canSample: clientCan('sampling', server, context),
    });
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
  /** Whether the client lends its model. */
  readonly canSample: boolean;
}

async function call(
  host: Host,
  tool: Tool,
  { params }: CallToolRequest,
  { context, actor, canAsk, canSample }: Calling,
): Promise<CallToolResult | InputRequiredResult> {
  const { signal } = context.mcpReq;
  const round = takeRound(context);
  const consent = consentIn(context, round);
  const answers = answersIn(context, round);
  let plan: ServedPlan;
  try {
    plan = await host.plan();
  } catch (error) {
    return errorResult(error, NO_PLAN);
  }
  try {
    const caller = { actor, notes: [], confirmed: consent?.tasks };
    const how = {
      signal,
      onProgress: reporter(context),
      approve: canAsk ? approver(consent) : undefined,
      lentModel: () => new ClientModel(context, canSample, answers),
    };
    return result(await plan.call(tool, params.arguments, caller, how));
  } catch (error) {
    // Nobody waits for the answer any more.
    if (signal.aborted) throw error;
    if (error instanceof AnswerNeeded) return askModel(error, consent, answers);
    if (error instanceof ConsentNeeded) return consentTo(error, answers);
    if (error instanceof BulkChangeError && consent === undefined && canAsk)
      return consentTo(new ConsentNeeded(bulkQuestion(error.count, tool.title), { tasks: error.count }), answers);
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
